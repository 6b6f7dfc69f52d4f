from datetime import UTC, date, datetime, timedelta

import pytest

from epa.audit.models import AuditEntry
from epa.booking import allocation, queries, services
from epa.booking.appointments import Wish
from epa.booking.candidates import candidates
from epa.booking.rules import BookingState
from epa.errors import RuleBroken
from epa.judgements.models import MarkSheet
from epa.lifecycle.rules import Duty, Stage
from epa.outbox.models import Mail
from epa.people.models import ConflictOfInterest
from epa.people.rules import ConflictKind, Permission, Role
from epa.portfolio.models import PortfolioShare

TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)  # 10:00 in London
TODAY = date(2026, 6, 9)


@pytest.fixture
def assessment(make):
    return make.assessment_in_epa()


@pytest.fixture
def admin(make, assessment):
    return make.person(Role.ADMINISTRATOR, organisation=assessment.epao)


@pytest.fixture
def helen(make, assessment):
    person = make.person(
        Role.INDEPENDENT_ASSESSOR, organisation=assessment.epao, given="Helen", family="Marsh"
    )
    return make.may_assess(person, assessment.epao)


@pytest.fixture
def observation(make, assessment):
    return make.attempt(assessment, "observation")


@pytest.fixture
def presentation(make, assessment):
    return make.attempt(assessment, "presentation")


@pytest.fixture
def test_attempt(make, assessment):
    return make.attempt(assessment, "knowledge_test")


def conflict(session, person, at, **values):
    row = ConflictOfInterest(
        person=person,
        kind=ConflictKind.TRAINED,
        description="Taught on the first module.",
        declared_at=at,
        declared_by_id=person.id,
        **values,
    )
    session.add(row)
    session.commit()
    return row


def book(attempt, starts_at, place, **more):
    """Hold and confirm, as everybody has agreed."""
    room = more.pop("room", None)
    is_online, short_notice = more.pop("is_online", False), more.pop("short_notice", "")
    wish = Wish(starts_at, place, room, is_online, short_notice)
    services.book(attempt, wish, agreement="By phone", **more)


def refused(call, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return broken.value


def test_it_allocates_somebody_with_the_role(session, observation, helen, admin, at):
    allocation.allocate(observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    session.commit()
    assert observation.allocated(Duty.ASSESSOR) is helen
    entry = session.query(AuditEntry).filter_by(action="allocated").one()
    assert entry.details["duty"] == "assessor"
    [mail] = session.query(Mail).filter_by(to_person_id=helen.id)
    assert observation.assessment.apprenticeship.person.family_name not in mail.body


def test_it_refuses_a_conflicted_person_naming_the_kind_and_what_would_do(
    session, observation, helen, admin, at
):
    apprentice = observation.assessment.apprenticeship.person
    row = conflict(session, helen, at, with_person_id=apprentice.id)
    broken = refused(allocation.allocate, observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    assert (broken.code, broken.field) == ("conflict-of-interest", "assessor")
    assert "Trained the apprentice" in broken.message
    assert "internal quality assurer scrutinise it" in broken.message
    row.scrutinised_by_id, row.scrutinised_at = admin.id, at
    allocation.allocate(observation, helen, Duty.ASSESSOR, actor=admin, at=at)


def test_a_conflict_with_the_employer_counts_until_it_ends(session, observation, helen, admin, at):
    employer_id = observation.assessment.apprenticeship.employer_id
    row = conflict(session, helen, at, with_organisation_id=employer_id)
    assert refused(allocation.allocate, observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    row.ended_on = TODAY
    allocation.allocate(observation, helen, Duty.ASSESSOR, actor=admin, at=at)


def test_a_conflict_with_somebody_else_does_not_count(make, session, observation, helen, admin, at):
    conflict(session, helen, at, with_organisation_id=make.organisation().id)
    allocation.allocate(observation, helen, Duty.ASSESSOR, actor=admin, at=at)


def test_it_refuses_somebody_who_works_for_the_provider(
    make, session, observation, helen, admin, at
):
    provider = observation.assessment.apprenticeship.provider
    make.person(Role.TRAINING_PROVIDER, organisation=provider).roles_held[0].person = helen
    session.commit()
    session.refresh(helen)
    broken = refused(allocation.allocate, observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    assert broken.code == "implied-conflict"
    assert f"Has a role at {provider.name}" in broken.message


def test_it_refuses_another_epaos_assessor_and_a_disabled_one(make, observation, helen, admin, at):
    stranger = make.person(Role.INDEPENDENT_ASSESSOR)
    marker = make.person(Role.MARKER, organisation=observation.assessment.epao)
    for person in (stranger, marker):
        broken = refused(
            allocation.allocate, observation, person, Duty.ASSESSOR, actor=admin, at=at
        )
        assert broken.code == "role-missing"
    helen.disabled_at = at
    broken = refused(allocation.allocate, observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    assert broken.code == "disabled"


def test_it_refuses_a_duty_the_method_does_not_need(observation, helen, admin, at):
    broken = refused(allocation.allocate, observation, helen, Duty.INVIGILATOR, actor=admin, at=at)
    assert broken.code == "no-such-duty"


def test_it_keeps_the_two_markers_apart_and_lets_them_swap(make, test_attempt, helen, admin, at):
    other = make.person(Role.MARKER, organisation=test_attempt.assessment.epao)
    allocation.allocate(test_attempt, helen, Duty.FIRST_MARKER, actor=admin, at=at)
    broken = refused(
        allocation.allocate, test_attempt, helen, Duty.SECOND_MARKER, actor=admin, at=at
    )
    assert broken.code == "segregation"
    allocation.allocate(test_attempt, other, Duty.SECOND_MARKER, actor=admin, at=at)
    changed = allocation.allocate_all(
        test_attempt,
        {Duty.FIRST_MARKER: other, Duty.SECOND_MARKER: helen},
        actor=admin,
        at=at,
    )
    assert changed == [Duty.FIRST_MARKER, Duty.SECOND_MARKER]


def test_it_names_every_duty_that_is_refused(make, test_attempt, admin, at):
    stranger = make.person(Role.MARKER)
    broken = refused(
        allocation.allocate_all,
        test_attempt,
        {Duty.INVIGILATOR: stranger, Duty.FIRST_MARKER: stranger},
        actor=admin,
        at=at,
    )
    assert [one.field for one in broken.each] == ["invigilator", "first_marker"]
    assert test_attempt.allocations == []


def test_it_reallocates_until_the_mark_sheet_is_opened(
    make, session, observation, helen, admin, at
):
    make.allocate(observation, make.staff_for(observation, Duty.ASSESSOR))
    allocation.allocate(observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    session.add(
        MarkSheet(attempt=observation, opened_at=at, opened_by_id=helen.id, conduct={}, version=1)
    )
    session.flush()
    other = make.staff_for(observation, Duty.ASSESSOR)
    broken = refused(allocation.allocate, observation, other, Duty.ASSESSOR, actor=admin, at=at)
    assert broken.code == "duty-fixed"
    assert "opened the mark sheet" in broken.message


def test_it_shares_the_accepted_portfolio_with_the_assessor_once(
    make, session, presentation, helen, admin, at
):
    version = make.portfolio(presentation.assessment, accepted=True)
    observation = make.attempt(presentation.assessment, "observation")
    allocation.allocate(observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    assert session.query(PortfolioShare).count() == 0
    allocation.allocate(presentation, helen, Duty.ASSESSOR, actor=admin, at=at)
    other = make.staff_for(presentation, Duty.ASSESSOR)
    allocation.allocate(presentation, other, Duty.ASSESSOR, actor=admin, at=at)
    allocation.allocate(presentation, helen, Duty.ASSESSOR, actor=admin, at=at)
    shared = session.query(PortfolioShare).filter_by(version_id=version.id).all()
    assert {one.person_id for one in shared} == {helen.id, other.id}
    assert queries.portfolio_shared_on(presentation) == TODAY


def test_it_books_nothing_for_a_paused_assessment(make, assessment, observation, helen, admin, at):
    make.close_stage(assessment, Stage.PAUSED, admin)
    broken = refused(allocation.allocate, observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    assert broken.code == "stage-order"


def test_it_sets_a_date_and_tells_those_who_must_be_there(
    make, session, observation, helen, admin, at
):
    make.with_people(observation, {Duty.ASSESSOR: helen})
    book(observation, TEN, " 4 Quay Street ", actor=admin, at=at)
    session.commit()
    assert (observation.scheduled_at, observation.place) == (TEN, "4 Quay Street")
    mails = session.query(Mail).filter_by(event="booking changed").all()
    apprentice = observation.assessment.apprenticeship.person
    assert {mail.to_person_id for mail in mails} == {helen.id, apprentice.id}
    assert all("Tuesday 14\xa0July\xa02026 at 10:00" in mail.body for mail in mails)
    assert all("Place: 4 Quay Street." in mail.body for mail in mails)
    assert not any(apprentice.family_name in mail.body for mail in mails)
    assert all("BEGIN:VCALENDAR" in mail.attachment for mail in mails)
    entry = session.query(AuditEntry).filter_by(action="booking confirm").one()
    assert entry.details == {"after": TEN.isoformat()}


def test_it_needs_those_who_must_be_there_first(make, test_attempt, helen, admin, at):
    make.allocate(test_attempt, helen, Duty.FIRST_MARKER)
    broken = refused(book, test_attempt, TEN, "Room 2", actor=admin, at=at)
    assert broken.code == "duties-open"
    assert "Allocate the invigilator first" in broken.message


@pytest.mark.parametrize(
    ("starts_at", "code"),
    [
        (datetime(2026, 6, 8, 9, tzinfo=UTC), "notice"),
        (datetime(2026, 9, 10, 9, tzinfo=UTC), "after-period"),
        # 9 September 23:30 UTC is 10 September in London.
        (datetime(2026, 9, 9, 23, 30, tzinfo=UTC), "after-period"),
    ],
)
def test_it_refuses_a_day_outside_the_period(make, observation, admin, at, starts_at, code):
    make.with_people(observation)
    broken = refused(book, observation, starts_at, "Room 2", actor=admin, at=at)
    assert (broken.code, broken.field) == (code, "day")


def test_it_takes_the_first_and_the_last_day(make, observation, admin, at):
    make.with_people(observation)
    broken = refused(book, observation, at + timedelta(hours=2), "Room 2", actor=admin, at=at)
    assert broken.code == "notice"
    soon = {"short_notice": "Both asked for it"}
    book(observation, at + timedelta(hours=2), "Room 2", actor=admin, at=at, **soon)
    last = datetime(2026, 9, 9, 14, tzinfo=UTC)
    book(observation, last, "Room 2", actor=admin, at=at, reason="Illness")


def test_it_leaves_the_assessor_twenty_days_with_the_portfolio(
    make, assessment, presentation, helen, admin, at
):
    make.allocate(presentation, helen)
    day_19 = datetime(2026, 6, 28, 9, tzinfo=UTC)
    broken = refused(book, presentation, day_19, "Online", actor=admin, at=at)
    assert broken.code == "portfolio-not-shared"
    make.portfolio(assessment, accepted=True)
    other = make.staff_for(presentation, Duty.ASSESSOR)
    allocation.allocate(presentation, other, Duty.ASSESSOR, actor=admin, at=at)
    broken = refused(book, presentation, day_19, "Online", actor=admin, at=at)
    assert broken.code == "portfolio-days"
    assert "29\xa0June\xa02026" in broken.message
    day_20 = day_19 + timedelta(days=1)
    allocation.accept(presentation, actor=other, at=at)
    book(presentation, day_20, "Online", actor=admin, at=at)
    later = at + timedelta(days=3)
    broken = refused(allocation.allocate, presentation, helen, Duty.ASSESSOR, actor=admin, at=later)
    assert broken.code == "portfolio-days"
    assert "2\xa0July\xa02026 or later" in broken.message


def test_an_assessor_is_not_in_two_places(make, observation, helen, admin, at):
    elsewhere = make.attempt(
        make.assessment_in_epa(epao=observation.assessment.epao), "observation"
    )
    make.scheduled(elsewhere, TEN, people={Duty.ASSESSOR: helen})
    make.allocate(observation, helen)
    overlapping = TEN + timedelta(minutes=227)
    broken = refused(book, observation, overlapping, "Room 2", actor=admin, at=at)
    assert (broken.code, broken.field) == ("double-booked", "time")
    assert "Helen Marsh is booked from 10:00 to 13:48" in broken.message
    assert "with one apprentice at a time" in broken.message
    broken = refused(book, observation, TEN + timedelta(minutes=228), "Room 2", actor=admin, at=at)
    assert broken.code == "travel-gap"
    assert "The nearest date that would do is 13\xa0July\xa02026, at 13:48" in broken.message
    book(observation, TEN + timedelta(minutes=228 + 45), "Room 2", actor=admin, at=at)


def test_somebody_booked_elsewhere_is_not_allocated_to_a_dated_attempt(
    make, observation, helen, admin, at
):
    elsewhere = make.attempt(
        make.assessment_in_epa(epao=observation.assessment.epao), "observation"
    )
    make.scheduled(elsewhere, TEN, people={Duty.ASSESSOR: helen})
    make.scheduled(observation, TEN)
    broken = refused(allocation.allocate, observation, helen, Duty.ASSESSOR, actor=admin, at=at)
    assert (broken.code, broken.field) == ("double-booked", "assessor")


def test_an_apprentice_is_not_in_two_places(make, observation, test_attempt, admin, at):
    make.scheduled(observation, TEN)
    make.with_people(test_attempt)
    broken = refused(book, test_attempt, TEN, "Room 2", actor=admin, at=at)
    assert broken.code == "double-booked"
    assert broken.message.startswith("The apprentice is booked from 10:00 to 13:48")


def test_an_invigilator_has_several_candidates_but_no_more_than_the_plan_allows(
    make, test_attempt, admin, at, monkeypatch
):
    epao = test_attempt.assessment.epao
    invigilator = make.person(Role.INVIGILATOR, organisation=epao)
    beside = make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test")
    make.scheduled(beside, TEN, "Room 2", people={Duty.INVIGILATOR: invigilator})
    make.with_people(test_attempt, {Duty.INVIGILATOR: invigilator})
    book(test_attempt, TEN, "Room 2", actor=admin, at=at)
    method = queries.method_of(test_attempt)
    fewer = method.model_copy(update={"candidates_per_invigilator": 1})
    monkeypatch.setattr(queries, "method_of", lambda _attempt: fewer)
    services.cancel(test_attempt, "Two sittings instead", actor=admin, at=at)
    broken = refused(book, test_attempt, TEN, "Room 2", actor=admin, at=at)
    assert broken.code == "candidates-per-invigilator"


def test_it_moves_and_clears_a_date_with_a_reason(make, session, observation, admin, at):
    make.with_people(observation)
    book(observation, TEN, "Room 2", actor=admin, at=at)
    moved = TEN + timedelta(days=1)
    broken = refused(book, observation, moved, "Room 2", actor=admin, at=at)
    assert broken.field == "reason"
    book(observation, moved, "Room 2", actor=admin, at=at, reason="Train strike")
    assert refused(services.cancel, observation, " ", actor=admin, at=at).field == "reason"
    services.cancel(observation, "Apprentice ill", actor=admin, at=at)
    session.commit()
    assert observation.scheduled_at is None
    assert observation.place is None
    told = [(one.number, one.action, one.reason) for one in queries.changes(observation)]
    assert told == [
        (5, "cancel", "Apprentice ill"),
        (4, "confirm", "By phone"),
        (3, "move", "Train strike"),
        (2, "confirm", "By phone"),
        (1, "hold", None),
    ]
    assert session.query(AuditEntry).filter_by(action="booking cancel").count() == 1
    assert (
        refused(services.cancel, observation, "Again", actor=admin, at=at).code == "booking-order"
    )


def test_it_leaves_the_date_of_what_was_held(make, observation, admin, at):
    make.scheduled(observation, TEN)
    observation.held_on = TODAY
    broken = refused(book, observation, TEN, "Room 9", actor=admin, at=at, reason="Tidy")
    assert broken.code == "held-already"


def test_it_needs_a_place_and_a_change(make, observation, admin, at):
    make.with_people(observation)
    assert refused(book, observation, TEN, "  ", actor=admin, at=at).field == "place"
    book(observation, TEN, "Room 2", actor=admin, at=at)
    broken = refused(book, observation, TEN, "Room 2", actor=admin, at=at, reason="None")
    assert broken.code == "nothing-moved"


def test_it_lists_those_who_may_first_and_says_why_others_may_not(
    make, session, observation, helen, at
):
    apprentice = observation.assessment.apprenticeship.person
    conflict(session, helen, at, with_person_id=apprentice.id)
    other = make.staff_for(observation, Duty.ASSESSOR)
    make.person(Role.MARKER, organisation=observation.assessment.epao)
    found = candidates(observation, on=TODAY)[Duty.ASSESSOR]
    assert [one.person for one in found] == [other, helen]
    assert found[0].against == ()
    assert found[1].against[0].code == "conflict-of-interest"


def test_it_lists_bookings_by_what_they_wait_for(make, session, assessment, admin, at):
    def found(person, state, when=None):
        return session.scalars(queries.bookings(person, state, at=when or at)).all()

    def listed(*args):
        return [attempt.method_code for attempt in found(*args)]

    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=assessment.epao)
    make.assessment_in_epa()
    make.with_people(make.attempt(assessment, "observation"), {Duty.ASSESSOR: helen})
    make.scheduled(make.attempt(assessment, "knowledge_test"), TEN)
    assert listed(admin, BookingState.TO_ALLOCATE) == ["presentation"]
    assert listed(admin, BookingState.TO_DATE) == ["observation"]
    assert listed(admin, BookingState.COMING_UP) == ["knowledge_test"]
    assert listed(admin, BookingState.PAST) == []
    assert listed(admin, BookingState.PAST, TEN + timedelta(days=1)) == ["knowledge_test"]
    assert listed(helen, BookingState.TO_DATE) == ["observation"]
    assert listed(helen, BookingState.COMING_UP) == []
    outsider = make.person(Role.EMPLOYER, organisation=assessment.apprenticeship.employer)
    assert listed(outsider, BookingState.TO_DATE) == []
    assert [queries.count(admin, state, at) for state in BookingState] == [1, 1, 0, 1, 0]
    assert queries.reached(helen, Permission.BOOK, found(helen, BookingState.TO_DATE)) == set()
    [row] = queries.rows(found(admin, BookingState.TO_DATE), at=at)
    assert (row.method_title, row.days_left, row.assessors) == ("Observation", 92, (helen.name,))
