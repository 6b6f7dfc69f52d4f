"""Intervals around measures: how far a figure may be trusted for the number it rests on."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Final

CONFIDENCE: Final = 0.95
_FEWEST_FOR_SPREAD: Final = 2
_FEWEST_FOR_ALPHA: Final = 3
_FEWEST_FOR_CORRELATION: Final = 4
_WHOLE: Final = 100  # percent

Interval = tuple[float, float]


def facility_interval(facility: float, n: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Wilson's score interval around a facility.

    Exact in kind for items that are right or wrong. A mark between none and all varies less than
    right-or-wrong with the same mean, so there the interval is on the safe side: too wide.

    Args:
        facility: 0 to 1.
        n: the attempts that it rests on.
        confidence: how often such an interval holds the truth, 0 to 1.

    Returns:
        Both ends, 0 to 1; None for no attempts.
    """
    if n < 1:
        return None
    z = _z(confidence)
    middle = (facility + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z / (1 + z**2 / n) * math.sqrt(facility * (1 - facility) / n + z**2 / (4 * n**2))
    return max(0.0, middle - reach), min(1.0, middle + reach)


def discrimination_interval(
    index: float, n: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """Fisher's interval around a correlation, here a discrimination index of -100 to 100.

    Returns:
        Both ends, -100 to 100; None for fewer than four attempts.
    """
    if n < _FEWEST_FOR_CORRELATION:
        return None
    correlation = max(-1.0, min(1.0, index / 100))
    if abs(correlation) == 1:
        return 100 * correlation, 100 * correlation
    reach = _z(confidence) / math.sqrt(n - 3)
    middle = math.atanh(correlation)
    return 100 * math.tanh(middle - reach), 100 * math.tanh(middle + reach)


def facility_change(
    before: tuple[float, int], after: tuple[float, int], confidence: float = CONFIDENCE
) -> Interval | None:
    """Newcombe's interval around the change of a facility from one version to the next.

    Args:
        before: facility and attempts of the older version.
        after: facility and attempts of the newer.
        confidence: as above.

    Returns:
        Both ends of after minus before; the facility has drifted where 0 lies outside. None where
        a version has no attempts.
    """
    older, newer = (
        facility_interval(*before, confidence=confidence),
        facility_interval(*after, confidence=confidence),
    )
    if older is None or newer is None:
        return None
    change = after[0] - before[0]
    down = math.hypot(after[0] - newer[0], older[1] - before[0])
    up = math.hypot(newer[1] - after[0], before[0] - older[0])
    return change - down, change + up


def mean_interval(
    mean: float, sd: float, n: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """The interval around a mean of many marks: mean plus and minus z sd / sqrt(n).

    Returns:
        Both ends, in marks; None for fewer than two attempts.
    """
    if n < _FEWEST_FOR_SPREAD:
        return None
    reach = _z(confidence) * sd / math.sqrt(n)
    return mean - reach, mean + reach


def alpha_interval(
    alpha: float, n: int, positions: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """Bonett's interval (2002) around Cronbach's alpha, here -infinity to 100.

    ln(1 - alpha) is nearly normal with variance 2P / ((P - 1)(n - 2)).

    Args:
        alpha: in percent.
        n: the attempts.
        positions: P, of the test.
        confidence: as above.

    Returns:
        Both ends, in percent; None for fewer than three attempts or two positions.
    """
    if n < _FEWEST_FOR_ALPHA or positions < _FEWEST_FOR_SPREAD:
        return None
    if alpha >= _WHOLE:
        return alpha, alpha
    reach = _z(confidence) * math.sqrt(2 * positions / ((positions - 1) * (n - 2)))
    missing = 1 - alpha / 100
    return 100 * (1 - missing * math.exp(reach)), 100 * (1 - missing * math.exp(-reach))


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
