"""The frozen shape that every framework shares, whatever its scheme of scoring."""

from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
CriterionCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(\.[A-Za-z0-9]+){0,3}$")]
Version = Annotated[
    str, StringConstraints(pattern=r"^[0-9A-Za-z]+([._-][0-9A-Za-z]+)*$", max_length=40)
]
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
Percent = Annotated[int, Field(ge=0, le=100)]
# Written whole or with decimals; `frameworks.exact` takes it at the digits that were written.
Number = Annotated[float, Field(allow_inf_nan=False)]


class Part(BaseModel):
    """A piece of a definition: it cannot be changed, and it takes no key it does not know."""

    # A validator is built when it is first needed: a command pays for its own framework only.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class Source(Part):
    """Where a definition comes from and who answers for the words in it."""

    document: Text
    publisher: Text
    read_on: date
    url: Text | None = None
    wording: Text
    may_be_edited: tuple[Text, ...]

    @property
    def cited(self) -> str:
        """The document as one names it; a kind of framework may add its edition."""
        return self.document


class Section(Part):
    """A group of criteria: a stage, an element, or knowledge, skills and behaviours."""

    code: Code
    title: Text


class Criterion(Part):
    """One thing that is judged. Its code and title are the publisher's own."""

    code: CriterionCode
    section: Code
    title: Text
    title_elsewhere: Text | None = None


class Level(Part):
    """One step of the scale on which criteria are rated, lowest first."""

    code: Code
    title: Text
    meaning: Text


class Interpretation(Part):
    """How we read a place where the source contradicts itself, is silent, or lost words.

    `about` holds criterion codes or the path of a field of this definition. An EPAO that
    settles the question says so in its own version with the three `settled` fields.
    """

    code: Code
    kind: Literal["contradiction", "silence", "lost_text"]
    about: tuple[Text, ...] = Field(min_length=1)
    source_says: Text
    reading: Text
    reason: Text
    settled_by: Text | None = None
    settled_on: date | None = None
    settled_from: Text | None = None


class Framework(Part):
    """What good looks like: criteria, the scale they are rated on, and how we read the source.

    Each scheme of scoring adds its own parts in a subclass: `AssessmentPlan` for grading, the
    kinds of `QualityFramework` for what a provider is reviewed against.
    """

    code: Code
    version: Version
    title: Text
    scheme: str
    source: Source
    sections: tuple[Section, ...] = Field(min_length=1)
    scale: tuple[Level, ...] = Field(min_length=2)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    interpretations: tuple[Interpretation, ...] = ()

    def criterion(self, code: str) -> Criterion:
        """Return the criterion with this code; KeyError when there is none."""
        return {criterion.code: criterion for criterion in self.criteria}[code]

    def level(self, code: str) -> Level:
        """Return the step of the scale with this code; KeyError when there is none."""
        return {level.code: level for level in self.scale}[code]

    def interpretations_of(self, about: str) -> tuple[Interpretation, ...]:
        """Return our readings that concern one criterion code or field path."""
        return tuple(reading for reading in self.interpretations if about in reading.about)

    def as_json(self) -> dict[str, Any]:
        """Return the whole definition as JSON values, under the keys of its file."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


Kind = TypeVar("Kind", bound=Framework)


def as_kind(framework: Framework, kind: type[Kind]) -> Kind:
    """Return a framework as the kind its scheme works on.

    Raises:
        TypeError: a scheme was called with a framework of another kind.
    """
    if not isinstance(framework, kind):
        raise TypeError(f"{framework.code} is no {kind.__name__}")
    return framework
