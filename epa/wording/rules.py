"""Reading a wording pack: a table of texts with their places, held to a definition row by row.

A definition of any kind has places for texts. Those of an assessment plan are a KSB in a method at
a grade; those of a quality framework what a criterion asks, and what each level of it looks like.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from frameworks import AssessmentPlan, Framework, QualityFramework

COLUMNS: Final = ("code", "method", "grade", "text")
QUALITY_COLUMNS: Final = ("code", "section", "level", "text")
# The level under which stands what a criterion asks, at whatever level.
ASKS: Final = "asks"
TEXT_LETTERS: Final = 4000
MOST_ROWS: Final = 5000
_MOST_FAULTS: Final = 50
_SHOWN_LETTERS: Final = 30
_NOT_TEXT: Final = "\x00\ufffd"


class Place(NamedTuple):
    """Where a text belongs; ``method`` is empty where the framework has none.

    ``grade`` is a level's code in a quality framework, or `ASKS`.
    """

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
    if isinstance(framework, QualityFramework):
        return dict(_quality_places(framework))
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


def _quality_places(framework: QualityFramework) -> Iterator[tuple[Place, str]]:
    """What each criterion asks, and its levels where it is rated on the scale."""
    rated = {one.code for one in framework.rated}
    for criterion in framework.criteria:
        yield Place(criterion.code, "", ASKS), criterion.asks
        if criterion.code in rated:
            for level in framework.scale:
                own = criterion.levels.get(level.code, level.meaning or "")
                yield Place(criterion.code, "", level.code), own


def columns_of(framework: Framework) -> tuple[str, ...]:
    """The columns of a table of texts for a definition."""
    return QUALITY_COLUMNS if isinstance(framework, QualityFramework) else COLUMNS


def blank_rows(framework: Framework) -> Iterator[list[str]]:
    """The rows of a table to fill in: every place for a text, the text empty."""
    for place in places_of(framework):
        if isinstance(framework, QualityFramework):
            section = framework.criterion(place.code).section
            yield [place.code, section, place.grade, ""]
        else:
            yield [*place, ""]


def read_pack(content: bytes, framework: Framework) -> ReadPack:
    """Read a file and hold every row to a definition.

    Args:
        content: the bytes of a CSV file in UTF-8, with the columns of `columns_of`.
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
        names = _listed(columns_of(framework))
        return ReadPack({}, (RowFault(1, f"the first row must name {names}."),))
    return _read_rows(rows, framework)


def _read_rows(rows: list[tuple[int, list[str]]], framework: Framework) -> ReadPack:
    head = [cell.strip().casefold() for cell in rows[0][1]]
    lacking = [name for name in columns_of(framework) if name not in head]
    if lacking:
        return ReadPack({}, (RowFault(1, f"there is no column {_listed(lacking)}."),))
    if len(rows) - 1 > MOST_ROWS:
        return ReadPack({}, (RowFault(1, f"a pack has at most {MOST_ROWS:,} rows."),))
    if len(rows) == 1:
        return ReadPack({}, (RowFault(1, "there is no text below the first row."),))
    places, names = places_of(framework), _names_in(framework)
    texts: dict[Place, str] = {}
    first_rows: dict[Place, int] = {}
    faults: list[RowFault] = []
    for number, cells in rows[1:]:
        row = dict(zip(head, cells, strict=False))
        place, text = _place_in(row, names), row.get("text", "").strip()
        found = _problems(place, text, places, first_rows)
        problem = next(chain(found, _section_problems(row, framework)), None)
        if problem:
            faults.append(RowFault(number, problem))
            continue
        texts[place], first_rows[place] = text, number
    return ReadPack(texts, tuple(faults[:_MOST_FAULTS]))


@dataclass(frozen=True)
class _Names:
    """What a row may call codes, methods and grades, in small letters, and what each is."""

    codes: Mapping[str, str]
    methods: Mapping[str, str]
    grades: Mapping[str, str]


def _names_in(framework: Framework) -> _Names:
    """Codes in capitals or not, a method or a level by its code or title, a level by its points."""
    codes = {criterion.code.casefold(): criterion.code for criterion in framework.criteria}
    methods, grades = {}, {}
    if isinstance(framework, AssessmentPlan):
        for method in framework.methods.values():
            for name in (method.code, method.short_title, method.title):
                methods[name.casefold()] = method.code
    if isinstance(framework, QualityFramework):
        for level in framework.scale:
            points = () if level.points is None else (str(level.points),)
            for called in (level.code, level.title, *points):
                grades[called.casefold()] = level.code
    return _Names(codes, methods, grades)


def _place_in(row: Mapping[str, str], names: _Names) -> Place:
    """The place that a row names, whether or not there is one."""
    code = row.get("code", "").strip()
    method = row.get("method", "").strip().casefold()
    grade = row.get("level", row.get("grade", "")).strip().casefold()
    return Place(
        names.codes.get(code.casefold(), code),
        names.methods.get(method, method),
        names.grades.get(grade, grade),
    )


def _section_problems(row: Mapping[str, str], framework: Framework) -> Iterator[str]:
    """A row that names another section than its criterion's may be about another criterion."""
    given, code = row.get("section", "").strip(), row.get("code", "").strip().casefold()
    if isinstance(framework, QualityFramework) and given:
        for one in framework.criteria:
            if one.code.casefold() == code and one.section != given:
                yield f"{one.code} stands in section {one.section}, not {given[:_SHOWN_LETTERS]}."


def _problems(
    place: Place, text: str, places: Mapping[Place, str], first_rows: Mapping[Place, int]
) -> Iterator[str]:
    shown = Place(*(part[:_SHOWN_LETTERS] for part in place))
    if place.code not in {one.code for one in places}:
        yield f"{shown.code or 'an empty code'} is no code of this definition."
    if place.method not in {one.method for one in places if one.code == place.code}:
        yield f"{shown.code} is not judged in {shown.method or 'a method without a name'}."
    if place not in places:
        there = [one.grade for one in places if one[:2] == place[:2]]
        noun = "level" if ASKS in there else "grade"
        said = shown.grade or f"an empty {noun}"
        yield f"{said} is no {noun} of {shown.code} here; it is {_listed(there, 'or')}."
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
