"""The first sheet of a workbook as rows of text, read fast enough for a hundred thousand rows.

Cells are taken as they are stored: a date by its number format, a formula as a formula. Rows are
found by patterns, since a parser that calls back for each of millions of elements takes four times
as long; a sheet with a document type, a comment or a raw section is refused, so that nothing in it
can mean something else, and nothing is expanded or fetched.
"""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from html import unescape
from typing import IO, Final

from defusedxml import ElementTree

BLOCK: Final = 1024 * 1024
MOST_COLUMNS: Final = 200
_FIRST_DAY: Final = date(1899, 12, 30)
_FIRST_DAY_OF_1904: Final = date(1904, 1, 1)
_LAST_SERIAL: Final = 2_958_465  # 31 December 9999
# The numbers of the formats for dates that every workbook knows without naming them.
_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_NO_FORMAT: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DATE_LETTERS: Final = re.compile(r"[dmy]", re.IGNORECASE)
_RELATED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FORMULA: Final = "="
_ROOT: Final = re.compile(r"<((?:\w+:)?)(?:worksheet|sst)[ >]")
_ROW_NUMBER: Final = re.compile(r'\sr="(\d+)"')
_ATTRIBUTE: Final = re.compile(r'(\w+)="([^"]*)"')
_PLACE: Final = re.compile(r' r="([A-Z]+)[0-9]+"')
_FORMULA: Final = re.compile(r"<(?:\w+:)?f[ />]")
_Reader = Callable[[str, str], str]
_DAMAGE: Final = (
    *(zipfile.BadZipFile, EOFError, IndexError, KeyError, NotImplementedError, OSError),
    *(OverflowError, RuntimeError, ValueError, zlib.error, ElementTree.ParseError),
)


class NoSheet(ValueError):
    """A workbook that has no sheet that can be read."""


def rows_of(content: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row of the first sheet with its number; the texts of a row by column.

    Raises:
        NoSheet: the workbook is damaged, or has no sheet.
    """
    try:
        with zipfile.ZipFile(content) as package:
            sheet, has_1904 = _first_sheet(package)
            reader = _SheetReader(_shared(package), _date_styles(package), has_1904=has_1904)
            with package.open(sheet) as stream:
                yield from reader.rows(stream)
    except _DAMAGE as fault:
        raise NoSheet(type(fault).__name__) from fault


def rows_claimed(content: IO[bytes]) -> int:
    """Count how often a row begins in the first sheet, before any cell of it is looked at.

    Raises:
        NoSheet: as for `rows_of`.
    """
    try:
        with zipfile.ZipFile(content) as package:
            sheet, _ = _first_sheet(package)
            with package.open(sheet) as stream:
                return sum(one.count(b"<row") for one in iter(lambda: stream.read(BLOCK), b""))
    except _DAMAGE as fault:
        raise NoSheet(type(fault).__name__) from fault


def _first_sheet(package: zipfile.ZipFile) -> tuple[str, bool]:
    """The name of the part that holds the first sheet, and whether its days count from 1904."""
    book = ElementTree.fromstring(package.read("xl/workbook.xml"))
    related = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in related}
    first = book.findall("{*}sheets/{*}sheet")[0]
    target = targets[first.get(_RELATED)]
    properties = book.find("{*}workbookPr")
    has_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    return (target.removeprefix("/") if target.startswith("/") else f"xl/{target}"), has_1904


def _date_styles(package: zipfile.ZipFile) -> frozenset[str]:
    """The styles of cells, by their number as text, whose number is shown as a date."""
    if "xl/styles.xml" not in package.namelist():
        return frozenset()
    styles = ElementTree.fromstring(package.read("xl/styles.xml"))
    own = {
        one.get("numFmtId")
        for one in styles.findall("{*}numFmts/{*}numFmt")
        if _DATE_LETTERS.search(_NO_FORMAT.sub("", one.get("formatCode", "")))
    }
    formats = [one.get("numFmtId", "0") for one in styles.findall("{*}cellXfs/{*}xf")]
    return frozenset(
        str(place) for place, one in enumerate(formats) if one in own or int(one) in _DATES
    )


def _shared(package: zipfile.ZipFile) -> list[str]:
    """The texts that cells point to; how they are pronounced is left out."""
    if "xl/sharedStrings.xml" not in package.namelist():
        return []
    texts: list[str] = []
    with package.open("xl/sharedStrings.xml") as stream:
        for piece, prefix in _pieces(stream, "si"):
            texts.append(_joined(_tag(prefix, "rPh").sub("", piece), prefix))
    return texts


def _pieces(stream: IO[bytes], name: str) -> Iterator[tuple[str, str]]:
    """Yield the text up to each end of an element, with the prefix that elements have here.

    Raises:
        ValueError: it is no UTF-8, or has a document type, a comment or a raw section.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest, prefix, end = "", None, ""
    for block in iter(lambda: stream.read(BLOCK), b""):
        rest += decoder.decode(block)
        if "<!" in rest:
            raise ValueError("a document type")
        if prefix is None:
            if (root := _ROOT.search(rest)) is None:
                continue
            prefix = root[1]
            end = f"</{prefix}{name}>"
        *whole, rest = rest.split(end)
        for piece in whole:
            yield piece, prefix


@lru_cache(maxsize=64)
def _tag(prefix: str, name: str) -> re.Pattern[str]:
    """An element without its like inside, its text in the first group."""
    return re.compile(rf"<{prefix}{name}(?: [^>]*)?(?<!/)>(.*?)</{prefix}{name}>", re.DOTALL)


def _joined(piece: str, prefix: str) -> str:
    """The texts of a rich text, one after the other."""
    return unescape("".join(_tag(prefix, "t").findall(piece)))


class _SheetReader:
    """Reads one sheet row by row."""

    def __init__(self, shared: list[str], dates: frozenset[str], *, has_1904: bool) -> None:
        self._shared, self._dates = shared, dates
        self._first_day = _FIRST_DAY_OF_1904 if has_1904 else _FIRST_DAY
        self._columns: dict[str, int] = {}
        self._readers: dict[str, _Reader] = {}

    def rows(self, stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        number = 0
        for piece, prefix in _pieces(stream, "row"):
            begins = piece.rfind(f"<{prefix}row")
            ends = piece.find(">", begins)
            given = _ROW_NUMBER.search(piece, begins, ends)
            number = int(given[1]) if given else number + 1
            yield number, self._cells(piece[ends + 1 :], prefix)

    def _cells(self, piece: str, prefix: str) -> list[str]:
        """The texts of a row by column.

        Raises:
            ValueError: there is a cell that is written in no way that is known.
        """
        cells: list[str] = []
        columns, readers = self._columns, self._readers
        found = _cell(prefix).findall(piece)
        if len(found) != piece.count(f"<{prefix}c ") + piece.count(f"<{prefix}c>"):
            raise ValueError("a cell")
        for reference, attributes, number, text, more in found:
            letters, rest = (reference, attributes) if reference else _placed(attributes)
            column = len(cells)
            if letters:
                column = columns[letters] if letters in columns else self._column(letters)
            if column >= MOST_COLUMNS or not (number or text or more):
                continue
            read = readers[rest] if rest in readers else self._reader_of(rest)
            said = _long(read, number, more, prefix) if more else read(number, text)
            if len(cells) == column:
                cells.append(said)
            else:
                cells += [""] * (column - len(cells) + 1)
                cells[column] = said
        return cells

    def _column(self, letters: str) -> int:
        """The place of a column, from 0, by its letters."""
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - ord("A") + 1
        self._columns[letters] = place - 1
        return place - 1

    def _reader_of(self, attributes: str) -> _Reader:
        """How cells with these attributes say what they hold, given its number and its text."""
        if "'" in attributes:
            raise ValueError("an attribute")
        about = dict(_ATTRIBUTE.findall(attributes))
        plain = self._day if about.get("s", "") in self._dates else _number
        readers: dict[str, _Reader] = {"inlineStr": _inline, "s": self._pointed, "n": plain}
        self._readers[attributes] = readers.get(about.get("t", "n"), _other)
        return self._readers[attributes]

    def _pointed(self, number: str, _text: str) -> str:
        """The text that a cell points to."""
        return self._shared[int(number)]

    def _day(self, number: str, _text: str) -> str:
        """The day that a number stands for in this workbook."""
        return number and _day(number, self._first_day)


def _inline(_number: str, text: str) -> str:
    """The text that stands in the cell itself."""
    return unescape(text) if "&" in text else text


def _number(number: str, _text: str) -> str:
    """A number as one would write it."""
    return number if not number or number.isdecimal() else f"{float(number):.15g}"


def _other(number: str, _text: str) -> str:
    """What a formula came to, yes or no, or an error."""
    return unescape(number)


def _long(read: _Reader, number: str, more: str, prefix: str) -> str:
    """What a cell says that holds more than a number or a plain text."""
    if _FORMULA.search(more):
        return FORMULA
    return _joined(more, prefix) if read is _inline else read(number, "")


def _placed(attributes: str) -> tuple[str, str]:
    """The column's letters where they do not stand first, and the other attributes."""
    found = _PLACE.search(attributes)
    return (found[1], attributes.replace(found[0], "")) if found else ("", attributes)


@lru_cache(maxsize=64)
def _cell(prefix: str) -> re.Pattern[str]:
    """A cell: its column's letters, its attributes, then a number, a text, or anything else."""
    return re.compile(
        rf'<{prefix}c(?: r="([A-Z]+)[0-9]++")?([^>/]*+(?:/(?!>)[^>/]*+)*+)'
        rf"(?:/>|>(?:<{prefix}v>([^<]*+)</{prefix}v>"
        rf"|<{prefix}is><{prefix}t(?: [^>]*+)?>([^<]*+)</{prefix}t></{prefix}is>|(.*?))</{prefix}c>)",
        re.DOTALL,
    )


@lru_cache(maxsize=65536)
def _day(serial: str, first: date) -> str:
    """The day that a number stands for; the number itself where it is none."""
    days = int(float(serial))
    return (first + timedelta(days=days)).isoformat() if 0 < days < _LAST_SERIAL else serial
