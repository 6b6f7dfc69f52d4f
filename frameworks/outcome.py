"""What scoring returns: the grade or what is missing, and the reasons in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, Literal

from frameworks.exact import plain
from frameworks.quality_outcome import (
    Disagreement,
    GateOutcome,
    MeasureOutcome,
    SectionOutcome,
)

PENDING = "pending"


class Grade(StrEnum):
    """What an apprentice earns in a method or overall. The plan has no Merit."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105 - a grade, not a password
    DISTINCTION = "distinction"


@dataclass(frozen=True)
class MethodOutcome:
    """One method's grade with what it rests on, or what is still missing.

    A judged method counts `distinctions` against `needed` and names the KSBs `not_passed`;
    a marked method gives its `marks` out of `max`. `missing` holds KSB codes, or `marks`.
    """

    method: str
    kind: Literal["judged", "marked"]
    grade: Grade | None
    missing: tuple[str, ...]
    reasons: tuple[str, ...]
    distinctions: int = 0
    needed: int = 0
    not_passed: tuple[str, ...] = ()
    marks: int | None = None
    max: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the keys that apply to this kind of method."""
        if self.kind == "marked":
            return {"grade": self.grade, "marks": self.marks, "max": self.max}
        return {
            "grade": self.grade,
            "distinctions": self.distinctions,
            "needed": self.needed,
            "not_passed": list(self.not_passed),
        }


@dataclass(frozen=True)
class OverallOutcome:
    """The overall grade, None while it is pending, and the sentences that explain it."""

    grade: Grade | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What one set of ratings comes to under one version of a framework.

    `score` is in per cent and unrounded. `strengths` and `improvements` hold criterion codes.
    """

    framework: str
    version: str
    missing: tuple[str, ...]
    outcome: str | None
    reasons: tuple[str, ...]
    methods: Mapping[str, MethodOutcome] = field(default_factory=dict)
    score: Fraction | None = None
    sections: tuple[SectionOutcome, ...] = ()
    measures: tuple[MeasureOutcome, ...] = ()
    gates: tuple[GateOutcome, ...] = ()
    strengths: tuple[str, ...] = ()
    improvements: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing

    def as_json(self) -> dict[str, Any]:
        """Return JSON values; keys that do not apply to the scheme are left out."""
        document: dict[str, Any] = {
            "framework": self.framework,
            "version": self.version,
            "complete": self.complete,
            "missing": list(self.missing),
        }
        if self.outcome is not None:
            document["outcome"] = self.outcome
        if self.score is not None:
            document["score"] = plain(self.score)
        for key in ("sections", "measures", "gates", "disagreements"):
            if parts := getattr(self, key):
                document[key] = [part.as_json() for part in parts]
        for key in ("strengths", "improvements"):
            if codes := getattr(self, key):
                document[key] = list(codes)
        if self.methods:
            document["methods"] = {code: one.as_json() for code, one in self.methods.items()}
        document["reasons"] = list(self.reasons)
        return document
