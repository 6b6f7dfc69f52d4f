"""Bars beside their words: single, against bands, in pairs, and as a change from before to now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from epa.charts.shapes import (
    Circle,
    Drawing,
    Shape,
    fitted,
    line,
    px,
    rectangle,
    text,
    within,
    wrapped,
)

_WORDS: Final = 220
_VALUE: Final = 56
_WEIGHT: Final = 60
_GAP: Final = 12
_BAR: Final = 22
_THIN: Final = 14
_ROW: Final = 34
_ABOVE: Final = 22
_LINES: Final = 2
_LINE: Final = 16


@dataclass(frozen=True)
class Bar:
    """One bar: its title, its value in words, and its share of the whole in percent."""

    title: str
    words: str
    share: float


@dataclass(frozen=True)
class Section:
    """The bar of a section with what it weighs, in words such as "15%"."""

    title: str
    words: str
    share: float
    weight: str


@dataclass(frozen=True)
class Pair:
    """Bars of one matter that are held against each other, such as self and external."""

    title: str
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Change:
    """What something came to before and comes to now, in percent, and the change in words."""

    title: str
    words: str
    before: float | None
    now: float


@dataclass(frozen=True)
class _Frame:
    """Where the words end and bars begin: beside each other, or on a phone one above the other."""

    width: int
    is_narrow: bool
    behind: int

    @property
    def left(self) -> int:
        return 0 if self.is_narrow else _WORDS

    @property
    def room(self) -> int:
        return self.width - self.left - self.behind

    @property
    def above(self) -> int:
        return _ABOVE if self.is_narrow else 0

    def title(self, words: str, y: float, height: float) -> list[Shape]:
        """The words of a row that begins at y and whose bars are so high; beside them in two lines."""
        if self.is_narrow:
            return [text("words", 0, y + 16, fitted(words, self.width))]
        lines = wrapped(words, _WORDS - _GAP, _LINES)
        top = y + height / 2 + 5 - (len(lines) - 1) * _LINE / 2
        return [
            text("small", _WORDS - _GAP, top + place * _LINE, one, "end")
            for place, one in enumerate(lines)
        ]

    def bar(self, kind: str, share: float, y: float, height: float) -> Iterator[Shape]:
        yield rectangle("ground", self.left, y, self.room, height)
        yield rectangle(kind, self.left, y, self.room * within(share) / 100, height)


def bar_chart(bars: Sequence[Bar], width: int, *, is_narrow: bool = False) -> Drawing:
    """Bars from 0 to the whole, each with its words and its value."""
    frame = _Frame(width, is_narrow, _VALUE)
    step = _ROW + frame.above
    shapes: list[Shape] = []
    for place, one in enumerate(bars):
        y = place * step
        top = y + frame.above + 4
        shapes += frame.title(one.title, y if is_narrow else top, _BAR)
        shapes += frame.bar("share", one.share, top, _BAR)
        shapes.append(text("value", width - _VALUE + 8, top + 16, one.words))
    return Drawing(width, step * len(bars) + 4, tuple(shapes))


def section_bars(
    sections: Sequence[Section],
    bands: Sequence[tuple[str, float]],
    width: int,
    *,
    is_narrow: bool = False,
) -> Drawing:
    """Bars of sections with their weights, and a line where each band begins.

    Args:
        sections: in their order.
        bands: title and where it begins, in percent; one that begins at 0 has no line.
        width: in pixels.
        is_narrow: whether words stand above their bar.
    """
    frame = _Frame(width, is_narrow, _VALUE + _WEIGHT)
    step = _ROW + frame.above
    is_weighted = any(one.weight for one in sections)
    head = _ABOVE if is_weighted else 0
    foot = step * len(sections) + 4
    shapes: list[Shape] = [text("soft", width, 14, "weight", "end")] if is_weighted else []
    for place, one in enumerate(sections):
        y = head + place * step
        top = y + frame.above + 4
        shapes += frame.title(one.title, y if is_narrow else top, _BAR)
        shapes += frame.bar("share", one.share, top, _BAR)
        shapes.append(text("value", width - _VALUE - _WEIGHT + 8, top + 16, one.words))
        if one.weight:
            shapes.append(text("soft", width, top + 16, one.weight, "end"))
    for _title, begins in bands:
        if begins > 0:
            x = frame.left + frame.room * within(begins) / 100
            tops = [head + place * step + frame.above + 4 for place in range(len(sections))]
            shapes += [line("band-line", x, top - 3, x, top + _BAR + 3) for top in tops]
            shapes.append(text("soft", x, head + foot + 14, f"{begins:g}", "middle"))
    return Drawing(width, head + foot + (20 if bands else 0), tuple(shapes))


def paired_bars(pairs: Sequence[Pair], width: int, *, is_narrow: bool = False) -> Drawing:
    """Bars held against each other: the first of a pair light, the second dark, both named."""
    behind = _VALUE * 3
    frame = _Frame(width, is_narrow, behind)
    shapes: list[Shape] = []
    y = 0.0
    for pair in pairs:
        height = len(pair.bars) * (_THIN + 4)
        shapes += frame.title(pair.title, y if is_narrow else y + 2, height)
        y += frame.above
        for place, one in enumerate(pair.bars):
            top = y + 4 + place * (_THIN + 4)
            shapes += frame.bar("share" if place else "light", one.share, top, _THIN)
            said = fitted(f"{one.words} {one.title}", behind - 8)
            shapes.append(text("small", width - behind + 8, top + 12, said))
        y += height + 14
    return Drawing(width, int(y) + 4, tuple(shapes))


def change_bars(changes: Sequence[Change], width: int, *, is_narrow: bool = False) -> Drawing:
    """From a hollow dot (before) to a full one (now), with the change in words."""
    behind = _VALUE * 2
    frame = _Frame(width, is_narrow, behind)
    step = _ROW + frame.above
    shapes: list[Shape] = []
    for place, one in enumerate(changes):
        y = place * step
        middle = y + frame.above + 4 + _BAR / 2
        shapes += frame.title(one.title, y if is_narrow else middle - _BAR / 2, _BAR)
        shapes.append(line("rule", frame.left, middle, frame.left + frame.room, middle))
        now = frame.left + frame.room * within(one.now) / 100
        if one.before is not None:
            before = frame.left + frame.room * within(one.before) / 100
            shapes.append(line("moved", before, middle, now, middle))
            shapes.append(Circle("hollow", px(before), px(middle), 6.0))
        shapes.append(Circle("full", px(now), px(middle), 6.0))
        said = fitted(one.words, behind - _GAP)
        shapes.append(text("value", width - behind + _GAP, middle + 5, said))
    return Drawing(width, step * len(changes) + 4, tuple(shapes))
