"""The frozen shape of an end-point assessment plan: a framework whose scheme is grading."""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, Literal

from pydantic import Field

from frameworks.schema import (
    AtLeastOne,
    Code,
    Count,
    CriterionCode,
    Framework,
    Part,
    Percent,
    Source,
    Text,
)

GradeCode = Literal["fail", "pass", "distinction"]
Supplier = Literal["apprentice", "employer", "training_provider", "administrator"]
Evidence = Literal["dates", "declaration", "file", "portfolio", "confirmation"]


class PlanSource(Source):
    """The plan as published, with its version and date."""

    plan_version: Text
    plan_date: date

    @property
    def cited(self) -> str:
        """The plan's document and version."""
        return f"{self.document}, {self.plan_version}"


class Requirement(Part):
    """One gateway requirement: what is needed, who may supply it, and who decides on it.

    `policy` says that the EPAO sets it, by the funding policy in force on the gateway date.
    """

    code: Code
    title: Text
    needed: Text
    evidence: Evidence
    supplied_by: tuple[Supplier, ...] = Field(min_length=1)
    decided_by: Literal["employer", "administrator"]
    policy: bool = False


class Qualifications(Part):
    """The English and mathematics levels asked for, and for whom a lower level is enough."""

    subjects: tuple[Code, ...]
    standard: Code
    reduced: Code
    reduced_for: tuple[Code, ...]
    sign_language_replaces: Code
    judged_on: Literal["gateway_date"]


class Gateway(Part):
    """What must stand before end-point assessment may begin."""

    competence_confirmed_by: Literal["employer"]
    may_advise: tuple[Supplier, ...]
    minimum_months_on_programme: Count
    typical_months_on_programme: Count
    breaks_in_learning_count: bool
    off_the_job_percent: Percent
    qualifications: Qualifications
    requirements: tuple[Requirement, ...] = Field(min_length=1)

    def requirement(self, code: str) -> Requirement:
        """Return the requirement with this code; KeyError when there is none."""
        return {requirement.code: requirement for requirement in self.requirements}[code]


class Activity(Part):
    """A kind of work, or of evidence, with its code and title."""

    code: Code
    title: Text


class Portfolio(Part):
    """The portfolio's limits. It supports a method and is not graded itself."""

    underpins: Code
    graded: bool
    pieces_min: AtLeastOne
    pieces_max: AtLeastOne
    service_users_min: AtLeastOne
    service_users_max: AtLeastOne
    journey: Text
    activities: tuple[Activity, ...] = Field(min_length=1)
    intake_checks: tuple[Activity, ...] = Field(min_length=1)


class Clock(Part):
    """The plan's periods. Arithmetic on dates lives with the lifecycle, not here."""

    epa_period_months: AtLeastOne
    epa_period_starts: Literal["last_requirement_accepted"]
    backdating_needs: tuple[Literal["reason", "second_person"], ...]
    methods_within_months: AtLeastOne
    methods_within_from: Literal["first_method_started"]
    methods_end: Literal["earlier_of_both"]
    supporting_material_days: AtLeastOne
    portfolio_days_before_presentation: AtLeastOne
    presentation_due_day: AtLeastOne
    presentation_due_from: Literal["epa_period_start"]
    presentation_method: Code
    day_type: Literal["calendar", "working"]
    timezone: Text
    order_of_methods: Literal["any"]


class Stretch(Part):
    """A timed part of a method and the tolerance the assessor may add to it."""

    code: Code
    title: Text
    minutes: AtLeastOne
    tolerance_percent: Percent
    tolerance_for: Text | None = None

    @property
    def longest_minutes(self) -> int:
        """The whole minutes allowed once the tolerance is used up."""
        return self.minutes * (100 + self.tolerance_percent) // 100


class QuestionLimits(Part):
    """How many questions the assessor may ask, and where they may come from."""

    maximum: AtLeastOne
    part: Code
    prepared: bool
    drawn_from_bank: bool
    follow_ups_counted: bool
    bank_review_months: AtLeastOne | None = None


class Recording(Part):
    """Whose consent a recording needs, and what is recorded when video is refused."""

    consent_of: tuple[Code, ...]
    least_when_video_is_refused: Literal["audio"]


class EmployerRepresentative(Part):
    """What somebody from the employer may do when present."""

    may_observe: bool
    may_clarify: bool
    clarifies_only: Text
    time_counts: bool


class JudgedMethod(Part):
    """A method in which an assessor judges every one of its KSBs."""

    kind: Literal["judged"]
    code: Code
    number: AtLeastOne
    title: Text
    short_title: Text
    fixed_title: Text | None = None
    duties: tuple[Code, ...] = Field(min_length=1)
    delivery: tuple[Code, ...] = Field(min_length=1)
    parts: tuple[Stretch, ...] = Field(min_length=1)
    questions: QuestionLimits
    sources: tuple[Activity, ...] = Field(min_length=1)
    recording: Recording | None = None
    employer_representative: EmployerRepresentative | None = None
    conduct: tuple[Text, ...] = ()
    apprentices_per_assessor: AtLeastOne
    service_users_min: Count = 0
    working_days_max: AtLeastOne | None = None
    working_day_hours: float | None = None

    def part(self, code: str) -> Stretch:
        """Return the timed part with this code; KeyError when there is none."""
        return {part.code: part for part in self.parts}[code]


class QuestionType(Part):
    """A kind of question in a marked test: how many there are and the marks one may get."""

    code: Code
    title: Text
    count: AtLeastOne
    marks: tuple[Count, ...] = Field(min_length=2)
    options: AtLeastOne | None = None
    keys: AtLeastOne | None = None


class Boundary(Part):
    """The marks, both ends included, that earn one grade."""

    grade: GradeCode
    lowest: Count
    highest: Count


class MarkedMethod(Part):
    """A method graded by its marks."""

    kind: Literal["marked"]
    code: Code
    number: AtLeastOne
    title: Text
    short_title: Text
    duties: tuple[Code, ...] = Field(min_length=1)
    delivery: tuple[Code, ...] = Field(min_length=1)
    minutes: AtLeastOne
    closed_book: bool
    questions_drawn: Literal["at_random"]
    checked_first: tuple[Code, ...]
    question_count: AtLeastOne
    question_types: tuple[QuestionType, ...] = Field(min_length=1)
    marks_max: AtLeastOne
    boundaries: tuple[Boundary, ...] = Field(min_length=1)
    candidates_per_invigilator: AtLeastOne
    invigilators: tuple[Activity, ...] = Field(min_length=1)
    bank_review_months: AtLeastOne
    conduct: tuple[Text, ...] = ()

    def question_type(self, code: str) -> QuestionType:
        """Return the question type with this code; KeyError when there is none."""
        return {question_type.code: question_type for question_type in self.question_types}[code]


Method = Annotated[JudgedMethod | MarkedMethod, Field(discriminator="kind")]


class Descriptor(Part):
    """What a KSB must show in one method, in our own words."""

    pass_wording: Text = Field(alias="pass")
    distinction: Text | None = None


class Grading(Part):
    """How judgements become a method's grade, and method grades the overall one."""

    distinction_share: Annotated[float, Field(gt=0, le=1)]
    rounding: Literal["up"]
    overall_distinctions: AtLeastOne
    any_fail_fails: Literal[True]
    fail_wording: Text


class AttemptKind(Part):
    """A way of trying again: with further learning or without."""

    code: Code
    title: Text
    further_learning: bool


class Resits(Part):
    """When a failed method may be taken again, and by whose leave."""

    failed_methods_only: bool
    may_improve_a_pass: bool
    employer_agrees: bool
    action_plan: bool
    within_epa_period: bool
    exception_decided_by: Code
    exception_grounds: Text
    otherwise: Text
    best_grade: GradeCode
    attempts_max: AtLeastOne | None = None
    kinds: tuple[AttemptKind, ...]


class AssessmentPlan(Framework):
    """An occupational standard's end-point assessment plan, as data.

    `descriptors` (method code to KSB code to wording) decides which KSBs a method grades;
    `mapping` (KSB code to method codes) is the plan's other listing, kept beside it.
    """

    scheme: Literal["grading"]
    source: PlanSource
    standard_reference: Text
    standard_level: AtLeastOne
    gateway: Gateway
    portfolio: Portfolio
    clock: Clock
    methods: Mapping[Code, Method] = Field(min_length=1)
    grading: Grading
    resits: Resits
    descriptors: Mapping[Code, Mapping[CriterionCode, Descriptor]]
    mapping: Mapping[CriterionCode, tuple[Code, ...]]

    def judged_method(self, code: str) -> JudgedMethod:
        """Return a method that is judged KSB by KSB; KeyError when it is not one."""
        method = self.methods[code]
        if not isinstance(method, JudgedMethod):
            raise KeyError(code)
        return method

    def marked_method(self, code: str) -> MarkedMethod:
        """Return a method that is graded by marks; KeyError when it is not one."""
        method = self.methods[code]
        if not isinstance(method, MarkedMethod):
            raise KeyError(code)
        return method

    def ksbs_of(self, method_code: str) -> tuple[str, ...]:
        """Return the codes of the KSBs a method assesses, in the plan's order."""
        described = self.descriptors.get(method_code, {})
        return tuple(criterion.code for criterion in self.criteria if criterion.code in described)

    def descriptor(self, method_code: str, ksb_code: str) -> Descriptor:
        """Return a KSB's wording in a method; KeyError when the method does not grade it."""
        return self.descriptors[method_code][ksb_code]

    def ratings_for(self, method_code: str, ksb_code: str) -> tuple[str, ...]:
        """Return the ratings an assessor may give: no Distinction where none is described."""
        if self.descriptor(method_code, ksb_code).distinction is None:
            return ("fail", "pass")
        return ("fail", "pass", "distinction")

    def distinctions_needed(self, method_code: str) -> int:
        """Return how many KSBs at Distinction make a judged method a Distinction."""
        exact_share = Decimal(str(self.grading.distinction_share))
        needed = exact_share * len(self.ksbs_of(method_code))
        return int(needed.to_integral_value(rounding=ROUND_CEILING))
