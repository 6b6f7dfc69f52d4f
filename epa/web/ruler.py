"""Where things stand on the ruler of a period: shares of its width, and levels for its labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations

from epa.web.filters import days_unit, short_date

# The narrowest ruler drawn (a tablet held upright), and how wide one bold letter is at most.
_NARROWEST = 600.0
_LETTER = 7.8
_GAP = 1.0
_BOB_SHARE = 2.0
_MOST_TRIED = 5
_WEEK = 7
# A long period takes a tick every four weeks: a comb of hairs measures nothing.
_MOST_TICKS = 30


@dataclass(frozen=True)
class Label:
    """A name and a date on the ruler: `x` in percent, `level` 0 nearest to the line."""

    name: str
    date_words: str
    x: float
    anchor: str
    level: int = 0

    @property
    def span(self) -> tuple[float, float]:
        """From where to where the words reach, in percent of the narrowest ruler."""
        width = max(len(self.name), len(self.date_words)) * _LETTER / _NARROWEST * 100
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return left - _GAP, left + width + _GAP


@dataclass(frozen=True)
class Clock:
    """What the macro `clock` draws: a figure, words, and the ruler with its labels."""

    figure: int
    unit: str
    is_urgent: bool
    first_day: date
    last_day: date
    today: date
    paused_since: date | None
    now_x: float
    ticks: tuple[float, ...]
    above: tuple[Label, ...]
    below: tuple[Label, ...]
    listed: tuple[tuple[date, str], ...]

    @property
    def levels_above(self) -> int:
        """How many rows of labels stand above the line."""
        return 1 + max((label.level for label in self.above), default=0)

    @property
    def levels_below(self) -> int:
        """How many rows of labels stand below the line."""
        return 1 + max((label.level for label in self.below), default=0)


def clock_of(
    first_day: date,
    last_day: date,
    today: date,
    *,
    methods: Sequence[tuple[str, date]] = (),
    deadlines: Sequence[tuple[str, date]] = (),
    paused_since: date | None = None,
) -> Clock:
    """Lay out a clock.

    Args:
        first_day: When the period began.
        last_day: Its last day, included.
        today: The day the bob marks.
        methods: Names and days, written above the line, or below it where the bob hangs in the way.
        deadlines: Names and days, written below it.
        paused_since: When the clock stopped, if it stands still; the bob then marks that day.
    """
    now = paused_since or today
    place = _Places(first_day, last_day)
    days = (last_day - now).days
    ends = [
        Label("First day", short_date(first_day), 0.0, "start"),
        Label("Last day", short_date(last_day), 100.0, "end"),
    ]
    fixed = _placed([_label("Paused" if paused_since else "Today", now, place.of(now))], ends)
    beside = [
        (_beside(place.of(now), name, day, place.of(day)), name, day) for name, day in methods
    ]
    under = [*deadlines, *((name, day) for label, name, day in beside if label is None)]
    return Clock(
        figure=abs(days),
        unit=("day" if abs(days) == 1 else "days") if paused_since else days_unit(days),
        is_urgent=paused_since is None and days < 2 * _WEEK,
        first_day=first_day,
        last_day=last_day,
        today=today,
        paused_since=paused_since,
        now_x=place.of(now),
        ticks=place.ticks(),
        above=_stacked([label for label, _, _ in beside if label is not None], []),
        below=_stacked([_label(name, day, place.of(day)) for name, day in under], fixed),
        listed=_in_order(first_day, last_day, now, fixed, [*methods, *deadlines]),
    )


@dataclass(frozen=True)
class _Places:
    first_day: date
    last_day: date

    def of(self, day: date) -> float:
        """Return where a day stands, in percent; days outside stand at the ends."""
        length = max(1, (self.last_day - self.first_day).days)
        share = (day - self.first_day).days / length
        return round(100 * min(1.0, max(0.0, share)), 2)

    def ticks(self) -> tuple[float, ...]:
        """Return one tick for each week, or for each four in a long period."""
        length = max(1, (self.last_day - self.first_day).days)
        step = _WEEK if length // _WEEK <= _MOST_TICKS else 4 * _WEEK
        return tuple(round(100 * day / length, 2) for day in range(step, length, step))


def _label(name: str, day: date, x: float) -> Label:
    """Make a label under or over its day, turned inwards where it would leave the ruler."""
    label = Label(name, short_date(day), x, "middle")
    left, right = label.span
    if left < 0:
        return Label(name, short_date(day), x, "start")
    return Label(name, short_date(day), x, "end") if right > 100 else label  # noqa: PLR2004 - per cent


def _beside(bob_x: float, name: str, day: date, x: float) -> Label | None:
    """Make a label that leaves the hanging line free, or None where there is no room beside it."""
    label = _label(name, day, x)
    left, right = label.span
    if right < bob_x - _BOB_SHARE or left > bob_x + _BOB_SHARE:
        return label
    if x < bob_x:
        label = Label(name, short_date(day), min(x, bob_x - _BOB_SHARE), "end")
    else:
        label = Label(name, short_date(day), max(x, bob_x + _BOB_SHARE), "start")
    left, right = label.span
    return label if left >= -_GAP and right <= 100 + _GAP else None


def _stacked(labels: Sequence[Label], fixed: Sequence[Label]) -> tuple[Label, ...]:
    """Give each label a level where it touches no other and no stalk runs through a word."""
    tried = permutations(labels) if len(labels) <= _MOST_TRIED else [tuple(labels)]
    best = min((_placed(order, fixed) for order in tried), key=_untidiness)
    return tuple(sorted(best, key=lambda label: label.x))


def _placed(labels: Iterable[Label], fixed: Iterable[Label]) -> list[Label]:
    placed = list(fixed)
    for label in labels:
        level = 0
        while any(other.level == level and _touch(other, label) for other in placed):
            level += 1
        placed.append(Label(label.name, label.date_words, label.x, label.anchor, level))
    return placed


def _touch(one: Label, other: Label) -> bool:
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def _untidiness(labels: Sequence[Label]) -> int:
    crossed = sum(
        1
        for high in labels
        for low in labels
        if low.level < high.level and low.span[0] < high.x < low.span[1]
    )
    return 100 * crossed + sum(label.level for label in labels)


def _in_order(
    first_day: date,
    last_day: date,
    now: date,
    fixed: Sequence[Label],
    named: Sequence[tuple[str, date]],
) -> tuple[tuple[date, str], ...]:
    """Return everything on the ruler in date order, for the list that phones get."""
    ends = zip([first_day, last_day, now], (label.name for label in fixed), strict=True)
    return tuple(sorted([*ends, *((day, name) for name, day in named)], key=lambda one: one[0]))
