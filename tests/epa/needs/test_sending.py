"""The daily mail: asked for, once a day, in numbers and kinds without a name."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from epa.lifecycle.rules import Duty
from epa.needs.sending import write_daily_mails
from epa.outbox import services as outbox
from epa.outbox.models import Mail
from epa.outbox.rules import DAILY
from epa.people.rules import Role
from epa.settings import services as settings

pytestmark = pytest.mark.both_databases


@pytest.fixture
def case(make):
    return make.assessment_in_epa()


@pytest.fixture
def ruth(make, case, session, at):
    person = make.person(Role.ADMINISTRATOR, organisation=case.epao)
    outbox.choose(person, {DAILY: True}, at=at)
    session.commit()
    return person


def mails(session):
    return session.scalars(select(Mail).where(Mail.event == DAILY)).all()


def test_it_says_how_much_waits_and_names_nobody(session, case, ruth, at):
    assert write_daily_mails(at) == 1
    (mail,) = mails(session)
    assert mail.subject == "What needs you in Plumbline today: 3 things"
    assert "3 things need you.\n\n- Book the" in mail.body
    assert "(in 92 days)" in mail.body
    person = case.apprenticeship.person
    assert person.family_name not in mail.body
    assert mail.from_organisation == case.epao


def test_it_comes_once_a_day(session, ruth, at):
    assert [write_daily_mails(at), write_daily_mails(at + timedelta(minutes=10))] == [1, 0]
    assert write_daily_mails(at + timedelta(days=1)) == 1


def test_a_day_is_londons(session, ruth, at):
    late = datetime.fromisoformat("2026-06-09T22:50:00+00:00")
    assert [write_daily_mails(late), write_daily_mails(late + timedelta(minutes=20))] == [1, 1]


def test_nobody_gets_it_who_did_not_ask_or_has_nothing_waiting(make, session, case, at):
    make.person(Role.ADMINISTRATOR, organisation=case.epao)
    idle = make.person(Role.MARKER, organisation=case.epao)
    outbox.choose(idle, {DAILY: True}, at=at)
    session.commit()
    assert write_daily_mails(at) == 0


def test_it_is_off_for_all_when_it_is_switched_off(session, ruth, at):
    settings.change({"daily_mail": False}, seen=0, actor=ruth, at=at)
    session.commit()
    assert write_daily_mails(at) == 0


def test_it_says_what_closes_first(make, session, case, ruth, at):
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=case.epao)
    attempt = make.booked("observation", assessment=case, assessor=helen)
    attempt.scheduled_at = at + timedelta(days=4)
    outbox.choose(helen, {DAILY: True}, at=at)
    session.commit()
    assert attempt.allocated(Duty.ASSESSOR) == helen
    write_daily_mails(at)
    mail = next(one for one in mails(session) if one.to_person_id == helen.id)
    assert "1 thing needs you; 1 of them closes soon.\n\n- Observation (in 4 days)" in mail.body
