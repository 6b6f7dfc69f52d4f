"""Lists to take away: the same rows as CSV or XLSX, in pieces, no cell a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from flask import Response, request
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from sqlalchemy import Select
from sqlalchemy.orm import Session

from epa.web.attachments import disposition
from epa.web.tables import harmless

ENDINGS: Final = ("csv", "xlsx")
ROWS_AT_ONCE: Final = 500
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_PIECE: Final = 64 * 1024
_IN_MEMORY: Final = 4 * 1024 * 1024
_LONGEST_CELL: Final = 32_767
_NO_XML: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
Cell = str | int | float | None


@dataclass(frozen=True)
class Export:
    """A list: what the file is called without its ending, the names of its columns, its rows."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def in_parts(
    session: Session,
    found: Select[Any],
    lines: Callable[[Sequence[Any]], Iterable[Sequence[Cell]]],
) -> Iterator[Sequence[Cell]]:
    """The rows of a list that may be long, some hundred in memory at once.

    Args:
        session: where to ask.
        found: a select with its order, in the reader's own scope; its first column is taken.
        lines: gives the rows for a part of what was found.
    """
    for part in session.scalars(found.execution_options(yield_per=ROWS_AT_ONCE)).partitions():
        yield from lines(part)


def answer(export: Export, ending: str) -> Response:
    """Answer with a list as a file.

    It is gathered on disk while the transaction that found the rows is still there, a few hundred
    rows in memory at once, and sent from there: what goes wrong is a page that says so, and no
    file that ends too early.

    Args:
        export: the list; its rows may be a generator over a query of the reader's own scope.
        ending: ``csv`` or ``xlsx``.
    """
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed when it is sent)
    try:
        (_write_csv if ending == "csv" else _write_xlsx)(export, file)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    response = Response(_pieces(file), content_type=_TYPES[ending])
    response.call_on_close(file.close)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = disposition(f"{export.name}.{ending}")
    return response


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file's bytes; it is closed when they are sent, and at once where none are asked for."""
    if request.method == "HEAD":
        file.close()
        return iter(())

    def sent() -> Iterator[bytes]:
        with file:
            yield from iter(partial(file.read, _PIECE), b"")

    return sent()


def _write_csv(export: Export, file: IO[bytes]) -> None:
    """CSV with a byte order mark, so that every script is read right."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(export.head)
    writer.writerows(map(_text, row) for row in export.rows)
    text.flush()
    text.detach()


def _text(cell: Cell) -> str:
    """A cell as CSV has it; a number is no formula, whatever its sign."""
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else str(cell)


def _write_xlsx(export: Export, file: IO[bytes]) -> None:
    """A workbook of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List")
    sheet.append([_cell(sheet, title) for title in export.head])
    for row in export.rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    book.save(file)
    file.seek(0, io.SEEK_END)


def _cell(sheet: Any, value: Cell) -> Any:
    """A cell that is text whatever it begins with, or a number."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    text = harmless(_NO_XML.sub("", value))[:_LONGEST_CELL]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
