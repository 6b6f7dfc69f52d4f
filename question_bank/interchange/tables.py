"""Items as rows of a table: the columns, each cell read, each item written."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html import unescape
from string import ascii_lowercase
from typing import Final

from question_bank.interchange.faults import Unfit
from question_bank.interchange.item import (
    MULTIPLE_CHOICE,
    OBSERVATION_PROMPT,
    SHORT_ANSWER,
    Draft,
    Item,
    Option,
    facility_from,
    number_from,
)
from question_bank.interchange.markup import from_text, markup_of, plain, tree_of
from question_bank.interchange.outcome import Read, Refused

LETTERS: Final = ascii_lowercase[:10]  # the most options that a table has columns for
_FEWEST_LETTERS: Final = 4  # the columns that a template shows
_BEFORE: Final = ("reference", "type", "title", "stem")
_AFTER: Final = (
    "key",
    "marks",
    "guide",
    "model_answer",
    "ksbs",
    "tags",
    "facility",
    "sources",
    "keep_order",
    "format",
)
# What people also call these columns.
_ALIASES: Final = {
    "answer": "key",
    "correct": "key",
    "correct_answer": "key",
    "correct_option": "key",
    "difficulty": "facility",
    "explanation": "model_answer",
    "id": "reference",
    "ksb": "ksbs",
    "marking_guide": "guide",
    "mark": "marks",
    "name": "title",
    "question": "stem",
    "question_text": "stem",
    "source": "sources",
    "tag": "tags",
}
_LETTERED: Final = re.compile(r"(option|choice|answer|rationale)_?([a-j]|\d)")
_TYPES: Final = {
    "mc": MULTIPLE_CHOICE,
    "mcq": MULTIPLE_CHOICE,
    "multiple_choice": MULTIPLE_CHOICE,
    "observation_prompt": OBSERVATION_PROMPT,
    "prompt": OBSERVATION_PROMPT,
    "sa": SHORT_ANSWER,
    "short_answer": SHORT_ANSWER,
}
_YES: Final = frozenset({"1", "true", "yes", "y"})
# A cell beginning with one of these is worked out by spreadsheets; ' before it stops that.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Row = Mapping[str, str]


def columns(options: int = _FEWEST_LETTERS) -> tuple[str, ...]:
    """The columns of a table whose items have so many options."""
    letters = LETTERS[: max(options, _FEWEST_LETTERS)]
    names = [name for one in letters for name in (f"option_{one}", f"rationale_{one}")]
    return (*_BEFORE, *names, *_AFTER)


def column_named(head: str) -> str:
    """The column that a head means, whatever its case, spaces and number."""
    name = re.sub(r"[\s-]+", "_", head.strip().lower())
    lettered = _LETTERED.fullmatch(name)
    if len(name) == 1 and name in LETTERS:
        return f"option_{name}"
    if lettered and lettered[2] != "0":
        letter = LETTERS[int(lettered[2]) - 1] if lettered[2].isdecimal() else lettered[2]
        return f"{'rationale' if lettered[1] == 'rationale' else 'option'}_{letter}"
    return _ALIASES.get(name, name)


def read_rows(rows: Iterable[tuple[int, Row]]) -> Iterator[Read | Refused]:
    """Read items from rows, each with its number in the file; the header is row 1."""
    for number, row in rows:
        cells = {name: _unguarded(cell) for name, cell in row.items()}
        reference = cells.get("reference", "").strip() or f"row {number}"
        try:
            yield _item(cells, reference)
        except Unfit as fault:
            yield Refused(reference, str(fault))


def _item(cells: Row, reference: str) -> Read:
    draft = Draft()
    is_markup = cells.get("format", "").strip().lower() == "html"

    def text(name: str) -> str:
        cell = cells.get(name, "")
        return draft.markup(cell) if is_markup else draft.text(cell)

    options = [Option(text(f"option_{one}"), text(f"rationale_{one}")) for one in LETTERS]
    while options and options[-1] == Option(""):
        options.pop()
    kind = _kind(cells.get("type", ""), has_options=bool(options))
    is_choice = kind == MULTIPLE_CHOICE
    guide = [point for point in _lines(cells, "guide") if point.strip()]
    if options and not is_choice:
        draft.lost.append("it has options, which an open question cannot have")
    raw = Item(
        reference=reference,
        title=cells.get("title", ""),
        type_code=kind,
        stem=text("stem"),
        options=tuple(options) if is_choice else (),
        key=_key(cells.get("key", ""), options, draft) if is_choice else None,
        marks=_number(cells, "marks", draft),
        guide=tuple(map(draft.markup if is_markup else draft.text, guide)),
        model_answer=text("model_answer"),
        facility=_facility(cells, draft),
        keep_order=cells.get("keep_order", "").strip().lower() in _YES,
    )
    item = draft.item(raw, _labels(cells))
    return Read(item, tuple(draft.lost), tuple(draft.notes))


def _kind(said: str, *, has_options: bool) -> str:
    name = re.sub(r"[\s-]+", "_", said.strip().lower())
    if not name:
        return MULTIPLE_CHOICE if has_options else SHORT_ANSWER
    if name not in _TYPES:
        raise Unfit(
            f"its type {said.strip()[:50]!r} is not supported; multiple_choice, short_answer or"
            " observation_prompt was expected"
        )
    return _TYPES[name]


def _key(said: str, options: Sequence[Option], draft: Draft) -> int | None:
    """The key from its letter, from its number counted from 1, or from what the option says."""
    key = said.strip().lower()
    if not key:
        return None
    number = LETTERS.find(key) if len(key) == 1 else -1
    if number < 0 and key.isdecimal() and len(key) == 1:
        number = int(key) - 1
    if 0 <= number < len(options):
        return number
    saying = [place for place, one in enumerate(options) if plain(one.text).lower() == key]
    if len(saying) == 1:
        return saying[0]
    draft.lost.append(f"the key {said.strip()[:50]!r} is no letter of an option")
    return None


def _number(cells: Row, name: str, draft: Draft) -> float | None:
    said = cells.get(name, "").strip()
    number = number_from(said)
    if said and (number is None or number < 0):
        draft.lost.append(f"the {name} {said[:50]!r} are no number")
        return None
    return number


def _facility(cells: Row, draft: Draft) -> float | None:
    said = cells.get("facility", "").strip()
    facility = facility_from(said)
    if said and facility is None and number_from(said) is not None:
        draft.lost.append(f"the facility {said[:50]!r} is not between 0 and 1")
    return facility


def _labels(cells: Row) -> Iterator[str]:
    for code in re.split(r"[\s,;]+", cells.get("ksbs", "")):
        yield f"ksb={code}" if code else ""
    for source in _lines(cells, "sources"):
        yield f"source={source}"
    difficulty = cells.get("facility", "").strip()
    if difficulty and number_from(difficulty) is None:
        yield f"difficulty: {difficulty}"
    yield from _lines(cells, "tags")


def _lines(cells: Row, name: str) -> list[str]:
    """The lines of a cell; Python's own word for a line ends at characters that an item may hold."""
    return re.split(r"\r\n|\r|\n", cells.get(name, ""))


def row_of(item: Item) -> dict[str, str]:
    """An item as cells, guarded against being worked out as formulas.

    Plain words stay plain; where a text carries markup, the whole row does and says so.
    """
    item = with_pictures_inside(item)
    parts = {"stem": item.stem, "model_answer": item.model_answer}
    for letter, option in zip(LETTERS, item.options, strict=False):
        parts[f"option_{letter}"] = option.text
        parts[f"rationale_{letter}"] = option.rationale
    words = {name: _plain(markup) for name, markup in parts.items()}
    points = [_plain(point) for point in item.guide]
    is_plain = not any(text is None for text in words.values()) and all(
        point is not None and "\n" not in point for point in points
    )
    guide = points if is_plain else [point.replace("\n", "&#10;") for point in item.guide]
    cells = {
        "reference": item.reference,
        "type": item.type_code,
        "title": item.title,
        "key": "" if item.key is None else LETTERS[item.key].upper(),
        "marks": "" if item.marks is None else f"{item.marks:g}",
        "guide": "\n".join(point or "" for point in guide),
        "ksbs": " ".join(item.ksbs),
        "tags": "\n".join(item.tags),
        "facility": "" if item.facility is None else repr(item.facility),
        "sources": "\n".join(item.sources),
        "keep_order": "yes" if item.keep_order else "",
        "format": "" if is_plain else "html",
        **{name: (words[name] or "") if is_plain else markup for name, markup in parts.items()},
    }
    return {name: _guarded(cell) for name, cell in cells.items()}


def with_pictures_inside(item: Item) -> Item:
    """The item with its pictures written into its texts, for formats that carry no files."""
    if not item.pictures:
        return item
    inside = {
        one.name: f"data:{one.media_type};base64,{base64.b64encode(one.data).decode()}"
        for one in item.pictures
    }

    def written(markup: str) -> str:
        tree = tree_of(markup)
        for image in tree.iter("img"):
            image.set("src", inside.get(image.get("src", ""), image.get("src", "")))
        return markup_of(tree)

    return replace(
        item,
        stem=written(item.stem),
        options=tuple(Option(written(one.text), written(one.rationale)) for one in item.options),
        guide=tuple(map(written, item.guide)),
        model_answer=written(item.model_answer),
    )


def _plain(markup: str) -> str | None:
    """The plain text that gives this markup again; None where there is none."""
    text = unescape(markup.replace("<br>", "\n"))
    return text if from_text(text) == markup else None


def _is_formula(cell: str) -> bool:
    return cell.lstrip("'").startswith(_FORMULA)


def _guarded(cell: str) -> str:
    return f"'{cell}" if _is_formula(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _is_formula(cell[1:]) else cell


def heads(row: Sequence[str]) -> list[str]:
    """The columns that a header row names.

    Raises:
        Unfit: it has no column for the question, or one of them twice.
    """
    names = [column_named(head) for head in row]
    known = set(columns(len(LETTERS)))
    doubled = sorted({name for name in names if name in known and names.count(name) > 1})
    if doubled:
        raise Unfit(f"the column {doubled[0]!r} stands there twice")
    if "stem" not in names:
        raise Unfit(f"a header with these columns was expected: {', '.join(columns())}")
    return names
