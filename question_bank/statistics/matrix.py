"""Reading a matrix of marks from a CSV file: every cell that cannot be a mark is named."""

from __future__ import annotations

import csv
import re
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, TextIO

import numpy as np

from frameworks import Fault, Faults
from question_bank.statistics.rules import MarkMatrix

MAXIMUM_ROW: Final = "max"
LARGEST_BYTES: Final = 200_000_000
MOST_FAULTS: Final = 100
_SHOWN: Final = 50  # characters of a cell at fault
_NUMBER: Final = re.compile(r"\d{1,9}(\.\d{1,6})?", re.ASCII)


class _Distinct(dict[str, int]):
    """The different texts of cells, numbered as they come: marks repeat, so few are parsed."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


@dataclass
class _Rows:
    """What the file says, before its numbers are looked at."""

    codes: Sequence[str] = ()
    candidates: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  # the row in the file of each row of cells
    cells: array[int] = field(default_factory=lambda: array("q"))
    distinct: _Distinct = field(default_factory=_Distinct)
    faults: list[Fault] = field(default_factory=list)


def read_matrix(path: str) -> MarkMatrix:
    """Read a matrix: a header, a row named `max` with the maxima, then a row a candidate.

    The first column names the candidate, each other column is an item. An empty cell is a missing
    answer and counts 0. The file is UTF-8, with or without a byte order mark.

    Raises:
        Faults: the file cannot be read or used; every cell at fault is named by row (the header
            is row 1) and column.
    """
    with _opened(path) as stream:
        rows = _rows(stream)
    if not rows.faults:
        matrix = _matrix(rows)
    if rows.faults:
        raise Faults(_limited([fault.in_file(path) for fault in rows.faults]))
    return matrix


@contextmanager
def _opened(path: str) -> Iterator[TextIO]:
    """Open the file; what goes wrong while it is read becomes a fault."""
    try:
        if Path(path).stat().st_size > LARGEST_BYTES:
            raise Faults([Fault(path, "", f"at most {LARGEST_BYTES:,} bytes are read")])
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            yield stream
    except UnicodeDecodeError as error:
        raise Faults([Fault(path, "", "UTF-8 text was expected")]) from error
    except csv.Error as error:
        raise Faults([Fault(path, "", f"comma-separated values were expected: {error}")]) from error
    except (OSError, ValueError) as error:
        if isinstance(error, Faults):
            raise
        problem = getattr(error, "strerror", None) or str(error)
        raise Faults([Fault(path, "", f"the file cannot be read: {problem}")]) from error


def _rows(stream: TextIO) -> _Rows:
    rows = _Rows()
    header: list[str] | None = None
    for number, row in enumerate(csv.reader(stream, strict=True), start=1):
        if not row:
            continue  # an empty line, as at the end of many files
        if header is None:
            header = row
            rows.codes = [code.strip() for code in row[1:]]
            rows.faults += _header_faults(rows.codes, number)
        elif len(row) != len(header):
            problem = f"{len(header)} cells were expected, as in the header; there are {len(row)}"
            rows.faults.append(Fault("", f"row {number}", problem))
        else:
            rows.candidates.append(row[0].strip())
            rows.numbers.append(number)
            rows.cells.extend(map(rows.distinct.__getitem__, row[1:]))
    if not rows.faults:
        rows.faults += _name_faults(rows)
    return rows


def _header_faults(codes: Sequence[str], number: int) -> Iterator[Fault]:
    if not codes:
        problem = "a column for the candidate and one for each item were expected"
        yield Fault("", f"row {number}", problem)
    seen: set[str] = set()
    for column, code in enumerate(codes, start=2):
        if not code:
            yield Fault("", f"row {number}, column {column}", "the code of an item was expected")
        elif code in seen:
            problem = f"the item {code!r} has a column already"
            yield Fault("", f"row {number}, column {column}", problem)
        seen.add(code)


def _name_faults(rows: _Rows) -> Iterator[Fault]:
    if not rows.candidates or rows.candidates[0].lower() != MAXIMUM_ROW:
        number = rows.numbers[0] if rows.numbers else 2
        problem = f"the maximum marks were expected, in a row named {MAXIMUM_ROW!r}"
        yield Fault("", f"row {number}", problem)
    first: dict[str, int] = {}
    for name, number in zip(rows.candidates, rows.numbers, strict=True):
        if not name:
            yield Fault("", f"row {number}, column 1", "the candidate was expected")
        elif name in first:
            problem = f"{name!r} stands in row {first[name]} already"
            yield Fault("", f"row {number}, column 1", problem)
        first.setdefault(name, number)


def _matrix(rows: _Rows) -> MarkMatrix:
    """Turn cells into whole numbers; adds to the faults what cannot be a mark."""
    cells = np.frombuffer(rows.cells, dtype=np.int64).reshape(len(rows.candidates), -1)
    numbers = [_number(text) for text in rows.distinct]
    unit = 10 ** max((_decimals(one) for one in numbers if one is not None), default=0)
    units = np.array([-1 if one is None else int(one * unit) for one in numbers], dtype=np.int64)
    marks = units[cells]
    maxima = marks[0]
    wrong = (marks < 0) | ((marks > maxima) & (maxima > 0))
    wrong[0] = maxima <= 0
    texts = list(rows.distinct)
    for row, column in np.argwhere(wrong)[: MOST_FAULTS + 1].tolist():
        where = f"row {rows.numbers[row]}, column {rows.codes[column]}"
        expected = _expected(row, int(maxima[column]), unit)
        said = texts[cells[row, column]][:_SHOWN]
        rows.faults.append(Fault("", where, f"{expected}; it says {said!r}"))
    return MarkMatrix(tuple(rows.candidates[1:]), tuple(rows.codes), maxima, marks[1:], unit)


def _number(text: str) -> Decimal | None:
    text = text.strip()
    if not text:
        return Decimal(0)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _expected(row: int, maximum: int, unit: int) -> str:
    if row == 0:
        return "a number above 0 was expected"
    return "a mark was expected" if maximum <= 0 else f"0 to {maximum / unit:g} was expected"


def _limited(faults: list[Fault]) -> list[Fault]:
    if len(faults) <= MOST_FAULTS:
        return faults
    return [*faults[:MOST_FAULTS], Fault(faults[0].file, "", "and more faults like these")]
