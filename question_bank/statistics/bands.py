"""Totals against the grade boundaries: who stands so near to one that the error could decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """The candidates near one boundary.

    Attributes:
        grade: the grade that begins at the boundary.
        boundary: the lowest mark of that grade.
        low: the lower end, one standard error below; None while there is no standard error.
        high: the upper end, one standard error above.
        count: how many totals lie inside, both ends included.
        share: the same, of all totals, 0 to 1; None for no totals.
    """

    grade: str
    boundary: float
    low: float | None
    high: float | None
    count: int
    share: float | None


def boundary_bands(
    totals: Sequence[float], boundaries: Mapping[str, float], standard_error: float | None
) -> tuple[Band, ...]:
    """Find who lies within one standard error of each boundary.

    Args:
        totals: the candidates' totals, in marks.
        boundaries: for each grade above the lowest its lowest mark.
        standard_error: of the test, in marks; None where it is undefined.

    Returns:
        A band a boundary, in the given order.
    """
    return tuple(_band(totals, grade, mark, standard_error) for grade, mark in boundaries.items())


def _band(totals: Sequence[float], grade: str, mark: float, error: float | None) -> Band:
    if error is None:
        return Band(grade, mark, None, None, 0, None)
    count = sum(1 for total in totals if abs(total - mark) <= error)
    return Band(
        grade, mark, mark - error, mark + error, count, count / len(totals) if totals else None
    )
