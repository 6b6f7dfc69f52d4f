"""Tables of text with numbered rows: a header, cells by column, and faults with their row."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from frameworks.faults import Fault, TableFaults, unreadable

LARGEST_FILE_BYTES = 100_000_000
MOST_ROWS = 200_000
BLOCK = 1_000_000
ADVICE = (
    "leave out what lies before the period that is looked at and the columns that are not needed,"
    " or work the indicators out service by service"
)
EARLIEST = date(1900, 1, 1)
# What a spreadsheet takes for a formula: one of these first, unless a plain number follows.
FORMULA = re.compile(r"[=@]|[+-](?!\d+([.,]\d+)?$).")
SIGNS = ("=", "@", "+", "-")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Table:
    """A table's file, its columns by their plain names, and its rows of text.

    Rows carry their number as a spreadsheet shows it: the header is row 1. A reader of
    spreadsheets writes dates out in ISO form first.
    """

    file: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[int, Sequence[str]]]

    def fault(self, row: int, column: str, problem: str) -> Fault:
        """Return a fault with its row and column."""
        return Fault(self.file, f"row {row}, {column}" if column else f"row {row}", problem)

    def place(self, column: str) -> int:
        """Return where a column stands in a row's texts; one that is not there is empty."""
        return self.columns.index(column) if column in self.columns else len(self.columns)

    def texts(self, cells: Sequence[str]) -> list[str]:
        """Return a row's cells, stripped, with an empty one for each that is not there."""
        width = len(self.columns)
        if len(cells) == width:
            return [*map(str.strip, cells), ""]
        return [*map(str.strip, cells[:width]), *[""] * (width + 1 - len(cells[:width]))]

    def width_faults(self, row: int, cells: Sequence[str]) -> Iterator[Fault]:
        """Find cells beyond the header's last column; empty ones do no harm."""
        if "".join(cells[len(self.columns) :]).strip():
            yield self.fault(row, "", f"{len(cells)} cells; the header has {len(self.columns)}")


def plain_name(heading: str) -> str:
    """Return a column's heading as it is looked for: `Service start ` is `service_start`."""
    return re.sub(r"[\s_-]+", "_", heading.strip().casefold())


def table_of(file: str, rows: Iterable[tuple[int, Sequence[str]]]) -> Table:
    """Return rows as a table; the first row that is not empty is the header.

    Raises:
        TableFaults: there is no header, or a column stands in it twice.
    """
    filled = (
        (number, cells)
        for number, cells in rows
        if (cells and cells[0].strip()) or "".join(cells).strip()
    )
    first = next(filled, None)
    if first is None:
        raise TableFaults([Fault(file, "row 1", "a header row was expected; the file is empty")])
    number, headings = first
    columns = tuple(map(plain_name, headings))
    twice = [name for name, times in Counter(columns).items() if times > 1 and name]
    if twice:
        raise TableFaults(
            Fault(file, f"row {number}, {name}", "the column stands twice") for name in twice
        )
    return Table(file, columns, _up_to_the_cap(file, filled))


def _up_to_the_cap(
    file: str, rows: Iterable[tuple[int, Sequence[str]]]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Pass rows on up to the cap, and refuse the rest of a table beyond it."""
    for count, (number, cells) in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise TableFaults(
                [Fault(file, f"row {number}", f"more than {MOST_ROWS} rows; {ADVICE}")]
            )
        yield number, cells


def read_csv(path: Path | str) -> Table:
    """Return a CSV file as a table, read row by row as it is walked through.

    Raises:
        TableFaults: the file cannot be read, is too large, has no header, or has more rows than
            the cap. Walking through the rows raises it too: at bytes that are no UTF-8, and at a
            broken quotation.
    """
    name, file = str(path), Path(path)
    try:
        size = file.stat().st_size
        lines = _lines(file) if file.is_file() and size <= LARGEST_FILE_BYTES else 0
    except (OSError, ValueError) as error:
        raise TableFaults([unreadable(name, error)]) from error
    if size > LARGEST_FILE_BYTES:
        problem = f"larger than {LARGEST_FILE_BYTES} bytes; {ADVICE}"
        raise TableFaults([Fault(name, "", problem)])
    if lines > MOST_ROWS:
        # Counted first, so that a list far too long is refused before its rows are looked at.
        deque(table_of(name, _csv_rows(file, name)).rows, maxlen=0)
    return table_of(name, _csv_rows(file, name))


def _lines(file: Path) -> int:
    """Count line ends; a row has one, and more where a cell holds some."""
    with file.open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(BLOCK), b""))


def _csv_rows(path: Path, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for number, cells in enumerate(csv.reader(stream, strict=True), start=1):
                yield number, cells
    except OSError as error:
        raise TableFaults([unreadable(name, error)]) from error
    except UnicodeDecodeError as error:
        fault = Fault(name, f"after row {number}", "UTF-8 text was expected")
        raise TableFaults([fault]) from error
    except csv.Error as error:
        fault = Fault(name, f"row {number + 1}", f"CSV was expected: {error}")
        raise TableFaults([fault]) from error


def lacking(table: Table, required: Sequence[str]) -> tuple[Fault, ...]:
    """Find the required columns that a table does not have."""
    return tuple(
        Fault(
            table.file, name, f"the column is missing; the header has: {', '.join(table.columns)}"
        )
        for name in required
        if name not in table.columns
    )


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would work a cell out instead of showing it."""
    return text[:1] in SIGNS and FORMULA.match(text) is not None


@lru_cache(maxsize=65536)
def iso_date(text: str) -> date | None:
    """Return the date that a text says as YYYY-MM-DD, None where it says none since 1900."""
    if not ISO_DATE.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found >= EARLIEST else None
