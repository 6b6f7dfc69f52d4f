"""Rates of groups, with small groups left out so that nobody is found, not even by subtraction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from epa.charts.bars import Bar
from epa.charts.scales import Cell
from epa.charts.scales import Row as HeatRow
from epa.small_cells import left_out
from frameworks.outcome import Grade

_MONTHS_IN_A_QUARTER = 3


class GroupedBy(StrEnum):
    """By what the figures are grouped."""

    EMPLOYER = "employer"
    PROVIDER = "provider"
    PERIOD = "period"


@dataclass(frozen=True)
class Result:
    """One finished assessment, as far as the figures look: everything in it is released.

    ``first_grades`` are the grades of the first attempt at each method; ``last_held_on`` is the
    day of the last method and ``ends_on`` the last day of the EPA period.
    """

    employer: str
    provider: str
    released_on: date
    overall: Grade
    first_grades: tuple[Grade, ...]
    last_held_on: date | None
    ends_on: date | None

    @property
    def is_in_time(self) -> bool:
        """Whether the last method was held within the period."""
        if self.last_held_on is None or self.ends_on is None:
            return False
        return self.last_held_on <= self.ends_on

    @property
    def passed_at_first(self) -> bool:
        """Whether no method had to be taken again."""
        return self.overall is not Grade.FAIL and Grade.FAIL not in self.first_grades

    @property
    def is_distinction(self) -> bool:
        """Whether the overall grade is Distinction."""
        return self.overall is Grade.DISTINCTION


@dataclass(frozen=True)
class Row:
    """The figures of one group; all but the title are None where they are left out."""

    title: str
    number: int | None
    in_time: int | None = None
    at_first: int | None = None
    distinctions: int | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether the group is too small to be shown, or hides one that is."""
        return self.number is None

    def percent(self, count: int | None) -> float | None:
        """A count as percent of the group, unrounded; None where it is left out."""
        return None if count is None or not self.number else 100 * count / self.number


@dataclass(frozen=True)
class Table:
    """Groups with their sum; the sum too is left out where it would give somebody away."""

    rows: tuple[Row, ...]
    total: Row


def quarter(day: date) -> str:
    """The quarter of a year, such as "2026, April to June"."""
    first = (day.month - 1) // _MONTHS_IN_A_QUARTER * _MONTHS_IN_A_QUARTER + 1
    begins = day.replace(month=first, day=1)
    ends = day.replace(month=first + _MONTHS_IN_A_QUARTER - 1, day=1)
    return f"{day.year}, {begins:%B} to {ends:%B}"


def figures(results: Iterable[Result], by: GroupedBy, threshold: int) -> Table:
    """The figures by group, by title; quarters the latest first.

    Args:
        results: finished assessments within the reader's reach.
        by: what they are grouped by.
        threshold: groups of fewer are left out.
    """
    groups: dict[tuple[date | str, str], list[Result]] = {}
    for one in results:
        groups.setdefault(_key(one, by), []).append(one)
    keys = sorted(groups, key=str, reverse=by is GroupedBy.PERIOD)
    rows = [_row(title, groups[key]) for key in keys for title in (key[1],)]
    everything = [one for group in groups.values() for one in group]
    return suppressed(rows, _row("All", everything), threshold)


def _key(one: Result | Judged, by: GroupedBy) -> tuple[date | str, str]:
    if by is GroupedBy.PERIOD:
        month = (one.released_on.month - 1) // _MONTHS_IN_A_QUARTER * _MONTHS_IN_A_QUARTER + 1
        return one.released_on.replace(month=month, day=1), quarter(one.released_on)
    name = one.employer if by is GroupedBy.EMPLOYER else one.provider
    return name.casefold(), name


def _row(title: str, results: Sequence[Result]) -> Row:
    return Row(
        title=title,
        number=len(results),
        in_time=sum(one.is_in_time for one in results),
        at_first=sum(one.passed_at_first for one in results),
        distinctions=sum(one.is_distinction for one in results),
    )


def suppressed(rows: Sequence[Row], total: Row, threshold: int) -> Table:
    """Leave small groups out, and with them whatever would give one away (`epa.small_cells`).

    Args:
        rows: every group with its figures; a group has at least one member.
        total: the sum of them.
        threshold: how many people a group that is shown has at least.
    """
    found = left_out([row.number or 0 for row in rows], threshold)
    shown = tuple(
        Row(row.title, None) if place in found.places else row for place, row in enumerate(rows)
    )
    return Table(shown, total if found.sum_is_shown else Row(total.title, None))


def counts_shown(counts: dict[str, int], threshold: int) -> dict[str, int | None]:
    """How many stand at each stage, small counts left out in the same way; a count of 0 is shown.

    Nobody stands at an empty stage, so that it gives nobody away.
    """
    filled = [Row(title, number) for title, number in counts.items() if number]
    table = suppressed(filled, Row("All", sum(counts.values())), threshold)
    numbers = {row.title: row.number for row in table.rows}
    return {title: numbers.get(title, 0) for title in counts} | {"All": table.total.number}


def bars(table: Table, rate: str) -> list[Bar]:
    """The bars of one rate (``in_time``, ``at_first`` or ``distinctions``), hidden groups left out."""
    shown = [row for row in (*table.rows, replace(table.total)) if not row.is_hidden]
    found = []
    for row in shown:
        percent = row.percent(getattr(row, rate)) or 0.0
        found.append(Bar(row.title, f"{percent:.0f}%", percent))
    return found


@dataclass(frozen=True)
class Judged:
    """The first sheet of a finished assessment in one method: a grade for each KSB."""

    employer: str
    provider: str
    released_on: date
    method: str
    ratings: Mapping[str, str]


@dataclass(frozen=True)
class HeatMap:
    """How many of those judged on each KSB of a method reach Distinction, by group."""

    method: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]

    @property
    def heads(self) -> list[dict[str, str | bool]]:
        """The groups as the columns of a table of numbers."""
        return [{"title": column, "number": True} for column in self.columns]


def heat_maps(
    judged: Iterable[Judged], by: GroupedBy, table: Table, threshold: int
) -> list[HeatMap]:
    """A heat map for each method: the groups that the table shows, and all of them together.

    Args:
        judged: sheets of the same assessments that the table counts.
        by: what they are grouped by.
        table: the figures by group; what it leaves out is left out here.
        threshold: a cell about fewer people is blank.
    """
    shown = [row.title for row in (*table.rows, table.total) if not row.is_hidden]
    counts: dict[str, dict[str, dict[str, list[int]]]] = {}
    for one in judged:
        for ksb, rating in one.ratings.items():
            groups = counts.setdefault(one.method, {}).setdefault(ksb, {})
            for title in (_key(one, by)[1], table.total.title):
                cell = groups.setdefault(title, [0, 0])
                cell[0] += rating == Grade.DISTINCTION
                cell[1] += 1
    return [
        HeatMap(
            method,
            tuple(shown),
            tuple(
                HeatRow(ksb, [_heat_cell(ksbs[ksb].get(title), threshold) for title in shown])
                for ksb in sorted(ksbs, key=_ksb_order)
            ),
        )
        for method, ksbs in sorted(counts.items())
        if shown
    ]


def _heat_cell(counted: Sequence[int] | None, threshold: int) -> Cell:
    if counted is None or counted[1] < threshold:
        return Cell("", None)
    share = 100 * counted[0] / counted[1]
    return Cell(f"{share:.0f}%", share)


def _ksb_order(code: str) -> tuple[int, int, str]:
    """Knowledge, skills, behaviours, each in the order of their numbers."""
    number = code[1:]
    return "KSB".find(code[:1]), int(number) if number.isdecimal() else 0, code
