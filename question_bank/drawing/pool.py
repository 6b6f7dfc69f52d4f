"""A pool made ready for drawing: items by cell and use, their predicted marks, their enemies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from question_bank.drawing.paper import CellKey, DrawBlueprint, PoolItem


@dataclass(frozen=True)
class Tier:
    """The items of a cell that have been used equally often, by their place in the pool."""

    uses: int
    places: tuple[int, ...]


class Pool:
    """The items that may be drawn, read once and drawn from many times; it never changes.

    Args:
        items: approved, current, not overdue for review; one version of each. Their order does
            not matter.

    Raises:
        ValueError: two items have the same reference.
    """

    def __init__(self, items: Iterable[PoolItem]) -> None:
        self.items = tuple(sorted(items, key=lambda item: item.reference))
        self.place_of = {item.reference: place for place, item in enumerate(self.items)}
        if len(self.place_of) < len(self.items):
            raise ValueError("a pool holds one version of each item")
        self.predicted = [item.predicted_mark for item in self.items]
        self.enemies = self._enemies()
        self.tiers = self._tiers()

    def _enemies(self) -> dict[int, frozenset[int]]:
        """Who is whose enemy, whichever of the two says so."""
        found: defaultdict[int, set[int]] = defaultdict(set)
        for place, item in enumerate(self.items):
            for reference in item.enemies:
                other = self.place_of.get(reference, place)
                if other != place:
                    found[place].add(other)
                    found[other].add(place)
        return {place: frozenset(others) for place, others in found.items()}

    def _tiers(self) -> dict[CellKey, tuple[Tier, ...]]:
        by_use: defaultdict[CellKey, defaultdict[int, list[int]]]
        by_use = defaultdict(lambda: defaultdict(list))
        for place, item in enumerate(self.items):
            by_use[item.ksb, item.type_code][item.uses].append(place)
        return {
            key: tuple(Tier(uses, tuple(places)) for uses, places in sorted(tiers.items()))
            for key, tiers in by_use.items()
        }


@dataclass(frozen=True)
class Ready:
    """What of one cell may be drawn.

    Attributes:
        tiers: below the cap, the least used first; they may still hold seen items.
        count: how many items may be drawn.
        seen: how many the candidate has seen, by how often they have been used.
        capped: how many have been in too many papers.
    """

    tiers: tuple[Tier, ...]
    count: int
    seen: Mapping[int, int]
    capped: int

    @property
    def seen_count(self) -> int:
        """How many items below the cap the candidate has seen."""
        return sum(self.seen.values())

    def beyond_fewest(self, uses: Collection[int]) -> int:
        """How many of some items, by their uses, were taken although less used ones were left."""
        if len(self.tiers) <= 1:
            return 0
        taken = Counter(uses)
        beyond, wanted = 0, len(uses)
        for tier in self.tiers:
            fewest = min(wanted, len(tier.places) - self.seen.get(tier.uses, 0))
            wanted -= fewest
            beyond += max(0, taken[tier.uses] - fewest)
        return beyond


class Available:
    """What of a pool may be drawn for one paper: without what was seen and what is worn out.

    Args:
        pool: the pool.
        blueprint: the blueprint: its cells, in order, and its cap.
        seen: references that the candidate has met on earlier papers.
    """

    def __init__(self, pool: Pool, blueprint: DrawBlueprint, seen: Collection[str] = ()) -> None:
        self.pool = pool
        self.seen = frozenset(pool.place_of[one] for one in seen if one in pool.place_of)
        by_cell: defaultdict[CellKey, Counter[int]] = defaultdict(Counter)
        for item in (pool.items[place] for place in self.seen):
            by_cell[item.ksb, item.type_code][item.uses] += 1
        self.cells = tuple(
            _ready(pool.tiers.get(cell.key, ()), by_cell[cell.key], blueprint.exposure_cap)
            for cell in blueprint.cells
        )

    def places(self, number: int) -> Iterator[int]:
        """Every item that may be drawn for a cell, by its number in the blueprint."""
        for tier in self.cells[number].tiers:
            yield from (place for place in tier.places if place not in self.seen)


def _ready(tiers: tuple[Tier, ...], seen: Mapping[int, int], cap: int | None) -> Ready:
    below = tuple(tier for tier in tiers if cap is None or tier.uses < cap)
    size = sum(len(tier.places) for tier in below)
    met = {tier.uses: seen[tier.uses] for tier in below if tier.uses in seen}
    every = sum(len(tier.places) for tier in tiers)
    return Ready(below, size - sum(met.values()), met, every - size)
