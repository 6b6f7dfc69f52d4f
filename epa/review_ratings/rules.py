"""How far ratings lie apart, a figure as it can be typed, and ratings as rows and axes of a drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Final

from epa.charts.scales import Cell, Row, Series
from frameworks import Maturity, QualityFramework
from frameworks.step_table import StepTable

MOST_DECIMALS: Final = 4


@dataclass(frozen=True)
class Difference:
    """How far two sides' ratings of one criterion lie apart, in steps of the scale."""

    code: str
    steps: int

    @property
    def words(self) -> str:
        """Such as "1 step lower", seen from the provider's rating."""
        if not self.steps:
            return "the same"
        number = abs(self.steps)
        return (
            f"{number} step{'' if number == 1 else 's'} {'higher' if self.steps > 0 else 'lower'}"
        )


def differences(
    framework: QualityFramework, own: Mapping[str, str], theirs: Mapping[str, str]
) -> list[Difference]:
    """The criteria that both sides rated, with how much higher the assessors' rating is.

    Args:
        framework: gives the order of levels.
        own: the provider's level by criterion code.
        theirs: the assessors' level by criterion code.
    """
    places = {level.code: place for place, level in enumerate(framework.scale)}
    return [
        Difference(one.code, places[theirs[one.code]] - places[own[one.code]])
        for one in framework.rated
        if one.code in own and one.code in theirs
    ]


def figure_to_type(table: StepTable, value: Fraction | None) -> Decimal | None:
    """An exact figure in as many decimals as a rating has, cut so that it reaches no further step.

    Args:
        table: says which direction is better.
        value: the exact figure, or None.
    """
    if value is None:
        return None
    # In whole numbers of the last decimal: nothing is rounded on the way.
    scaled = value * 10**MOST_DECIMALS
    last = floor(scaled) if table.better == "more" else ceil(scaled)
    written = format(Decimal(last).scaleb(-MOST_DECIMALS), "f")
    return Decimal(written.rstrip("0").rstrip("."))


@dataclass(frozen=True)
class LevelMap:
    """Every rated criterion with its level: a row for each section, a column for each number.

    ``key`` says what the cells' words stand for, level by level.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    key: str


def level_map(framework: QualityFramework, places: Mapping[str, int]) -> LevelMap:
    """The levels of criteria as a heat map; empty where nothing is rated.

    Args:
        framework: gives sections and scale.
        places: the level's place on the scale, from 0, by criterion code.
    """
    marks = _marks(framework)
    by_section = {
        section: {code.rpartition(".")[-1]: code for code in codes if code in places}
        for section, codes in framework.codes_by_section.items()
    }
    columns = tuple(dict.fromkeys(end for codes in by_section.values() for end in codes))
    rows = tuple(
        Row(section, [_level_cell(places.get(codes.get(end, "")), marks) for end in columns])
        for section, codes in by_section.items()
        if codes
    )
    titled = zip(marks, framework.scale, strict=True)
    return LevelMap(columns, rows, ", ".join(f"{mark} {level.title}" for mark, level in titled))


def _marks(framework: QualityFramework) -> list[str]:
    """What stands for a level in a cell: its points, or its place where the scale has none."""
    return [
        str(place if level.points is None else level.points)
        for place, level in enumerate(framework.scale)
    ]


def _level_cell(place: int | None, marks: Sequence[str]) -> Cell:
    if place is None:
        return Cell("", None)
    return Cell(marks[place], 100 * place / (len(marks) - 1))


@dataclass(frozen=True)
class Radar:
    """Axes, at most two lines round them, and the value at the outer end."""

    axes: tuple[str, ...]
    series: tuple[Series, ...]
    most: int


def radar_of(
    framework: QualityFramework, sides: Mapping[str, Mapping[str, float | None]]
) -> Radar | None:
    """The means of a maturity framework's sections, a line for each side; None for other schemes.

    Args:
        framework: gives the axes and the scale.
        sides: how much of the most each section reaches, in percent, by the side's title.
    """
    if not isinstance(framework, Maturity):
        return None
    most = framework.scale[-1].points or len(framework.scale)
    return Radar(
        tuple(f"{one.code} {one.title}" for one in framework.sections),
        tuple(
            Series(title, [_of_most(reach.get(one.code), most) for one in framework.sections])
            for title, reach in sides.items()
        ),
        most,
    )


def _of_most(reach: float | None, most: int) -> float | None:
    return None if reach is None else reach * most / 100
