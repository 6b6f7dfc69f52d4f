"""How far two sides' ratings of one criterion lie apart, and a figure as it can be typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

from frameworks import QualityFramework
from frameworks.step_table import StepTable

MOST_DECIMALS: Final = 4


@dataclass(frozen=True)
class Difference:
    """How far two sides' ratings of one criterion lie apart, in steps of the scale."""

    code: str
    steps: int

    @property
    def words(self) -> str:
        """Such as "1 step lower", seen from the provider's rating."""
        if not self.steps:
            return "the same"
        number = abs(self.steps)
        return (
            f"{number} step{'' if number == 1 else 's'} {'higher' if self.steps > 0 else 'lower'}"
        )


def differences(
    framework: QualityFramework, own: Mapping[str, str], theirs: Mapping[str, str]
) -> list[Difference]:
    """The criteria that both sides rated, with how much higher the assessors' rating is.

    Args:
        framework: gives the order of levels.
        own: the provider's level by criterion code.
        theirs: the assessors' level by criterion code.
    """
    places = {level.code: place for place, level in enumerate(framework.scale)}
    return [
        Difference(one.code, places[theirs[one.code]] - places[own[one.code]])
        for one in framework.rated
        if one.code in own and one.code in theirs
    ]


def figure_to_type(table: StepTable, value: Fraction | None) -> Decimal | None:
    """An exact figure in as many decimals as a rating has, cut so that it reaches no further step.

    Args:
        table: says which direction is better.
        value: the exact figure, or None.
    """
    if value is None:
        return None
    # In whole numbers of the last decimal: nothing is rounded on the way.
    scaled = value * 10**MOST_DECIMALS
    last = floor(scaled) if table.better == "more" else ceil(scaled)
    written = format(Decimal(last).scaleb(-MOST_DECIMALS), "f")
    return Decimal(written.rstrip("0").rstrip("."))
