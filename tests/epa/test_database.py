import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from epa.clock import utc_now
from epa.database import ask, db, plain_unit_of_work
from epa.people.models import Organisation

pytestmark = pytest.mark.both_databases


def add(name):
    row = {"name": name, "search_name": name.lower(), "created_at": utc_now()}
    ask(insert(Organisation), row)


def names():
    return set(db.session.scalars(select(Organisation.name)))


def test_a_plain_unit_of_work_is_kept_whole_when_it_ends(app):
    with plain_unit_of_work():
        add("Calder Vale")
        add("Tidewell")
    assert names() == {"Calder Vale", "Tidewell"}


def test_what_is_rolled_back_or_breaks_is_not_kept(app):
    with plain_unit_of_work() as transaction:
        add("Calder Vale")
        transaction.rollback()
    with pytest.raises(IntegrityError), plain_unit_of_work():
        ask(insert(Organisation), {"name": "Tidewell"})
    assert names() == set()


def test_a_session_that_is_asked_within_fails_at_once(app):
    with pytest.raises(RuntimeError, match="has no session"), plain_unit_of_work():
        names()
    assert names() == set()
