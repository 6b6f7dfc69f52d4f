from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, insert, select, text, update

from config import TestConfig
from epa.app import create_app
from epa.audit.models import AuditEntry, AuditHead
from epa.audit.queries import verified
from epa.audit.rules import ORIGIN
from epa.audit.services import record
from epa.database import (
    AppendOnlyViolation,
    WriteOutsideTransaction,
    db,
    reading,
    unit_of_work,
)
from tests.factories import Make
from tests.once import make_tables

KEY = "a" * 64


def test_it_seals_entries_into_a_chain_that_verifies(make, session, at):
    person = make.person()
    record(person, "looked", person, at=at, piece=1)
    record(None, "tidied", person, at=at)
    session.commit()
    record(person, "looked again", person, at=at)
    session.commit()
    verdict = verified(KEY)
    assert (verdict.rows, verdict.intact) == (3, True)
    assert verified(KEY, verdict.head).intact


def test_the_second_of_two_who_write_the_first_entry_at_once_follows_it(
    own_process, database_kind, postgresql_server, tmp_path, at
):
    environ = {"PLUMBLINE_DATA": str(tmp_path), "AUDIT_KEY": KEY}
    if database_kind == "postgresql":
        environ["DATABASE_URL"] = postgresql_server.new_database()
    app = create_app(TestConfig(environ))
    with app.app_context():
        make_tables(db.engine)

    def write():
        with app.app_context(), unit_of_work():
            record(None, "tidied", Make(at).person(), at=at)

    with app.app_context(), db.engine.connect() as other, ThreadPoolExecutor(1) as pool:
        with other.begin():
            other.execute(insert(AuditHead).values(id=1, row=0, mac=ORIGIN))
            second = pool.submit(write)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)
        second.result(timeout=30)
    with app.app_context():
        with reading():
            assert (verified(KEY).intact, verified(KEY).rows) == (True, 1)
        db.session.remove()
        db.engine.dispose()


def test_it_leaves_nothing_of_a_transaction_that_was_undone(make, session, at):
    person = make.person()
    record(person, "looked", person, at=at)
    session.rollback()
    record(person, "looked", person, at=at)
    session.commit()
    assert verified(KEY).rows == 1


def test_it_leaves_nothing_of_a_savepoint_that_was_undone(make, session, at):
    person = make.person()
    savepoint = session.begin_nested()
    record(person, "lost", person, at=at)
    savepoint.rollback()
    record(person, "kept", person, at=at)
    session.commit()
    assert session.scalars(select(AuditEntry.action)).all() == ["kept"]


def test_it_leaves_nothing_of_a_savepoint_whose_outer_one_was_undone(make, session, at):
    person = make.person()
    outer = session.begin_nested()
    with session.begin_nested():
        record(person, "lost with the outer", person, at=at)
    outer.rollback()
    with session.begin_nested():
        record(person, "kept", person, at=at)
    session.commit()
    assert session.scalars(select(AuditEntry.action)).all() == ["kept"]


def test_it_shows_a_reader_in_the_same_transaction_what_was_recorded(make, session, at):
    person = make.person()
    record(person, "first", person, at=at)
    assert session.scalars(select(AuditEntry.action)).all() == ["first"]
    record(person, "second", person, at=at)
    session.commit()
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.row)).all() == [
        "first",
        "second",
    ]
    assert verified(KEY).intact


def test_it_refuses_to_record_where_nothing_is_written(make, session, at):
    person = make.person()
    with reading(), pytest.raises(WriteOutsideTransaction):
        record(person, "looked", person, at=at)


def test_it_keeps_the_order_in_which_things_were_done_at_one_instant(make, session, at):
    person, order = make.person(), [f"step {number}" for number in range(12)]
    for step in order:
        record(person, step, person, at=at)
    session.commit()
    in_the_chain = select(AuditEntry.action).order_by(AuditEntry.row)
    assert session.scalars(in_the_chain).all() == order


def test_it_puts_the_earlier_first_however_they_were_recorded(make, session, at):
    person = make.person()
    record(person, "later", person, at=at)
    record(person, "earlier", person, at=at - timedelta(days=1))
    session.commit()
    in_the_chain = select(AuditEntry.action).order_by(AuditEntry.row)
    assert session.scalars(in_the_chain).all() == ["earlier", "later"]


def test_it_seals_only_what_was_recorded_and_not_a_row_that_was_slipped_in(make, session, at):
    person = make.person()
    session.execute(
        insert(AuditEntry).values(
            id=uuid4(), at=at, action="slipped in", subject_type="Person", details={}
        )
    )
    record(person, "looked", person, at=at)
    session.commit()
    sealed = select(AuditEntry.action).where(AuditEntry.row.is_not(None))
    assert session.scalars(sealed).all() == ["looked"]


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (update(AuditEntry).where(AuditEntry.row == 2).values(action="other"), 2),
        (update(AuditEntry).where(AuditEntry.row == 3).values(details={"n": 9}), 3),
        (
            update(AuditEntry)
            .where(AuditEntry.row == 1)
            .values(at=datetime(2020, 1, 1, tzinfo=UTC)),
            1,
        ),
        (delete(AuditEntry).where(AuditEntry.row == 2), 2),
    ],
)
def test_it_names_the_first_broken_row(make, session, at, change, broken):
    person = make.person()
    for number in range(4):
        record(person, "looked", person, at=at, n=number)
    session.commit()
    session.execute(change, execution_options={"synchronize_session": False})
    session.commit()
    assert verified(KEY).first_broken == broken


def test_it_finds_a_chain_cut_short_by_its_anchor(make, session, at):
    person = make.person()
    for _ in range(3):
        record(person, "looked", person, at=at)
    session.commit()
    anchor = verified(KEY).head
    session.execute(delete(AuditEntry).where(AuditEntry.row == 3))
    session.commit()
    assert verified(KEY).first_broken == 3  # its own head says that there was a row more
    before = session.scalar(select(AuditEntry.mac).where(AuditEntry.row == 2))
    session.execute(update(AuditHead).values(row=2, mac=before))
    session.commit()
    assert verified(KEY).intact  # somebody who moves the head too is found by an anchor alone
    assert verified(KEY, anchor).first_broken == 3


@pytest.mark.parametrize(
    "change",
    ["mac = 'é'", "at = 'no time'", "details = '{'", "actor_id = 'nobody'"],
)
def test_it_names_a_row_that_cannot_even_be_read(make, session, at, change, database_kind):
    """What SQLite lets somebody write into a column is no reason to say nothing."""
    if database_kind == "postgresql":
        change = "mac = 'é'"  # the others are refused there
    person = make.person()
    for number in range(4):
        record(person, "looked", person, at=at, n=number)
    session.commit()
    session.execute(text(f'UPDATE audit_entry SET {change} WHERE "row" = 3'))
    session.commit()
    session.expire_all()
    verdict = verified(KEY)
    assert (verdict.rows, verdict.first_broken) == (4, 3)


def test_it_refuses_to_change_an_entry(make, session, at):
    person = make.person()
    record(person, "looked", person, at=at)
    session.commit()
    session.scalar(select(AuditEntry)).action = "other"
    with pytest.raises(AppendOnlyViolation):
        session.flush()
