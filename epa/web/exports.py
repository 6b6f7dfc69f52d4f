"""Lists to take away: the same rows as CSV or XLSX, sent as they are found, no cell a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from flask import Response, stream_with_context
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

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
Cell = str | int | None


@dataclass(frozen=True)
class Export:
    """A list: what the file is called without its ending, the names of its columns, its rows."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def answer(export: Export, ending: str) -> Response:
    """Answer with a list as a file; rows are asked for while it is sent.

    Args:
        export: the list; its rows may be a generator over a query of the reader's own scope.
        ending: ``csv`` or ``xlsx``.
    """
    pieces = _csv(export) if ending == "csv" else _xlsx(export)
    response = Response(stream_with_context(pieces), content_type=_TYPES[ending])
    response.headers["Content-Disposition"] = disposition(f"{export.name}.{ending}")
    return response


def _csv(export: Export) -> Iterator[str]:
    """CSV with a byte order mark, so that every script is read right."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write("\ufeff")
    writer.writerow(export.head)
    for number, row in enumerate(export.rows, start=1):
        writer.writerow([harmless(_text(cell)) for cell in row])
        if number % ROWS_AT_ONCE == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)


def _xlsx(export: Export) -> Iterator[bytes]:
    """A workbook of one sheet; it is gathered on disk, since its parts are not in order."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List")
    sheet.append([_cell(sheet, title) for title in export.head])
    for row in export.rows:
        sheet.append([_cell(sheet, cell) for cell in row])
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece


def _cell(sheet: Any, value: Cell) -> Any:
    """A cell that is text whatever it begins with, or a number."""
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    text = harmless(_NO_XML.sub("", value))[:_LONGEST_CELL]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    return cell
