"""What holds to the end of a transaction: nothing is asked twice, and nothing outlives a change."""

import pytest
from sqlalchemy import event, text

from epa.in_transaction import Kept, lock
from epa.people.rules import OrganisationKind
from epa.rooms.models import Room

pytestmark = pytest.mark.both_databases


@pytest.fixture
def names(session):
    """Keeps the name of each room; with what was asked for."""
    kept, asked = Kept(Room, holds_rows=False), []

    def ask(ids):
        asked.append(list(ids))
        rows = session.query(Room.id, Room.name).where(Room.id.in_(ids))
        return dict(rows.all())

    return lambda *rooms: kept.of([one.id for one in rooms], ask), asked


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO)


@pytest.fixture
def room(make, epao):
    return make.room(epao, name="Ullswater")


def test_it_asks_once_for_each(session, make, epao, room, names):
    of, asked = names
    other = make.room(epao, name="Derwent")
    assert of(room) == {room.id: "Ullswater"}
    epao.name = "Calder Vale Assessment"
    session.flush()  # of something else
    assert of(room, other) == {room.id: "Ullswater", other.id: "Derwent"}
    assert asked == [[room.id], [other.id]]


@pytest.mark.parametrize("holds_rows", [True, False])
def test_a_change_of_a_row_is_forgotten_where_answers_are_values(session, room, holds_rows):
    session.flush()
    kept = Kept(Room, holds_rows=holds_rows)
    kept.of([room.id], lambda _ids: {room.id: "before"})
    room.name = "Coniston"
    session.flush()
    again = kept.of([room.id], lambda _ids: {room.id: "after"})
    assert again == {room.id: "before" if holds_rows else "after"}


def test_a_new_row_is_always_seen(session, epao, room, at):
    session.flush()
    kept = Kept(Room, holds_rows=True)
    assert kept.of([room.id], dict.fromkeys) == {room.id: None}
    session.add(Room(epao=epao, name="Derwent", address="1 Quay", capacity=1, added_at=at))
    session.flush()
    assert kept.of([room.id], lambda _ids: {room.id: "found"}) == {room.id: "found"}


def test_what_was_read_in_a_savepoint_ends_with_it(session, room, names):
    of, _asked = names
    session.flush()
    savepoint = session.begin_nested()
    room.name = "Coniston"
    session.flush()
    assert of(room) == {room.id: "Coniston"}
    savepoint.rollback()
    assert of(room) == {room.id: "Ullswater"}


def test_a_question_that_writes_what_waits_keeps_its_answer(session, room, names):
    of, _asked = names
    session.flush()
    of(room)
    room.name = "Coniston"
    session.flush()
    room.name = "Wastwater"  # waits: the question writes it first
    assert of(room) == {room.id: "Wastwater"}


def _locks(session):
    seen = []
    event.listen(
        session.connection(),
        "before_cursor_execute",
        lambda *given: seen.append(given[2]) if "FROM room" in given[2] else None,
    )
    return seen


def test_it_locks_a_row_once_and_shows_it_as_it_is(session, room):
    session.flush()
    session.execute(text("UPDATE room SET name = 'Coniston'"))
    seen = _locks(session)
    lock(room)
    assert room.name == "Coniston"
    lock(room)
    assert len(seen) == 1
    assert ("FOR UPDATE" in seen[0]) == (session.get_bind().dialect.name == "postgresql")


def test_a_new_row_can_be_locked(session, epao, at):
    room = Room(epao=epao, name="Derwent", address="1 Quay", capacity=1, added_at=at)
    session.add(room)
    lock(room)
    assert room.id is not None


def test_a_lock_that_a_savepoint_gave_back_is_taken_again(session, room):
    session.flush()
    savepoint = session.begin_nested()
    lock(room)
    savepoint.rollback()
    seen = _locks(session)
    lock(room)
    assert len(seen) == 1
