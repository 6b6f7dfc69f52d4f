"""What a drawing is made of: shapes and words with their places in pixels, and a class for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

# How wide a letter is taken to be at the size of a chart's words.
LETTER: Final = 8.0
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Rect:
    """A rectangle."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    shape: str = "rect"


@dataclass(frozen=True)
class Line:
    """A straight line."""

    kind: str
    x1: float
    y1: float
    x2: float
    y2: float
    shape: str = "line"


@dataclass(frozen=True)
class Circle:
    """A dot, full or hollow by its class."""

    kind: str
    x: float
    y: float
    r: float
    shape: str = "circle"


@dataclass(frozen=True)
class Polygon:
    """A closed line through points."""

    kind: str
    points: str
    shape: str = "polygon"


@dataclass(frozen=True)
class Text:
    """Words, from their baseline."""

    kind: str
    x: float
    y: float
    words: str
    anchor: Anchor = "start"
    shape: str = "text"


Shape = Rect | Line | Circle | Polygon | Text


@dataclass(frozen=True)
class Drawing:
    """A drawing at the size at which it is shown, in pixels."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def px(length: float) -> float:
    """A length as it is printed: one decimal is a tenth of a pixel."""
    return round(float(length), 1)


def fitted(words: str, room: float) -> str:
    """Words that fit into so many pixels, cut with an ellipsis where they do not."""
    letters = max(1, int(room / LETTER))
    return words if len(words) <= letters else f"{words[: letters - 1].rstrip()}…"


def wrapped(words: str, room: float, most: int) -> list[str]:
    """Words in at most so many lines that fit into so many pixels; the last is cut where they do not."""
    lines: list[str] = []
    left = words
    while left and len(lines) < most - 1 and len(left) * LETTER > room:
        letters = max(1, int(room / LETTER))
        cut = left.rfind(" ", 0, letters + 1)
        if cut <= 0:
            break
        lines.append(left[:cut])
        left = left[cut + 1 :]
    return [*lines, fitted(left, room)]


def within(share: float) -> float:
    """A share in percent, held between nothing and the whole."""
    return min(100.0, max(0.0, float(share)))


def rectangle(kind: str, x: float, y: float, width: float, height: float) -> Rect:
    """A rectangle with its lengths as they are printed."""
    return Rect(kind, px(x), px(y), px(width), px(height))


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Line:
    """A line with its places as they are printed."""
    return Line(kind, px(x1), px(y1), px(x2), px(y2))


def text(kind: str, x: float, y: float, words: str, anchor: Anchor = "start") -> Text:
    """Words with their place as it is printed."""
    return Text(kind, px(x), px(y), words, anchor)


def polygon(kind: str, points: Sequence[tuple[float, float]]) -> Polygon:
    """A closed line through points."""
    return Polygon(kind, " ".join(f"{px(x)},{px(y)}" for x, y in points))
