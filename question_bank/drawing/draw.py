"""The draw: at random among the least used, no enemies, nothing seen before, near the target."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from question_bank.drawing.chance import Chance
from question_bank.drawing.enemies import choose
from question_bank.drawing.paper import (
    CellDrawn,
    DrawBlueprint,
    DrawnItem,
    DrawnPaper,
    DrawRules,
    NoPaper,
    Shortfall,
)
from question_bank.drawing.pool import Available, Pool
from question_bank.drawing.target import Exchange, reach

REDRAWS: Final = 200
_BLIND_ATTEMPTS: Final = 20  # before enemies are looked at as a whole
_SEARCHED_REDRAWS: Final = 5  # each costs a search
# So few further papers of one person are looked ahead to; with more of them left, chance sees to it.
_LOOKED_AHEAD: Final = 3
_EDGE: Final = 1e-9


def draw(
    pool: Pool,
    blueprint: DrawBlueprint,
    seed: int,
    seen: Collection[str] = (),
    rules: DrawRules | None = None,
) -> DrawnPaper:
    """Draw a paper: the same pool, blueprint, seed and seen items always give the same paper.

    Within a cell every item that has been used least is equally likely. A paper whose predicted
    mark is too far from the target is set aside and drawn again; if that does not help, items
    are exchanged one by one, first among those used as often, then, rather than give no paper,
    for some used more often: `cells` of the paper says how many. Where what the candidate has not
    seen makes only a few papers more, a paper is also set aside that would leave those too easy or
    too hard to meet the target; this yields before the paper's own target does.

    Args:
        pool: the items, made ready.
        blueprint: what the paper must be.
        seed: a whole number; store it with the paper.
        seen: references of the items on earlier papers of the same person, for a re-sit.
        rules: which rules to keep; all when left out.

    Raises:
        NoPaper: it says which cell lacks how many, or why the target is out of reach, and whether
            that is proven or the search was given up.
    """
    return _Draw(pool, blueprint, seed, seen, rules or DrawRules()).paper()


class _Draw:
    def __init__(
        self,
        pool: Pool,
        blueprint: DrawBlueprint,
        seed: int,
        seen: Collection[str],
        rules: DrawRules,
    ) -> None:
        self.pool, self.blueprint, self.seed = pool, blueprint, seed
        self.cells = blueprint.cells
        self.available = Available(pool, blueprint, seen)
        self.enemies = pool.enemies if rules.enemies else {}
        self.target = blueprint.target if rules.target else None
        self.chance = Chance(seed)
        self.is_blind = True  # until chance alone has failed on enemies
        # How many papers the candidate could sit after this one without a repeat.
        self.further = -1 + min(
            (
                ready.count // cell.count
                for cell, ready in zip(self.cells, self.available.cells, strict=True)
                if cell.count
            ),
            default=0,
        )

    def paper(self) -> DrawnPaper:
        shortfalls = self._shortfalls()
        if shortfalls:
            raise NoPaper(map(str, shortfalls), shortfalls, is_proven=True)
        chosen, redraws, exchanges = self._on_target()
        places = self._in_order([place for cell in chosen for place in cell])
        return DrawnPaper(
            blueprint=self.blueprint.name,
            seed=self.seed,
            items=tuple(self._drawn(place) for place in places),
            predicted_mark=sum(self.pool.predicted[place] for place in places),
            estimated=sum(not self.pool.items[place].is_measured for place in places),
            redraws=redraws,
            exchanges=exchanges,
            cells=tuple(self._filled(number, cell) for number, cell in enumerate(chosen)),
        )

    def _shortfalls(self) -> list[Shortfall]:
        return [
            Shortfall(
                cell.ksb,
                cell.type_code,
                cell.count,
                ready.count,
                cell.count - ready.count,
                ready.seen_count,
                ready.capped,
            )
            for cell, ready in zip(self.cells, self.available.cells, strict=True)
            if ready.count < cell.count
        ]

    def _on_target(self) -> tuple[list[list[int]], int, int]:
        """Choose, and choose again until the target is met."""
        best = self._choice()
        if self.target is None:
            return best, 0, 0
        rank, redraws = self._rank(best), 0
        while any(rank) and redraws < self._redraws_allowed():
            redraws += 1
            other = self._choice()
            other_rank = self._rank(other)
            if other_rank < rank:
                best, rank = other, other_rank
        if self._miss(best) <= self.blueprint.tolerance:
            return best, redraws, 0
        exchange = Exchange(self.available, self.blueprint, self.enemies, self.chance)
        chosen, exchanges = exchange.onto(self.target, best)
        return chosen, redraws, exchanges

    def _redraws_allowed(self) -> int:
        return REDRAWS if self.is_blind else _SEARCHED_REDRAWS

    def _rank(self, chosen: Sequence[Sequence[int]]) -> tuple[float, bool]:
        """What speaks against a choice: first how far off target it is, then what it leaves."""
        miss = self._miss(chosen)
        if miss > self.blueprint.tolerance:
            return miss, False
        return 0.0, not self._leaves_enough(chosen)

    def _leaves_enough(self, chosen: Sequence[Sequence[int]]) -> bool:
        """Whether the few papers that are left could still meet the target, enemies left aside."""
        if self.target is None or not 0 < self.further <= _LOOKED_AHEAD:
            return True
        taken = {place for cell in chosen for place in cell}
        lowest, highest = reach(self.available, self.blueprint, taken, self.further)
        aim, tolerance = self.target * self.further, self.blueprint.tolerance * self.further
        # Not at the very edge: the same marks summed in another order may come out beyond it.
        return lowest < aim + tolerance - _EDGE and highest > aim - tolerance + _EDGE

    def _miss(self, chosen: Sequence[Sequence[int]]) -> float:
        """How far a choice is from the target."""
        predicted = sum(self.pool.predicted[place] for cell in chosen for place in cell)
        return abs(predicted - (self.target or 0))

    def _choice(self) -> list[list[int]]:
        """Fill every cell, by chance alone or, where that fails, around a searched choice."""
        for _ in range(_BLIND_ATTEMPTS if self.is_blind else 0):
            chosen = self._filling(())
            if chosen is not None:
                return chosen
        self.is_blind = False
        chosen = self._filling(self._searched())
        assert chosen is not None, "what the search leaves over has no enemies"
        return chosen

    def _filling(self, first: Sequence[int]) -> list[list[int]] | None:
        """Fill the cells at random around what is taken first; None where enemies forbid it."""
        taken = set(self.available.seen)
        chosen: list[list[int]] = [[] for _ in self.cells]
        number_of = {cell.key: number for number, cell in enumerate(self.cells)}
        for place in first:
            item = self.pool.items[place]
            self._take(place, chosen[number_of[item.ksb, item.type_code]], taken)
        for number in self.chance.in_any_order(range(len(self.cells))):
            if not self._fill(number, chosen[number], taken):
                return None
        return chosen

    def _fill(self, number: int, chosen: list[int], taken: set[int]) -> bool:
        wanted = self.cells[number].count
        for tier in self.available.cells[number].tiers:
            if len(chosen) == wanted:
                break
            for place in self.chance.in_any_order(tier.places):
                if place not in taken:
                    self._take(place, chosen, taken)
                    if len(chosen) == wanted:
                        break
        return len(chosen) == wanted

    def _take(self, place: int, chosen: list[int], taken: set[int]) -> None:
        chosen.append(place)
        taken.add(place)
        taken.update(self.enemies.get(place, ()))

    def _searched(self) -> tuple[int, ...]:
        """Items to begin with so that no cell runs out because of enemies.

        Only cells with fewer items without enemies than they need can run out. What these need
        beyond is searched exactly; everything else can then be filled at random.
        """
        numbers, needs, candidates = [], [], []
        for number, cell in enumerate(self.cells):
            places = list(self.available.places(number))
            contested = [place for place in places if self._ready_enemies(place)]
            need = cell.count - (len(places) - len(contested))
            if need > 0:
                numbers.append(number)
                needs.append(need)
                mixed = list(self.chance.in_any_order(contested))
                candidates.append(sorted(mixed, key=lambda place: self.pool.items[place].uses))
        choice = choose(candidates, needs, self.enemies)
        if any(choice.lacking):
            raise self._no_paper(numbers, choice.lacking, is_proven=choice.is_proven)
        return choice.chosen

    def _ready_enemies(self, place: int) -> bool:
        """Whether one of an item's enemies could be on this paper."""
        return bool(self.enemies.get(place, frozenset()) - self.available.seen)

    def _no_paper(
        self, numbers: Sequence[int], lacking: Sequence[int], *, is_proven: bool
    ) -> NoPaper:
        shortfalls = [
            Shortfall(
                self.cells[number].ksb,
                self.cells[number].type_code,
                self.cells[number].count,
                self.available.cells[number].count,
                lack,
                because_of_enemies=True,
            )
            for number, lack in zip(numbers, lacking, strict=True)
            if lack
        ]
        reasons = [str(one) for one in shortfalls]
        if not is_proven:
            reasons.append("The search was given up: that there is no such paper is not proven.")
        return NoPaper(reasons, shortfalls, is_proven=is_proven)

    def _in_order(self, places: Sequence[int]) -> list[int]:
        """The paper's order: kind after kind as in the blueprint, at random within a kind."""
        kinds = {kind: number for number, kind in enumerate(self._kinds())}
        mixed = self.chance.in_any_order(places)
        return sorted(mixed, key=lambda place: kinds[self.pool.items[place].type_code])

    def _kinds(self) -> Iterable[str]:
        return dict.fromkeys(cell.type_code for cell in self.cells)

    def _drawn(self, place: int) -> DrawnItem:
        item = self.pool.items[place]
        options = tuple(range(item.options))
        if not item.keep_order:
            options = tuple(self.chance.in_any_order(options))
        return DrawnItem(
            item.reference, item.version, item.type_code, item.ksb, item.marks, options
        )

    def _filled(self, number: int, chosen: Sequence[int]) -> CellDrawn:
        cell, ready = self.cells[number], self.available.cells[number]
        uses = [self.pool.items[place].uses for place in chosen]
        return CellDrawn(
            cell.ksb,
            cell.type_code,
            cell.count,
            ready.count,
            ready.seen_count,
            ready.capped,
            ready.beyond_fewest(uses),
        )
