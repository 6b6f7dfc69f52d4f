"""CSV and XLSX files of items: read row by row, written row by row."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime, time
from typing import IO, TYPE_CHECKING, Any, Final

from question_bank.interchange.faults import LONGEST_TEXT, Unfit, Unreadable
from question_bank.interchange.item import Item
from question_bank.interchange.outcome import Read, Refused
from question_bank.interchange.package import Package
from question_bank.interchange.tables import Row, columns, heads, read_rows, row_of

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

SHEET: Final = "items"
LONGEST_CELL: Final = 32_767  # characters, by the format
_WIDEST: Final = 200  # columns that are looked at
_LARGEST_FIELD: Final = 20 * LONGEST_TEXT
_DELIMITERS: Final = ",;\t"
NumberedRows = Generator[tuple[int, Sequence[str]], None, None]


class FormulaCell(ValueError):
    """A cell that holds a formula where a text was expected."""


def read_csv(stream: IO[bytes]) -> Iterator[Read | Refused]:
    """Read a table of comma-, semicolon- or tab-separated values in UTF-8.

    Raises:
        Unreadable: it is of another code, has no usable header, or breaks off.
    """
    with closing(csv_rows(stream)) as rows:
        yield from _read(rows)


def csv_rows(stream: IO[bytes]) -> NumberedRows:
    """The rows of such a table, numbered from 1; to be closed by whoever stops before the end.

    Raises:
        Unreadable: it is of another code, or breaks off.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        csv.field_size_limit(_LARGEST_FIELD)
        first = text.readline()
        delimiter = max(_DELIMITERS, key=first.count)
        lines = _from_here(first, text)
        yield from enumerate(csv.reader(lines, delimiter=delimiter), start=1)
    except UnicodeDecodeError as error:
        raise Unreadable("UTF-8 text was expected") from error
    except csv.Error as error:
        raise Unreadable(f"comma-separated values were expected: {error}") from error
    finally:
        text.detach()


def read_xlsx(stream: IO[bytes]) -> Iterator[Read | Refused]:
    """Read the sheet named `items`, else the first, of a workbook.

    A row with a formula is refused: its result would be whatever was worked out last.

    Raises:
        Unreadable: it is no workbook, not a safe one, or has no usable header.
    """
    formulas: dict[int, str] = {}
    with closing(sheet_rows(stream, formulas, SHEET)) as rows:
        yield from _read(rows, formulas)


def sheet_rows(stream: IO[bytes], formulas: dict[int, str], called: str) -> NumberedRows:
    """The rows of a workbook's sheet as texts, numbered from 1; to be closed like `csv_rows`.

    Args:
        stream: the workbook.
        formulas: is given the first cell with a formula of each row that has one.
        called: which sheet, if there is one of this name; else the first.

    Raises:
        Unreadable: it is no workbook, or not a safe one.
    """
    Package(stream)
    stream.seek(0)
    book = _book(stream)
    try:
        sheet = book[called] if called in book.sheetnames else book.worksheets[0]
        yield from _cells(sheet, formulas)
    finally:
        book.close()


def write_csv(items: Iterable[Item], out: IO[bytes], options: int) -> None:
    """Write a table in UTF-8 with a byte order mark, which spreadsheets need.

    Args:
        items: one after the other.
        out: where to.
        options: for how many options there are columns.

    Raises:
        Unfit: an item has more options.
    """
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    names = columns(options)
    writer = csv.DictWriter(text, names, restval="")
    writer.writeheader()
    for row in _rows(items, names):
        writer.writerow(row)
    text.detach()


def write_xlsx(items: Iterable[Item], out: IO[bytes], options: int) -> None:
    """Write a workbook with one sheet of text cells; as `write_csv`.

    Raises:
        Unfit: an item has more options, or a text longer than a cell holds.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    names = columns(options)
    sheet.append(list(names))
    try:
        for row in _rows(items, names):
            sheet.append([_text_cell(sheet, row, name) for name in names])
    except Unfit:
        book.save(io.BytesIO())  # which closes what the rows were written to, and removes it
        raise
    book.save(out)


def _text_cell(sheet: Any, row: Row, name: str) -> Any:
    """A cell that no spreadsheet works out."""
    from openpyxl.cell import WriteOnlyCell

    value = row.get(name, "")
    if len(value) > LONGEST_CELL:
        raise Unfit(
            f"{row['reference']}: {name} has more than the {LONGEST_CELL:,} characters that a cell"
            " holds"
        )
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _rows(items: Iterable[Item], names: Sequence[str]) -> Iterator[dict[str, str]]:
    for item in items:
        row = row_of(item)
        further = [name for name in row if name not in names]
        if further:
            raise Unfit(f"{item.reference}: there is no column {further[0]!r}")
        yield row


def _from_here(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


def _read(
    rows: Iterable[tuple[int, Sequence[str]]], formulas: dict[int, str] | None = None
) -> Iterator[Read | Refused]:
    """Read numbered rows, the header first; rows with a formula are refused."""
    filled = ((number, row) for number, row in rows if any(cell.strip() for cell in row))
    _, head = next(filled, (0, ()))
    try:
        names = heads(head)
    except Unfit as fault:
        raise Unreadable(str(fault)) from fault
    for number, row in filled:
        cells: Row = dict(zip(names, row, strict=False))
        formula = (formulas or {}).pop(number, None)
        if formula:
            reference = cells.get("reference", "").strip() or f"row {number}"
            yield Refused(reference, f"cell {formula} holds a formula; a text was expected")
        else:
            yield from read_rows([(number, cells)])


def _book(stream: IO[bytes]) -> Workbook:
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and other things that are not read
            book = load_workbook(stream, read_only=True, keep_links=False)
    except Exception as error:
        raise Unreadable(f"it is not a usable workbook: {error}") from error
    if not book.worksheets:
        raise Unreadable("the workbook has no sheet")
    return book


def _cells(sheet: Any, formulas: dict[int, str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as texts; notes where a formula stands."""
    try:
        for number, row in enumerate(sheet.iter_rows(max_col=_WIDEST), start=1):
            for cell in row:
                if cell.data_type == "f":
                    formulas.setdefault(number, cell.coordinate)
            yield number, [_text(cell.value) for cell in row]
    except Exception as error:
        raise Unreadable(f"the sheet breaks off: {error}") from error


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
