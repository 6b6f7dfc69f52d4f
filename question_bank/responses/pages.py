"""What the pages of figures show: numbers in words and charts drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from question_bank.items.models import ItemVersion
from question_bank.papers.models import ItemMeasure
from question_bank.responses.queries import VersionFigures
from question_bank.responses.rules import FEWEST, FLAG_TITLES, ItemFigures, WholeFigures
from question_bank.statistics.flags import Flag
from question_bank.statistics.intervals import (
    Interval,
    discrimination_interval,
    facility_interval,
)

GRADE_TITLES: Final = {"fail": "Fail", "pass": "Pass", "distinction": "Distinction"}


# ---------------------------------------------------------------------------------------- in words


def figure(value: float | None, places: int = 1) -> str:
    """A figure, or that there is none."""
    return "–" if value is None else f"{value:.{places}f}".replace("-", "\N{MINUS SIGN}")


def share(value: float | None) -> str:
    """A share of 0 to 1 in percent."""
    return "–" if value is None else f"{figure(100 * value, 0)}%"


def spread(interval: Interval | None, places: int = 0, *, of_one: bool = False) -> str:
    """An interval in words."""
    if interval is None:
        return ""
    low, high = (100 * one if of_one else one for one in interval)
    return f"{figure(low, places)} to {figure(high, places)}"


def flags_of(measure: ItemMeasure) -> list[str]:
    """A measure's flags in words."""
    return [FLAG_TITLES[Flag(one)] for one in measure.flags.split()]


@dataclass(frozen=True)
class Row:
    """One version in a list of figures, in words."""

    version: ItemVersion
    n: int
    facility: str
    facility_interval: str
    discrimination: str
    discrimination_interval: str
    flags: tuple[str, ...]


def row_of(version: ItemVersion, measure: ItemMeasure | None) -> Row:
    """A version and what is known of it, in words."""
    if measure is None:
        return Row(version, 0, "–", "", "–", "", ())
    index, n = measure.discrimination, measure.n
    return Row(
        version,
        n,
        share(measure.facility),
        spread(facility_interval(measure.facility, n), of_one=True),
        figure(index, 0),
        spread(None if index is None else discrimination_interval(index, n)),
        tuple(flags_of(measure)),
    )


def item_facts(shown: ItemFigures, version: ItemVersion, uses: int) -> list[dict[str, Any]]:
    """The figures of one version, each with what it rests on."""
    measures = shown.measures
    estimate = "none" if version.facility is None else share(version.facility)
    rows = [
        ("Answers", f"{measures.n:,}", ""),
        (
            "Facility",
            share(measures.facility),
            _within(spread(shown.facility_interval, of_one=True)),
        ),
        (
            "Discrimination",
            figure(measures.discrimination_index),
            _within(spread(shown.discrimination_interval)),
        ),
        ("Discriminative efficiency", figure(measures.discriminative_efficiency), ""),
        ("Standard deviation", _in_marks(measures.sd, 2), ""),
        ("Setter’s estimate", estimate, _estimate_counts(measures.n)),
        ("Live papers", f"{uses:,}", ""),
    ]
    if shown.guess is not None:
        rows.insert(2, ("By guessing", share(shown.guess), ""))
    return [{"label": label, "value": value, "second": second} for label, value, second in rows]


def _in_marks(value: float | None, places: int = 1) -> str:
    return figure(value, places) + ("" if value is None else " marks")


def _within(words: str) -> str:
    return f"{words}, with 95% confidence" if words else ""


def _estimate_counts(n: int) -> str:
    if n >= FEWEST:
        return "no longer used: the answers’ facility predicts marks"
    return f"predicts marks until there are {FEWEST} answers"


def whole_facts(shown: WholeFigures) -> list[dict[str, Any]]:
    """The figures of a test, each with what it rests on."""
    measures = shown.measures
    rows = [
        ("Candidates", f"{shown.n:,}", ""),
        ("Mean", figure(measures.mean), _within(spread(shown.mean_interval, 1))),
        ("Median", figure(measures.median), ""),
        ("Standard deviation", _in_marks(measures.sd), ""),
        ("Skewness", figure(measures.skewness, 2), ""),
        ("Kurtosis", figure(measures.kurtosis, 2), ""),
        ("Cronbach’s alpha", figure(measures.alpha), _within(spread(shown.alpha_interval))),
        ("Error ratio", figure(measures.error_ratio), ""),
        ("Standard error", _in_marks(measures.standard_error), ""),
    ]
    return [{"label": label, "value": value, "second": second} for label, value, second in rows]


# -------------------------------------------------------------------------------------- as charts


@dataclass(frozen=True)
class Chart:
    """A drawing's places: everything in pixels of a box of `width` by `height`."""

    width: int
    height: int
    columns: tuple[tuple[float, float, float, float], ...]
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[tuple[float, float, str, str], ...]
    bands: tuple[tuple[float, float], ...]
    floor: int
    top: int
    highest: tuple[float, float, str]


_TOP, _FLOOR, _FOOT, _LINE = 26, 176, 204, 20
WIDE, NARROW = 640, 320
_MOST_COLUMNS: Final = {WIDE: 80, NARROW: 25}


def whole_title(shown: WholeFigures) -> str:
    """What the drawing of a test's totals shows, in words."""
    if not shown.bands:
        return f"Totals of {shown.n:,} {'candidate' if shown.n == 1 else 'candidates'}"
    reached, title = sum(one.share for one in shown.grades[1:]), shown.grades[1].grade
    return f"{share(reached)} reached {GRADE_TITLES.get(title, title.capitalize())} or more"


def histogram(shown: WholeFigures, width: int) -> Chart:
    """The totals as columns, with the boundaries and the bands of one standard error.

    Args:
        shown: a test that somebody sat.
        width: `WIDE`, or `NARROW` for a phone: there several marks share a column.
    """
    maximum = len(shown.totals) - 1
    step = -(-(maximum + 1) // _MOST_COLUMNS[width])
    heights = [
        sum(one.count for one in shown.totals[start : start + step])
        for start in range(0, maximum + 1, step)
    ]
    unit = (width - 16) / (len(heights) * step)
    top = _TOP + _LINE * len(shown.bands)
    most = max(heights)
    columns = tuple(
        (
            8 + place * step * unit,
            _FLOOR - (_FLOOR - top) * count / most,
            step * unit - 1,
            (_FLOOR - top) * count / most,
        )
        for place, count in enumerate(heights)
        if count
    )
    highest = heights.index(most)
    between = 10 if width > NARROW else 20
    return Chart(
        width=width,
        height=_FOOT,
        columns=columns,
        ticks=tuple(
            (8 + (mark + 0.5) * unit, str(mark)) for mark in range(0, maximum + 1, between)
        ),
        lines=tuple(_lines(shown, unit, width)),
        bands=tuple(
            (8 + (band.low + 0.5) * unit, (band.high - band.low) * unit)
            for band in shown.bands
            if band.low is not None and band.high is not None
        ),
        floor=_FLOOR,
        top=top,
        highest=(8 + highest * step * unit - 4, top + 11, str(most)),
    )


def _lines(shown: WholeFigures, unit: float, width: int) -> Iterator[tuple[float, float, str, str]]:
    """Each boundary: where, how high its words stand, these, and on which side of the line."""
    for place, band in enumerate(shown.bands):
        x = 8 + band.boundary * unit
        words = f"{GRADE_TITLES.get(band.grade, band.grade.capitalize())} {band.boundary:g}"
        # The highest stands on top: no line then crosses the words of another.
        y = 14 + _LINE * (len(shown.bands) - 1 - place)
        yield x, y, words, "end" if x > width / 2 else "start"


def mark_bars(shown: ItemFigures) -> list[dict[str, Any]]:
    """How often each mark was given, as bars."""
    return [
        {
            "title": f"{one.mark} {'mark' if one.mark == 1 else 'marks'}",
            "words": f"{one.count:,}",
            "share": 100 * one.share,
        }
        for one in shown.marks
    ]


def version_bars(rows: Sequence[VersionFigures]) -> list[dict[str, Any]]:
    """The facility of each version that has answers, with its interval, in percent."""
    return [
        {
            "title": f"Version {one.version.number}, {one.figures.measures.n:,} answers",
            "words": share(one.figures.measures.facility),
            "at": 100 * one.figures.measures.facility,
            "low": 100 * one.figures.facility_interval[0],
            "high": 100 * one.figures.facility_interval[1],
        }
        for one in rows
        if one.figures.measures.facility is not None and one.figures.facility_interval is not None
    ]
