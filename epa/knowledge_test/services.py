"""Recording a paper sitting, entering its marks twice and apart, and grading it once they agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken, RulesBroken
from epa.in_transaction import lock
from epa.knowledge_test import queries
from epa.knowledge_test.models import MarkEntry, PaperSitting
from epa.knowledge_test.rules import MARKERS, SittingFacts, sitting_faults
from epa.lifecycle import services as lifecycle
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import period_for
from epa.lifecycle.rules import STAGE_TITLES, Duty, Grade, Stage
from epa.outbox.services import tell
from epa.people.models import Person
from frameworks import grade_method
from question_bank.marking import rules as marking


def record_sitting(
    attempt: MethodAttempt, facts: SittingFacts, *, actor: Person, at: datetime
) -> PaperSitting:
    """Record that the candidate sat the paper, or put the record right until it is graded.

    Args:
        attempt: an attempt at the marked method, with an invigilator.
        facts: what happened.
        actor: the invigilator, or an administrator of the EPAO.
        at: when it is recorded.

    Raises:
        NotAllowed: somebody else records it.
        RulesBroken: a fact breaks a rule of the plan; every one is named.
        RuleBroken: there is no invigilator, the test is not open, or it is taken on a screen.
    """
    if not queries.may_record_sitting(attempt, actor):
        raise NotAllowed("Only the invigilator of this test, or an administrator, records it.")
    _refuse_unless_open(attempt)
    if queries.is_on_screen(attempt):
        raise RuleBroken("on-screen", "This test is taken on a screen, which keeps its own record.")
    if attempt.allocated(Duty.INVIGILATOR) is None:
        raise RuleBroken("no-invigilator", "Allocate the invigilator first.")
    period = period_for(attempt)
    if period is None:
        raise RuleBroken("before-period", "The gateway has not been accepted yet.")
    method = queries.method_of(attempt)
    faults = sitting_faults(facts, method, period, london_date(at))
    if faults:
        raise RulesBroken([RuleBroken(it.code, it.message, it.field) for it in faults])
    sitting = queries.sitting_of(attempt)
    corrected = sitting is not None
    if sitting is None:
        sitting = PaperSitting(attempt=attempt)
        db.session.add(sitting)
    sitting.held_on, sitting.minutes = facts.held_on, facts.minutes
    sitting.identity_checked, sitting.venue_checked = facts.identity_checked, facts.venue_checked
    extra = facts.minutes > method.minutes
    sitting.adjustment = (facts.adjustment.strip() or None) if extra else None
    sitting.incidents = facts.incidents.strip() or None
    sitting.recorded_at, sitting.recorded_by = at, actor
    db.session.flush()
    record(
        actor,
        "sitting corrected" if corrected else "sitting recorded",
        attempt,
        at=at,
        held_on=facts.held_on.isoformat(),
        minutes=facts.minutes,
        has_incidents=sitting.incidents is not None,
    )
    return sitting


def enter_marks(
    attempt: MethodAttempt,
    duty: Duty,
    marks: Sequence[int | None],
    *,
    actor: Person,
    at: datetime,
) -> tuple[int, ...] | None:
    """Enter one marker's marks for the whole paper; the second equal entry grades the test.

    Args:
        attempt: an attempt whose sitting is recorded.
        duty: which marker enters; it must be the actor's.
        marks: one mark a question, in the paper's order.
        actor: the marker.
        at: when.

    Returns:
        None while the other marker has not entered; else the questions on which the two differ,
        none when they agree and the test is graded.

    Raises:
        NotAllowed: the duty is not the actor's, or the actor is both markers.
        RuleBroken: a question has no mark or one it cannot get; the test is not sat or is graded.
    """
    _refuse_unless_marker(attempt, duty, actor)
    # Two markers who send at once must not both find the other's entry missing.
    lock(attempt)
    _refuse_unless_open(attempt)
    if queries.sitting_of(attempt) is None:
        raise RuleBroken("not-sat", "The sitting has not been recorded yet.")
    try:
        checked = marking.checked(queries.paper_of(attempt), marks)
    except marking.PaperFaults as fault:
        number, message = next(iter(fault.faults.items()))
        raise RuleBroken(
            "mark-refused", message, f"question_{number}" if number else None
        ) from fault
    entry = MarkEntry(
        attempt=attempt,
        duty=duty,
        version=queries.last_version(attempt, duty) + 1,
        marks=list(checked),
        entered_at=at,
        entered_by=actor,
    )
    db.session.add(entry)
    db.session.flush()
    record(actor, "marks entered", attempt, at=at, duty=duty, version=entry.version)
    different = queries.differences(attempt)
    if different is not None:
        record(actor, "marks compared", attempt, at=at, different=len(different))
        _settle(attempt, checked, different, actor=actor, at=at)
    return different


def read_marks(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Note that somebody was shown marks, or the page that says how the marking stands."""
    record(actor, "test marks read", attempt, at=at)


def read_sitting(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Note that somebody was shown a sitting's record, with why extra time was given."""
    record(actor, "sitting read", attempt, at=at)


def grade_total(
    attempt: MethodAttempt, total: int, *, held_on: date, actor: Person, at: datetime
) -> None:
    """Grade a test on the total of its marks, however these came about; it stays unreleased.

    Args:
        attempt: an attempt in the EPA period without a grade.
        total: of the whole paper, in marks.
        held_on: the London date of the test.
        actor: who gave the mark that settled it.
        at: when.

    Raises:
        RuleBroken: the test is graded already, or not open.
    """
    _refuse_unless_open(attempt)
    outcome = grade_method(framework_of(attempt.assessment), attempt.method_code, total)
    assert outcome.grade is not None, "a whole paper has a grade"
    attempt.held_on = held_on
    lifecycle.record_grade(
        attempt,
        grade=Grade(outcome.grade),
        scoring_input={"marks": total},
        explanation=list(outcome.reasons),
        actor=actor,
        at=at,
    )


def correct_total(attempt: MethodAttempt, total: int, *, actor: Person, at: datetime) -> bool:
    """Let an unreleased grade follow a test whose marks changed.

    Args:
        attempt: one that was graded on its marks.
        total: of the whole paper as it is now, in marks.
        actor: whose decision changed it.
        at: when.

    Returns:
        Whether the total is another one.

    Raises:
        RuleBroken: there is no grade, or it is released.
    """
    if attempt.scoring_input == {"marks": total}:
        return False
    outcome = grade_method(framework_of(attempt.assessment), attempt.method_code, total)
    assert outcome.grade is not None, "a whole paper has a grade"
    lifecycle.correct_grade(
        attempt,
        grade=Grade(outcome.grade),
        scoring_input={"marks": total},
        explanation=list(outcome.reasons),
        actor=actor,
        at=at,
    )
    return True


def _settle(
    attempt: MethodAttempt,
    marks: tuple[int, ...],
    different: tuple[int, ...],
    *,
    actor: Person,
    at: datetime,
) -> None:
    if different:
        _tell_markers(attempt, at=at)
        return
    sitting = queries.sitting_of(attempt)
    assert sitting is not None, "marks are only entered for a recorded sitting"
    total = marking.total(queries.paper_of(attempt), marks)
    grade_total(attempt, total, held_on=sitting.held_on, actor=actor, at=at)


def _refuse_unless_marker(attempt: MethodAttempt, duty: Duty, actor: Person) -> None:
    holder = attempt.allocated(duty) if duty in MARKERS else None
    if holder is None or holder.id != actor.id:
        raise NotAllowed("Marks are entered by the two markers of this test, each their own.")
    if all((held := attempt.allocated(one)) and held.id == actor.id for one in MARKERS):
        raise NotAllowed("The two markers must be different people. Nothing of yours was stored.")


def _refuse_unless_open(attempt: MethodAttempt) -> None:
    if attempt.grade is not None:
        raise RuleBroken("graded-already", "This test is graded: its record stays as it is.")
    stage = attempt.assessment.stage
    if stage is not Stage.ASSESSMENT:
        raise RuleBroken(
            "stage-order",
            f"This cannot be done while the apprentice is “{STAGE_TITLES[stage]}”.",
        )


def _tell_markers(attempt: MethodAttempt, *, at: datetime) -> None:
    title = queries.method_of(attempt).short_title.lower()
    for duty in MARKERS:
        if marker := attempt.allocated(duty):
            tell(marker, "marks differ", method=title, behalf=attempt.assessment.epao, at=at)
