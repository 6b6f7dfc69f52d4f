"""Asking for tasks: after the commit and only then, merged, and never at the request's expense."""

import uuid
from datetime import UTC, datetime

import pytest
from huey.registry import Message
from sqlalchemy import text

from epa.background import queue as background
from epa.background.messages import JsonMessages
from epa.background.queue import PlumblineQueue, QueueDown, QueueState, later, state, task
from epa.database import db, unit_of_work

done = []


@task("test.note")
def note(ids):
    done.append(ids)


@pytest.fixture(autouse=True)
def _nothing_done():
    done.clear()


@pytest.fixture
def away(monkeypatch):
    """A queue whose store cannot be reached."""

    def refuse(*_args):
        raise ConnectionError("canary-host")

    monkeypatch.setattr(background.queue, "_immediate", False)
    monkeypatch.setattr(background.queue, "create_storage", refuse)
    monkeypatch.setattr(background.queue, "_opened", None)


def test_it_asks_once_after_the_commit_for_all_rows_of_a_transaction(app):
    first, second = uuid.uuid4(), uuid.uuid4()
    with unit_of_work():
        later("test.note", first)
        later("test.note", second)
        assert done == []
    assert done == [[first, second]]


def test_it_asks_for_nothing_that_was_undone(app):
    with pytest.raises(RuntimeError):
        _ask_and_fail()
    with unit_of_work() as session:
        session.execute(text("SELECT 1"))
        later("test.note", uuid.uuid4())
        session.rollback()
    with unit_of_work():
        pass
    assert done == []


def _ask_and_fail():
    with unit_of_work():
        db.session.execute(text("SELECT 1"))
        later("test.note", uuid.uuid4())
        raise RuntimeError


def test_it_leaves_what_is_too_much_to_the_task_that_comes_round(app):
    with unit_of_work():
        for _ in range(background.MOST_IDS + 1):
            later("test.note", uuid.uuid4())
    assert len(done[0]) == background.MOST_IDS


def test_it_knows_every_task_by_name(app):
    with pytest.raises(LookupError, match=r"test\.unheard"):
        later("test.unheard", uuid.uuid4())


def test_it_fails_nobodys_request_when_the_queue_is_away(app, away, caplog):
    with unit_of_work():
        later("test.note", uuid.uuid4())
    assert "test.note was not asked for (ConnectionError)" in caplog.text
    assert "canary" not in caplog.text
    with pytest.raises(QueueDown, match=r"^ConnectionError$"):
        state()


def test_it_counts_as_worked_on_for_three_minutes():
    at = datetime(2026, 6, 9, 9, 30, tzinfo=UTC)
    assert QueueState(4, at.replace(minute=28), is_immediate=False).has_consumer(at)
    assert not QueueState(4, at.replace(minute=27), is_immediate=False).has_consumer(at)
    assert not QueueState(0, None, is_immediate=False).has_consumer(at)
    assert QueueState(0, None, is_immediate=True).has_consumer(at)


def test_what_comes_round_keeps_to_the_hours_of_london():
    rounds = {one.name: one for one in background.queue._registry.periodic_tasks}
    assert all(rounds["background.seen"].validate_datetime(datetime(2026, 1, 1, h)) for h in (0, 9))  # noqa: DTZ001 (Huey's own times)
    is_due = []
    background.every_ten_minutes("test.morning", hours=(7,))(lambda: None)
    mine = next(
        one for one in background.queue._registry.periodic_tasks if one.name == "test.morning"
    )
    for month, hour, minute in ((6, 6, 0), (6, 7, 0), (6, 6, 5), (1, 7, 10), (1, 6, 0)):
        is_due.append(mine.validate_datetime(datetime(2026, month, 9, hour, minute)))  # noqa: DTZ001 (the same)
    background.queue._registry.unregister(type(mine))
    assert is_due == [True, False, False, True, False]


class TestStores:
    """Each store keeps a message for another process, which is given it once."""

    @pytest.mark.parametrize(
        "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
    )
    def test_it_keeps_messages(self, kind, tmp_path, request):
        if kind == "sqlite":
            url = f"sqlite:///{tmp_path / 'queue.sqlite3'}"
        else:
            url = request.getfixturevalue("postgresql_server").new_database()
        one, other = PlumblineQueue("plumbline"), PlumblineQueue("plumbline")
        made = one.task(name="kept")(lambda *_ids: None)
        other.task(name="kept")(lambda *_ids: None)
        for opened in (one, other):
            opened.move_to(url, immediate=False)
        try:
            made("a", "b")
            assert other.storage.queue_size() == 1
            waiting = other.dequeue()
            assert (waiting.args, waiting.retries) == (("a", "b"), 0)
            assert other.dequeue() is None
        finally:
            one.storage.close()
            other.storage.close()


class TestMessages:
    def test_it_reads_what_it_wrote(self):
        message = Message(id="1", name="send", args=("x",), retries=3, eta=datetime(2026, 6, 9))  # noqa: DTZ001 (Huey's own times)
        read = JsonMessages().deserialize(JsonMessages().serialize(message))
        assert (read.name, read.args, read.retries, read.eta) == (
            *("send", ("x",), 3),
            datetime(2026, 6, 9),  # noqa: DTZ001 (the same)
        )

    @pytest.mark.parametrize(
        "wrong",
        [
            Message(id="1", name="send", args=(object(),)),
            Message(id="1", name="send", args=(), kwargs={"person": 1}),
            {"a": 1},
        ],
    )
    def test_it_carries_texts_alone(self, wrong):
        with pytest.raises(TypeError):
            JsonMessages().serialize(wrong)

    def test_it_runs_nothing_that_somebody_put_there(self):
        with pytest.raises(ValueError, match=r"Expecting value|codec"):
            JsonMessages().deserialize(b"\x80\x04\x8c\x05posix\x8c\x06system\x93")
