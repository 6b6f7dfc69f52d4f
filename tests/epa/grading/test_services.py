from datetime import timedelta

import pytest
from sqlalchemy import event, select

from epa.errors import RuleBroken
from epa.grading import queries, services
from epa.lifecycle.rules import Grade, Stage
from epa.outbox.models import Mail
from epa.people.rules import Role

METHODS = ("presentation", "observation", "knowledge_test")


@pytest.fixture
def quality_assurer(make):
    def of(assessment):
        return make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=assessment.epao)

    return of


@pytest.fixture
def with_grades(make):
    """An assessment whose three methods are released with these grades."""

    def made(*grades):
        row = make.assessment_in_epa()
        for code, grade in zip(METHODS, grades, strict=True):
            make.released(make.attempt(row, code), grade)
        return row

    return made


def test_it_lets_nobody_release_a_grade_they_gave(make, at):
    row = make.assessment_in_epa()
    both = make.person(
        Role.INDEPENDENT_ASSESSOR, Role.INTERNAL_QUALITY_ASSURER, organisation=row.epao
    )
    attempt = make.graded(make.attempt(row, "observation"), by=both)
    with pytest.raises(RuleBroken, match="You had a part in this grade"):
        services.release_method(attempt, actor=both, at=at)
    assert attempt.released_at is None


def test_it_releases_nothing_without_a_grade_and_nothing_twice(make, at, quality_assurer):
    row = make.assessment_in_epa()
    actor, attempt = quality_assurer(row), make.attempt(row, "observation")
    with pytest.raises(RuleBroken, match="no grade yet"):
        services.release_method(attempt, actor=actor, at=at)
    make.released(attempt)
    with pytest.raises(RuleBroken, match="released already"):
        services.release_method(attempt, actor=actor, at=at)


def test_it_tells_the_apprentice_that_a_result_is_there_and_not_what_it_is(make, session):
    row = make.assessment_in_epa()
    make.released(make.attempt(row, "observation"), Grade.DISTINCTION)
    mail = session.scalar(select(Mail))
    assert mail.to_person is row.apprenticeship.person
    assert "istinction" not in mail.subject + mail.body


@pytest.mark.parametrize(
    ("grades", "overall"),
    [
        (("pass", "pass", "pass"), "pass"),
        (("distinction", "pass", "pass"), "pass"),
        (("distinction", "pass", "distinction"), "distinction"),
        (("distinction", "distinction", "distinction"), "distinction"),
    ],
)
def test_it_computes_the_overall_grade_as_it_releases_it(
    with_grades, quality_assurer, at, grades, overall
):
    row = with_grades(*map(Grade, grades))
    assert row.stage is Stage.RESULTS
    released = services.release_overall(row, actor=quality_assurer(row), at=at)
    assert (released.grade, row.stage) == (overall, Stage.COMPLETE)
    assert released.framework_version == row.framework_version
    assert released.explanation
    assert released.statement_number.endswith("-2026-00001")


def test_it_waits_until_every_method_is_released(make, at, quality_assurer):
    row = make.assessment_in_epa()
    for code in METHODS[:2]:
        make.released(make.attempt(row, code))
    make.graded(make.attempt(row, METHODS[2]))
    assert queries.overall_now(row) is None
    with pytest.raises(RuleBroken, match="Every method must be released"):
        services.release_overall(row, actor=quality_assurer(row), at=at)


def test_it_lets_nobody_with_a_part_in_any_grade_release_the_overall_one(with_grades, make, at):
    row = with_grades(Grade.PASS, Grade.PASS, Grade.PASS)
    with pytest.raises(RuleBroken, match="You had a part in one of the grades"):
        services.release_overall(row, actor=make.attempt(row, "observation").graded_by, at=at)


def test_an_overall_fail_waits_while_a_resit_is_possible(with_grades, quality_assurer, at):
    row = with_grades(Grade.FAIL, Grade.PASS, Grade.PASS)
    actor = quality_assurer(row)
    with pytest.raises(RuleBroken, match="may be taken again until 9 September 2026") as broken:
        services.release_overall(row, actor=actor, at=at)
    assert broken.value.field == "no_resit_reason"
    released = services.release_overall(row, actor=actor, at=at, no_resit_reason="Left the job")
    assert (released.grade, released.no_resit_reason) == (Grade.FAIL, "Left the job")


def test_an_overall_fail_needs_no_reason_when_the_period_is_over(with_grades, quality_assurer, at):
    row = with_grades(Grade.FAIL, Grade.PASS, Grade.PASS)
    later = at + timedelta(days=100)
    assert services.release_overall(row, actor=quality_assurer(row), at=later).grade is Grade.FAIL


def test_it_numbers_statements_one_after_the_other(with_grades, quality_assurer, at):
    rows = [with_grades(Grade.PASS, Grade.PASS, Grade.PASS) for _ in range(2)]
    numbers = [
        services.release_overall(row, actor=quality_assurer(row), at=at).statement_number
        for row in rows
    ]
    assert len(set(numbers)) == 2


def test_an_unreleased_grade_is_seen_by_those_who_oversee_alone(make):
    row = make.assessment_in_epa()
    make.graded(make.attempt(row, "observation"), Grade.DISTINCTION)
    outsiders = [
        row.apprenticeship.person,
        make.person(Role.EMPLOYER, organisation=row.apprenticeship.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=row.apprenticeship.provider),
    ]
    for person in outsiders:
        shown = queries.visible_results(person, row)
        assert [one.grade for one in shown.methods] == [None] * 3
        assert not any(
            one.explanation or one.held_on or one.at_distinction for one in shown.methods
        )
    insider = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    assert Grade.DISTINCTION in {one.grade for one in queries.visible_results(insider, row).methods}


def test_it_lets_nobody_release_a_result_of_their_own_or_of_their_own_place_of_work(
    make, with_grades, at
):
    """A role given after registration must not open one's own result, or a colleague's."""
    row = with_grades(Grade.PASS, Grade.PASS, Grade.PASS)
    apprentice = row.apprenticeship.person
    make.role(apprentice, Role.INTERNAL_QUALITY_ASSURER, row.epao)
    manager = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=row.epao)
    make.role(manager, Role.EMPLOYER, row.apprenticeship.employer)
    waiting = make.graded(make.attempt(make.assessment_in_epa(), "observation"))
    make.role(manager, Role.EMPLOYER, waiting.assessment.apprenticeship.employer)
    for actor in (apprentice, manager):
        with pytest.raises(RuleBroken, match="conflict of interest stands"):
            services.release_overall(row, actor=actor, at=at)
    with pytest.raises(RuleBroken, match="conflict of interest stands"):
        services.release_method(waiting, actor=manager, at=at)
    assert (row.stage, waiting.released_at) == (Stage.RESULTS, None)


def test_two_results_released_at_once_wait_for_each_other_s_number(
    with_grades, quality_assurer, at, session, database_kind
):
    """SQLite has one writer at a time; PostgreSQL has to be told."""
    row, said = with_grades(Grade.PASS, Grade.PASS, Grade.PASS), []
    actor, connection = quality_assurer(row), session.connection()

    def note(_connection, _cursor, statement, *_rest):
        said.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    services.release_overall(row, actor=actor, at=at)
    event.remove(connection, "before_cursor_execute", note)
    [counts] = [n for n, one in enumerate(said) if "count(" in one and "statement_number" in one]
    before = [one for one in said[:counts] if "FROM organisation" in one and "FOR UPDATE" in one]
    assert len(before) == (1 if database_kind == "postgresql" else 0)
