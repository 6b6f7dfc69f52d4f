"""Who the clients are: by age, gender and ethnicity, small groups left out, the population beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from epa.charts.bars import Bar, Pair
from epa.small_cells import left_out
from frameworks.kpis.clients import Client

DEMOGRAPHICS: Final[Mapping[str, str]] = {
    "age": "Age",
    "gender": "Gender",
    "ethnicity": "Ethnicity",
}
NOT_SAID: Final = "Not said"
# Where each band begins; the last has no end.
_BANDS: Final = (16, 25, 35, 50, 65)
WHOLE: Final = 100


@dataclass(frozen=True)
class Group:
    """One group of clients; ``number`` is None where it is left out.

    ``population`` is the share of the local population in percent, None where nobody entered one.
    """

    title: str
    number: int | None
    share: float | None
    population: Decimal | None


@dataclass(frozen=True)
class Breakdown:
    """The groups of one column; none where the whole list is too small."""

    column: str
    title: str
    groups: tuple[Group, ...]

    @property
    def has_hidden(self) -> bool:
        """Whether a group is left out."""
        return any(group.number is None for group in self.groups)

    @property
    def has_population(self) -> bool:
        """Whether a figure of the local population stands beside a group that is shown."""
        return bool(self.pairs)

    @property
    def pairs(self) -> list[Pair]:
        """The bars of population and clients, for each group that has both."""
        return [
            Pair(
                one.title,
                (
                    Bar("population", f"{one.population:.1f}%", float(one.population)),
                    Bar("clients", f"{one.share:.1f}%", one.share),
                ),
            )
            for one in self.groups
            if one.population is not None and one.share is not None
        ]


def age_band(age: int) -> str:
    """The band of an age in years: "25 to 34"; what is kept of it."""
    if age < _BANDS[0]:
        return f"Under {_BANDS[0]}"
    if age >= _BANDS[-1]:
        return f"{_BANDS[-1]} and over"
    begins = max(one for one in _BANDS if one <= age)
    return f"{begins} to {_BANDS[_BANDS.index(begins) + 1] - 1}"


def counted(clients: Iterable[Client], columns: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many clients there are of each group by name, for each column that a list has.

    Ages stand from the youngest, and who did not say stands last; never by size, which would tell.
    """
    listed = list(clients)
    found = {}
    for column in DEMOGRAPHICS:
        if column in columns:
            said = Counter(getattr(one, column) or NOT_SAID for one in listed)
            found[column] = dict(sorted(said.items(), key=_order))
    return found


def breakdowns(
    counts: Mapping[str, Mapping[str, int]],
    population: Mapping[str, Mapping[str, str]],
    threshold: int,
) -> list[Breakdown]:
    """The groups of every column, small ones left out as on the page of figures.

    Args:
        counts: from `counted`.
        population: shares in percent as text, by column and group.
        threshold: how many clients a group that is shown has at least.
    """
    return [
        Breakdown(
            column, DEMOGRAPHICS[column], _groups(groups, population.get(column, {}), threshold)
        )
        for column, groups in counts.items()
    ]


def _groups(
    counts: Mapping[str, int], population: Mapping[str, str], threshold: int
) -> tuple[Group, ...]:
    total = sum(counts.values())
    ordered = list(counts.items())
    hidden = left_out([number for _, number in ordered], threshold)
    if not hidden.sum_is_shown:
        return ()  # so few are listed that a group's name alone would say who they are
    return tuple(
        Group(
            title,
            None if place in hidden.places else number,
            None if place in hidden.places else number * WHOLE / total,
            Decimal(population[title]) if title in population else None,
        )
        for place, (title, number) in enumerate(ordered)
    )


def _order(group: tuple[str, int]) -> tuple[bool, bool, str]:
    title = group[0]
    return title == NOT_SAID, not title.startswith("Under "), title.casefold()
