"""Where a value falls on a scale of bands, how cells of a table compare, and a radar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from epa.charts.shapes import (
    LETTER,
    Anchor,
    Circle,
    Drawing,
    Shape,
    fitted,
    line,
    polygon,
    px,
    rectangle,
    text,
    within,
    wrapped,
)

LEVELS: Final = 4
_BAND_TOP: Final = 34
_BAND: Final = 30
_TALLEST_STEP: Final = 5
_SIDE: Final = 8
# How near two figures below a scale may come.
_FIGURES: Final = 42
_CELL: Final = 52
_CELL_HEIGHT: Final = 28
_HEAD: Final = 28
_LEAST_ROOM: Final = 90
_TITLE_LINES: Final = 3
_TITLE_LINE: Final = 16


@dataclass(frozen=True)
class Cell:
    """One cell of a heat map: its words, and its share in percent; None where there is nothing."""

    words: str
    share: float | None


@dataclass(frozen=True)
class Row:
    """One row of a heat map, a cell for each column."""

    title: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Series:
    """One line of a radar: a value for each axis, None where there is none yet."""

    title: str
    values: Sequence[float | None]


def band_scale(
    bands: Sequence[tuple[str, float]],
    value: float,
    words: str,
    ends: tuple[float, float],
    width: int,
) -> Drawing:
    """A scale cut into bands, with a bob where the value falls.

    Args:
        bands: title and where it begins, the lowest first.
        value: what is shown; held within the ends.
        words: the value in words.
        ends: the first and the last figure of the scale.
        width: in pixels.
    """
    first, last = ends
    span = (last - first) or 1.0

    def place(figure: float) -> float:
        return (min(last, max(first, figure)) - first) * (width - 2 * _SIDE) / span + _SIDE

    begins = [max(first, start) for _, start in bands]
    shapes: list[Shape] = []
    for number, (title, _) in enumerate(bands):
        left = place(begins[number])
        right = place(begins[number + 1] if number + 1 < len(bands) else last)
        kind = f"level-{min(number, _TALLEST_STEP - 1)}"
        shapes.append(rectangle(kind, left, _BAND_TOP, right - left - 1, _BAND))
        if len(title) * LETTER <= right - left:
            shapes.append(text("small", (left + right) / 2, _BAND_TOP + 20, title, "middle"))
        shapes.append(
            text("soft", left, _BAND_TOP + _BAND + 16, f"{begins[number]:g}", _side(number))
        )
    if place(last) - place(begins[-1]) > _FIGURES:
        shapes.append(text("soft", width - _SIDE, _BAND_TOP + _BAND + 16, f"{last:g}", "end"))
    x = place(value)
    to_the_left = x > width / 2
    shapes.append(line("plumb", x, 4, x, _BAND_TOP - 10))
    bob = ((x - 6, _BAND_TOP - 9), (x, _BAND_TOP - 16), (x + 6, _BAND_TOP - 9), (x, _BAND_TOP + 4))
    shapes.append(polygon("share", bob))
    shapes.append(
        text(
            "value", x + (-12 if to_the_left else 12), 18, words, "end" if to_the_left else "start"
        )
    )
    return Drawing(width, _BAND_TOP + _BAND + 22, tuple(shapes))


def _side(number: int) -> Anchor:
    return "middle" if number else "start"


def level(share: float | None) -> int:
    """Which of the steps of colour a share has, from 0 for nothing to `LEVELS` for the whole."""
    if share is None or share <= 0:
        return 0
    return min(LEVELS, 1 + int(within(share) * LEVELS / 100))


def heat_map(rows: Sequence[Row], columns: Sequence[str], width: int, titles: int) -> Drawing:
    """Cells in steps of one colour, each with its words; columns that do not fit go below.

    Args:
        rows: a row's cells are in the order of the columns; one without a share is blank.
        columns: their heads.
        width: in pixels.
        titles: how wide the rows' titles are, in pixels.
    """
    fitting = max(1, (width - titles) // _CELL)
    wide = min((width - titles) / max(1, min(fitting, len(columns))), 2 * _CELL)
    shapes: list[Shape] = []
    y = 0.0
    for start in range(0, len(columns), fitting):
        shown = columns[start : start + fitting]
        for place, head in enumerate(shown):
            x = titles + place * wide + wide / 2
            shapes.append(text("soft", x, y + 18, fitted(head, wide), "middle"))
        y += _HEAD
        for row in rows:
            if start and not any(one.words for one in row.cells[start : start + fitting]):
                continue
            shapes.append(text("words", 0, y + 19, fitted(row.title, titles - 4)))
            for place, cell in enumerate(row.cells[start : start + fitting]):
                x = titles + place * wide
                if cell.share is not None:
                    kind = f"level-{level(cell.share)}"
                    shapes.append(rectangle(kind, x, y, wide - 2, _CELL_HEIGHT - 2))
                words = fitted(cell.words, wide)
                shapes.append(text("small", x + wide / 2 - 1, y + 18, words, "middle"))
            y += _CELL_HEIGHT
        y += 12
    return Drawing(width, int(y) or 1, tuple(shapes))


def radar(axes: Sequence[str], series: Sequence[Series], most: float, width: int) -> Drawing:
    """One line round the axes for each series: the first light, the second dark.

    Args:
        axes: their titles, clockwise from the top; three or more.
        series: at most two, such as self and external.
        most: the value at the outer end of every axis; the centre is 0.
        width: in pixels.
    """
    margin = max(_LEAST_ROOM, width * 0.28)
    centre = (width / 2, width / 2 - margin / 2)
    radius = width / 2 - margin
    middle = (centre[0], radius + 34)
    height = int(2 * radius + 76)

    def point(place: int, value: float) -> tuple[float, float]:
        turn = 2 * pi * place / len(axes)
        far = radius * min(most, max(0.0, value)) / most
        return middle[0] + far * sin(turn), middle[1] - far * cos(turn)

    shapes: list[Shape] = []
    for ring in range(1, int(most) + 1):
        shapes.append(polygon("ring", [point(place, ring) for place in range(len(axes))]))
        shapes.append(text("soft", middle[0] + 4, middle[1] - radius * ring / most + 13, f"{ring}"))
    for place, title in enumerate(axes):
        outer = point(place, most)
        shapes.append(line("rule", *middle, *outer))
        shapes += _axis_title(title, outer, middle, margin)
    for kind, one in zip(("light", "dark"), series, strict=False):
        given = [(place, value) for place, value in enumerate(one.values) if value is not None]
        corners = [point(place, value) for place, value in given]
        if len(given) == len(axes):
            shapes.append(polygon(f"round-{kind}", corners))
        shapes += [Circle(f"dot-{kind}", px(x), px(y), 4.0) for x, y in corners]
    return Drawing(width, height, tuple(shapes))


def _axis_title(
    title: str, outer: tuple[float, float], middle: tuple[float, float], room: float
) -> list[Shape]:
    x, y = outer
    beside = abs(x - middle[0]) > 1
    anchor: Anchor = "middle" if not beside else "start" if x > middle[0] else "end"
    below = 20.0 if y > middle[1] + 1 and not beside else 5.0 if beside else -12.0
    along = 0.0 if not beside else 8.0 if x > middle[0] else -8.0
    lines = wrapped(title, room if beside else 2 * room, _TITLE_LINES if beside else 1)
    top = y + below - (len(lines) - 1) * _TITLE_LINE / 2
    return [
        text("small", x + along, top + place * _TITLE_LINE, one, anchor)
        for place, one in enumerate(lines)
    ]
