"""A checked upload as a table of text, and a list of clients as the bytes that are kept of it."""

from __future__ import annotations

import csv
import io
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from epa.client_data import sheets
from epa.uploads import CheckedUpload
from frameworks.faults import Fault, TableFaults
from frameworks.kpis.clients import OPTIONAL_DATES, REQUIRED, TEXTS, Client, ClientList
from frameworks.kpis.clients import read_clients as _read_clients
from frameworks.kpis.tables import ADVICE, MOST_ROWS, Table, table_of

ENDINGS: Final = ("csv", "xlsx")
_DELIMITERS: Final = ",;\t"
_BLOCK: Final = 1024 * 1024
_QUICKLY: Final = 1
Rows = Iterable[tuple[int, Sequence[str]]]


def table_from(upload: CheckedUpload) -> Table:
    """The table that a checked file holds, its rows still to be walked through.

    Raises:
        TableFaults: it has no header, is damaged, is no UTF-8, or has more rows than the cap;
            walking through the rows may raise it too.
    """
    name = upload.display_name
    read = _sheet if upload.extension == "xlsx" else _csv
    return table_of(name, read(upload))


def _sheet(upload: CheckedUpload) -> Rows:
    name = upload.display_name
    try:
        claimed = sheets.rows_claimed(upload.content)
    except sheets.NoSheet as error:
        raise _no_workbook(name) from error
    _check_length(upload, claimed, _rows_of_sheet)
    return _rows_of_sheet(upload)


def _rows_of_sheet(upload: CheckedUpload) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        yield from sheets.rows_of(upload.content)
    except sheets.NoSheet as error:
        raise _no_workbook(upload.display_name) from error


def _no_workbook(name: str) -> TableFaults:
    problem = "the workbook cannot be read; save it anew as an Excel workbook, or as CSV"
    return TableFaults([Fault(name, "", problem)])


def _check_length(upload: CheckedUpload, lines: int, rows: Callable[[CheckedUpload], Rows]) -> None:
    """Refuse a list far too long before its rows are looked at; empty lines are none.

    Raises:
        TableFaults: it has more rows than the cap, beside the header.
    """
    if lines <= MOST_ROWS:
        return
    filled = (number for number, cells in rows(upload) if any(map(str.strip, cells)))
    beyond = next(islice(filled, MOST_ROWS + 1, None), None)
    if beyond is not None:
        problem = f"more than {MOST_ROWS} rows; {ADVICE}"
        raise TableFaults([Fault(upload.display_name, f"row {beyond}", problem)])


def _csv(upload: CheckedUpload) -> Rows:
    upload.content.seek(0)
    lines = sum(one.count(b"\n") for one in iter(lambda: upload.content.read(_BLOCK), b""))
    _check_length(upload, lines, _rows_of_csv)
    return _rows_of_csv(upload)


def _rows_of_csv(upload: CheckedUpload) -> Iterator[tuple[int, Sequence[str]]]:
    upload.content.seek(0)
    number = 0
    # A wrapper closes what it wraps when it is forgotten; it is let go of first.
    text = io.TextIOWrapper(upload.content, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
        delimiter = max(_DELIMITERS, key=first.count)
        text.seek(0)
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except UnicodeDecodeError as error:
        problem = "UTF-8 text was expected; save the table as “CSV UTF-8”, or as a workbook"
        raise TableFaults([Fault(upload.display_name, f"after row {number}", problem)]) from error
    except csv.Error as error:
        fault = Fault(upload.display_name, f"row {number + 1}", f"CSV was expected: {error}")
        raise TableFaults([fault]) from error
    finally:
        text.detach()


def kept(listed: ClientList) -> bytes:
    """A list as it is kept: its known columns as CSV, compressed, each row where it stood."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns_of(listed))
    number = 1
    for client, values in zip(listed.clients, _values_of(listed), strict=True):
        if client.row > number + 1:
            text.write("\n" * (client.row - number - 1))
        writer.writerow(values)
        number = client.row
    return zlib.compress(text.getvalue().encode(), level=_QUICKLY)


def read_kept(content: bytes) -> ClientList:
    """A list as it was kept."""
    lines = csv.reader(io.StringIO(zlib.decompress(content).decode(), newline=""))
    return _read_clients(table_of("", enumerate(lines, start=1)))


def columns_of(listed: ClientList) -> tuple[str, ...]:
    """The columns that are kept of a list, in one order."""
    most = max((len(one.jobs) for one in listed.clients), default=1)
    further = (
        f"job{number}_{end}" for number in range(2, max(most, 1) + 1) for end in ("start", "end")
    )
    return (
        *REQUIRED,
        *further,
        *(one for one in (*OPTIONAL_DATES, *TEXTS) if one in listed.columns),
    )


def rows_of(listed: ClientList) -> Iterator[list[str]]:
    """The texts of each client, in the order of `columns_of`."""
    for values in _values_of(listed):
        yield ["" if one is None else str(one) for one in values]


def _values_of(listed: ClientList) -> Iterator[list[object]]:
    """The same as it is known: a day prints as it is read, and None is an empty cell."""
    columns = columns_of(listed)
    also = [
        Client._fields.index(name) for name in columns if name in OPTIONAL_DATES or name in TEXTS
    ]
    ends = len(columns) - len(also)
    for client in listed.clients:
        row: list[object] = [client.reference, client.service_start]
        for job in client.jobs:
            row += job
        row += [None] * (ends - len(row))
        row += [client[place] for place in also]
        yield row
