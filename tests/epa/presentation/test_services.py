from datetime import UTC, date, datetime

import pytest

from epa.audit.models import AuditEntry
from epa.errors import RuleBroken
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import AttemptKind, Stage
from epa.people.rules import Permission, Role
from epa.presentation import queries, services


@pytest.fixture
def attempt(make):
    return make.attempt(make.assessment_in_epa(), "presentation")


@pytest.fixture
def sam(attempt):
    return attempt.assessment.apprenticeship.person


@pytest.fixture
def admin(make, attempt):
    return make.person(Role.ADMINISTRATOR, organisation=attempt.assessment.epao)


@pytest.fixture
def slides(make, sam):
    return lambda: make.stored_file(sam)


LAST_SECOND = datetime(2026, 6, 29, 22, 59, 59, 999999, tzinfo=UTC)
FIRST_LATE = datetime(2026, 6, 29, 23, 0, tzinfo=UTC)


def test_it_is_due_on_the_twentieth_day(attempt):
    assert queries.file_due_on(attempt) == date(2026, 6, 29)


def test_it_makes_a_new_version_with_every_submission(session, attempt, sam, slides, at):
    first = services.submit_file(attempt, slides(), actor=sam, at=at)
    second = services.submit_file(attempt, slides(), actor=sam, at=LAST_SECOND)
    session.commit()
    assert (first.version, second.version) == (1, 2)
    assert queries.newest_submission(attempt) is second
    assert queries.submission_of(attempt, 1) is first
    assert queries.submission_of(attempt, 3) is None
    entries = session.query(AuditEntry).filter_by(action="presentation file submitted")
    assert sorted(entry.details["version"] for entry in entries) == [1, 2]


def test_it_takes_the_file_to_the_last_second_in_london_and_no_later(attempt, sam, slides):
    services.submit_file(attempt, slides(), actor=sam, at=LAST_SECOND)
    with pytest.raises(RuleBroken, match=r"was due on 29 June 2026\. Tell") as late:
        services.submit_file(attempt, slides(), actor=sam, at=FIRST_LATE)
    assert late.value.code == "presentation-late"


def test_it_accepts_a_late_file_with_a_reason_and_who_allowed_it(attempt, admin, slides):
    with pytest.raises(RuleBroken, match="Say why"):
        services.submit_late(attempt, slides(), " ", actor=admin, at=FIRST_LATE)
    row = services.submit_late(attempt, slides(), " Flood. ", actor=admin, at=FIRST_LATE)
    assert (row.late_reason, row.allowed_late_by) == ("Flood.", admin)


def test_it_accepts_nothing_as_late_that_is_in_time(attempt, admin, slides):
    with pytest.raises(RuleBroken, match="due on 29 June 2026"):
        services.submit_late(attempt, slides(), "Flood.", actor=admin, at=LAST_SECOND)


def test_it_is_closed_once_the_presentation_was_held(attempt, sam, admin, slides, at):
    file = slides()
    attempt.held_on = date(2026, 6, 20)
    for submit in (
        lambda: services.submit_file(attempt, file, actor=sam, at=at),
        lambda: services.submit_late(attempt, file, "Flood.", actor=admin, at=FIRST_LATE),
    ):
        with pytest.raises(RuleBroken, match="was held on 20 June 2026"):
            submit()
    assert services.closed_because(attempt).startswith("The presentation was held")


def test_it_is_closed_outside_the_epa_period(attempt, sam, slides, at):
    file = slides()
    assert services.closed_because(attempt) == ""
    attempt.assessment.stage = Stage.WITHDRAWN
    with pytest.raises(RuleBroken, match="Withdrawn"):
        services.submit_file(attempt, file, actor=sam, at=at)


def test_it_counts_a_later_attempts_days_from_its_opening_inside_the_period(session, attempt):
    def resit(number, opened_at):
        return MethodAttempt(
            assessment=attempt.assessment,
            method_code="presentation",
            number=number,
            kind=AttemptKind.RESIT,
            opened_at=opened_at,
        )

    session.add_all(
        later := [
            resit(2, datetime(2026, 7, 10, 9, tzinfo=UTC)),
            resit(3, datetime(2026, 9, 1, 9, tzinfo=UTC)),
        ]
    )
    session.flush()
    assert [queries.file_due_on(one) for one in later] == [date(2026, 7, 30), date(2026, 9, 9)]


def test_it_shows_the_file_to_the_presentations_assessor_and_nobody_else_outside(
    make, attempt, sam, admin
):
    row = attempt.assessment
    helen, oskar = (make.person(Role.INDEPENDENT_ASSESSOR, organisation=row.epao) for _ in range(2))
    make.allocate(attempt, helen)
    make.allocate(make.attempt(row, "observation"), oskar)
    iqa = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=row.epao)
    auditor = make.person(Role.AUDITOR, organisation=row.epao)
    view = Permission.VIEW_PRESENTATION
    for person in (sam, admin, helen, iqa, auditor):
        assert queries.attempt_for(person, view, attempt.id) is attempt
    outside = (
        oskar,
        make.person(Role.EMPLOYER, organisation=row.apprenticeship.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=row.apprenticeship.provider),
        make.assessment_in_epa().apprenticeship.person,
    )
    for person in outside:
        assert queries.attempt_for(person, view, attempt.id) is None


def test_it_is_not_found_on_an_attempt_at_another_method(make, attempt, sam):
    observation = make.attempt(attempt.assessment, "observation")
    assert queries.attempt_for(sam, Permission.SUBMIT_PRESENTATION, observation.id) is None
