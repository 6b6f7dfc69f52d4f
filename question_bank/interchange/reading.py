"""Reading a file of any known format: what it is, seen by its content, and its items in turn."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Final

from question_bank.interchange.faults import LARGEST_FILE, Unreadable
from question_bank.interchange.gift_reading import read_gift
from question_bank.interchange.moodle_reading import read_moodle
from question_bank.interchange.outcome import Read, Refused
from question_bank.interchange.package import Package
from question_bank.interchange.qti_reading import read_package, read_single
from question_bank.interchange.safe_xml import first_name
from question_bank.interchange.table_files import read_csv, read_xlsx
from question_bank.interchange.tables import column_named


class Format(StrEnum):
    """A format that items are read from."""

    QTI = "qti"
    MOODLE_XML = "moodle-xml"
    GIFT = "gift"
    CSV = "csv"
    XLSX = "xlsx"


_ZIP: Final = b"PK\x03\x04"
_WORKBOOK: Final = "xl/workbook.xml"
_LOOKED_AT: Final = 65_536  # bytes
_ROOTS: Final = {
    "quiz": Format.MOODLE_XML,
    "assessmentItem": Format.QTI,
    "qti-assessment-item": Format.QTI,
    "questestinterop": Format.QTI,
}
# What other files begin with, so that a message can say what was given instead.
_OTHERS: Final = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "a file of an older Office",
    b"{": "JSON",
    b"SQLite": "a database",
    b"\x1f\x8b": "a gzip archive",
    b"7z": "a 7z archive",
}


@contextmanager
def opened(path: Path, stated: Format | None = None) -> Iterator[tuple[Format, Entries]]:
    """Open a file of items.

    Args:
        path: the file.
        stated: what it is; found out from its content when left out.

    Yields:
        Its format, and its items one after the other: each read, or refused by name.

    Raises:
        Unreadable: it cannot be read as what it is; also while its items are fetched.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable(f"it is larger than {LARGEST_FILE:,} bytes")
        stream = path.open("rb")
    except (OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        problem = getattr(error, "strerror", None) or str(error)
        raise Unreadable(f"the file cannot be read: {problem}") from error
    with stream:
        found = stated or detected(stream)
        stream.seek(0)
        yield found, _READERS[found](stream)


def detected(stream: IO[bytes]) -> Format:
    """What a file is, by its content: a name may say anything.

    Raises:
        Unreadable: it is nothing that items are read from.
    """
    beginning = stream.read(_LOOKED_AT)
    if beginning.startswith(_ZIP):
        return Format.XLSX if _WORKBOOK in Package(stream).names else Format.QTI
    for start, name in _OTHERS.items():
        if beginning.startswith(start):
            raise Unreadable(f"it is {name}; {_expected()} was expected")
    text = _text(beginning)
    if text.lstrip().startswith("<"):
        root = first_name(beginning)
        if root not in _ROOTS:
            raise Unreadable(f"it is XML of another kind ({root!r}); {_expected()} was expected")
        return _ROOTS[root]
    if _is_table(text):
        return Format.CSV
    if "{" in text and "\0" not in text:
        return Format.GIFT
    raise Unreadable(f"nothing in it is known; {_expected()} was expected")


def _text(beginning: bytes) -> str:
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        return beginning.decode("utf-16", "replace")
    return beginning.decode("utf-8-sig", "replace")


def _is_table(text: str) -> bool:
    """Whether the first line is a header with a column for the question."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return any(
        "stem" in {column_named(cell.strip('"')) for cell in head.split(delimiter)}
        for delimiter in ",;\t"
    )


def _expected() -> str:
    return "QTI, Moodle XML, GIFT, CSV or XLSX"


def _qti(stream: IO[bytes]) -> Entries:
    is_zip = stream.read(len(_ZIP)) == _ZIP
    stream.seek(0)
    return read_package(stream) if is_zip else read_single(stream.read())


def _gift(stream: IO[bytes]) -> Entries:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig")
    try:
        yield from read_gift(text)
    except UnicodeDecodeError as error:
        raise Unreadable("UTF-8 text was expected") from error
    finally:
        text.detach()


Entries = Iterator[Read | Refused]
_READERS: Final[dict[Format, Callable[[IO[bytes]], Entries]]] = {
    Format.QTI: _qti,
    Format.MOODLE_XML: read_moodle,
    Format.GIFT: _gift,
    Format.CSV: read_csv,
    Format.XLSX: read_xlsx,
}
