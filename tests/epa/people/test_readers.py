import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from epa.database import ask, db, known
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.scope import assessments
from epa.people.models import Person
from epa.people.readers import NamedReader, rows_within, within
from epa.people.rules import Permission, Role


def reached(reader):
    return assessments(reader, Permission.LIST_ASSESSMENTS).with_only_columns(EndPointAssessment.id)


@pytest.fixture
def cases(make):
    return [make.assessment() for _ in range(2)]


def test_one_statement_gives_everybody_with_a_role_their_own(make, session, cases):
    statement = reached(NamedReader(Role.EMPLOYER))
    for case in cases:
        person = make.person(Role.EMPLOYER, organisation=case.apprenticeship.employer)
        session.flush()
        assert within(person, lambda _reader: statement).scalars().all() == [case.id]
        assert list(rows_within(person, select(EndPointAssessment), reached)) == [case]


def test_who_has_several_roles_reaches_what_each_of_them_reaches(make, session, cases):
    first, second = cases
    person = make.person(Role.EMPLOYER, organisation=first.apprenticeship.employer)
    make.role(person, Role.TRAINING_PROVIDER, second.apprenticeship.provider)
    session.flush()
    session.expire(person)
    assert set(within(person, reached).scalars()) == {first.id, second.id}


def test_who_has_no_role_reaches_nothing(make, cases):
    assert cases
    assert within(make.person(), reached).all() == []


def test_a_name_without_a_value_is_an_error(session, cases):
    assert cases
    assert session
    with pytest.raises(StatementError):
        ask(reached(NamedReader(Role.EMPLOYER)), {})


def test_readers_are_the_same_whose_roles_are():
    one, other = NamedReader(Role.EMPLOYER), NamedReader(Role.EMPLOYER)
    assert one == other
    assert len({one, other, NamedReader(Role.EMPLOYER, Role.EMPLOYER)}) == 2


def test_what_was_read_as_columns_is_the_row_that_the_session_knows(make, session):
    person = make.person(Role.EMPLOYER)
    session.flush()
    values = ask(select(*Person.__table__.columns).where(Person.id == person.id)).one()
    assert known(Person, values) is person
    session.expunge(person)
    again = known(Person, values)
    assert again.name == person.name
    assert db.session.get(Person, person.id) is again
    assert again not in session.dirty
