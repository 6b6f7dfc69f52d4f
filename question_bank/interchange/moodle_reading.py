"""Moodle XML: each question read or refused by name, one after the other."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import escape
from typing import IO, Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element  # the type only; parsing is safe_xml's

from question_bank.interchange.faults import Unfit
from question_bank.interchange.item import (
    MULTIPLE_CHOICE,
    SHORT_ANSWER,
    Draft,
    Item,
    Option,
    number_from,
)
from question_bank.interchange.markup import GUIDE_CLASS, listed, points
from question_bank.interchange.outcome import Read, Refused
from question_bank.interchange.pictures import Fetch
from question_bank.interchange.safe_xml import elements

# Entries of a file that ask nothing.
NO_QUESTIONS: Final = frozenset({"category", "description"})
_FILE_AREA: Final = "@@PLUGINFILE@@"
_WHOLE: Final = 100
_PLAIN_FORMATS: Final = frozenset({"plain_text", "markdown"})
_YES: Final = frozenset({"1", "true"})
BY_MACHINE: Final = (
    "it was marked by machine: whether its accepted answers make a guide is to be seen"
)


def read_moodle(stream: IO[bytes]) -> Iterator[Read | Refused]:
    """Read the questions of a file.

    Raises:
        Unreadable: it is no Moodle XML, or breaks off.
    """
    number = 0
    for question in elements(stream, "question", "quiz"):
        kind = question.get("type", "")
        if kind in NO_QUESTIONS:
            continue
        number += 1
        reference = _reference(question, number)
        try:
            yield _question(question, kind, reference)
        except Unfit as fault:
            yield Refused(reference, str(fault))


def _question(question: Element, kind: str, reference: str) -> Read:
    reader = _READERS.get(kind)
    if reader is None:
        raise Unfit(f"its kind of question is not supported ({kind or 'none given'})")
    draft = Draft()
    stem = _markup(draft, question.find("questiontext")) + _old_picture(draft, question)
    raw = Item(
        reference=reference,
        title=_text(question, "name/text"),
        type_code=MULTIPLE_CHOICE if kind == "multichoice" else SHORT_ANSWER,
        stem=stem,
        marks=number_from(_text(question, "defaultgrade") or "1"),
        model_answer=_markup(draft, question.find("generalfeedback")),
    )
    labels = [_text(tag, "text") for tag in question.findall("tags/tag")]
    item = draft.item(reader(draft, question, raw), labels)
    return Read(item, tuple(draft.lost), tuple(draft.notes))


def _choice(draft: Draft, question: Element, raw: Item) -> Item:
    answers = question.findall("answer")
    fractions = [_fraction(answer) for answer in answers]
    single = _text(question, "single").lower()
    if single and single not in _YES:
        raise Unfit("more than one option may be chosen (single); one was expected")
    earning = [number for number, fraction in enumerate(fractions, start=1) if fraction > 0]
    if not single and len(earning) > 1:
        raise Unfit("several options earn marks and nothing says that only one may be chosen")
    keys = [number for number, fraction in enumerate(fractions) if fraction == _WHOLE]
    if len(keys) > 1:
        draft.lost.append(f"{len(keys)} options are right; one was expected")
    draft.lost += [
        f"option {number} earned {fractions[number - 1]:g} %; here it earns nothing"
        for number in earning
        if number - 1 not in keys
    ]
    if any(fraction < 0 for fraction in fractions):
        draft.notes.append("marks taken away for wrong options were left out")
    shuffles = _text(question, "shuffleanswers").lower()
    if shuffles and shuffles not in _YES:
        draft.notes.append("its options keep their order")
    return replace(
        raw,
        options=tuple(
            Option(_markup(draft, answer), _markup(draft, answer.find("feedback")))
            for answer in answers
        ),
        key=keys[0] if len(keys) == 1 else None,
        keep_order=bool(shuffles) and shuffles not in _YES,
    )


def _short(draft: Draft, question: Element, raw: Item) -> Item:
    draft.lost.append(BY_MACHINE)
    accepted = [answer for answer in question.findall("answer") if _fraction(answer) > 0]
    return replace(raw, guide=tuple(draft.text(_text(answer, "text")) for answer in accepted))


def _essay(draft: Draft, question: Element, raw: Item) -> Item:
    if _text(question, "responsetemplate/text"):
        draft.notes.append("the text that its answers began with was left out")
    return replace(raw, guide=_guide(draft, question.find("graderinfo")))


def _guide(draft: Draft, element: Element | None) -> tuple[str, ...]:
    text = "" if element is None else element.findtext("text") or ""
    if element is not None and text.startswith(f'<ul class="{GUIDE_CLASS}">'):
        fetch = _files(element)
        return tuple(draft.markup(entry, fetch) for entry in listed(text))
    return points(_markup(draft, element))


_READERS: Final[dict[str, Callable[[Draft, Element, Item], Item]]] = {
    "multichoice": _choice,
    "shortanswer": _short,
    "essay": _essay,
}


def _old_picture(draft: Draft, question: Element) -> str:
    """The picture below a question as Moodle 1.9 wrote it: one a question, beside its text."""
    name, content = _text(question, "image"), question.findtext("image_base64") or ""
    if not name:
        return ""
    return draft.markup(f'<p><img src="{escape(name)}" /></p>', lambda _name: _decoded(content))


def _reference(question: Element, number: int) -> str:
    """The question's own number, else its name, else its place in the file."""
    return _text(question, "idnumber") or _text(question, "name/text") or f"question {number}"


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _fraction(answer: Element) -> float:
    return number_from(answer.get("fraction", "")) or 0


def _markup(draft: Draft, element: Element | None) -> str:
    """A field's text, made safe; its pictures are beside it in the field."""
    text = "" if element is None else element.findtext("text") or ""
    if element is None or not text.strip():
        return ""
    if element.get("format", "html") in _PLAIN_FORMATS:
        return draft.text(text)
    fetch = _files(element)
    if element.get("format") == "moodle_auto_format":
        return draft.either(text)
    return draft.markup(text, fetch)


def _files(element: Element) -> Fetch:
    """The files of a field, by the address that its text gives them."""
    inside = {
        f"{_FILE_AREA}{file.get('path', '/')}{file.get('name', '')}": file.text or ""
        for file in element.findall("file")
    }

    def fetch(address: str) -> bytes | None:
        return _decoded(inside.get(address, inside.get(unquote(address))) or "")

    return fetch


def _decoded(content: str) -> bytes | None:
    """The bytes of a file; None where there are none, or they are damaged."""
    try:
        return base64.b64decode(content) or None
    except (binascii.Error, ValueError):
        return None
