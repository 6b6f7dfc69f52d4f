"""Reaching the target where redrawing does not: items exchanged one by one, then the honest end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import nlargest, nsmallest
from itertools import islice
from math import fsum
from typing import Final

from question_bank.drawing.chance import Chance
from question_bank.drawing.paper import DrawBlueprint, NoPaper
from question_bank.drawing.pool import Available, Tier

_LOOKED_AT: Final = 50  # candidates of a tier for one exchange
# Sums of fractions differ in their last digits by the order in which they are taken: an exchange
# that gains no more than this could be undone and made again for ever.
_GAIN: Final = 1e-9


def reach(
    available: Available,
    blueprint: DrawBlueprint,
    without: AbstractSet[int] = frozenset(),
    papers: int = 1,
) -> tuple[float, float]:
    """The least and the most that papers without a common item could predict together.

    Args:
        available: what may be drawn.
        blueprint: what each of them must be.
        without: places that are left aside, beside enemies, which are not looked at.
        papers: how many.
    """
    predicted = available.pool.predicted
    lowest = highest = 0.0
    for number, cell in enumerate(blueprint.cells):
        marks = [predicted[place] for place in available.places(number) if place not in without]
        lowest += fsum(nsmallest(papers * cell.count, marks))
        highest += fsum(nlargest(papers * cell.count, marks))
    return lowest, highest


class Exchange:
    """Exchanges of single items within their cells.

    Args:
        available: what may be drawn.
        blueprint: the blueprint.
        enemies: for each item its enemies; empty where that rule is off.
        chance: where the candidates come from.
    """

    def __init__(
        self,
        available: Available,
        blueprint: DrawBlueprint,
        enemies: Mapping[int, frozenset[int]],
        chance: Chance,
    ) -> None:
        self.available, self.blueprint = available, blueprint
        self.enemies, self.chance = enemies, chance
        self.predicted = available.pool.predicted
        self.tiers = [ready.tiers for ready in available.cells]

    def onto(self, target: float, chosen: Sequence[Sequence[int]]) -> tuple[list[list[int]], int]:
        """Exchange items until the predicted mark is within the tolerance.

        First among items used as often as the one exchanged; where that is not enough, also for
        items used once more, twice more and so on.

        Returns:
            The items of each cell, and how many exchanges it took.

        Raises:
            NoPaper: the target was not reached; proven when no items at all could reach it.
        """
        cells = [list(cell) for cell in chosen]
        gap = self._gap(target, cells)
        exchanges = 0
        for further in self._widenings():
            while abs(gap) > self.blueprint.tolerance:
                step = self._best(cells, gap, further)
                if step is None:
                    break
                number, index, place = step
                cells[number][index] = place
                gap = self._gap(target, cells)
                exchanges += 1
        if abs(gap) > self.blueprint.tolerance:
            raise self._out_of_reach(target, target - gap)
        return cells, exchanges

    def _gap(self, target: float, cells: Sequence[Sequence[int]]) -> float:
        return target - fsum(self.predicted[place] for cell in cells for place in cell)

    def _widenings(self) -> Iterator[int]:
        """How many more uses an item may have than the one it replaces: 0, 1, 2, 4 and so on."""
        widest = max((tiers[-1].uses - tiers[0].uses for tiers in self.tiers if tiers), default=0)
        further = 0
        while further < widest:
            yield further
            further = further * 2 or 1
        yield widest

    def _best(
        self, cells: Sequence[Sequence[int]], gap: float, further: int
    ) -> tuple[int, int, int] | None:
        """The exchange that leaves the smallest gap; None where none makes it smaller."""
        everything = {place for cell in cells for place in cell}
        best, left = None, abs(gap) - _GAIN
        for number, cell in enumerate(cells):
            for index, old in enumerate(cell):
                for new in self._candidates(number, old, further):
                    after = abs(gap - self.predicted[new] + self.predicted[old])
                    if after < left and self._may_join(new, everything, old):
                        best, left = (number, index, new), after
        return best

    def _candidates(self, number: int, old: int, further: int) -> Iterator[int]:
        most = self.available.pool.items[old].uses + further
        for tier in self.tiers[number]:
            if tier.uses <= most:
                yield from self._some(tier)

    def _some(self, tier: Tier) -> Iterator[int]:
        return islice(self.chance.in_any_order(tier.places), _LOOKED_AT)

    def _may_join(self, new: int, everything: set[int], old: int) -> bool:
        if new in everything or new in self.available.seen:
            return False
        return not (self.enemies.get(new, frozenset()) & (everything - {old}))

    def _out_of_reach(self, target: float, nearest: float) -> NoPaper:
        lowest, highest = reach(self.available, self.blueprint)
        tolerance = self.blueprint.tolerance
        aim = f"{target:.1f} within {tolerance:.1f}"
        if target - tolerance > highest or target + tolerance < lowest:
            reason = (
                f"Predicted marks from {lowest:.1f} to {highest:.1f} can be reached;"
                f" the blueprint asks for {aim}."
            )
            return NoPaper([reason], is_proven=True)
        reason = (
            f"No paper with a predicted mark of {aim} was found; the nearest has {nearest:.1f}."
            " That there is none is not proven."
        )
        return NoPaper([reason], is_proven=False)
