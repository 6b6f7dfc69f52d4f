"""Choosing items of which no two are enemies: an exact search for where chance finds no paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

STEPS: Final = 20_000
# The items still free (a bit each), what each cell still needs, and what has been taken.
_Branch = tuple[int, tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Choice:
    """The best that was found.

    Attributes:
        chosen: the items, no two of them enemies.
        lacking: for each cell how many it still needs.
        is_proven: whether nothing better exists; otherwise the search was given up.
    """

    chosen: tuple[int, ...]
    lacking: tuple[int, ...]
    is_proven: bool


def choose(
    cells: Sequence[Sequence[int]],
    needs: Sequence[int],
    enemies: Mapping[int, frozenset[int]],
    steps: int = STEPS,
) -> Choice:
    """Take from each cell as many as it needs, or as near to that as can be.

    Branch and bound: an item is taken, or it is not, and a branch is left when even a bound on
    what it could still give does not better the best choice so far. At most one item of a group
    of mutual enemies can be taken, so the number of such groups bounds a cell and the whole.

    Args:
        cells: the items of each cell; those named first are preferred.
        needs: how many are wanted of each.
        enemies: for each item its enemies.
        steps: after so many the search is given up.
    """
    return _Search(cells, needs, enemies, steps).run()


class _Search:
    def __init__(
        self,
        cells: Sequence[Sequence[int]],
        needs: Sequence[int],
        enemies: Mapping[int, frozenset[int]],
        steps: int,
    ) -> None:
        self.vertices = [item for cell in cells for item in cell]
        self.cell_of = [number for number, cell in enumerate(cells) for _ in cell]
        bit_of = {item: 1 << bit for bit, item in enumerate(self.vertices)}
        self.against = [
            sum(bit_of[other] for other in enemies.get(item, ()) if other in bit_of)
            for item in self.vertices
        ]
        self.masks = [sum(bit_of[item] for item in cell) for cell in cells]
        self.needs = list(needs)
        self.steps = steps
        self.best: tuple[int, list[int], tuple[int, ...]] = (sum(needs), [], tuple(needs))
        self.exhausted = False

    def run(self) -> Choice:
        # A stack of its own: a pool with many enemies would outgrow Python's.
        pending: list[_Branch] = [((1 << len(self.vertices)) - 1, tuple(self.needs), ())]
        while pending and self.best[0]:
            if not self.steps:
                self.exhausted = True
                break
            self.steps -= 1
            pending += self._branches(*pending.pop())
        _, chosen, lacking = self.best
        items = tuple(self.vertices[bit] for bit in chosen)
        return Choice(items, lacking, is_proven=not self.exhausted)

    def _branches(
        self, free: int, unmet: tuple[int, ...], chosen: tuple[int, ...]
    ) -> list[_Branch]:
        """Note what a branch gives, and split it by one item; the branch to try first is last."""
        lacking = sum(unmet)
        if lacking < self.best[0]:
            self.best = (lacking, list(chosen), unmet)
        for number, mask in enumerate(self.masks):
            if not unmet[number]:
                free &= ~mask
        if self._least_lacking(free, unmet) >= self.best[0]:
            return []
        bit = self._next(free, unmet)
        cell = self.cell_of[bit]
        met = tuple(need - (number == cell) for number, need in enumerate(unmet))
        taking = (free & ~(1 << bit) & ~self.against[bit], met, (*chosen, bit))
        if not self.against[bit] & free:
            return [taking]  # without enemies here, taking it can only help
        return [(free & ~(1 << bit), unmet, chosen), taking]

    def _least_lacking(self, free: int, unmet: tuple[int, ...]) -> int:
        """What would be lacking at best: by cell, and over all cells together."""
        by_cell = sum(
            max(0, need - self._groups(free & mask, need))
            for need, mask in zip(unmet, self.masks, strict=True)
            if need
        )
        wanted = sum(unmet)
        return max(by_cell, wanted - self._groups(free, wanted))

    def _groups(self, free: int, enough: int) -> int:
        """Into how many groups of mutual enemies the free items fall; not counted past enough."""
        count = 0
        while free and count < enough:
            lowest = free & -free
            group = self.against[lowest.bit_length() - 1] & free
            free &= ~lowest
            while group:
                other = group & -group
                free &= ~other
                group &= self.against[other.bit_length() - 1]
            count += 1
        return count

    def _next(self, free: int, unmet: tuple[int, ...]) -> int:
        """The item to decide on: of the tightest cell, one with the fewest enemies left."""
        tight = min(
            (number for number, need in enumerate(unmet) if need and free & self.masks[number]),
            key=lambda number: (free & self.masks[number]).bit_count() - unmet[number],
        )
        return min(
            _bits(free & self.masks[tight]),
            key=lambda bit: (self.against[bit] & free).bit_count(),
        )


def _bits(mask: int) -> list[int]:
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask &= ~lowest
    return found
