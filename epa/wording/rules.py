"""Reading a wording pack: a table of code, method, grade and text, held to a definition row by row.

A definition of any kind has places for texts. Those of an assessment plan are a KSB in a method at
a grade; those of any other framework a criterion at a point of its scale, without a method.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from frameworks import AssessmentPlan, Framework

COLUMNS: Final = ("code", "method", "grade", "text")
TEXT_LETTERS: Final = 4000
MOST_ROWS: Final = 5000
_MOST_FAULTS: Final = 50
_SHOWN_LETTERS: Final = 30
_NOT_TEXT: Final = "\x00\ufffd"


class Place(NamedTuple):
    """Where a text belongs; ``method`` is empty where the framework has none."""

    code: str
    method: str
    grade: str


@dataclass(frozen=True)
class RowFault:
    """What is wrong with one row of the file; ``row`` counts as a spreadsheet does, the head as 1."""

    row: int
    message: str

    @property
    def words(self) -> str:
        """The fault with its row."""
        return f"Row {self.row}: {self.message}"


@dataclass(frozen=True)
class ReadPack:
    """What a file holds: its texts by place, and everything that is wrong with it."""

    texts: Mapping[Place, str]
    faults: tuple[RowFault, ...]


def places_of(framework: Framework) -> dict[Place, str]:
    """Every place for a text in a definition, in its order, with the wording it has of its own."""
    if not isinstance(framework, AssessmentPlan):
        return {
            Place(criterion.code, "", point.code): point.meaning or ""
            for criterion in framework.criteria
            for point in framework.scale
        }
    found = {}
    for method, described in framework.descriptors.items():
        for ksb in framework.ksbs_of(method):
            own = described[ksb]
            found[Place(ksb, method, "pass")] = own.pass_wording
            if own.distinction is not None:
                found[Place(ksb, method, "distinction")] = own.distinction
    return found


def read_pack(content: bytes, framework: Framework) -> ReadPack:
    """Read a file and hold every row to a definition.

    Args:
        content: the bytes of a CSV file in UTF-8, its columns code, method, grade and text.
        framework: the definition whose texts these are.

    Returns:
        The texts and the faults; with any fault the pack is not to be taken.
    """
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = content[: fault.start].count(b"\n") + 1
        return ReadPack({}, (RowFault(row, "the file is not in UTF-8; save it as CSV UTF-8."),))
    reader = csv.reader(io.StringIO(written, newline=""), strict=True)
    try:
        numbered = enumerate(reader, start=1)
        rows = [(number, cells) for number, cells in numbered if any(map(str.strip, cells))]
    except csv.Error:
        return ReadPack(
            {}, (RowFault(reader.line_num, "the quotes do not match from this line on."),)
        )
    if not rows:
        return ReadPack({}, (RowFault(1, f"the first row must name {_listed(COLUMNS)}."),))
    return _read_rows(rows, framework)


def _read_rows(rows: list[tuple[int, list[str]]], framework: Framework) -> ReadPack:
    head = [cell.strip().casefold() for cell in rows[0][1]]
    lacking = [name for name in COLUMNS if name not in head]
    if lacking:
        return ReadPack({}, (RowFault(1, f"there is no column {_listed(lacking)}."),))
    if len(rows) - 1 > MOST_ROWS:
        return ReadPack({}, (RowFault(1, f"a pack has at most {MOST_ROWS:,} rows."),))
    if len(rows) == 1:
        return ReadPack({}, (RowFault(1, "there is no text below the first row."),))
    places = places_of(framework)
    texts: dict[Place, str] = {}
    first_rows: dict[Place, int] = {}
    faults: list[RowFault] = []
    for number, cells in rows[1:]:
        row = dict(zip(head, cells, strict=False))
        place, text = _place_in(row, framework), row.get("text", "").strip()
        problem = next(_problems(place, text, places, first_rows), None)
        if problem:
            faults.append(RowFault(number, problem))
            continue
        texts[place], first_rows[place] = text, number
    return ReadPack(texts, tuple(faults[:_MOST_FAULTS]))


def _place_in(row: Mapping[str, str], framework: Framework) -> Place:
    """The place a row names: codes in capitals or not, a method by its code or its title."""
    code = row.get("code", "").strip()
    known = {criterion.code.casefold(): criterion.code for criterion in framework.criteria}
    method = row.get("method", "").strip().casefold()
    if isinstance(framework, AssessmentPlan):
        for one in framework.methods.values():
            if method in {one.code, one.short_title.casefold(), one.title.casefold()}:
                method = one.code
    grade = row.get("grade", "").strip().casefold()
    return Place(known.get(code.casefold(), code), method, grade)


def _problems(
    place: Place, text: str, places: Mapping[Place, str], first_rows: Mapping[Place, int]
) -> Iterator[str]:
    shown = Place(*(part[:_SHOWN_LETTERS] for part in place))
    if place.code not in {one.code for one in places}:
        yield f"{shown.code or 'an empty code'} is no code of this definition."
    if place.method not in {one.method for one in places if one.code == place.code}:
        yield f"{shown.code} is not judged in {shown.method or 'a method without a name'}."
    if place not in places:
        grades = _listed([one.grade for one in places if one[:2] == place[:2]], "or")
        yield f"{shown.grade or 'an empty grade'} is no grade of {shown.code} here; it is {grades}."
    if place in first_rows:
        yield f"the text for {' '.join(filter(None, place))} stands in row {first_rows[place]} too."
    if not text:
        yield "the text is empty."
    if len(text) > TEXT_LETTERS:
        yield f"the text has {len(text):,} characters; at most {TEXT_LETTERS:,} are kept."
    if any(letter in _NOT_TEXT for letter in text):
        yield "the text holds a character that cannot be kept."


def lacking(texts: Mapping[Place, str], framework: Framework) -> list[Place]:
    """The places for which a pack has no text: there our own wording goes on being shown."""
    return [place for place in places_of(framework) if place not in texts]


def digest(texts: Mapping[Place, str]) -> str:
    """SHA-256 over texts and their places, in whatever order they came, as hexadecimal."""
    rows = sorted([*place, text] for place, text in texts.items())
    canonical = json.dumps(rows, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def as_rows(texts: Mapping[Place, str]) -> list[list[str]]:
    """Texts as a pack keeps them: code, method, grade, text."""
    return [[*place, text] for place, text in texts.items()]


def from_rows(rows: list[list[str]]) -> dict[Place, str]:
    """The texts of a pack by their places."""
    return {Place(*row[:3]): row[3] for row in rows}


def _listed(words: list[str] | tuple[str, ...], joiner: str = "and") -> str:
    *others, last = words
    return f"{', '.join(others)} {joiner} {last}" if others else last
