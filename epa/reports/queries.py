"""What documents say, and to whom they exist: of a result nothing that is not released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from epa.gateway.queries import definition_of, review_of
from epa.grading.models import OverallGrade
from epa.grading.queries import counted_attempts, explanation_of, overall_of
from epa.judgements.queries import attempt_at_judged_method, standing_sheet
from epa.knowledge_test.queries import is_marked, newest_entries, paper_of
from epa.knowledge_test.rules import MARKERS
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import assessment_for, attempt_for, period_of
from epa.lifecycle.rules import GRADE_TITLES, Grade
from epa.people.models import Person
from epa.people.rules import Permission
from epa.wording.queries import wording_of
from epa.wording.rules import Place
from frameworks import MarkedMethod


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
                grade=GRADE_TITLES[attempt.grade] if attempt.grade else "Not taken",
            )
            for code, attempt in counted_attempts(assessment).items()
        ),
        grade=GRADE_TITLES[overall.grade],
        explanation=tuple(overall.explanation),
        released_by=overall.released_by.name,
    )


def released_for(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
    """An attempt with a released grade, if this person may do this to it; else None."""
    attempt = attempt_for(person, permission, attempt_id)
    return attempt if attempt is not None and attempt.released_at is not None else None


def signed_for(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
    """An attempt with a signed mark sheet, if this person may do this to it; else None."""
    attempt = attempt_at_judged_method(person, permission, attempt_id)
    return attempt if attempt is not None and standing_sheet(attempt) is not None else None


def marked_for(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
    """An attempt at a test on whose marks two people agree, if this person may do this to it."""
    attempt = attempt_for(person, permission, attempt_id)
    if attempt is None or attempt.grade is None or not is_marked(attempt):
        return None
    return attempt if len(newest_entries(attempt)) == len(MARKERS) else None


def accepted_for(
    person: Person, permission: Permission, assessment_id: UUID
) -> EndPointAssessment | None:
    """An assessment whose gateway was accepted after a review, if this person may do this to it."""
    assessment = assessment_for(person, permission, assessment_id)
    if assessment is None or assessment.gateway_accepted_at is None:
        return None
    return assessment if review_of(assessment) is not None else None


@dataclass(frozen=True)
class KsbLine:
    """One KSB in the feedback: what was judged, what that says, what would have been more."""

    code: str
    title: str
    grade: str
    text: str
    further: str


def feedback_lines(attempt: MethodAttempt) -> list[KsbLine]:
    """What was judged of each KSB, in our own words; nothing for a method with marks.

    For a KSB that was not met the text is what a Pass asks for. A pack of official texts is for the
    EPAO's own sheets: what clients read is the definition's own wording.
    """
    ratings = (attempt.scoring_input or {}).get("ratings", {})
    plan = framework_of(attempt.assessment)
    wording = wording_of(plan, None)

    def words(code: str, grade: Grade) -> str:
        return wording.texts.get(Place(code, attempt.method_code, grade.value), "")

    return [
        KsbLine(
            code,
            plan.criterion(code).title,
            GRADE_TITLES[Grade(given)],
            words(code, Grade.PASS if given == Grade.FAIL else Grade(given)),
            words(code, Grade.DISTINCTION) if given == Grade.PASS else "",
        )
        for code in plan.ksbs_of(attempt.method_code)
        if (given := ratings.get(code)) is not None
    ]


def boundaries_of(method: MarkedMethod) -> list[list[str]]:
    """From how many marks on a grade is given, the lowest grade first."""
    return [
        [GRADE_TITLES[Grade(one.grade)], f"{one.lowest} to {one.highest}"]
        for one in method.boundaries
    ]


def agreed_marks(attempt: MethodAttempt) -> list[list[str]]:
    """The marks on which the two markers agree: number, kind of question, marks of the most."""
    entry = newest_entries(attempt)[MARKERS[0]]
    return [
        [str(one.number), one.type_title, f"{mark} of {max(one.marks)}"]
        for one, mark in zip(paper_of(attempt), entry.marks, strict=True)
    ]


@dataclass(frozen=True)
class RequirementLine:
    """One gateway requirement as it was accepted."""

    title: str
    shown: str
    decided_by: str
    decided_at: datetime | None


def requirement_lines(assessment: EndPointAssessment) -> list[RequirementLine]:
    """What the gateway was accepted on, in the definition's order."""
    review = review_of(assessment)
    return [
        RequirementLine(
            definition_of(one).title,
            one.shown or "",
            one.decided_by.name if one.decided_by else "",
            one.decided_at,
        )
        for one in (review.requirements if review else ())
    ]
