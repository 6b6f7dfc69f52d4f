"""Reminders of the presentation's file: some days before, on the eve, and once it is late."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from epa.clock import london_instant
from epa.needs.queries import needs_of
from epa.outbox.models import Mail
from epa.people.rules import Role
from epa.presentation import services
from epa.presentation.rules import reminder_due
from epa.presentation.sending import write_reminders
from epa.settings import services as settings

pytestmark = pytest.mark.both_databases

DUE = date(2026, 6, 29)


@pytest.fixture
def attempt(make):
    return make.attempt(make.assessment_in_epa(), "presentation")


@pytest.fixture
def sam(attempt):
    return attempt.assessment.apprenticeship.person


@pytest.fixture
def subjects(session):
    def written():
        return session.scalars(select(Mail.subject).order_by(Mail.written_at)).all()

    return written


def morning(days_before):
    return london_instant(DUE - timedelta(days=days_before), time(8))


@pytest.mark.parametrize(
    ("left", "due"), [(20, None), (6, None), (5, 5), (2, 5), (1, 1), (0, 1), (-1, 0), (-99, 0)]
)
def test_it_reminds_twice_and_says_once_that_it_is_late(left, due):
    assert reminder_due(left, 5) == due


def test_it_is_written_once_for_each_of_its_days(attempt, subjects):
    for days_before in (6, 5, 5, 4, 2, 1, 0, -1, -1, -2, -30):
        write_reminders(morning(days_before))
    assert subjects() == [
        *["Your presentation file is due on Monday 29 June 2026"] * 2,
        "Your presentation file is late",
    ]


def test_a_consumer_that_slept_writes_what_falls_now_and_no_more(attempt, subjects):
    assert write_reminders(morning(1)) == 1
    assert write_reminders(morning(1)) == 0
    assert len(subjects()) == 1


def test_it_is_not_written_for_a_file_that_is_there_or_when_it_is_switched_off(
    make, attempt, sam, subjects, at
):
    ruth = make.person(Role.ADMINISTRATOR)
    settings.change({"mail_presentation_due": False}, seen=0, actor=ruth, at=at)
    assert write_reminders(morning(5)) == 0
    settings.change({"mail_presentation_due": True}, seen=1, actor=ruth, at=at)
    services.submit_file(attempt, make.stored_file(sam), actor=sam, at=at)
    assert write_reminders(morning(5)) == write_reminders(morning(-1)) == 0
    assert subjects() == []


def test_what_needs_whom_says_it_too(make, attempt, sam):
    admin = make.person(Role.ADMINISTRATOR, organisation=attempt.assessment.epao)

    def asked(person, at):
        return [one.what for one in needs_of(person, at) if one.place == "presentation.submitted"]

    assert asked(sam, morning(0)) == ["Submit the presentation file"]
    assert asked(admin, morning(0)) == []
    assert asked(sam, morning(-1)) == asked(admin, morning(-1)) == ["The presentation file is late"]
    file = make.stored_file(sam)
    services.submit_late(attempt, file, "The line was down.", actor=admin, at=morning(-1))
    assert asked(sam, morning(-1)) == asked(admin, morning(-1)) == []
