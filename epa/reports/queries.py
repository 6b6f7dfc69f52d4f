"""What a statement of results says: nothing that is not released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epa.grading.models import OverallGrade
from epa.grading.queries import explanation_of, overall_of
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import current_attempts, period_of
from epa.lifecycle.rules import GRADE_TITLES


@dataclass(frozen=True)
class MethodLine:
    """One method on the statement."""

    title: str
    held_on: date | None
    result: str
    grade: str


@dataclass(frozen=True)
class Statement:
    """The statement of results of one assessment, as it is printed."""

    number: str
    issued_at: datetime
    epao: str
    apprentice: str
    uln: str
    standard: str
    employer: str
    provider: str
    starts_on: date | None
    ends_on: date | None
    methods: tuple[MethodLine, ...]
    grade: str
    explanation: tuple[str, ...]
    released_by: str


def statement_of(assessment: EndPointAssessment) -> Statement | None:
    """The statement, or None while the overall grade is not released."""
    overall = overall_of(assessment)
    return _statement(assessment, overall) if overall else None


def _statement(assessment: EndPointAssessment, overall: OverallGrade) -> Statement:
    plan, period = framework_of(assessment), period_of(assessment)
    apprenticeship = assessment.apprenticeship
    return Statement(
        number=overall.statement_number,
        issued_at=overall.released_at,
        epao=assessment.epao.name,
        apprentice=apprenticeship.person.name,
        uln=apprenticeship.uln,
        standard=f"{plan.standard_reference} {plan.title}, level {plan.standard_level}",
        employer=apprenticeship.employer.name,
        provider=apprenticeship.provider.name if apprenticeship.provider else "",
        starts_on=assessment.epa_starts_on,
        ends_on=period.ends_on if period else None,
        methods=tuple(
            MethodLine(
                title=plan.methods[code].title,
                held_on=attempt.held_on,
                result=" ".join(explanation_of(attempt, sees_all=False)),
                grade=GRADE_TITLES[attempt.grade] if attempt.grade else "",
            )
            for code, attempt in current_attempts(assessment).items()
        ),
        grade=GRADE_TITLES[overall.grade],
        explanation=tuple(overall.explanation),
        released_by=overall.released_by.name,
    )
