"""Measures of items and of a whole test from a matrix of marks, summed in whole numbers.

Marks are counted in whole units (a half, a hundredth), so that sums are exact and the only rounding
is that of the last division. S stands for the attempts, P for the positions, x for the marks of one
item, T for the totals and o = T - x for the rest. C(x, y) = S * sum(xy) - sum(x) * sum(y) is the
covariance times S(S - 1). Every measure is None where its formula is undefined.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[Any]  # whole numbers: int64, or Python's own where those would overflow

_LARGEST: Final = 2**62
_FOR_SPREAD, _FOR_SKEWNESS, _FOR_KURTOSIS = 2, 3, 4  # the fewest attempts each is defined for


@dataclass(frozen=True)
class MarkMatrix:
    """The marks of a test: a row an attempt, a column an item or position.

    Attributes:
        candidates: the name of each row, as given.
        codes: the name of each column.
        maxima: the most marks of each column, in units.
        marks: S x P whole numbers, in units; an answer that is missing is 0.
        unit: how many units make one mark.
    """

    candidates: tuple[str, ...]
    codes: tuple[str, ...]
    maxima: Whole
    marks: Whole
    unit: int = 1


@dataclass(frozen=True)
class ItemMeasures:
    """How one item behaved.

    Attributes:
        n: how many attempts it rests on.
        facility: the mean mark as a share of the maximum, 0 to 1.
        sd: the standard deviation, in marks.
        discrimination_index: the correlation of the item with the rest, -100 to 100.
        discriminative_efficiency: the covariance with the rest, as a percentage of the greatest
            that these marks could have.
        effective_weight: the item's part in the spread of the totals, in percent.
    """

    n: int
    facility: float | None
    sd: float | None
    discrimination_index: float | None
    discriminative_efficiency: float | None
    effective_weight: float | None = None


@dataclass(frozen=True)
class WholeMeasures:
    """How a whole test behaved; alpha and error ratio in percent, the rest in marks or plain.

    Over papers drawn at random alpha speaks of positions only, not of the items that stood there.
    """

    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    alpha: float | None
    error_ratio: float | None
    standard_error: float | None


def matrix_measures(matrix: MarkMatrix) -> tuple[dict[str, ItemMeasures], WholeMeasures]:
    """Measure every column of a matrix, and the test as a whole.

    Returns:
        The items by code, in the order of the columns, and the test.
    """
    marks = _safe(matrix.marks)
    totals = marks.sum(axis=1)
    weights = effective_weights(marks, totals)
    items = {
        code: item_measures(marks[:, column], totals, int(matrix.maxima[column]), matrix.unit)
        for column, code in enumerate(matrix.codes)
    }
    items = {
        code: _with_weight(one, weight)
        for (code, one), weight in zip(items.items(), weights, strict=True)
    }
    return items, whole_measures(marks, matrix.unit)


def item_measures(marks: Whole, totals: Whole, maximum: int, unit: int = 1) -> ItemMeasures:
    """Measure one item from the attempts that held it.

    Args:
        marks: the item's marks, in units, one an attempt.
        totals: the totals of the same attempts, in units, the item included.
        maximum: the most marks the item gives, in units; above 0.
        unit: how many units make one mark.

    Returns:
        Everything but the effective weight, which needs all items of a test.
    """
    n = len(marks)
    if n == 0:
        return ItemMeasures(0, None, None, None, None)
    x, total = _safe(marks), _safe(totals)
    rest = total - x
    spread, of_rest, together = _scaled(x, x), _scaled(rest, rest), _scaled(x, rest)
    at_best = _scaled(np.sort(x), np.sort(rest))
    return ItemMeasures(
        n=n,
        facility=int(x.sum()) / (n * maximum),
        sd=_sd(spread, n, unit),
        discrimination_index=(
            100 * together / math.sqrt(spread * of_rest) if spread and of_rest else None
        ),
        discriminative_efficiency=100 * together / at_best if at_best else None,
    )


def effective_weights(marks: Whole, totals: Whole) -> list[float | None]:
    """Each column's part in the spread of the totals, in percent.

    100 sqrt(cov(x, T)) / the sum of the same root over the items whose covariance is not negative.

    Args:
        marks: S x P whole numbers.
        totals: the sums of the rows.

    Returns:
        One a column; None for a negative covariance, and for all where no item varies.
    """
    if len(marks) < _FOR_SPREAD:
        return [None] * marks.shape[1]
    marks, totals = _safe(marks), _safe(totals)
    together = [_scaled(marks[:, column], totals) for column in range(marks.shape[1])]
    whole = math.fsum(math.sqrt(one) for one in together if one >= 0)
    return [100 * math.sqrt(one) / whole if one >= 0 and whole else None for one in together]


def whole_measures(marks: Whole, unit: int = 1) -> WholeMeasures:
    """Measure a test from its S x P marks in units; see the module for the symbols."""
    marks = _safe(marks)
    attempts, positions = marks.shape
    if attempts == 0:
        return WholeMeasures(None, None, None, None, None, None, None, None)
    totals = marks.sum(axis=1)
    spread = _scaled(totals, totals)
    of_positions = sum(_scaled(marks[:, column], marks[:, column]) for column in range(positions))
    unexplained = _unexplained(of_positions, spread, positions)
    sd = _sd(spread, attempts, unit)
    error_ratio = None if unexplained is None else 100 * math.sqrt(unexplained)
    skewness, kurtosis = _shape(totals)
    return WholeMeasures(
        mean=int(totals.sum()) / (attempts * unit),
        median=_median(totals, unit),
        sd=sd,
        skewness=skewness,
        kurtosis=kurtosis,
        alpha=None if unexplained is None else float(100 * (1 - unexplained)),
        error_ratio=error_ratio,
        standard_error=None if error_ratio is None or sd is None else error_ratio * sd / 100,
    )


def measures_by_item(
    items: npt.NDArray[np.int64], marks: Whole, totals: Whole, maxima: Sequence[int], unit: int = 1
) -> list[ItemMeasures]:
    """Measure every item of papers drawn at random, each from the attempts that held it.

    Args:
        items: which item each response answers, counted from 0.
        marks: the mark of each response, in units.
        totals: the total of the attempt that each response belongs to, in units.
        maxima: the most marks of each item, in units.
        unit: how many units make one mark.

    Returns:
        One an item, in the order of `maxima`, without effective weights: a weight is a share of
        one test, and these items never stood in the same.
    """
    order = np.argsort(items, kind="stable")
    ends = np.searchsorted(items[order], np.arange(len(maxima) + 1))
    marks, totals = marks[order], totals[order]
    return [
        item_measures(marks[start:end], totals[start:end], maximum, unit)
        for maximum, start, end in zip(maxima, ends[:-1], ends[1:], strict=True)
    ]


def random_guess_score(options: int, keys: int = 1) -> float:
    """The share of the marks that guessing earns on average, 0 to 1."""
    return keys / options


def _with_weight(one: ItemMeasures, weight: float | None) -> ItemMeasures:
    return ItemMeasures(
        one.n,
        one.facility,
        one.sd,
        one.discrimination_index,
        one.discriminative_efficiency,
        weight,
    )


def _safe(numbers: Whole) -> Whole:
    """Use Python's whole numbers where 64 bits could not hold a sum of products."""
    if numbers.dtype == object or not numbers.size:
        return numbers
    widest = numbers.shape[1] if numbers.ndim > 1 else 1
    largest = max(abs(int(numbers.max())), abs(int(numbers.min()))) * widest
    return numbers if largest**2 * len(numbers) < _LARGEST else numbers.astype(object)


def _scaled(x: Whole, y: Whole) -> int:
    """C(x, y): the covariance times S(S - 1), exact."""
    return len(x) * int(np.dot(x, y)) - int(x.sum()) * int(y.sum())


def _sd(spread: int, attempts: int, unit: int) -> float | None:
    if attempts < _FOR_SPREAD:
        return None
    return math.sqrt(Fraction(spread, attempts * (attempts - 1))) / unit


def _median(totals: Whole, unit: int) -> float:
    ordered = np.sort(totals)
    middle = int(ordered[(len(ordered) - 1) // 2]) + int(ordered[len(ordered) // 2])
    return middle / (2 * unit)


def _unexplained(of_positions: int, spread: int, positions: int) -> Fraction | None:
    """1 - alpha/100, exact: alpha = 100 P/(P-1) (1 - sum of the positions' variances / k2)."""
    if positions < _FOR_SPREAD or not spread:
        return None
    return 1 - Fraction(positions, positions - 1) * (1 - Fraction(of_positions, spread))


def _shape(totals: Whole) -> tuple[float | None, float | None]:
    """Skewness k3/k2^1.5 and kurtosis k4/k2^2 by k-statistics."""
    n = len(totals)
    m2, m3, m4 = _moments(totals)
    if n < _FOR_SKEWNESS or not m2:
        return None, None
    k2 = Fraction(n, n - 1) * m2
    k3 = Fraction(n**2, (n - 1) * (n - 2)) * m3
    skewness = float(k3) / float(k2) ** 1.5
    if n < _FOR_KURTOSIS:
        return skewness, None
    k4 = Fraction(n**2, (n - 1) * (n - 2) * (n - 3)) * ((n + 1) * m4 - 3 * (n - 1) * m2**2)
    return skewness, float(k4 / k2**2)


def _moments(totals: Whole) -> Iterable[Fraction]:
    """The second to fourth moment about the mean, exact, over the totals that differ."""
    n, whole = len(totals), int(totals.sum())
    values, counts = np.unique(totals, return_counts=True)
    apart = [
        (n * int(value) - whole, int(count)) for value, count in zip(values, counts, strict=True)
    ]
    for power in (2, 3, 4):
        yield Fraction(sum(count * one**power for one, count in apart), n ** (power + 1))
