from datetime import timedelta

import pytest

from epa.booking import queries as bookings
from epa.booking import services as booking
from epa.booking.states import BookingStatus
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.invigilation import ending, fitting, queries, services
from epa.invigilation.rules import (
    Attendance,
    Delivery,
    EventIncidentKind,
    EventStatus,
    IdentityDocument,
)
from epa.knowledge_test.queries import sitting_of
from epa.lifecycle.rules import Duty
from epa.needs.adjustments import dates_too_short
from epa.people.models import ConflictOfInterest
from epa.people.rules import ConflictKind, Permission, Role


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def admin(make, epao):
    return make.person(Role.ADMINISTRATOR, organisation=epao)


@pytest.fixture
def ines(make, epao):
    return make.person(Role.INVIGILATOR, organisation=epao, given="Ines")


@pytest.fixture
def event(make, epao, admin, ines):
    return make.event(epao, on_shift=(ines,), actor=admin)


def attempts(make, epao, count):
    return [make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test") for _ in range(count)]


def refused(call, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return broken.value


def conflict(person, apprentice, at):
    db.session.add(
        ConflictOfInterest(
            person=person,
            kind=ConflictKind.PERSONAL,
            with_person=apprentice,
            description="Neighbours.",
            declared_at=at,
            declared_by_id=person.id,
        )
    )
    db.session.flush()


def test_it_holds_the_date_of_each_candidate_under_somebody_on_shift(
    make, epao, event, admin, ines, at
):
    chosen = attempts(make, epao, 2)
    services.add_candidates(event, chosen, actor=admin, at=at)
    for one in chosen:
        found = bookings.booking_of(one)
        assert (found.status, found.starts_at) == (BookingStatus.HELD, event.starts_at)
        assert found.room is event.room
        assert one.allocated(Duty.INVIGILATOR) is ines
    assert queries.loads(event) == {ines.id: 2}
    count = services.confirm_candidates(event, "All by phone", actor=admin, at=at)
    assert count == 2
    assert {one.scheduled_at for one in chosen} == {event.starts_at}


def test_it_shares_candidates_out_and_never_gives_more_than_the_number(
    make, epao, admin, ines, at, monkeypatch
):
    tom = make.person(Role.INVIGILATOR, organisation=epao, given="Tom")
    event = make.event(epao, on_shift=(ines, tom), actor=admin)
    monkeypatch.setattr(queries, "most_each", lambda _event: 1)
    chosen = attempts(make, epao, 3)
    services.add_candidates(event, chosen[:2], actor=admin, at=at)
    assert queries.loads(event) == {ines.id: 1, tom.id: 1}
    broken = refused(services.add_candidates, event, chosen[2:], actor=admin, at=at)
    assert broken.code == "session-full"
    assert "This session takes 2 candidates" in broken.message


def test_it_takes_no_more_than_the_room_has_places(make, epao, admin, ines, at):
    room = make.room(epao, capacity=1)
    event = make.event(epao, room=room, on_shift=(ines,), actor=admin)
    chosen = attempts(make, epao, 2)
    broken = refused(services.add_candidates, event, chosen, actor=admin, at=at)
    assert broken.code == "session-full"


def test_twenty_is_the_most_whatever_a_policy_says(event):
    assert queries.most_each(event) == 20


def test_an_invigilator_with_a_conflict_is_passed_over(make, epao, event, admin, ines, at):
    [attempt] = attempts(make, epao, 1)
    conflict(ines, attempt.assessment.apprenticeship.person, at)
    broken = refused(services.add_candidates, event, [attempt], actor=admin, at=at)
    assert broken.code == "no-invigilator"
    tom = make.person(Role.INVIGILATOR, organisation=epao, given="Tom")
    services.put_on_shift(event, tom, actor=admin, at=at)
    services.add_candidates(event, [attempt], actor=admin, at=at)
    assert attempt.allocated(Duty.INVIGILATOR) is tom


def test_nobody_is_on_two_shifts_at_once_nor_without_the_role(make, epao, event, admin, ines, at):
    other = make.event(epao, actor=admin)
    broken = refused(services.put_on_shift, other, ines, actor=admin, at=at)
    assert broken.code == "double-booked"
    assert refused(services.put_on_shift, event, ines, actor=admin, at=at).code == "on-shift"
    marker = make.person(Role.MARKER, organisation=epao)
    assert refused(services.put_on_shift, event, marker, actor=admin, at=at).code == "role-missing"


def test_two_sessions_are_not_in_one_room_at_once(make, epao, event, admin, at):
    fields = services.EventFields(
        "st0663", "knowledge_test", event.starts_at, Delivery.PAPER, event.room, ""
    )
    assert refused(services.plan_event, epao, fields, actor=admin, at=at).field == "room"
    for wrong in (
        {"room": None, "place": " "},
        {"starts_at": at, "room": None, "place": "Leeds"},
    ):
        values = {**vars(fields), **wrong}
        broken = refused(
            services.plan_event, epao, services.EventFields(**values), actor=admin, at=at
        )
        assert broken.field in {"place", "day"}


def test_confirming_waits_for_the_invigilator_and_says_for_whom(make, epao, admin, ines, at):
    event = make.event(epao, actor=admin)
    services.put_on_shift(event, ines, actor=admin, at=at)
    [attempt] = attempts(make, epao, 1)
    services.add_candidates(event, [attempt], actor=admin, at=at)
    broken = refused(services.confirm_candidates, event, "By phone", actor=admin, at=at)
    assert broken.code == "not-accepted"
    assert attempt.assessment.apprenticeship.person.name in broken.message
    services.accept_shift(event, actor=ines, at=at)
    assert services.confirm_candidates(event, "By phone", actor=admin, at=at) == 1
    with pytest.raises(NotAllowed):
        services.accept_shift(event, actor=admin, at=at)


def test_nobody_sits_whose_identity_was_not_checked(make, epao, event, admin, ines, at):
    services.add_candidates(event, attempts(make, epao, 1), actor=admin, at=at)
    [candidate] = event.candidates
    broken = refused(
        services.note_candidate, candidate, None, Attendance.PRESENT, actor=ines, at=at
    )
    assert broken.field == "document"
    services.note_candidate(
        candidate, IdentityDocument.PASSPORT, Attendance.LATE, actor=ines, at=at
    )
    assert candidate.identity_checked_by is ines
    services.note_candidate(candidate, None, Attendance.ABSENT, actor=ines, at=at)
    assert candidate.identity_checked_at is None


def test_closing_records_the_sittings_and_who_did_not_come(make, epao, event, admin, ines, at):
    here, away = attempts(make, epao, 2)
    services.add_candidates(event, [here, away], actor=admin, at=at)
    services.confirm_candidates(event, "By phone", actor=admin, at=at)
    later = event.starts_at + timedelta(hours=3)
    assert refused(ending.close_event, event, actor=ines, at=at).code == "not-begun"
    broken = refused(ending.close_event, event, actor=ines, at=later)
    assert "Say whether the room is suitable." in broken.message
    services.check_room(event, "", is_suitable=True, actor=ines, at=later)
    first, second = event.candidates
    services.note_candidate(
        first, IdentityDocument.PASSPORT, Attendance.PRESENT, actor=ines, at=later
    )
    services.note_candidate(second, None, Attendance.ABSENT, actor=ines, at=later)
    fields = services.IncidentFields(EventIncidentKind.INTERRUPTION, "An alarm.", event.starts_at)
    services.record_incident(event, fields, actor=ines, at=later)
    ending.close_event(event, actor=ines, at=later)
    assert event.status is EventStatus.CLOSED
    assert sitting_of(here).incidents == "Interruption, such as an alarm: An alarm."
    assert sitting_of(away) is None
    assert bookings.status_of(away, at=later) is BookingStatus.NO_SHOW
    broken = refused(services.check_room, event, "", is_suitable=True, actor=ines, at=later)
    assert broken.code == "session-over"


def test_a_room_that_will_not_do_says_why_and_holds_no_test(event, ines, at):
    broken = refused(services.check_room, event, " ", is_suitable=False, actor=ines, at=at)
    assert broken.field == "findings"
    services.check_room(event, "Building works next door", is_suitable=False, actor=ines, at=at)
    later = event.starts_at + timedelta(hours=3)
    assert "not suitable" in refused(ending.close_event, event, actor=ines, at=later).message


def test_taking_out_and_cancelling_give_the_dates_back(make, epao, event, admin, ines, at):
    one, other = attempts(make, epao, 2)
    services.add_candidates(event, [one, other], actor=admin, at=at)
    [shift] = event.shifts
    assert refused(services.take_off_shift, shift, actor=admin, at=at).code == "has-candidates"
    ending.remove_candidate(event.candidates[0], "Ill", actor=admin, at=at)
    assert bookings.status_of(one, at=at) is BookingStatus.CANCELLED
    services.add_candidates(event, [one], actor=admin, at=at)
    assert refused(ending.cancel_event, event, " ", actor=admin, at=at).field == "reason"
    ending.cancel_event(event, "The room is flooded", actor=admin, at=at)
    assert event.candidates == []
    assert bookings.status_of(other, at=at) is BookingStatus.CANCELLED


def test_an_incident_lies_in_the_past(event, ines, at):
    fields = services.IncidentFields(EventIncidentKind.OTHER, "Soon", at + timedelta(minutes=1))
    assert refused(services.record_incident, event, fields, actor=ines, at=at).field == "time"


def test_it_is_reached_by_those_on_shift_and_by_its_administrators(make, epao, event, admin, ines):
    run, plan = Permission.RUN_TEST_SESSION, Permission.PLAN_TEST_SESSIONS
    assert queries.event_for(ines, run, event.id) is event
    assert queries.event_for(ines, plan, event.id) is None
    assert queries.event_for(admin, plan, event.id) is event
    other = make.person(Role.INVIGILATOR, organisation=epao)
    assert queries.event_for(other, run, event.id) is None
    assert queries.event_for(make.person(Role.ADMINISTRATOR), run, event.id) is None


def test_those_who_wait_are_offered_longest_in_their_period_first(make, epao, event, admin, at):
    late, early = attempts(make, epao, 2)
    early.assessment.epa_starts_on -= timedelta(days=9)
    dated = attempts(make, epao, 1)[0]
    make.scheduled(dated, event.starts_at + timedelta(days=2))
    assert queries.to_add(event, admin) == [early, late]
    booking.request_date(
        late,
        booking.Preference(event.starts_at.date(), event.starts_at.date(), "Mornings"),
        actor=admin,
        at=at,
    )
    assert queries.to_add(event, admin) == [early, late]


class TestLongerTime:
    """A session takes as long as the candidate who is allowed longest."""

    @pytest.fixture
    def longer(self, make, epao):
        [attempt] = attempts(make, epao, 1)
        make.granted(attempt.assessment, ("knowledge_test",), extra_percent=25)
        return attempt

    def test_it_grows_with_a_candidate_and_keeps_its_room_and_people_for_them(
        self, make, event, admin, longer, at
    ):
        epao, ines = event.epao, event.shifts[0].person
        assert fitting.slot_of(event).minutes == 120
        services.add_candidates(event, [longer], actor=admin, at=at)
        assert fitting.slot_of(event).minutes == 150
        ends = event.starts_at + timedelta(minutes=150)
        soon = ends - timedelta(minutes=5)
        with pytest.raises(RuleBroken, match=r"is taken from 10:00 to 12:30"):
            make.event(epao, starts_at=soon, room=event.room, actor=admin)
        beside = make.event(epao, starts_at=soon, actor=admin)
        broken = refused(services.put_on_shift, beside, ines, actor=admin, at=at)
        assert "from 10:00 to 12:30" in broken.message
        make.event(epao, starts_at=ends, room=event.room, on_shift=(ines,), actor=admin)

    def test_a_candidate_for_whom_it_cannot_grow_is_told_the_nearest_that_would_do(
        self, make, epao, event, admin, longer, at
    ):
        after = event.starts_at + timedelta(minutes=120)
        make.event(epao, starts_at=after, room=event.room, actor=admin)
        broken = refused(services.add_candidates, event, [longer], actor=admin, at=at)
        assert broken.code == "room-taken"
        assert "would then take until 12:30" in broken.message
        assert "No other planned session would do; a new one would from" in broken.message
        tom = make.person(Role.INVIGILATOR, organisation=epao)
        next_week = event.starts_at + timedelta(days=7)
        make.event(epao, starts_at=next_week, on_shift=(tom,), actor=admin)
        later = make.event(epao, starts_at=after + timedelta(days=3), on_shift=(tom,), actor=admin)
        broken = refused(services.add_candidates, event, [longer], actor=admin, at=at)
        assert f"26 June 2026 at 12:00, {later.place}" in broken.message.replace("\xa0", " ")

    def test_it_says_what_it_runs_into_when_time_is_granted_later(
        self, make, epao, event, admin, at
    ):
        [attempt] = attempts(make, epao, 1)
        services.add_candidates(event, [attempt], actor=admin, at=at)
        after = event.starts_at + timedelta(minutes=120)
        make.event(epao, starts_at=after, room=event.room, actor=admin)
        assert fitting.clash_of(attempt) is None
        make.granted(attempt.assessment, ("knowledge_test",), extra_percent=25)
        assert "is taken from 12:00" in fitting.clash_of(attempt).message
        (need,) = dates_too_short(admin, at)
        assert "no longer fits" in need.what


def test_a_full_session_names_no_other_outside_the_period(
    make, epao, event, admin, at, monkeypatch
):
    monkeypatch.setattr(queries, "most_each", lambda _event: 1)
    first, second = attempts(make, epao, 2)
    services.add_candidates(event, [first], actor=admin, at=at)
    tom = make.person(Role.INVIGILATOR, organisation=epao)
    make.event(epao, starts_at=at + timedelta(days=200), on_shift=(tom,), actor=admin)
    broken = refused(services.add_candidates, event, [second], actor=admin, at=at)
    assert broken.code == "session-full"
    assert "a new one would from" in broken.message
