"""Moving an assessment along its stages, opening attempts, recording and releasing grades."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken
from epa.lifecycle.definitions import framework_of, latest
from epa.lifecycle.models import Allocation, EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import current_attempts
from epa.lifecycle.rules import (
    GRADE_TITLES,
    STAGE_TITLES,
    AttemptKind,
    Duty,
    Grade,
    Stage,
    capped,
    may_advance,
)
from epa.people.models import Person


def advance(
    assessment: EndPointAssessment, *, to: Stage, actor: Person | None, at: datetime
) -> None:
    """Move the assessment to another stage.

    Raises:
        RuleBroken: the way does not lead there from where it stands.
    """
    if not may_advance(assessment.stage, to):
        raise RuleBroken(
            "stage-order",
            f"This cannot be done while the apprentice is “{STAGE_TITLES[assessment.stage]}”.",
        )
    record(actor, "stage changed", assessment, at=at, before=assessment.stage, after=to)
    assessment.stage = to
    assessment.stage_since = at


def accept_gateway(
    assessment: EndPointAssessment, *, starts_on: date, actor: Person, at: datetime
) -> None:
    """Begin the EPA period: pin the definition, start the clock, open every method's attempt.

    Args:
        assessment: one at the gateway, every requirement of which is accepted.
        starts_on: the London date on which the last requirement was accepted.
        actor: who accepted it.
        at: when.
    """
    framework = latest(assessment.framework_code)
    assessment.framework_version = framework.version
    assessment.gateway_accepted_at = at
    assessment.epa_starts_on = starts_on
    advance(assessment, to=Stage.ASSESSMENT, actor=actor, at=at)
    for code in framework.methods:
        db.session.add(
            MethodAttempt(
                assessment=assessment,
                method_code=code,
                number=1,
                kind=AttemptKind.FIRST,
                opened_at=at,
            )
        )
    db.session.flush()
    record(
        actor,
        "gateway accepted",
        assessment,
        at=at,
        starts_on=starts_on.isoformat(),
        version=framework.version,
    )


def move_start(
    assessment: EndPointAssessment, starts_on: date, *, actor: Person, at: datetime
) -> None:
    """Let the EPA period begin on another day; who may decide that is the caller's to check."""
    before = assessment.epa_starts_on
    assessment.epa_starts_on = starts_on
    db.session.flush()
    record(
        actor,
        "period start moved",
        assessment,
        at=at,
        before=before.isoformat() if before else None,
        after=starts_on.isoformat(),
    )


def open_attempt(
    failed: MethodAttempt,
    kind: AttemptKind,
    *,
    closes_on: date | None,
    actor: Person,
    at: datetime,
) -> MethodAttempt:
    """Open the next attempt at a method; the assessment goes back to the period if it had left it.

    Whether one may be opened is the caller's to check; see epa/resits.

    Args:
        failed: the newest attempt at the method, graded and released.
        kind: a re-sit or a re-take.
        closes_on: its last day for exceptional circumstances; None where the EPA period's holds.
        actor: who opens it.
        at: when.
    """
    assessment = failed.assessment
    attempt = MethodAttempt(
        assessment=assessment,
        method_code=failed.method_code,
        number=failed.number + 1,
        kind=kind,
        opened_at=at,
        closes_on=closes_on,
    )
    db.session.add(attempt)
    db.session.flush()
    record(
        actor,
        "attempt opened",
        attempt,
        at=at,
        method=attempt.method_code,
        number=attempt.number,
        kind=kind,
        closes_on=closes_on.isoformat() if closes_on else None,
    )
    if assessment.stage is Stage.RESULTS:
        advance(assessment, to=Stage.ASSESSMENT, actor=actor, at=at)
    return attempt


def allocate(
    attempt: MethodAttempt, person: Person, duty: Duty, *, actor: Person, at: datetime
) -> Allocation:
    """Give a person a duty on an attempt, in place of whoever had it.

    Conflicts and competence are the caller's to check; see epa/booking.
    """
    for held in [held for held in attempt.allocations if held.duty is duty]:
        attempt.allocations.remove(held)
        db.session.flush()
    allocation = Allocation(
        attempt=attempt,
        person=person,
        person_id=person.id,  # asked for before it is written
        duty=duty,
        allocated_at=at,
        allocated_by_id=actor.id,
    )
    db.session.add(allocation)
    record(actor, "allocated", attempt, at=at, person=str(person.id), duty=duty)
    return allocation


def record_grade(
    attempt: MethodAttempt,
    *,
    grade: Grade,
    scoring_input: dict[str, Any],
    explanation: list[str],
    actor: Person,
    at: datetime,
) -> None:
    """Keep a method's grade with what it was computed from; it stays unreleased.

    Raises:
        RuleBroken: the attempt is graded already.
    """
    if attempt.grade is not None:
        raise RuleBroken("graded-already", "This attempt is graded already.")
    grade, explanation = _within_the_cap(attempt, grade, explanation)
    attempt.grade, attempt.graded_at, attempt.graded_by_id = grade, at, actor.id
    attempt.scoring_input, attempt.explanation = scoring_input, explanation
    db.session.flush()
    record(
        actor,
        "method graded",
        attempt,
        at=at,
        method=attempt.method_code,
        grade=grade,
        version=attempt.assessment.framework_version,
    )
    assessment = attempt.assessment
    newest = current_attempts(assessment)
    every_method = set(framework_of(assessment).methods)
    if set(newest) == every_method and all(one.grade for one in newest.values()):
        advance(assessment, to=Stage.RESULTS, actor=actor, at=at)


def correct_grade(
    attempt: MethodAttempt,
    *,
    grade: Grade,
    scoring_input: dict[str, Any],
    explanation: list[str],
    actor: Person,
    at: datetime,
) -> None:
    """Put the grade of a corrected sheet in place of the one before; it stays unreleased.

    Who graded stays who graded; the log says who let the correction count.

    Raises:
        RuleBroken: there is no grade to correct, or it is released.
    """
    if attempt.grade is None or attempt.released_at is not None:
        raise RuleBroken("not-to-correct", "There is no unreleased grade here to correct.")
    before = attempt.grade
    grade, explanation = _within_the_cap(attempt, grade, explanation)
    attempt.grade, attempt.graded_at = grade, at
    attempt.scoring_input, attempt.explanation = scoring_input, explanation
    db.session.flush()
    record(
        actor,
        "grade corrected",
        attempt,
        at=at,
        method=attempt.method_code,
        before=before,
        after=grade,
        version=attempt.assessment.framework_version,
    )


def take_back_release(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Take a released grade back, because what it was computed from was wrong; it is released anew.

    Raises:
        RuleBroken: it is not released, the overall grade is, or the method was opened again since.
    """
    assessment = attempt.assessment
    if attempt.released_at is None:
        raise RuleBroken("not-released", "This grade is not released.")
    if assessment.stage not in {Stage.ASSESSMENT, Stage.RESULTS}:
        title = STAGE_TITLES[assessment.stage]
        raise RuleBroken("too-late", f"The assessment is “{title}”: this result stands.")
    if current_attempts(assessment)[attempt.method_code] is not attempt:
        raise RuleBroken("taken-again", "This method was opened again since: this result stands.")
    attempt.released_at = attempt.released_by_id = None
    db.session.flush()
    record(actor, "release taken back", attempt, at=at, method=attempt.method_code)


def _within_the_cap(
    attempt: MethodAttempt, grade: Grade, explanation: list[str]
) -> tuple[Grade, list[str]]:
    """The grade that counts: the plan may cap that of a re-sit or re-take, and then it is said."""
    best = Grade(framework_of(attempt.assessment).resits.best_grade)
    given = capped(grade, attempt.kind, best)
    if given is grade:
        return grade, explanation
    title = GRADE_TITLES[best]
    return given, [*explanation, f"The plan gives a later attempt at most a {title}."]
