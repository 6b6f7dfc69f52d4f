"""What the question bank's own arithmetic costs: a draw, an import, the statistics of a test."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Final

import numpy as np
from defusedxml.ElementTree import fromstring

from bench.measuring import cost_of
from bench.report import Line
from frameworks import MarkedMethod, load_plan
from question_bank.drawing.draw import draw
from question_bank.drawing.loading import default_blueprint
from question_bank.drawing.paper import DrawBlueprint, PoolItem
from question_bank.drawing.pool import Pool
from question_bank.interchange.item import Item, Option, settled
from question_bank.interchange.outcome import judged
from question_bank.interchange.reading import opened
from question_bank.interchange.writing import ExportFormat, write
from question_bank.statistics.rules import MarkMatrix, matrix_measures

FRAMEWORK: Final = "st0663"
# How many times its floor each may cost. A draw keeps rules that its floor knows nothing of, an
# import cleans markup, and exact sums cost more than floating ones.
DRAW_BAR, IMPORT_BAR, STATISTICS_BAR = 4.0, 5.0, 2.0
_POOL, _PACKAGE, _ATTEMPTS = 100_000, 1_000, 25_000
_POSITIONS: Final = 40


def lines(
    rounds: int, *, pool: int = _POOL, package: int = _PACKAGE, attempts: int = _ATTEMPTS
) -> Iterator[Line]:
    """Measure each beside the plain computation; each line as soon as it is known.

    Args:
        rounds: how many turns each takes.
        pool: the items that a paper is drawn from.
        package: the items of a QTI package.
        attempts: the candidates of a test of forty questions.
    """
    drawing, plainly = _draws(pool)
    title = f"A paper of {pool:,} items"
    yield Line(title, cost_of(drawing, plainly, rounds), DRAW_BAR)
    with NamedTemporaryFile(suffix=".zip") as file:
        _write_package(Path(file.name), package)
        reading = partial(_read, Path(file.name))
        parsing = partial(_parse, Path(file.name))
        title = f"A package of {package:,} questions"
        yield Line(title, cost_of(reading, parsing, rounds), IMPORT_BAR)
    matrix = _matrix(attempts)
    title = f"Statistics of {attempts * _POSITIONS:,} answers"
    measuring, summing = partial(matrix_measures, matrix), partial(_correlate, matrix)
    yield Line(title, cost_of(measuring, summing, rounds), STATISTICS_BAR)


# -------------------------------------------------------------------------------------------- draw


def _draws(items: int) -> tuple[Callable[[], object], Callable[[], object]]:
    """A draw, another seed each time, and a draw at random alone in numpy."""
    blueprint = default_blueprint(FRAMEWORK)
    pool, seeds = Pool(_pool_items(items, blueprint)), count()
    predicted = np.array(pool.predicted)
    cells = [
        (np.array([place for tier in pool.tiers[cell.key] for place in tier.places]), cell.count)
        for cell in blueprint.cells
    ]
    chance = np.random.default_rng(1)

    def plainly() -> float:
        chosen = [places[chance.integers(len(places), size=many)] for places, many in cells]
        return float(predicted[np.concatenate(chosen)].sum())

    return lambda: draw(pool, blueprint, next(seeds)), plainly


def _pool_items(items: int, blueprint: DrawBlueprint) -> Iterator[PoolItem]:
    method = load_plan(FRAMEWORK).methods["knowledge_test"]
    assert isinstance(method, MarkedMethod), "a test is marked"
    marks = {kind.code: max(kind.marks) for kind in method.question_types}
    cells = blueprint.cells
    for number in range(items):
        cell = cells[number % len(cells)]
        yield PoolItem(
            reference=f"Q{number:06}",
            version=1,
            type_code=cell.type_code,
            ksb=cell.ksb,
            marks=marks[cell.type_code],
            estimate=0.5 + number % 41 / 100,
            uses=number % 7,
            options=4 if cell.type_code == "multiple_choice" else 0,
        )


# ------------------------------------------------------------------------------------------ import


def _write_package(path: Path, items: int) -> None:
    out = BytesIO()
    write(map(_item, range(items)), ExportFormat.QTI_3, out, 4)
    path.write_bytes(out.getvalue())


def _item(number: int) -> Item:
    """A question of the usual length, every third an open one."""
    text = (
        f"<p>Case {number}: what would you do <strong>first</strong>, and why this before all?</p>"
    )
    about: dict[str, Any] = {
        "reference": f"Q{number:06}",
        "title": f"Case {number}",
        "stem": text,
        "ksbs": ("K9",),
        "tags": ("bench",),
        "facility": 0.7,
    }
    if number % 3 == 0:
        points = tuple(f"Names the point {place} of case {number}" for place in range(4))
        return settled(Item(type_code="short_answer", marks=2, guide=points, **about))
    options = tuple(
        Option(f"Do {place} for case {number}", f"Because of {place}") for place in range(4)
    )
    return settled(Item(type_code="multiple_choice", marks=1, options=options, key=1, **about))


def _read(path: Path) -> int:
    """Read and judge a package as `plumbline questions import` does."""
    method = load_plan(FRAMEWORK).methods["knowledge_test"]
    assert isinstance(method, MarkedMethod), "a test is marked"
    with opened(path) as (_form, entries):
        return sum(1 for _entry in judged(entries, method))


def _parse(path: Path) -> int:
    """The same files through the XML parser alone."""
    with zipfile.ZipFile(path) as package:
        roots = (fromstring(package.read(name)) for name in package.namelist() if _is_xml(name))
        return sum(1 for _root in roots)


def _is_xml(name: str) -> bool:
    return name.endswith(".xml")


# -------------------------------------------------------------------------------------- statistics


def _matrix(attempts: int) -> MarkMatrix:
    chance = np.random.default_rng(1)
    marks = chance.integers(0, 3, size=(attempts, _POSITIONS), dtype=np.int64)
    codes = tuple(f"Q{place}" for place in range(_POSITIONS))
    names = tuple(map(str, range(attempts)))
    return MarkMatrix(names, codes, np.full(_POSITIONS, 2), marks)


def _correlate(matrix: MarkMatrix) -> list[tuple[float, float, float]]:
    """Facility, deviation and correlation with the rest, item by item, in floating point."""
    totals = matrix.marks.sum(axis=1)
    return [
        (
            float(marks.mean() / maximum),
            float(marks.std(ddof=1)),
            float(np.corrcoef(marks, totals - marks)[0, 1]),
        )
        for marks, maximum in zip(matrix.marks.T, matrix.maxima, strict=True)
    ]
