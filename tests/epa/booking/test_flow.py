from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from epa.booking import allocation, instructions, queries, services
from epa.booking.appointments import Wish
from epa.booking.models import BookingChange
from epa.booking.services import Preference
from epa.booking.states import Absent, BookingAction, BookingStatus
from epa.booking.tasks import lapse_holds_that_ran_out
from epa.errors import NotAllowed, RuleBroken
from epa.lifecycle.rules import Duty
from epa.outbox.models import Mail
from epa.people.models import ConflictOfInterest
from epa.people.rules import ConflictKind, Role

pytestmark = pytest.mark.both_databases

TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)
WISH = Wish(TEN, "4 Quay Street")


@pytest.fixture
def observation(make):
    return make.with_people(make.attempt(make.assessment_in_epa(), "observation"))


@pytest.fixture
def admin(make, observation):
    return make.person(Role.ADMINISTRATOR, organisation=observation.assessment.epao)


@pytest.fixture
def employer(make, observation):
    return make.person(
        Role.EMPLOYER, organisation=observation.assessment.apprenticeship.employer, given="Nadia"
    )


def refused(call, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return broken.value


def status(attempt, at):
    return queries.status_of(attempt, at=at)


def mails(session, person):
    session.flush()
    return [
        one.subject
        for one in session.query(Mail).filter_by(to_person_id=person.id).order_by(Mail.written_at)
    ]


def test_a_date_is_asked_for_held_agreed_to_and_confirmed(
    session, observation, admin, employer, at
):
    apprentice = observation.assessment.apprenticeship.person
    wish = Preference(date(2026, 7, 13), date(2026, 7, 17), "Mornings")
    services.request_date(observation, wish, actor=apprentice, at=at)
    assert status(observation, at) is BookingStatus.REQUESTED
    services.hold(observation, WISH, actor=admin, at=at)
    found = queries.booking_of(observation)
    assert (found.status, found.held_until) == (BookingStatus.HELD, at + timedelta(days=5))
    assert observation.scheduled_at is None
    broken = refused(services.confirm, observation, actor=admin, at=at)
    assert (broken.code, broken.field) == ("employer-agreement", "agreement")
    services.agree(observation, actor=employer, at=at)
    assert observation.scheduled_at is None
    services.confirm(observation, actor=admin, at=at)
    assert (observation.scheduled_at, observation.place) == (TEN, "4 Quay Street")
    assert [one.action.value for one in queries.changes(observation)] == [
        *("confirm", "agree", "hold", "request")
    ]
    assert mails(session, employer) == [
        "Observation: please agree to a date",
        "Observation: date set",
    ]


def test_an_employer_to_whom_it_does_not_suit_gives_the_date_up(observation, admin, employer, at):
    services.hold(observation, WISH, actor=admin, at=at)
    broken = refused(services.object_to, observation, " ", actor=employer, at=at)
    assert broken.field == "reason"
    services.object_to(observation, "Stocktaking; the week after", actor=employer, at=at)
    found = queries.booking_of(observation)
    assert (found.status, found.starts_at) == (BookingStatus.REQUESTED, None)
    assert found.wish == "Stocktaking; the week after"
    assert refused(services.agree, observation, actor=employer, at=at).code == "booking-order"


def test_a_hold_that_ran_out_can_no_longer_be_confirmed_but_held_anew(
    session, make, observation, admin, employer, at
):
    services.hold(observation, WISH, actor=admin, at=at)
    later = at + timedelta(days=5, seconds=1)
    assert status(observation, later) is BookingStatus.LAPSED
    broken = refused(services.confirm, observation, actor=admin, at=later, agreement="By phone")
    assert "Hold has lapsed" in broken.message
    services.hold(observation, WISH, actor=admin, at=later)
    assert status(observation, later) is BookingStatus.HELD
    actions = [one.action for one in queries.changes(observation)]
    assert actions == [BookingAction.HOLD, BookingAction.LAPSE, BookingAction.HOLD]
    changes = session.query(BookingChange).filter_by(action=BookingAction.LAPSE).one()
    assert changes.changed_by is None


def test_holds_that_ran_out_are_written_down_and_told(session, observation, admin, at):
    services.hold(observation, WISH, actor=admin, at=at)
    assert services.lapse_holds(at=at + timedelta(days=5)) == 0
    assert services.lapse_holds(at=at + timedelta(days=6)) == 1
    apprentice = observation.assessment.apprenticeship.person
    assert mails(session, apprentice)[-1] == "Observation: date cleared"
    assert services.lapse_holds(at=at + timedelta(days=6)) == 0


def test_a_task_that_comes_round_writes_them_down(session, observation, admin, at):
    services.hold(observation, WISH, actor=admin, at=at)
    session.commit()
    with time_machine.travel(at + timedelta(days=6), tick=False):
        lapse_holds_that_ran_out()
    assert queries.booking_of(observation).status is BookingStatus.LAPSED


def test_what_is_held_takes_the_time_of_those_who_would_be_there_until_it_lapses(
    make, observation, admin, at
):
    services.hold(observation, WISH, actor=admin, at=at)
    other = make.attempt(make.assessment_in_epa(epao=observation.assessment.epao), "observation")
    make.with_people(other, {Duty.ASSESSOR: observation.allocated(Duty.ASSESSOR)})
    assert refused(services.hold, other, WISH, actor=admin, at=at).code == "double-booked"
    later = at + timedelta(days=6)
    services.hold(other, WISH, actor=admin, at=later)


def test_a_moved_date_is_held_again_and_everybody_agrees_anew(observation, admin, employer, at):
    services.hold(observation, WISH, actor=admin, at=at)
    services.agree(observation, actor=employer, at=at)
    services.confirm(observation, actor=admin, at=at)
    moved = Wish(TEN + timedelta(days=1), "4 Quay Street")
    assert refused(services.hold, observation, moved, actor=admin, at=at).field == "reason"
    services.hold(observation, moved, actor=admin, at=at, reason="Train strike")
    assert observation.scheduled_at is None
    broken = refused(services.confirm, observation, actor=admin, at=at)
    assert broken.code == "employer-agreement"


def test_a_room_is_not_booked_twice(make, observation, admin, at):
    room = make.room(observation.assessment.epao, name="Room 2")
    services.hold(observation, Wish(TEN, room.place, room), actor=admin, at=at)
    other = make.attempt(make.assessment_in_epa(epao=observation.assessment.epao), "observation")
    make.with_people(other)
    wish = Wish(TEN + timedelta(hours=1), room.place, room)
    broken = refused(services.hold, other, wish, actor=admin, at=at)
    assert (broken.code, broken.field) == ("room-taken", "room")
    assert "Room 2 is taken from 10:00 to 13:48" in broken.message
    foreign = make.room(make.organisation())
    with pytest.raises(NotAllowed):
        services.hold(other, Wish(TEN, foreign.place, foreign), actor=admin, at=at)


def test_an_assessor_whose_standardisation_has_run_out_by_then_is_refused_with_the_nearest(
    make, observation, admin, at
):
    epao = observation.assessment.epao
    graham = make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao, given="Graham")
    make.may_assess(graham, epao, standardised_on=date(2025, 7, 11))
    make.allocate(observation, graham)
    broken = refused(services.hold, observation, WISH, actor=admin, at=at)
    assert broken.code == "standardisation"
    assert "10\xa0July\xa02026" in broken.message
    nobody = make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao, given="Mei")
    make.allocate(observation, nobody)
    assert refused(services.hold, observation, WISH, actor=admin, at=at).code == "competence"


def test_a_conflict_declared_after_the_allocation_stands_in_the_way_of_the_date(
    session, observation, admin, at
):
    helen = observation.allocated(Duty.ASSESSOR)
    services.hold(observation, WISH, actor=admin, at=at)
    session.add(
        ConflictOfInterest(
            person=helen,
            kind=ConflictKind.PERSONAL,
            with_person=observation.assessment.apprenticeship.person,
            description="They met.",
            declared_at=at,
            declared_by_id=helen.id,
        )
    )
    session.flush()
    broken = refused(services.confirm, observation, actor=admin, at=at, agreement="By phone")
    assert broken.code == "conflict-of-interest"


def test_somebody_who_declines_is_no_longer_allocated_and_the_administrators_know(
    session, observation, admin, at
):
    helen = observation.allocated(Duty.ASSESSOR)
    with pytest.raises(NotAllowed):
        allocation.accept(observation, actor=admin, at=at)
    assert refused(allocation.decline, observation, " ", actor=helen, at=at).field == "reason"
    allocation.decline(observation, "Away that month", actor=helen, at=at)
    assert observation.allocated(Duty.ASSESSOR) is None
    [row] = queries.declined(observation)
    assert (row.person, row.duty, row.reason) == (helen, Duty.ASSESSOR, "Away that month")
    assert mails(session, admin) == ["Observation: a duty was declined"]
    with pytest.raises(NotAllowed):
        allocation.decline(observation, "Again", actor=helen, at=at)


def test_nothing_is_confirmed_before_those_who_must_be_there_have_accepted(
    make, observation, admin, at
):
    helen = make.staff_for(observation, Duty.ASSESSOR)
    allocation.allocate(observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    services.hold(observation, WISH, actor=admin, at=at)
    broken = refused(services.confirm, observation, actor=admin, at=at, agreement="By phone")
    assert (broken.code, helen.name in broken.message) == ("not-accepted", True)
    allocation.accept(observation, actor=helen, at=at)
    services.confirm(observation, actor=admin, at=at, agreement="By phone")
    found = queries.booking_of(observation)
    assert (found.agreement, found.agreed_by) == ("By phone", admin)


def test_somebody_who_did_not_come_is_recorded_once_it_has_begun(observation, admin, at):
    services.book(observation, WISH, agreement="By phone", actor=admin, at=at)
    early = refused(
        services.note_no_show, observation, Absent.APPRENTICE, "Ill", actor=admin, at=at
    )
    assert early.code == "not-begun"
    services.note_no_show(observation, Absent.ASSESSOR, "Car trouble", actor=admin, at=TEN)
    assert status(observation, TEN) is BookingStatus.NO_SHOW
    assert observation.scheduled_at is None
    assert queries.changes(observation)[0].absent is Absent.ASSESSOR
    services.hold(observation, Wish(TEN + timedelta(days=8), "Leeds"), actor=admin, at=TEN)


def test_joining_instructions_are_sent_for_a_confirmed_date_and_acknowledged(
    session, observation, admin, at
):
    apprentice = observation.assessment.apprenticeship.person
    assert refused(instructions.send, observation, actor=admin, at=at).code == "not-confirmed"
    services.book(observation, WISH, agreement="By phone", actor=admin, at=at)
    row = instructions.send(observation, actor=admin, at=at)
    for words in ("Tuesday 14", "10:00 (UK time)", "Where: 4 Quay Street", "up to 180 minutes"):
        assert words in row.text.replace("\xa0", " ")
    assert "two service users" in row.text
    assert mails(session, apprentice)[-1] == "Observation: how to join"
    assert refused(instructions.send, observation, actor=admin, at=at).code == "sent-already"
    instructions.acknowledge(observation, actor=apprentice, at=at)
    assert row.acknowledged_by is apprentice
    moved = Wish(TEN + timedelta(days=1), "4 Quay Street")
    services.book(
        observation, moved, agreement="By phone", actor=admin, at=at, reason="Train strike"
    )
    assert queries.current_instructions(observation) is None
    broken = refused(instructions.acknowledge, observation, actor=apprentice, at=at)
    assert broken.code == "nothing-sent"
    assert instructions.send(observation, actor=admin, at=at).number == 2


def test_every_method_of_the_plan_has_instructions(make, observation, at):
    for attempt in observation.assessment.attempts:
        text = instructions.instructions_text(
            attempt, TEN, "https://meet.example/x", is_online=True, on=date(2026, 6, 9)
        )
        assert "What to bring" in text
        assert "minutes" in text
        assert "meet.example" not in text


def test_mails_give_no_link_away_and_name_nobody(session, observation, admin, employer, at):
    wish = Wish(TEN, "https://meet.example/secret", is_online=True)
    services.book(observation, wish, agreement="By phone", actor=admin, at=at)
    instructions.send(observation, actor=admin, at=at)
    services.cancel(observation, "Ill", actor=admin, at=at)
    session.flush()
    family = observation.assessment.apprenticeship.person.family_name
    for mail in session.query(Mail):
        whole = f"{mail.subject}{mail.body}{mail.attachment or ''}"
        assert "secret" not in whole
        assert family not in whole
    methods = [one.attachment for one in session.query(Mail) if one.attachment]
    assert any("METHOD:CANCEL" in one for one in methods)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (date(2026, 7, 17), date(2026, 7, 13), "last_day"),
        (date(2026, 9, 1), date(2026, 9, 10), "last_day"),
    ],
)
def test_a_wish_lies_inside_the_period(observation, admin, at, first, last, field):
    wish = Preference(first, last, "Mornings")
    assert refused(services.request_date, observation, wish, actor=admin, at=at).field == field
