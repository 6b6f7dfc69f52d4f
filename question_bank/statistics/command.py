"""The command `plumbline questions statistics`: how the questions of a test behaved."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from question_bank import console

if TYPE_CHECKING:  # numpy waits until a file is read, so that --help is quick
    from question_bank.statistics.rules import ItemMeasures, MarkMatrix, WholeMeasures

_ITEM_HEADS = ("item", "n", "facility", "sd", "discrimination", "efficiency", "weight", "flags")


def main(argv: list[str], program: str) -> int:
    """Run the command and return its exit status: 0, or 2 on bad input."""
    parser = argparse.ArgumentParser(
        prog=program,
        description="Measure the items and the whole of a test from a matrix of marks.",
        epilog="MATRIX.csv has a header (a column for the candidate, one for each item), a row"
        " named max with the maximum marks, and a row a candidate; an empty cell counts 0.",
        allow_abbrev=False,
    )
    parser.add_argument("matrix", metavar="MATRIX.csv")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has printed the help or what it did not understand
        return stop.code if isinstance(stop.code, int) else 0
    return console.run_quietly(lambda: _run(arguments, program))


def _run(arguments: argparse.Namespace, program: str) -> int:
    from frameworks.faults import Faults
    from question_bank.statistics.matrix import read_matrix
    from question_bank.statistics.rules import matrix_measures

    try:
        matrix = read_matrix(arguments.matrix)
    except Faults as error:
        if arguments.json:
            console.print_document({"faults": [fault.as_json() for fault in error.faults]})
        return console.report(program, error.faults)
    items, test = matrix_measures(matrix)
    if arguments.json:
        console.print_document(_document(matrix, items, test))
    else:
        console.say(_lines(matrix, items, test))
    return 0


def _document(
    matrix: MarkMatrix, items: Mapping[str, ItemMeasures], test: WholeMeasures
) -> dict[str, Any]:
    return {
        "candidates": len(matrix.candidates),
        "items": {code: asdict(one) | _beside(one) for code, one in items.items()},
        "test": asdict(test),
    }


def _beside(measures: ItemMeasures) -> dict[str, Any]:
    """How far an item's figures may be trusted, and what they call somebody to look at."""
    from question_bank.statistics.flags import flags
    from question_bank.statistics.intervals import discrimination_interval, facility_interval

    index = measures.discrimination_index
    return {
        "facility_interval": (
            None if measures.facility is None else facility_interval(measures.facility, measures.n)
        ),
        "discrimination_interval": (
            None if index is None else discrimination_interval(index, measures.n)
        ),
        "flags": flags(measures),
    }


def _lines(
    matrix: MarkMatrix, items: Mapping[str, ItemMeasures], test: WholeMeasures
) -> Iterator[str]:
    from question_bank.statistics.flags import flags

    rows = [
        (
            console.on_one_line(code),
            str(one.n),
            _figure(one.facility, 3),
            _figure(one.sd, 3),
            _figure(one.discrimination_index, 1),
            _figure(one.discriminative_efficiency, 1),
            _figure(one.effective_weight, 1),
            ", ".join(flags(one)).replace("_", " "),
        )
        for code, one in items.items()
    ]
    yield f"{len(matrix.candidates)} candidates, {len(items)} items"
    yield ""
    yield from _table([_ITEM_HEADS, *rows])
    yield ""
    yield from _table(
        (name.replace("_", " "), _figure(value, 3)) for name, value in asdict(test).items()
    )


def _table(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _figure(value: float | None, places: int) -> str:
    return "-" if value is None else f"{value:.{places}f}"
