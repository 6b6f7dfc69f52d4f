"""How fair a draw is: many papers drawn from one frozen pool, and what chance would give."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev
from typing import Final

from question_bank.drawing.draw import draw
from question_bank.drawing.paper import DrawBlueprint, DrawCell, DrawRules
from question_bank.drawing.pool import Available, Pool, Ready

_PLAIN: Final = DrawRules(enemies=False, target=False)
_ENOUGH: Final = 1e-15  # relative change below which a sum is done
_STEPS: Final = 10_000


@dataclass(frozen=True)
class CellFairness:
    """How often the items of one cell were drawn, of those that chance decides between.

    Attributes:
        ksb: the cell's.
        type_code: the cell's.
        items: how many items compete: the least used that are not all needed.
        places: how many places of a paper they compete for.
        least: how often the rarest was drawn, as a share of the papers.
        most: how often the most frequent was drawn.
        ratio: most by least; None where an item was never drawn.
        chi_square: corrected for drawing without replacement.
        p: how often chance alone gives so much or more; meaningful where chance alone decides,
            with the rules on enemies and target off.
    """

    ksb: str
    type_code: str
    items: int
    places: int
    least: float
    most: float
    ratio: float | None
    chi_square: float
    p: float


@dataclass(frozen=True)
class Spread:
    """The predicted marks of many papers."""

    mean: float
    sd: float
    lowest: float
    highest: float


@dataclass(frozen=True)
class FairnessReport:
    """What many papers from one pool show.

    Attributes:
        draws: how many papers.
        cells: how often items were drawn, cell by cell.
        largest_ratio: the largest ratio of any cell; None where an item was never drawn.
        predicted: the predicted marks of these papers.
        plain: those of as many papers drawn without the rules on enemies and target.
    """

    draws: int
    cells: tuple[CellFairness, ...]
    largest_ratio: float | None
    predicted: Spread
    plain: Spread


def fairness(
    pool: Pool, blueprint: DrawBlueprint, draws: int, seed: int, rules: DrawRules | None = None
) -> FairnessReport:
    """Draw many papers with frozen use counts, from the seeds seed, seed + 1 and so on.

    Args:
        pool: the pool; it does not change, whatever is drawn.
        blueprint: the blueprint.
        draws: how many papers.
        seed: the first seed.
        rules: the rules to keep; all when left out.

    Raises:
        NoPaper: the pool does not give one.
    """
    counts: Counter[str] = Counter()
    predicted = []
    for number in range(draws):
        paper = draw(pool, blueprint, seed + number, rules=rules)
        counts.update(item.reference for item in paper.items)
        predicted.append(paper.predicted_mark)
    plain = predicted
    if rules != _PLAIN:
        seeds = range(seed, seed + draws)
        plain = [draw(pool, blueprint, one, rules=_PLAIN).predicted_mark for one in seeds]
    cells = tuple(_cells(pool, blueprint, counts, draws))
    ratios = [cell.ratio for cell in cells]
    known = [ratio for ratio in ratios if ratio is not None]
    return FairnessReport(
        draws,
        cells,
        max(known, default=1.0) if len(known) == len(ratios) else None,
        _spread(predicted),
        _spread(plain),
    )


def chi_square_p(statistic: float, degrees: int) -> float:
    """How often a chi-square of so many degrees of freedom is at least so large.

    The regularised upper gamma function Q(degrees / 2, statistic / 2): by its series below the
    mean, by Lentz's continued fraction above (Abramowitz and Stegun 6.5.29 and 6.5.31).
    """
    a, x = degrees / 2, statistic / 2
    if x <= 0 or a <= 0:
        return 1.0
    scale = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        return 1 - scale * _series(a, x)
    return scale * _continued_fraction(a, x)


def _series(a: float, x: float) -> float:
    term = whole = 1 / a
    step = a
    while term > whole * _ENOUGH:
        step += 1
        term *= x / step
        whole += term
    return whole


def _continued_fraction(a: float, x: float) -> float:
    b = x + 1 - a
    c, d = math.inf, 1 / b
    whole, change, step = d, 0.0, 0
    while abs(change - 1) > _ENOUGH and step < _STEPS:
        step += 1
        factor = step * (a - step)
        b += 2
        d = 1 / (factor * d + b)
        c = b + factor / c
        change = c * d
        whole *= change
    return whole


def _cells(
    pool: Pool, blueprint: DrawBlueprint, counts: Counter[str], draws: int
) -> Iterator[CellFairness]:
    available = Available(pool, blueprint)
    for cell, ready in zip(blueprint.cells, available.cells, strict=True):
        places, competing = _competing(ready, cell)
        drawn = [counts[pool.items[place].reference] for place in competing]
        if 0 < places < len(competing):
            yield _cell(cell, places, drawn, draws)


def _competing(ready: Ready, cell: DrawCell) -> tuple[int, Sequence[int]]:
    """The places left once the least used are all taken, and the tier that competes for them."""
    wanted = cell.count
    for tier in ready.tiers:
        if wanted <= len(tier.places):
            return wanted, tier.places
        wanted -= len(tier.places)
    return 0, ()


def _cell(cell: DrawCell, places: int, drawn: Sequence[int], draws: int) -> CellFairness:
    """Compare counts with draws * places / items each.

    Without replacement the counts of one paper hinder each other, so that the usual sum is
    (items - places) / (items - 1) too small on average; it is divided by that.
    """
    items = len(drawn)
    expected = draws * places / items
    usual = sum((count - expected) ** 2 for count in drawn) / expected
    corrected = usual * (items - 1) / (items - places)
    least, most = min(drawn), max(drawn)
    return CellFairness(
        cell.ksb,
        cell.type_code,
        items,
        places,
        least / draws,
        most / draws,
        most / least if least else None,
        corrected,
        chi_square_p(corrected, items - 1),
    )


def _spread(marks: Sequence[float]) -> Spread:
    return Spread(fmean(marks), pstdev(marks), min(marks), max(marks))
