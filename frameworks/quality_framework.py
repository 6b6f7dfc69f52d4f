"""The frozen shape of a quality framework: what a provider's service is reviewed against."""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Literal

from pydantic import Field

from frameworks.exact import exact
from frameworks.review_cycle import Cycle, Named
from frameworks.schema import (
    AtLeastOne,
    Code,
    Count,
    Criterion,
    CriterionCode,
    Framework,
    Level,
    Number,
    Part,
    Section,
    Source,
    Text,
)
from frameworks.step_table import Counted, Measure


class QualitySource(Source):
    """The published document with the edition that was read."""

    edition: Text

    @property
    def cited(self) -> str:
        """The document and its edition."""
        return f"{self.document}, {self.edition}"


class QualitySection(Section):
    """A group of criteria, and what it is about in our own words."""

    code: CriterionCode
    aim: Text


class QualityLevel(Level):
    """One step of a scale. With points it is rated by them, without by its code.

    `shows` says what a report lists a criterion under.
    """

    points: Count | None = None
    shows: Literal["strength", "improvement"] | None = None


class QualityCriterion(Criterion):
    """One thing that is reviewed: what it asks, what may show it, what each level looks like."""

    section: CriterionCode
    asks: Text
    evidence: tuple[Text, ...] = ()
    examples: tuple[Text, ...] = ()
    voices: Mapping[Code, Text] = Field(default_factory=dict)
    levels: Mapping[Code, Text] = Field(default_factory=dict)


class Link(Part):
    """Criteria that rest on one another, so that their ratings ought to agree.

    They disagree when they are `apart` or more steps of the scale away from each other.
    """

    between: CriterionCode
    and_: tuple[CriterionCode, ...] = Field(alias="and", min_length=1)
    because: Text
    apart: AtLeastOne = 1


class QualityFramework(Framework):
    """What every quality framework has, however it is scored."""

    source: QualitySource
    sections: tuple[QualitySection, ...] = Field(min_length=1)
    scale: tuple[QualityLevel, ...] = Field(min_length=2)
    criteria: tuple[QualityCriterion, ...] = Field(min_length=1)
    voices: tuple[Named, ...] = ()
    links: tuple[Link, ...] = ()
    cycle: Cycle

    @cached_property
    def rated(self) -> tuple[QualityCriterion, ...]:
        """The criteria that are rated on the scale, in the definition's order."""
        return self.criteria

    @cached_property
    def codes_by_section(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of each section's criteria, measured ones included."""
        return {
            section.code: tuple(one.code for one in self.criteria if one.section == section.code)
            for section in self.sections
        }

    @cached_property
    def linked_pairs(self) -> tuple[tuple[str, str, Link], ...]:
        """Every two criteria that rest on one another, with the link that says so."""
        return tuple((link.between, other, link) for link in self.links for other in link.and_)


class WeightedSection(QualitySection):
    """A section that counts for so many per cent of the whole."""

    weight: Number = Field(ge=0, le=100)


class FidelityCriterion(QualityCriterion):
    """A criterion that is judged, counted or measured. A measured one has no levels."""

    counted: Counted | None = None
    measure: Measure | None = None


class Gate(Part):
    """A sum of points and marks that a band asks for beside the weighted score."""

    code: Code
    title: Text
    sums: tuple[CriterionCode, ...] = Field(min_length=1)


class Band(Part):
    """An outcome and its conditions: a weighted score, and so much in each gate."""

    code: Code
    title: Text
    from_percent: Number = Field(ge=0, le=100)
    gates: Mapping[Code, Number] = Field(default_factory=dict)


class ClientMeasures(Part):
    """How measures come out of a list of clients: which is which, and its periods."""

    years: AtLeastOne
    got_a_job: CriterionCode
    weeks_to_job: CriterionCode
    employers_satisfied: CriterionCode
    clients_satisfied: CriterionCode
    kept_a_job: CriterionCode
    profiles_in_time: CriterionCode | None = None
    kept_days: AtLeastOne
    eligible_after_months: AtLeastOne
    allowed_gap_days: Count


class WeightedFidelity(QualityFramework):
    """Points and marks by section, weighted to a score that bands with gates turn into a mark."""

    scheme: Literal["weighted_fidelity"]
    sections: tuple[WeightedSection, ...] = Field(min_length=1)
    criteria: tuple[FidelityCriterion, ...] = Field(min_length=1)
    gates: tuple[Gate, ...] = ()
    bands: tuple[Band, ...] = Field(min_length=1)
    client_measures: ClientMeasures | None = None

    @cached_property
    def rated(self) -> tuple[FidelityCriterion, ...]:
        """The criteria that are rated on the scale; the others are measured."""
        return tuple(criterion for criterion in self.criteria if criterion.measure is None)

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """The measures by criterion code, in the definition's order."""
        return {one.code: one.measure for one in self.criteria if one.measure is not None}

    @cached_property
    def full(self) -> Mapping[str, Fraction]:
        """The most that each criterion can add: full marks, or the scale's top points."""
        top = Fraction(max(level.points or 0 for level in self.scale))
        return {
            one.code: top if one.measure is None else exact(one.measure.marks_max)
            for one in self.criteria
        }

    @cached_property
    def full_by_section(self) -> Mapping[str, Fraction]:
        """The most that each section can add up to."""
        return {
            section: sum((self.full[code] for code in codes), Fraction(0))
            for section, codes in self.codes_by_section.items()
        }


class Maturity(QualityFramework):
    """Each section's score is the mean of its criteria's points; no outcome is drawn from it."""

    scheme: Literal["maturity"]


class MetOutcome(Part):
    """An outcome, and the level that every required criterion must have reached for it."""

    code: Code
    title: Text
    every: Code | None = None


class CriteriaMet(QualityFramework):
    """An outcome by whether every criterion, or every required one, reaches a level."""

    scheme: Literal["criteria_met"]
    outcomes: tuple[MetOutcome, ...] = Field(min_length=2)
    required: tuple[CriterionCode, ...] = ()


class Reporting(Part):
    """One way in which progress is reported, and how often."""

    code: Code
    title: Text
    rhythm: Literal["quarterly", "yearly"]


class StandardSection(QualitySection):
    """A standard: the principles it serves, and how progress on it is reported."""

    principles: tuple[Code, ...] = ()
    reporting: tuple[Code, ...] = ()


class Expectation(QualityCriterion):
    """What is expected of one of the parties."""

    party: Code


class NarrativeProgress(QualityFramework):
    """How far each party has come with what is expected of it: progress, and no verdict."""

    scheme: Literal["narrative_progress"]
    sections: tuple[StandardSection, ...] = Field(min_length=1)
    criteria: tuple[Expectation, ...] = Field(min_length=1)
    parties: tuple[Named, ...] = Field(min_length=1)
    principles: tuple[Named, ...] = ()
    reporting: tuple[Reporting, ...] = ()
