"""A CSV or an Excel workbook as rows of cells under our own names of columns; nothing is judged."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final

from openpyxl import load_workbook

from epa.imports.cells import Cell, Fault, Unusable, is_blank
from epa.uploads import CheckedUpload

ENDINGS: Final = frozenset({"csv", "xlsx"})
MOST_MEGABYTES: Final = 10
MOST_BYTES: Final = MOST_MEGABYTES * 1024**2
MOST_ROWS: Final = 20_000
_MOST_COLUMNS: Final = 200
_ROWS_OF_A_SHEET: Final = 1_048_576
_DELIMITERS: Final = ",;\t"

REQUIRED: Final = (
    "uln",
    "given_names",
    "family_name",
    "date_of_birth",
    "employer",
    "learning_start",
)
COLUMNS: Final = (
    *("uln", "given_names", "family_name", "date_of_birth", "email", "employer"),
    *("provider_ukprn", "learning_start", "original_start", "planned_end", "english", "maths"),
    *("ehc_plan", "legacy_statement", "bsl", "english_maths_opt_in", "planned_gateway"),
    *("employer_contact_name", "employer_contact_email", "workplace_address"),
    "standard_reference",
)
# What the Individualised Learner Record calls them.
_LEARNER_RECORD: Final = {
    "ukprn": "provider_ukprn",
    "learnstartdate": "learning_start",
    "plannedenddate": "planned_end",
    "employername": "employer",
}
_BY_FOLDED_NAME: Final = {name.replace("_", ""): name for name in COLUMNS} | _LEARNER_RECORD


class Unreadable(Exception):
    """A file that is not a table of apprentices; ``faults`` say why, mostly of its first row."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.problem for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class TableRow:
    """One row under the header that is not blank; the header is row 1."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Table:
    """The rows, and what should be said of the file as a whole."""

    rows: Sequence[TableRow]
    notes: Sequence[Fault]


def read(upload: CheckedUpload) -> Table:
    """The rows of a checked file.

    Raises:
        Unreadable: it is damaged, has no header with the required columns, or too many rows.
    """
    upload.content.seek(0)
    notes: list[Fault] = []
    lines = (
        _sheet(upload.content, notes) if upload.extension == "xlsx" else _csv(upload.content, notes)
    )
    numbered = ((number, cells) for number, cells in enumerate(lines, start=1))
    first, names = _header(numbered, notes)
    rows: list[TableRow] = []
    for number, cells in numbered:
        if all(map(is_blank, cells)):
            continue
        if len(rows) == MOST_ROWS:
            raise Unreadable(
                Fault(number, "", f"a file has at most {MOST_ROWS:,} rows; split this one")
            )
        if not all(map(is_blank, cells[len(names) :])):
            notes.append(Fault(number, "", "has more cells than the header; they are left out"))
        found = {name: cell for name, cell in zip(names, cells, strict=False) if name}
        rows.append(TableRow(number - first + 1, found))
    return Table(rows, notes)


def _header(
    lines: Iterator[tuple[int, Sequence[Cell]]], notes: list[Fault]
) -> tuple[int, Sequence[str]]:
    """The number of the first line that is not blank, and our name for each of its columns."""
    for first, cells in lines:
        if all(map(is_blank, cells)):
            continue
        titles = ["" if is_blank(cell) else str(cell).strip() for cell in cells]
        names = [_BY_FOLDED_NAME.get(_folded(title), "") for title in titles]
        known = [name for name in names if name]
        faults = [
            Fault(1, name, "this column is there twice; leave one of them out")
            for name in dict.fromkeys(known)
            if known.count(name) > 1
        ]
        faults += [
            Fault(1, name, "this column is missing; it is required")
            for name in REQUIRED
            if name not in known
        ]
        if faults:
            raise Unreadable(*faults)
        notes += [
            Fault(1, title[:60], "this column is not one of ours; it is left out")
            for title, name in zip(titles, names, strict=True)
            if title and not name
        ]
        return first, names
    raise Unreadable(Fault(1, "", "the file is empty; a header with the columns was expected"))


def _folded(title: str) -> str:
    """A column's title as it is compared: GivenNames, given_names and “Given names” are one."""
    return "".join(letter for letter in title.casefold() if letter.isalnum())


# --------------------------------------------------------------------------------- CSV


def _csv(content: IO[bytes], notes: list[Fault]) -> Iterator[Sequence[Cell]]:
    said = _decoded(content.read(), notes)
    head = next((line for line in said.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise Unreadable(
                Fault(number, "", "cannot be taken apart: a quotation mark is out of place")
            ) from fault
        yield [_typed(cell) for cell in cells]


def _decoded(content: bytes, notes: list[Fault]) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.append(
            Fault(1, "", "the file is not UTF-8; it was read as Windows-1252: look at the accents")
        )
        return content.decode("cp1252", "replace")


def _typed(cell: str) -> Cell:
    return Unusable(_FORMULA) if cell.lstrip().startswith("=") else cell


_FORMULA: Final = "holds a formula; put its value there"


# -------------------------------------------------------------------------------- XLSX


def _sheet(content: IO[bytes], notes: list[Fault]) -> Iterator[Sequence[Cell]]:
    try:
        book = load_workbook(content, read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        # What a file says of its own size is not believed: rows come as they are met.
        sheet.reset_dimensions()
        rows: Iterable[Sequence[Any]] = sheet.iter_rows(
            max_col=_MOST_COLUMNS, max_row=_ROWS_OF_A_SHEET
        )
        others = [one.title for one in book.worksheets[1:]]
        if others:
            notes.append(Fault(1, "", "the workbook has several sheets; only the first is read"))
        for row in rows:
            yield [_of_sheet(cell) for cell in row]
        book.close()
    except Unreadable:
        raise
    except Exception as fault:  # (openpyxl fails on a damaged workbook in any way it likes)
        raise Unreadable(
            Fault(1, "", "the workbook cannot be read: it is damaged or not a workbook")
        ) from fault


def _of_sheet(cell: Any) -> Cell:
    kind = getattr(cell, "data_type", "n")
    if kind == "f":
        return Unusable(_FORMULA)
    if kind == "e":
        return Unusable("holds an error of the spreadsheet; put a value there")
    value: Cell = cell.value
    return value
