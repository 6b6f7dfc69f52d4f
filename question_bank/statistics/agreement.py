"""How far two people's marks agree, always with the number of scripts it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Agreement:
    """Two people's marks of the same scripts.

    Attributes:
        n: how many scripts both marked.
        exact: the share with the same mark, 0 to 1; None for no scripts.
        weighted_kappa: Cohen's kappa with quadratic weights, at most 1; None where chance alone
            leaves nothing to disagree about.
        mean_difference: the mean of first minus second, in marks: above 0 the first is generous.
    """

    n: int
    exact: float | None
    weighted_kappa: float | None
    mean_difference: float | None


def agreement(first: Sequence[int], second: Sequence[int]) -> Agreement:
    """Compare two people's marks.

    With quadratic weights kappa is 1 - sum((a - b)^2) / the same sum expected when the two mark
    independently, which is the mean over all pairs of a first and a second mark.

    Args:
        first: one person's marks, one a script.
        second: the other's, for the same scripts.
    """
    n = len(first)
    differences = [one - other for one, other in zip(first, second, strict=True)]
    if not n:
        return Agreement(0, None, None, None)
    apart = sum(one**2 for one in differences)
    by_chance = (
        n * sum(one**2 for one in first)
        + n * sum(one**2 for one in second)
        - 2 * sum(first) * sum(second)
    )
    return Agreement(
        n=n,
        exact=differences.count(0) / n,
        weighted_kappa=float(1 - Fraction(n * apart, by_chance)) if by_chance else None,
        mean_difference=sum(differences) / n,
    )
