"""A hall with a real server on each database, and what must hold of it after every drill.

``DRILL_TURNS`` says how often each drill is repeated, ``DRILL_SEED`` what chance begins from.
"""

import os
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import func, select, text

from bench.hall import filled
from bench.serving import served
from config import DevelopmentConfig
from epa.app import create_app
from epa.audit.queries import verified
from epa.clock import utc_now
from epa.database import Base, db, unit_of_work
from epa.people.models import Person
from question_bank.sittings import finishing, queries
from question_bank.sittings.clock import GRACE
from question_bank.sittings.models import AnswerEdit, Sitting
from question_bank.sittings.rules import SittingState
from tests import databases
from tests.conftest import keep_what_the_process_was_given
from tests.drills.browser import Browser

TURNS = int(os.environ.get("DRILL_TURNS", "1"))
SEED = os.environ.get("DRILL_SEED", "1")
WORKERS = 2
KEY = "a" * 64
CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid != pg_backend_pid()
"""
TABLE = []


class Hall:
    """A database with candidates, and the server that they talk to."""

    def __init__(self, app, kind, server, postgresql):
        self.app, self.kind, self.server, self.postgresql = app, kind, server, postgresql
        self.chance, self.browsers = Random(SEED), []

    def begin(self, drill):
        """Chance anew, and nobody seated: a drill is the same alone and among others."""
        self.chance, self.browsers = Random(f"{SEED} {drill}"), []
        self.set_clock(None)

    def candidates(self, many):
        """So many people whose tests are unlocked now."""
        return [self.browser(seat) for seat in filled(self.app, many, utc_now()).seats]

    def candidate(self):
        """Somebody who has started."""
        one = self.candidates(1)[0]
        one.open()
        return one

    def browser(self, seat):
        """A device of a candidate."""
        one = Browser(seat, self.server.port, Random(self.chance.random()))
        self.browsers.append(one)
        return one

    def set_clock(self, at):
        """Let the server's clock go on from an instant; from the real one if None."""
        file = self.app.config["CLOCK_SHIFT_FILE"]
        if at is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(str(round((at - datetime.now(UTC)).total_seconds())), encoding="ascii")

    def asked(self, browser, query):
        """What the database says of a candidate's sitting."""
        with self.app.app_context():
            found = query(db.session.get_one(Sitting, browser.seat.sitting))
            db.session.remove()
        return found

    def overseen(self, browser, act, *given):
        """Something that an invigilator does."""
        with self.app.app_context():
            with unit_of_work() as session:
                sitting = session.get_one(Sitting, browser.seat.sitting)
                actor = session.scalars(select(Person).where(Person.id != sitting.candidate_id))
                act(sitting, *given, actor=actor.first(), at=utc_now())
            db.session.remove()

    def crash_database(self):
        """End PostgreSQL in the middle; in a short run only what is connected to this database."""
        if TURNS > 1:
            self.postgresql.crash()
        else:
            self.sql(CUT_OFF)
        with self.app.app_context():
            db.engine.dispose()

    def sql(self, statement):
        """Something only the database's keeper does."""
        with self.app.app_context(), db.engine.connect() as connection:
            return connection.execute(text(statement)).all()

    def counted(self):
        """How many edits were acknowledged, and how many of them the database has not."""
        acknowledged = self._acknowledged()
        with self.app.app_context():
            mine = AnswerEdit.sitting_id.in_(self._sittings())
            kept = {
                _key(one): one.value for one in db.session.scalars(select(AnswerEdit).where(mine))
            }
            db.session.remove()
        return len(acknowledged), len(acknowledged.items() - kept.items())

    def holds(self):
        """What must hold whatever happened, besides that nothing is lost."""
        sent = {row for browser in self.browsers for row in browser.sent}
        with self.app.app_context():
            for sitting_id in self._sittings():
                _holds_of(db.session.get_one(Sitting, sitting_id), sent)
            live = Sitting.state != SittingState.VOIDED
            most = select(func.count()).where(live).group_by(Sitting.attempt_id)
            assert set(db.session.scalars(most)) == {1}, "two sittings of one attempt"
            assert verified(KEY).intact, "the audit log was changed"
            db.session.remove()
            db.engine.dispose()

    def _acknowledged(self):
        return {key: value for it in self.browsers for key, value in it.acknowledged.items()}

    def _sittings(self):
        return {browser.seat.sitting for browser in self.browsers}


def _key(edit):
    return str(edit.sitting_id), edit.number, edit.device, edit.sequence


def _holds_of(sitting, sent):
    query = select(AnswerEdit).where(AnswerEdit.sitting_id == sitting.id)
    for one in db.session.scalars(query):
        deadline = sitting.clock.deadline(one.saved_at)
        assert one.saved_at <= deadline + GRACE, "kept after the end"
        assert one.made_at <= deadline, "made after the end"
        assert (*_key(one), one.value) in sent, "kept, and nobody sent it"
    if queries.receipt_of(sitting) is not None:
        assert finishing.is_unchanged(sitting), "not what the receipt says"


@contextmanager
def _hall(kind, folder, postgresql):
    environ = {"PLUMBLINE_DATA": str(folder), "AUDIT_KEY": KEY}
    if kind == "postgresql":
        environ["DATABASE_URL"] = postgresql.new_database()
    with pytest.MonkeyPatch.context() as patch:
        keep_what_the_process_was_given(patch)
        app = create_app(DevelopmentConfig(environ, CLOCK_SHIFT_FILE=folder / "clock-shift"))
        with app.app_context():
            Base.metadata.create_all(db.engine)
            db.engine.dispose()
        with served(app, kind, WORKERS) as server:
            yield Hall(app, kind, server, postgresql)
        with app.app_context():
            db.engine.dispose()


KINDS = [databases.KINDS[0], pytest.param(databases.KINDS[1], marks=pytest.mark.postgresql)]


@pytest.fixture(scope="module", params=KINDS)
def _place(request, tmp_path_factory, postgresql_server):
    with _hall(request.param, tmp_path_factory.mktemp("hall"), postgresql_server) as hall:
        yield hall


@pytest.fixture(params=range(TURNS))
def hall(_place, request):
    """A hall in which nobody sits yet; what must hold of it is looked at when a drill is over."""
    drill = request.node.name
    _place.begin(drill)
    begun = time.monotonic()
    yield _place
    _place.set_clock(None)
    kept, lost = _place.counted()
    TABLE.append((drill, kept, lost, time.monotonic() - begun))
    assert lost == 0, "an acknowledged edit is lost"
    _place.holds()


def pytest_terminal_summary(terminalreporter):
    """The table of ``make drills``; in a parallel run the drills are elsewhere, and so is it."""
    if TABLE and TURNS > 1:
        terminalreporter.write_line(f"{'acknowledged':>80}{'lost':>6}{'seconds':>9}")
        for drill, kept, lost, seconds in TABLE:
            name = drill.removeprefix("test_").replace("_", " ")
            terminalreporter.write_line(f"{name:68}{kept:12}{lost:6}{seconds:9.1f}")
        terminalreporter.write_line(f"{len(TABLE)} drills, seed {SEED}")
