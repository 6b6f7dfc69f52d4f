"""An item as it travels between systems, in the one form that every reader gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final

from question_bank.interchange.faults import Unfit
from question_bank.interchange.markup import from_either, from_text, one_line, plain, safe
from question_bank.interchange.pictures import Album, Fetch, Picture

MULTIPLE_CHOICE: Final = "multiple_choice"
SHORT_ANSWER: Final = "short_answer"
# An open question for after an observation: it has no marks, and its guide says what a good answer
# shows.
OBSERVATION_PROMPT: Final = "observation_prompt"

LONGEST_TITLE: Final = 200
LONGEST_REFERENCE: Final = 100
LONGEST_TAG: Final = 200
_TITLE_FROM_STEM: Final = 60
_DIGEST: Final = 16  # characters of a reference made up from the content

# What formats have no place for travels as tags: "ksb=K9", "facility=0.7".
_NAMED: Final = re.compile(r"(ksb|facility|source|reference|kind)\s*[=:](.*)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True)
class Option:
    """One answer offered: safe markup, and why it is right or wrong."""

    text: str
    rationale: str = ""


@dataclass(frozen=True)
class Item:
    """A question on its way.

    Attributes:
        reference: what the other system calls it.
        title: a line for people.
        type_code: `multiple_choice`, `short_answer` or `observation_prompt`.
        stem: the question, in safe markup.
        options: the answers offered, in the order written; none for an open question.
        key: which of them is right, from 0; None while that is unknown.
        marks: the most it may get; None where the file does not say.
        guide: the creditworthy points, in safe markup.
        model_answer: a full answer, or what is to be said about the question as a whole.
        ksbs: the codes of the KSBs it asks about.
        tags: whatever else it is filed under.
        facility: what its setter expects, 0 to 1.
        sources: where it comes from.
        keep_order: whether its options must stay as written.
        pictures: what its texts show, by name.
    """

    reference: str
    title: str
    type_code: str
    stem: str
    options: tuple[Option, ...] = ()
    key: int | None = None
    marks: float | None = None
    guide: tuple[str, ...] = ()
    model_answer: str = ""
    ksbs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    facility: float | None = None
    sources: tuple[str, ...] = ()
    keep_order: bool = False
    pictures: tuple[Picture, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the item as `plumbline questions import --json` prints it."""
        return {
            "reference": self.reference,
            "title": self.title,
            "type": self.type_code,
            "stem": self.stem,
            "options": [option.text for option in self.options],
            "key": self.key,
            "marks": self.marks,
            "guide": list(self.guide),
            "rationales": [option.rationale for option in self.options],
            "model_answer": self.model_answer,
            "ksbs": list(self.ksbs),
            "tags": list(self.tags),
            "facility": self.facility,
            "sources": list(self.sources),
            "keep_order": self.keep_order,
            "pictures": [
                {"name": one.name, "media_type": one.media_type, "bytes": len(one.data)}
                for one in self.pictures
            ],
        }

    def labels(self) -> list[str]:
        """Its tags, with what formats have no place for written as tags."""
        is_prompt = self.type_code == OBSERVATION_PROMPT
        named = [f"kind={OBSERVATION_PROMPT}"] if is_prompt else []
        named += [f"ksb={ksb}" for ksb in self.ksbs]
        if self.facility is not None:
            named.append(f"facility={self.facility!r}")
        named += [f"source={source}" for source in self.sources]
        return [*named, *self.tags]

    def fingerprint(self) -> bytes:
        """What tells two questions apart, whatever they are called: text, options, key, guide."""
        content = [
            self.type_code,
            self.stem,
            [option.text for option in self.options],
            self.key,
            list(self.guide),
        ]
        return sha256(json.dumps(content).encode()).digest()


@dataclass
class Draft:
    """An item being read: raw texts go in, what is lost or noteworthy is kept beside.

    Args:
        fetch: gives the bytes of a picture inside the package.
    """

    fetch: Fetch | None = None
    lost: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.album = Album(self.fetch)

    def markup(self, text: str, fetch: Fetch | None = None) -> str:
        """Safe markup of markup; pictures come through `fetch` where one field has its own."""
        if fetch is not None:
            with self.album.fetching(fetch):
                return safe(text, self.album, self._lose)
        return safe(text, self.album, self._lose)

    def either(self, text: str) -> str:
        """Safe markup of a text that may or may not be markup."""
        return self.markup(from_either(text))

    def text(self, text: str) -> str:
        """Safe markup of plain text."""
        return from_text(text)

    def _lose(self, what: str) -> None:
        if what not in self.lost:
            self.lost.append(what)

    def item(self, raw: Item, labels: Iterable[str] = ()) -> Item:
        """The item in its one form, with the pictures gathered on the way; see `settled`."""
        if len(one_line(raw.title)) > LONGEST_TITLE:
            self.notes.append(f"its title was shortened to {LONGEST_TITLE} characters")
        return settled(replace(raw, pictures=self.album.pictures), labels)


def settled(raw: Item, labels: Iterable[str] = ()) -> Item:
    """An item in its one form.

    Args:
        raw: its texts are safe markup; its lines are still as they came.
        labels: further tags, among them what `Item.labels` writes as tags.

    Raises:
        Unfit: it has neither text nor picture.
    """
    if not raw.stem:
        raise Unfit("it has no question text")
    found, tags = _sorted_out(
        [one_line(label, LONGEST_TAG) for label in (*raw.labels(), *labels)],
        may_be_prompt=raw.type_code in {SHORT_ANSWER, OBSERVATION_PROMPT},
    )
    is_prompt = bool(found["kind"])
    reference = one_line([*found["reference"], raw.reference][0], LONGEST_REFERENCE)
    title = one_line(raw.title, LONGEST_TITLE) or one_line(plain(raw.stem), _TITLE_FROM_STEM)
    facilities = [one for one in map(facility_from, found["facility"]) if one is not None]
    if not reference:
        reference = f"item-{raw.fingerprint().hex()[:_DIGEST]}"
    return replace(
        raw,
        reference=reference,
        title=title or reference,
        type_code=OBSERVATION_PROMPT if is_prompt else raw.type_code,
        marks=None if is_prompt else _whole(raw.marks),
        guide=tuple(point for point in raw.guide if point),
        ksbs=_once(code.upper() for code in found["ksb"]),
        tags=_once(tags),
        facility=facilities[0] if facilities else None,
        sources=_once(found["source"]),
        pictures=_shown(raw),
    )


def _sorted_out(
    lines: Iterable[str], *, may_be_prompt: bool
) -> tuple[dict[str, list[str]], list[str]]:
    """Labels told apart: what each name was given, and the tags that are no more than tags."""
    found: dict[str, list[str]] = {
        name: [] for name in ("ksb", "facility", "source", "reference", "kind")
    }
    tags = []
    for line in filter(None, lines):
        match = _NAMED.fullmatch(line)
        name, value = (match[1].lower(), match[2].strip()) if match else ("", "")
        is_tag = name == "kind" and not (may_be_prompt and value == OBSERVATION_PROMPT)
        if match and not is_tag:
            found[name].append(value)
        else:
            tags.append(line)
    return found, tags


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts that say something, each once, in their order."""
    return tuple(dict.fromkeys(filter(None, texts)))


def _shown(item: Item) -> tuple[Picture, ...]:
    """The pictures that one of the item's texts shows."""
    options = [text for option in item.options for text in (option.text, option.rationale)]
    texts = "".join([item.stem, *options, *item.guide, item.model_answer])
    return tuple(
        picture
        for picture in sorted(item.pictures, key=lambda one: one.name)
        if f'src="{picture.name}"' in texts
    )


def facility_from(text: str) -> float | None:
    """A facility of 0 to 1; None where the text is none."""
    number = number_from(text)
    return number if number is not None and 0 <= number <= 1 else None


def number_from(text: str) -> float | None:
    """A plain decimal number; None where the text is none."""
    text = text.strip()
    return _whole(float(text)) if _NUMBER.fullmatch(text) else None


def _whole(number: float | None) -> float | None:
    """The same number, as a whole one where it is whole."""
    return int(number) if number is not None and number == int(number) else number
