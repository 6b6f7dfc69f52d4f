"""Results as a person may see them, and what waits for release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from epa.database import db
from epa.grading.models import OverallGrade
from epa.judgements.models import MarkSheet
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import current_attempts, may_on
from epa.lifecycle.rules import GRADE_TITLES, GRADING_DUTIES, AttemptKind, Grade, Stage
from epa.lifecycle.scope import assessments, attempts
from epa.people.models import Organisation, Person
from epa.people.names import search_form
from epa.people.rules import Permission
from epa.settings import queries as settings
from frameworks import OverallOutcome, overall_grade


@dataclass(frozen=True)
class MethodResult:
    """One method's newest attempt as one person may see it; no grade where there is none for them.

    ``held_on`` is the day it was taken, given only together with the grade, so that the day a
    sheet was signed says nothing before release.
    """

    attempt_id: UUID
    code: str
    title: str
    number: int
    kind: AttemptKind
    scheduled_at: datetime | None
    held_on: date | None
    grade: Grade | None
    grade_title: str
    explanation: tuple[str, ...]
    at_distinction: tuple[str, ...]
    not_passed: tuple[str, ...]
    released_at: datetime | None
    awaits_release: bool


@dataclass(frozen=True)
class Results:
    """An assessment's results as one person may see them; ``earlier`` attempts were failed."""

    methods: tuple[MethodResult, ...]
    earlier: tuple[MethodResult, ...]
    overall: OverallGrade | None
    sees_unreleased: bool


def version_of(assessment: EndPointAssessment) -> int:
    """A number that grows whenever one of the attempts changes."""
    return sum(one.lock_version for one in assessment.attempts)


def visible_results(person: Person, assessment: EndPointAssessment) -> Results:
    """What this person may see of the results: everything, or what is released."""
    everything = may_on(person, Permission.VIEW_UNRELEASED_RESULTS, assessment.id)
    newest = current_attempts(assessment).values()
    before = [one for one in assessment.attempts if one not in newest and one.released_at]
    return Results(
        methods=tuple(_result(attempt, sees_unreleased=everything) for attempt in newest),
        earlier=tuple(_result(attempt, sees_unreleased=everything) for attempt in before),
        overall=overall_of(assessment),
        sees_unreleased=everything,
    )


def _result(attempt: MethodAttempt, *, sees_unreleased: bool) -> MethodResult:
    plan = framework_of(attempt.assessment)
    shown = attempt.grade if sees_unreleased or attempt.released_at else None
    ratings = (attempt.scoring_input or {}).get("ratings", {}) if shown else {}

    def titles(grade: Grade) -> tuple[str, ...]:
        codes = [code for code in plan.ksbs_of(attempt.method_code) if ratings.get(code) == grade]
        return tuple(f"{code} {plan.criterion(code).title}" for code in codes)

    return MethodResult(
        attempt_id=attempt.id,
        code=attempt.method_code,
        title=plan.methods[attempt.method_code].short_title,
        number=attempt.number,
        kind=attempt.kind,
        scheduled_at=attempt.scheduled_at,
        held_on=attempt.held_on if shown else None,
        grade=shown,
        grade_title=GRADE_TITLES[shown] if shown else "",
        explanation=explanation_of(attempt, sees_all=sees_unreleased) if shown else (),
        at_distinction=titles(Grade.DISTINCTION),
        not_passed=titles(Grade.FAIL),
        released_at=attempt.released_at,
        awaits_release=sees_unreleased and shown is not None and attempt.released_at is None,
    )


def explanation_of(attempt: MethodAttempt, *, sees_all: bool) -> tuple[str, ...]:
    """Why this grade; for a marked method it says the marks, which a setting hides from clients."""
    is_marked = "marks" in (attempt.scoring_input or {})
    if is_marked and not sees_all and not settings.value("marks_shown"):
        return ()
    return tuple(attempt.explanation or ())


_OVERALL: Final = select(OverallGrade).where(OverallGrade.assessment_id == bindparam("assessment"))


def overall_of(assessment: EndPointAssessment) -> OverallGrade | None:
    """The overall grade, once it is released; before that there is none to see."""
    return db.session.scalar(_OVERALL, {"assessment": assessment.id})


def overall_now(
    assessment: EndPointAssessment, *, is_without_resit: bool = False
) -> OverallOutcome | None:
    """What the released method grades come to; None while a method waits for its release.

    Args:
        assessment: the assessment.
        is_without_resit: whether no method will be taken any more: then one that was failed
            decides, whatever was never taken.
    """
    newest, plan = current_attempts(assessment), framework_of(assessment)
    open_ones = [one for one in newest.values() if one.released_at is None]
    if is_without_resit:
        open_ones = [one for one in open_ones if one.grade is not None]
    if set(newest) != set(plan.methods) or open_ones:
        return None
    grades = {code: one.grade for code, one in counted_attempts(assessment).items()}
    return overall_grade(plan, grades, resit_possible=not is_without_resit)


def counted_attempts(assessment: EndPointAssessment) -> dict[str, MethodAttempt]:
    """The attempt at each method that a result is made of: the newest released, else the newest.

    One that was opened after a Fail and never taken changes nothing.
    """
    decided = {one.method_code: one for one in assessment.attempts if one.released_at}
    return {code: decided.get(code, one) for code, one in current_attempts(assessment).items()}


def involved_in(attempt: MethodAttempt) -> set[UUID | None]:
    """Everybody who had a part in an attempt's grade."""
    people = {held.person_id for held in attempt.allocations if held.duty in GRADING_DUTIES}
    return {*people, attempt.graded_by_id}


def attempts_to_release(person: Person) -> Sequence[MethodAttempt]:
    """Graded attempts that wait for somebody like this person to release them, oldest first.

    One whose sheet its assessor is correcting waits for the assessor.
    """
    query = attempts(person, Permission.RELEASE_RESULTS).where(
        MethodAttempt.grade.is_not(None),
        MethodAttempt.released_at.is_(None),
        ~exists().where(
            MarkSheet.attempt_id == MethodAttempt.id,
            MarkSheet.corrects_id.is_not(None),
            MarkSheet.signed_at.is_(None),
        ),
    )
    graders = joinedload(MethodAttempt.graded_by)
    return db.session.scalars(query.order_by(MethodAttempt.graded_at).options(graders)).all()


def assessments_to_release(person: Person) -> Sequence[EndPointAssessment]:
    """Assessments with every method released and none failed, oldest first.

    A method that was failed is taken again, or the EPA is closed: see epa/resits.
    """
    query = assessments(person, Permission.RELEASE_RESULTS).where(
        EndPointAssessment.stage == Stage.RESULTS
    )
    with_attempts = selectinload(EndPointAssessment.attempts).lazyload(MethodAttempt.allocations)
    query = query.order_by(EndPointAssessment.stage_since).options(with_attempts)
    return [row for row in db.session.scalars(query) if is_to_release(row)]


def is_to_release(assessment: EndPointAssessment) -> bool:
    """Whether the overall grade is a Pass or better and waits for its release."""
    outcome = overall_now(assessment)
    return outcome is not None and outcome.grade is not Grade.FAIL


RELEASED_ORDERS: Final[dict[str, Any]] = {
    "released": OverallGrade.released_at,
    "name": Person.search_name,
    "statement": OverallGrade.statement_number,
}


def released(person: Person, words: str, order: str, *, descending: bool) -> Select[OverallGrade]:
    """The released overall grades within this person's reach, by words of a name, ULN or employer."""
    reach = assessments(person, Permission.RELEASE_RESULTS).with_only_columns(EndPointAssessment.id)
    query = (
        select(OverallGrade)
        .join(EndPointAssessment, EndPointAssessment.id == OverallGrade.assessment_id)
        .join(EndPointAssessment.apprenticeship)
        .join(Person, Person.id == Apprenticeship.person_id)
        .join(Organisation, Organisation.id == Apprenticeship.employer_id)
        .where(OverallGrade.assessment_id.in_(reach))
    )
    for word in search_form(words).split():
        query = query.where(
            or_(
                Person.search_name.contains(word, autoescape=True),
                Organisation.search_name.contains(word, autoescape=True),
                Apprenticeship.uln.contains(word, autoescape=True),
            )
        )
    column = RELEASED_ORDERS[order]
    return query.order_by(column.desc() if descending else column, OverallGrade.id)


def released_grades(overall: Iterable[OverallGrade]) -> dict[tuple[UUID, str], Grade]:
    """The released grade of each method's newest attempt, by assessment and method code."""
    rows = db.session.scalars(
        select(MethodAttempt)
        .where(
            MethodAttempt.assessment_id.in_([one.assessment_id for one in overall]),
            MethodAttempt.released_at.is_not(None),
        )
        .order_by(MethodAttempt.number)
    )
    return {(one.assessment_id, one.method_code): one.grade for one in rows if one.grade}


def statements_numbered(beginning: str) -> int:
    """How many statements have a number with this beginning."""
    query = select(func.count()).where(
        OverallGrade.statement_number.startswith(beginning, autoescape=True)
    )
    return db.session.scalar(query) or 0
