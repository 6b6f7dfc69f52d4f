from datetime import UTC, date, datetime

import pytest

from epa.booking import instructions, services
from epa.booking.appointments import Wish
from epa.database import db
from epa.invigilation import services as invigilation
from epa.lifecycle.rules import Duty
from epa.needs.queries import needs_of
from epa.people.rules import Role

TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)
WISH = Wish(TEN, "4 Quay Street")


@pytest.fixture
def observation(make):
    return make.with_people(make.attempt(make.assessment_in_epa(), "observation"))


@pytest.fixture
def admin(make, observation):
    return make.person(Role.ADMINISTRATOR, organisation=observation.assessment.epao)


def found(person, at, beginning):
    db.session.commit()
    return [one for one in needs_of(person, at) if one.what.startswith(beginning)]


def test_somebody_allocated_is_asked_to_answer_once(observation, at):
    helen = observation.allocated(Duty.ASSESSOR)
    assert found(helen, at, "Accept or decline") == []
    observation.allocations[0].accepted_at = None
    [need] = found(helen, at, "Accept or decline")
    assert (need.place, need.since) == ("booking.show", date(2026, 6, 9))


def test_a_held_date_waits_for_the_employer_and_for_its_end(make, observation, admin, at):
    employer = make.person(
        Role.EMPLOYER, organisation=observation.assessment.apprenticeship.employer
    )
    assert len(found(admin, at, "Book the observation")) == 1
    services.hold(observation, WISH, actor=admin, at=at)
    [asked] = found(employer, at, "Agree to the date")
    assert asked.due_on == date(2026, 6, 14)
    assert asked.text == "Tuesday 14 July 2026, 10:00. 4 Quay Street."
    [held] = found(admin, at, "Held date of the observation runs out")
    assert held.text.endswith("The employer has not agreed yet.")
    assert found(admin, at, "Book the observation") == []
    services.agree(observation, actor=employer, at=at)
    assert found(employer, at, "Agree to the date") == []
    later = datetime(2026, 6, 20, tzinfo=UTC)
    assert found(admin, later, "Held date") == []
    assert len(found(admin, later, "Book the observation")) == 1


def test_an_apprentice_is_asked_to_read_their_instructions(observation, admin, at):
    apprentice = observation.assessment.apprenticeship.person
    services.book(observation, WISH, agreement="By phone", actor=admin, at=at)
    instructions.send(observation, actor=admin, at=at)
    [need] = found(apprentice, at, "Read how to join")
    assert need.due_on == date(2026, 7, 14)
    instructions.acknowledge(observation, actor=apprentice, at=at)
    assert found(apprentice, at, "Read how to join") == []


def test_an_invigilator_is_asked_to_accept_a_shift(make, at):
    epao = make.organisation()
    ines = make.person(Role.INVIGILATOR, organisation=epao)
    event = make.event(epao)
    invigilation.put_on_shift(event, ines, actor=make.person(), at=at)
    [need] = found(ines, at, "Accept your shift")
    assert need.parameters == {"event_id": event.id}
    invigilation.accept_shift(event, actor=ines, at=at)
    assert found(ines, at, "Accept your shift") == []
