"""Releasing a method's grade, then the overall grade: each by a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from epa.audit.services import record
from epa.booking.dates import date_words
from epa.clock import LONDON, london_date
from epa.database import db
from epa.errors import Conflict, RuleBroken
from epa.grading import queries, rules
from epa.grading.models import OverallGrade
from epa.in_transaction import lock
from epa.judgements.queries import correction_of
from epa.knowledge_test.queries import is_marked_anew
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import period_of
from epa.lifecycle.rules import GRADE_TITLES, Grade, Stage
from epa.lifecycle.services import advance
from epa.outbox.services import tell
from epa.people.models import Person
from epa.people.queries import conflicts_between


def release_method(
    attempt: MethodAttempt, *, actor: Person, at: datetime, seen: int | None = None
) -> None:
    """Let the apprentice, their employer and provider see a method's grade.

    Args:
        attempt: a graded one.
        actor: somebody who had no part in its grade.
        at: when.
        seen: the attempt's version that the person had before them, if they had a page.

    Raises:
        Conflict: the attempt changed since, such as by a correction of its grade.
        RuleBroken: there is no grade, it is released already, or the person had a part in it or
            has a conflict of interest with the case.
    """
    if attempt.grade is None:
        raise RuleBroken("not-graded", "This method has no grade yet, so there is none to release.")
    if attempt.released_at is not None:
        by = f" by {attempt.released_by.name}" if attempt.released_by else ""
        raise RuleBroken("released-already", f"This grade is released already{by}.")
    if seen is not None and seen != attempt.lock_version:
        raise Conflict(_what_stands(attempt))
    if not rules.is_second_person(actor.id, queries.involved_in(attempt)):
        raise RuleBroken(
            "second-person",
            "You had a part in this grade. Somebody who had none must release it.",
        )
    if correction_of(attempt) is not None:
        raise RuleBroken(
            "correction-open",
            "A correction of this method’s sheet is under way. It is decided on before the release.",
        )
    if is_marked_anew(attempt):
        raise RuleBroken(
            "marked-anew",
            "This test is marked anew by a corrected key or guide. Its grade may change.",
        )
    _refuse_conflicts(attempt.assessment, actor, at)
    attempt.released_at, attempt.released_by_id = at, actor.id
    db.session.flush()
    record(actor, "method released", attempt, at=at, method=attempt.method_code)
    plan = framework_of(attempt.assessment)
    _tell(attempt.assessment, plan.methods[attempt.method_code].short_title, at=at)


def release_overall(
    assessment: EndPointAssessment,
    *,
    actor: Person,
    at: datetime,
    no_resit_reason: str | None = None,
    is_without_resit: bool = False,
    seen: int | None = None,
) -> OverallGrade:
    """Compute the overall grade from the released methods, and release it; a Fail ends the EPA.

    Args:
        assessment: one with every method released.
        actor: somebody who had no part in any of its grades.
        at: when.
        no_resit_reason: for a Fail while a re-sit is still possible, why there will be none.
        is_without_resit: whether the caller has found that no method will be taken any more; then
            a method that was never taken is no hindrance to a Fail.
        seen: the assessment's `version_of` that the person had before them, if they had a page.

    Raises:
        Conflict: one of the methods changed since.
        RuleBroken: a method is not released, the person had a part in a grade or has a conflict
            of interest with the case, or a failed method may still be taken again and no reason says why it will not be.
    """
    if (known := queries.overall_of(assessment)) is not None:
        local = known.released_at.astimezone(LONDON)
        raise RuleBroken(
            "released-already",
            f"The overall grade is released already, by {known.released_by.name} on"
            f" {date_words(local.date())} at {local:%H:%M}.",
        )
    outcome = queries.overall_now(assessment, is_without_resit=is_without_resit)
    if outcome is None or outcome.grade is None:
        raise RuleBroken(
            "methods-first", "Every method must be released before the overall grade can be."
        )
    counted = queries.counted_attempts(assessment)
    if seen is not None and seen != queries.version_of(assessment):
        raise Conflict(_what_stands(max(counted.values(), key=_graded_at)))
    involved = set().union(*(queries.involved_in(attempt) for attempt in assessment.attempts))
    if not rules.is_second_person(actor.id, involved):
        raise RuleBroken(
            "second-person",
            "You had a part in one of the grades. Somebody who had none must release the result.",
        )
    _refuse_conflicts(assessment, actor, at)
    reason = (no_resit_reason or "").strip() or None
    if outcome.grade is Grade.FAIL and reason is None:
        _refuse_while_a_resit_is_possible(assessment, at)
    return _keep(assessment, counted, outcome.grade, list(outcome.reasons), reason, actor, at)


def _what_stands(attempt: MethodAttempt) -> str:
    """What somebody is told whose page showed the grade as it was before."""
    assert attempt.grade is not None, "one without a grade is refused before"
    local = attempt.graded_at.astimezone(LONDON) if attempt.graded_at else None
    when = f" since {date_words(local.date())} at {local:%H:%M}" if local else ""
    by = f", by {attempt.graded_by.name}" if attempt.graded_by else ""
    title = framework_of(attempt.assessment).methods[attempt.method_code].short_title
    return (
        f"After you opened this page something changed. {title}: {GRADE_TITLES[attempt.grade]}"
        f"{when}{by}."
    )


def _graded_at(attempt: MethodAttempt) -> datetime:
    return attempt.graded_at or attempt.opened_at


def note_reading(
    assessment: EndPointAssessment, shown: queries.Results, *, actor: Person, at: datetime
) -> None:
    """Write down that somebody read grades; a page without any is not worth an entry."""
    seen = [result.title for result in shown.methods if result.grade]
    if seen or shown.overall:
        record(actor, "results read", assessment, at=at, methods=seen)


def note_grade_read(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Write down that somebody was shown a grade that is not released yet."""
    if attempt.grade is not None and attempt.released_at is None:
        record(actor, "unreleased grade read", attempt, at=at, method=attempt.method_code)


def note_list_read(shown: Sequence[OverallGrade], *, actor: Person, at: datetime) -> None:
    """Write down that somebody was shown a list of overall grades; an empty one says nothing."""
    if shown:
        of = [str(one.assessment_id) for one in shown]
        record(actor, "list of results read", actor, at=at, assessments=of)


def _refuse_conflicts(assessment: EndPointAssessment, actor: Person, at: datetime) -> None:
    """Nobody lets out a result of their own, of their own place of work, or against a conflict."""
    apprenticeship = assessment.apprenticeship
    bodies = [one for one in (apprenticeship.employer_id, apprenticeship.provider_id) if one]
    found = conflicts_between(
        actor,
        people_ids=[apprenticeship.person_id],
        organisation_ids=bodies,
        on=london_date(at),
    )
    if found:
        reasons = "; ".join(one.reason for one in found)
        raise RuleBroken(
            "conflict-of-interest",
            f"A conflict of interest stands between you and this result: {reasons}. "
            "Somebody without one must release it.",
        )


def _refuse_while_a_resit_is_possible(assessment: EndPointAssessment, at: datetime) -> None:
    period = period_of(assessment)
    if period is not None and rules.resit_is_possible(london_date(at), period.ends_on):
        raise RuleBroken(
            "resit-possible",
            f"A failed method may be taken again until {period.ends_on:%-d %B %Y}. "
            "Say why there will be no re-sit, or wait for it.",
            "no_resit_reason",
        )


def _keep(  # noqa: PLR0913, PLR0917 (one row's facts, in one place)
    assessment: EndPointAssessment,
    counted: dict[str, MethodAttempt],
    grade: Grade,
    explanation: list[str],
    reason: str | None,
    actor: Person,
    at: datetime,
) -> OverallGrade:
    overall = OverallGrade(
        assessment=assessment,
        grade=grade,
        scoring_input={
            "methods": {
                code: {"grade": one.grade, "attempt": str(one.id)} for code, one in counted.items()
            }
        },
        explanation=explanation,
        framework_code=assessment.framework_code,
        framework_version=assessment.framework_version,
        released_at=at,
        released_by=actor,
        no_resit_reason=reason if grade is Grade.FAIL else None,
        statement_number=_next_number(assessment, at),
    )
    db.session.add(overall)
    db.session.flush()
    record(actor, "overall grade released", overall, at=at, grade=grade)
    ends = Stage.CLOSED if grade is Grade.FAIL else Stage.COMPLETE
    advance(assessment, to=ends, actor=actor, at=at)
    _tell(assessment, "overall grade", at=at)
    return overall


def _next_number(assessment: EndPointAssessment, at: datetime) -> str:
    # Two results released at once, of different apprentices, wait here for each other's number.
    lock(assessment.epao)
    prefix, year = rules.prefix_of(assessment.epao.name), london_date(at).year
    count = queries.statements_numbered(f"{prefix}-{year}-")
    return rules.statement_number(prefix, year, count + 1)


def _tell(assessment: EndPointAssessment, what: str, *, at: datetime) -> None:
    """Tell the apprentice that something can be read; the mail says nothing of the grade."""
    tell(
        assessment.apprenticeship.person,
        "result released",
        what=what.lower(),
        behalf=assessment.epao,
        at=at,
    )
