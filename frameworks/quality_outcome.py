"""The parts of what scoring a quality framework returns, as exact fractions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from frameworks.exact import plain


@dataclass(frozen=True)
class SectionOutcome:
    """What one section comes to: how many criteria are rated, and what its scheme makes of them.

    `score` is out of `max`, `percent` and `weight` are in per cent; all three are None while a
    criterion is missing, or where the scheme has none. `counts` says how many criteria stand at
    each level, `parties` the same for each party.
    """

    code: str
    rated: int
    of: int
    score: Fraction | None = None
    max: Fraction | None = None
    percent: Fraction | None = None
    weight: Fraction | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    parties: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the keys that apply."""
        document: dict[str, Any] = {"code": self.code}
        for key in ("score", "max", "percent", "weight"):
            value = getattr(self, key)
            if value is not None:
                document[key] = plain(value)
        document |= {"rated": self.rated, "of": self.of}
        if self.counts:
            document["counts"] = dict(self.counts)
        if self.parties:
            document["parties"] = {code: dict(counts) for code, counts in self.parties.items()}
        return document


@dataclass(frozen=True)
class MeasureOutcome:
    """What one figure earns. Without a value, or with too few answers, it earns 0 for a reason."""

    code: str
    value: Fraction | None
    marks: Fraction
    max: Fraction
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the measure as JSON values; the reason only where there is one."""
        document: dict[str, Any] = {
            "code": self.code,
            "value": None if self.value is None else plain(self.value),
            "marks": plain(self.marks),
            "max": plain(self.max),
        }
        return document if self.reason is None else {**document, "reason": self.reason}


@dataclass(frozen=True)
class GateOutcome:
    """One band's gate, by code and title: the sum there is, and the sum it needs."""

    gate: str
    name: str
    band: str
    value: Fraction
    needed: Fraction

    @property
    def met(self) -> bool:
        """Whether the sum is large enough."""
        return self.value >= self.needed

    def as_json(self) -> dict[str, Any]:
        """Return the gate under the keys of `frameworks score --json`."""
        return {
            "gate": self.gate,
            "name": self.name,
            "band": self.band,
            "value": plain(self.value),
            "needed": plain(self.needed),
            "met": self.met,
        }


@dataclass(frozen=True)
class Disagreement:
    """Two linked criteria whose ratings do not agree, and why they ought to."""

    criteria: tuple[str, str]
    ratings: tuple[str, str]
    because: str

    def as_json(self) -> dict[str, Any]:
        """Return the disagreement as JSON values; ratings are the codes of levels."""
        return {
            "criteria": list(self.criteria),
            "ratings": list(self.ratings),
            "because": self.because,
        }
