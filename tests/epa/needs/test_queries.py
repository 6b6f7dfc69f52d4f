from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event

from epa.clock import london_date
from epa.gateway import services as gateway
from epa.gateway.models import EarlierStart
from epa.grading.queries import assessments_to_release
from epa.judgements.correcting import open_correction
from epa.lifecycle.queries import period_of
from epa.lifecycle.rules import Duty, Grade
from epa.needs.queries import needs_of
from epa.observation.services import sign
from epa.people.rules import ConflictKind, OrganisationKind, Permission, Role
from epa.people.services import Declaration, declare_conflict


@pytest.fixture
def statements(session):
    """How many statements a call sends to the database."""

    def count(call):
        sent = []
        connection = session.connection()

        def note(*_args):
            sent.append(1)

        event.listen(connection, "before_cursor_execute", note)
        try:
            call()
        finally:
            event.remove(connection, "before_cursor_execute", note)
        return len(sent)

    return count


def titles(person, at):
    return sorted(need.title for need in needs_of(person, at))


def test_an_administrator_books_every_method_of_the_period(make, at):
    row = make.assessment_in_epa()
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    name = row.apprenticeship.person.name
    assert titles(ruth, at) == [
        f"Book the {method}: {name}" for method in ("knowledge test", "observation", "presentation")
    ]


def test_nobody_is_asked_to_release_what_they_graded(make, at):
    row = make.assessment_in_epa()
    both = make.person(
        Role.INDEPENDENT_ASSESSOR, Role.INTERNAL_QUALITY_ASSURER, organisation=row.epao
    )
    other = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=row.epao)
    make.graded(make.attempt(row, "observation"), Grade.PASS, by=both)
    assert not [title for title in titles(both, at) if title.startswith("Release")]
    assert [title for title in titles(other, at) if title.startswith("Release the observation")]


def test_an_assessor_finishes_only_their_own_sheets(make, at):
    row = make.assessment_in_epa()
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao)
    make.booked("observation", assessment=row, assessor=helen)
    make.booked("presentation", assessment=row)
    (need,) = needs_of(helen, at)
    assert (need.what, need.place) == ("Observation", "observation.sheet")


def test_an_invigilator_records_a_sitting_that_is_over(make, at, session):
    row = make.assessment_in_epa()
    ines = make.person(Role.INVIGILATOR, organisation=row.epao)
    attempt = make.attempt(row, "knowledge_test")
    make.allocate(attempt, ines, Duty.INVIGILATOR)
    attempt.scheduled_at, attempt.place = at + timedelta(hours=2), "Leeds, Room 2"
    session.commit()
    assert [need.place for need in needs_of(ines, at)] == ["record.show"]
    assert [need.place for need in needs_of(ines, at + timedelta(hours=5))] == [
        "knowledge_test.record_sitting"
    ]


def test_an_apprentice_is_told_of_their_own_things_without_their_name(make, at):
    row = make.assessment_in_epa()
    make.booked("observation", assessment=row)
    assert "Your observation" in titles(row.apprenticeship.person, at)


def test_it_sends_no_more_statements_for_more_apprentices(make, at, session, statements):
    epao = make.organisation()
    ruth = make.person(Role.ADMINISTRATOR, organisation=epao)

    def ask():
        session.commit()  # a request begins with nothing that another was told
        ruth.may(Permission.BOOK)  # loads the roles, as signing in does
        session.expunge_all()
        needs_of(ruth, at)

    def more():
        row = make.assessment_in_epa(epao=epao)
        make.graded(make.attempt(row, "observation"))
        make.supplied_review(make.assessment(epao=epao))
        for attempt in make.assessment_in_epa(epao=epao).attempts:
            make.released(attempt)
        make.asked(make.failed(assessment=make.assessment_in_epa(epao=epao)))
        over = make.assessment_in_epa(epao=epao, starts_on=at.date() - timedelta(days=200))
        earlier = EarlierStart(
            assessment=over,
            from_on=over.epa_starts_on,
            to_on=over.epa_starts_on - timedelta(days=3),
            reason="Decided late.",
            proposed_at=at,
            proposed_by=make.person(Role.ADMINISTRATOR, organisation=epao),
        )
        session.add(earlier)
        session.commit()

    more()
    more()
    ask()
    few = statements(ask)
    session.expunge_all()
    session.add_all([epao])
    for _ in range(4):
        more()
    assert statements(ask) == few


def test_a_later_last_day_is_that_of_the_one_attempt_it_was_given_for(make, at, session):
    row = make.assessment_in_epa()
    attempt, ends_on = make.attempt(row, "observation"), period_of(row).ends_on
    attempt.closes_on = ends_on + timedelta(days=30)
    session.commit()
    found = needs_of(make.office(row), at)
    assert {one.what: one.due_on for one in found if one.place == "booking.book"} == {
        "Book the presentation": ends_on,
        "Book the observation": attempt.closes_on,
        "Book the knowledge test": ends_on,
    }
    over = ends_on + timedelta(days=31) - at.date()
    for later, is_over in ((over - timedelta(days=1), False), (over, True)):
        needs = [one.place for one in needs_of(make.office(row), at + later)]
        assert ("resits.close" in needs) is is_over


def test_an_overall_fail_is_nobodys_to_release(make, at):
    epao = make.organisation()
    owen = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)
    passed, failed = (make.assessment_in_epa(epao=epao) for _ in range(2))
    for attempt in (*passed.attempts, *failed.attempts[1:]):
        make.released(attempt)
    make.released(failed.attempts[0], Grade.FAIL)
    asked = [one for one in needs_of(owen, at) if one.what == "Release the overall grade"]
    assert [one.assessment_id for one in asked] == [passed.id]
    assert assessments_to_release(owen) == [passed]


def test_everybody_is_asked_for_theirs_as_soon_as_the_gateway_is_open(make, at):
    assessment = make.assessment()
    people = make.people_of(assessment)
    asked = ("employer", "training_provider", "apprentice")

    def things_asked(part):
        return {need.what for need in needs_of(people[part], at)}

    assert [things_asked(part) for part in asked] == [set(), set(), {"Build the portfolio"}]
    make.review(assessment, actor=people["training_provider"])
    assert [things_asked(part) for part in asked] == [
        {"Confirm readiness"},
        {"Supply for the gateway"},
        {"Supply for the gateway", "Build the portfolio"},
    ]


def test_a_period_that_closes_with_everything_booked_is_said(make, at):
    row = make.assessment_in_epa(starts_on=at.date() - timedelta(days=85))
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    for method in ("presentation", "observation", "knowledge_test"):
        make.booked(method, assessment=row)
    attempt = make.attempt(row, "knowledge_test")
    for duty in (Duty.INVIGILATOR, Duty.FIRST_MARKER, Duty.SECOND_MARKER):
        if attempt.allocated(duty) is None:
            make.allocate(attempt, make.person(Role.MARKER, organisation=row.epao), duty)
    (need,) = [one for one in needs_of(ruth, at) if one.what == "The period closes"]
    assert need.text.endswith("No grade yet: presentation, observation and knowledge test.")
    make.graded(make.attempt(row, "observation"), Grade.PASS, by=ruth)
    (need,) = [one for one in needs_of(ruth, at) if one.what == "The period closes"]
    assert need.text.endswith("No grade yet: presentation and knowledge test.")


def test_a_period_that_closes_with_something_to_book_is_said_by_that(make, at):
    row = make.assessment_in_epa(starts_on=at.date() - timedelta(days=85))
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    assert {one.what for one in needs_of(ruth, at)} == {
        *("Book the presentation", "Book the observation", "Book the knowledge test"),
        "The presentation file is late",
    }


def test_a_provider_hears_first_what_came_back(make, session, at):
    row = make.assessment()
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    bridget = make.person(Role.TRAINING_PROVIDER, organisation=row.apprenticeship.provider)
    review = make.review(row, row.apprenticeship.person)
    rows = {one.code: one for one in review.requirements}
    gateway.supply(rows["off_the_job"], {"percent": Decimal(21)}, actor=bridget, at=at)
    gateway.reject(rows["off_the_job"], "Not signed.", actor=ruth, at=at)
    (need,) = needs_of(bridget, at)
    assert need.what == "Supply again for the gateway"
    assert need.text.startswith("Returned to you: ")
    assert "Still open: " in need.text


def test_a_correction_is_decided_on_before_the_release(make, at):
    sheet = make.signed_sheet(distinctions=6)
    attempt, epao = sheet.attempt, sheet.attempt.assessment.epao
    helen = attempt.allocated(Duty.ASSESSOR)
    owen = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)
    assert [need.what for need in needs_of(owen, at)] == ["Release the observation"]
    correction = open_correction(attempt, "Wrong line.", actor=helen, at=at)
    assert needs_of(owen, at) == []
    sign(correction, actor=helen, at=at)
    assert [need.what for need in needs_of(owen, at)] == ["Decide on a correction: observation"]


def test_a_duty_that_is_in_conflict_since_the_employer_changed_is_named_to_who_books(
    make, at, session
):
    attempt = make.booked("observation")
    ruth = make.person(Role.ADMINISTRATOR, organisation=attempt.assessment.epao)
    helen = attempt.allocated(Duty.ASSESSOR)
    named = "A conflict of interest in the observation"
    assert not [one for one in needs_of(ruth, at) if one.what == named]
    new = make.organisation(OrganisationKind.EMPLOYER)
    declared = Declaration(ConflictKind.TRAINED, "Taught there.", with_organisation=new)
    declare_conflict(helen, declared, actor=helen, at=at)
    attempt.assessment.apprenticeship.employer = new
    session.commit()
    [need] = [one for one in needs_of(ruth, at) if one.what == named]
    assert f"{helen.name} has a declared conflict of interest" in need.text
    assert (need.place, need.due_on) == ("booking.allocate", london_date(attempt.scheduled_at))
    assert not [one for one in needs_of(helen, at) if one.what == named]
