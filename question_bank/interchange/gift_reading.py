"""GIFT: a small parser of its grammar, since no library of it is kept.

A question is what stands between blank lines: `::title:: [format] text { answers } text`. Lines
that begin with // are remarks, $CATEGORY: files what follows. A backslash makes the next character
an ordinary one. GIFT says nothing of marks and guides, so that everything arrives as a draft.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from question_bank.interchange.faults import Unfit
from question_bank.interchange.item import (
    MULTIPLE_CHOICE,
    SHORT_ANSWER,
    Draft,
    Item,
    Option,
    number_from,
)
from question_bank.interchange.moodle_reading import BY_MACHINE
from question_bank.interchange.outcome import Read, Refused

_BLANK: Final = "______"
_WHOLE: Final = 100
_FORMAT: Final = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_REMARKED: Final = re.compile(r"\[(id|tag):([^\]]{0,200})\]")
_WEIGHT: Final = re.compile(r"%([^%]*)%")
_TRUE_OR_FALSE: Final = frozenset({"T", "F", "TRUE", "FALSE"})
_WHITE: Final = " \t\r\n"
_ESCAPE: Final = "\\"


@dataclass
class _Block:
    """The lines of one question, with what remarks before it say."""

    number: int
    text: str
    identifier: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class _Answer:
    """One answer as written: how much it earns, its text and what is said to who gives it."""

    weight: float
    text: str
    feedback: str


def read_gift(lines: Iterable[str]) -> Iterator[Read | Refused]:
    """Read the questions of a file, one after the other.

    Raises:
        UnicodeDecodeError: while the lines are fetched, when they are not of the expected code.
    """
    for block in _blocks(lines):
        title, rest = _title(block.text)
        reference = block.identifier or title or f"question {block.number}"
        try:
            opening, closing = _answers_between(rest)
            if opening < 0:
                continue  # a description: it asks nothing
            yield _question(
                block,
                reference,
                title,
                (rest[:opening], rest[opening + 1 : closing], rest[closing + 1 :]),
            )
        except Unfit as fault:
            yield Refused(reference, str(fault))


def _blocks(lines: Iterable[str]) -> Iterator[_Block]:
    gathered: list[str] = []
    remarks: list[str] = []
    number = 0
    for line in _and_an_end(lines):
        if line.lstrip().startswith("//"):
            remarks.append(line)
        elif line.strip().upper().startswith("$CATEGORY:"):
            continue
        elif line.strip():
            gathered.append(line.rstrip("\r\n"))
        elif gathered:
            number += 1
            said = _REMARKED.findall("".join(remarks))
            identifiers = [value.strip() for name, value in said if name == "id"]
            tags = tuple(value.strip() for name, value in said if name == "tag")
            yield _Block(number, "\n".join(gathered), "".join(identifiers[:1]), tags)
            gathered, remarks = [], []


def _and_an_end(lines: Iterable[str]) -> Iterator[str]:
    yield from lines
    yield ""


def _title(text: str) -> tuple[str, str]:
    text = text.lstrip()
    if not text.startswith("::"):
        return "", text
    end = _find(text, "::", 2)
    return ("", text) if end < 0 else (_plain(text[2:end]).strip(), text[end + 2 :])


def _answers_between(text: str) -> tuple[int, int]:
    """Where the braces stand; -1 for a text without."""
    opening = _find(text, "{")
    if opening < 0:
        if _find(text, "}") >= 0:
            raise Unfit("a brace } closes what none opened")
        return -1, -1
    closing = _find(text, "}", opening)
    if closing < 0:
        raise Unfit("its brace { is not closed before the blank line")
    if _find(text, "{", opening + 1) >= 0:
        raise Unfit("it has more than one pair of braces; one question was expected")
    return opening, closing


def _question(block: _Block, reference: str, title: str, parts: tuple[str, str, str]) -> Read:
    before, inside, after = parts
    draft = Draft()
    form, before = _form(before)
    text = f"{before.rstrip()} {_BLANK} {after.strip()}" if after.strip() else before
    inside, general = _split_once(inside, "####")
    raw = Item(
        reference=reference,
        title=title,
        type_code=SHORT_ANSWER,
        stem=_markup(draft, form, text),
        model_answer=_markup(draft, form, general),
    )
    raw = _with_answers(raw, draft, form, inside.strip(_WHITE))
    item = draft.item(raw, block.tags)
    return Read(item, tuple(draft.lost), tuple(draft.notes))


def _with_answers(raw: Item, draft: Draft, form: str, inside: str) -> Item:
    if not inside:
        return raw  # an essay
    _refuse_other_kinds(inside)
    answers = list(_answers(inside))
    if "~" not in _signs(inside):
        draft.lost.append(BY_MACHINE)
        accepted = [answer.text for answer in answers if answer.weight > 0]
        return replace(raw, guide=tuple(_markup(draft, form, text) for text in accepted))
    earning = [number for number, answer in enumerate(answers) if answer.weight > 0]
    keys = [number for number in earning if answers[number].weight == _WHOLE]
    if "=" not in _signs(inside) and len(earning) != 1:
        raise Unfit("more than one option may be chosen; one was expected")
    if len(keys) > 1:
        draft.lost.append(f"{len(keys)} options are right; one was expected")
    draft.lost += [
        f"option {number + 1} earned {answers[number].weight:g} %; here it earns nothing"
        for number in earning
        if number not in keys
    ]
    return replace(
        raw,
        type_code=MULTIPLE_CHOICE,
        options=tuple(
            Option(_markup(draft, form, one.text), _markup(draft, form, one.feedback))
            for one in answers
        ),
        key=keys[0] if len(keys) == 1 else None,
    )


def _refuse_other_kinds(inside: str) -> None:
    word, _ = _split_once(inside, "#")
    if inside.startswith("#"):
        raise Unfit("its kind of question is not supported (numerical)")
    if word.strip().upper() in _TRUE_OR_FALSE:
        raise Unfit("its kind of question is not supported (true or false)")
    if inside[0] not in "=~":
        raise Unfit("its answers do not begin with = or ~")
    if _find(inside, "->") >= 0 and "~" not in _signs(inside):
        raise Unfit("its kind of question is not supported (matching)")


def _answers(inside: str) -> Iterator[_Answer]:
    starts = [place for place in range(len(inside)) if _is_sign(inside, place)]
    for start, end in zip(starts, [*starts[1:], len(inside)], strict=True):
        text = inside[start + 1 : end].strip(_WHITE)
        weight = float(_WHOLE) if inside[start] == "=" else 0.0
        stated = _WEIGHT.match(text)
        if stated:
            weight = number_from(stated[1]) or 0.0
            text = text[stated.end() :]
        text, feedback = _split_once(text, "#")
        yield _Answer(weight, text.strip(_WHITE), feedback.strip(_WHITE))


def _signs(inside: str) -> set[str]:
    return {inside[place] for place in range(len(inside)) if _is_sign(inside, place)}


def _is_sign(text: str, place: int) -> bool:
    return text[place] in "=~" and not _is_escaped(text, place)


def _form(text: str, otherwise: str = "moodle") -> tuple[str, str]:
    """The format that a text says it has, or the one around it, and the text."""
    match = _FORMAT.match(text)
    return (match[1].lower(), text[match.end() :]) if match else (otherwise, text)


def _markup(draft: Draft, form: str, text: str) -> str:
    form, text = _form(text, form)
    text = _plain(text).strip(_WHITE)
    if form == "html":
        return draft.markup(text)
    return draft.either(text) if form == "moodle" else draft.text(text)


def _split_once(text: str, mark: str) -> tuple[str, str]:
    place = _find(text, mark)
    return (text, "") if place < 0 else (text[:place], text[place + len(mark) :])


def _find(text: str, mark: str, start: int = 0) -> int:
    """Where a mark stands that no backslash takes its meaning from; -1 for nowhere."""
    place = text.find(mark, start)
    while place >= 0 and _is_escaped(text, place):
        place = text.find(mark, place + 1)
    return place


def _is_escaped(text: str, place: int) -> bool:
    start = place
    while start and text[start - 1] == _ESCAPE:
        start -= 1
    return (place - start) % 2 == 1


def _plain(text: str) -> str:
    """The text without its backslashes; one before n is a line end."""
    found, is_taken = [], False
    for one in text:
        if is_taken:
            found.append("\n" if one == "n" else one if one in r"\~=#{}:" else _ESCAPE + one)
            is_taken = False
        elif one == _ESCAPE:
            is_taken = True
        else:
            found.append(one)
    return "".join(found) + (_ESCAPE if is_taken else "")
