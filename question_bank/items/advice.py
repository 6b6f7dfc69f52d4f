"""Checks while writing: what an item still needs, and what a reviewer would ask about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element  # a name for types; nothing is parsed with it

from frameworks import MarkedMethod
from question_bank.interchange.item import Item
from question_bank.interchange.markup import plain, tree_of
from question_bank.interchange.outcome import lacking
from question_bank.items.rules import ItemKind, searched

# A negative word that is easily read over unless it stands out (Haladyna, Downing and Rodriguez
# 2002, guideline 17: word the stem positively, or set the negative word apart).
_NEGATIVE: Final = re.compile(r"\b(not|never|except|least|cannot)\b|n[’']t\b", re.IGNORECASE)
_SET_APART: Final = frozenset({"b", "strong", "em", "i", "u"})
# Options that test-wise candidates use without knowing the matter (the same, guideline 26).
_ALL_OR_NONE: Final = re.compile(
    r"\b(all|none|both|neither|any)\b( of)?( the)? (above|below|these|others?|options|answers)\b"
    r"|\b(both|neither) [a-d] (and|or|nor) [a-d]\b",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_SENTENCE_END: Final = re.compile(r"[.!?:;]+(?:\s|$)")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_LONGEST_SENTENCE: Final = 30  # words
# An option is out of line when it is so many times as long as the longest other one.
_OUT_OF_LINE: Final = 1.5
_LENGTHS_MATTER_FROM: Final = 20  # characters; short options differ without telling anything
_FEWEST_WORDS_FOR_EASE: Final = 20
_HARD_TO_READ: Final = 30.0


@dataclass(frozen=True)
class Remark:
    """Something about an item.

    Attributes:
        field: which box of the editor it is about.
        text: a sentence for the author.
        is_needed: whether it must be put right before the item goes to review.
    """

    field: str
    text: str
    is_needed: bool = False


def remarks_on(item: Item, method: MarkedMethod) -> tuple[Remark, ...]:
    """What an item still needs, then what is worth a second look.

    Args:
        item: in the one form.
        method: the plan's marked method: how many options, keys and marks there are.
    """
    found = [*_needed(item, method), *_worth_a_look(item, method)]
    return tuple(sorted(found, key=lambda one: not one.is_needed))


def what_is_needed(item: Item, method: MarkedMethod) -> tuple[Remark, ...]:
    """What must be put right before the item is reviewed or approved."""
    return tuple(one for one in remarks_on(item, method) if one.is_needed)


def _needed(item: Item, method: MarkedMethod) -> Iterator[Remark]:
    for field, text in _lacks(item, method):
        yield Remark(field, text, is_needed=True)
    if not item.ksbs:
        yield Remark("ksb", "Say what it asks about: it is drawn for that.", is_needed=True)
    if item.facility is None and item.type_code != ItemKind.OBSERVATION_PROMPT:
        text = "Give your estimate of how many will get it right: papers are balanced by it."
        yield Remark("facility", text, is_needed=True)
    for picture in tree_of("".join(_texts(item))).iter("img"):
        if not picture.get("alt", "").strip():
            text = "Describe each picture in words: not every candidate can see it."
            yield Remark("stem", text, is_needed=True)
            break
    if item.type_code == ItemKind.MULTIPLE_CHOICE:
        yield from _needed_of_options(item)


def _lacks(item: Item, method: MarkedMethod) -> Iterator[tuple[str, str]]:
    """What no import would take as ready, in the words of the import."""
    if item.type_code == ItemKind.OBSERVATION_PROMPT:
        if not item.guide:
            yield "guide", "Say what a good answer shows."
        return
    for lack in lacking(item, method):
        field = "guide" if "guide" in lack else "key" if "key" in lack else "options"
        yield field, f"It has {lack}." if lack.startswith("no ") else f"It is not ready: {lack}."


def _needed_of_options(item: Item) -> Iterator[Remark]:
    words = [searched(plain(option.text)) for option in item.options]
    if len({*filter(None, words)}) < len([*filter(None, words)]):
        yield Remark("options", "Two options say the same.", is_needed=True)
    if any(_ALL_OR_NONE.search(one) for one in words):
        text = "Leave out “all of the above” and its like: who knows two options knows the answer."
        yield Remark("options", text, is_needed=True)


def _worth_a_look(item: Item, method: MarkedMethod) -> Iterator[Remark]:
    if item.type_code == ItemKind.MULTIPLE_CHOICE:
        yield from _of_options(item)
        if _is_negative(item.stem):
            text = (
                "Ask for what is right, or set the negative word apart, as in <strong>not</strong>."
            )
            yield Remark("stem", text)
    elif item.type_code == ItemKind.SHORT_ANSWER:
        marks = max(method.question_type(item.type_code).marks)
        if 0 < len(item.guide) < marks:
            yield Remark("guide", f"The guide has fewer points than the {marks} marks.")
        if not item.model_answer:
            yield Remark("model_answer", "A model answer helps markers agree.")
    yield from _of_reading(item)


def _of_options(item: Item) -> Iterator[Remark]:
    lengths = sorted(len(plain(option.text)) for option in item.options)
    if len(lengths) > 1 and lengths[-1] >= _LENGTHS_MATTER_FROM:
        shortest, longest = lengths[0], lengths[-1]
        others = lengths[-2]
        if longest > _OUT_OF_LINE * others or (shortest and others > 2 * shortest):
            yield Remark("options", "One option stands out by its length. Make them alike.")
    if item.key is not None and any(not option.rationale for option in item.options if option.text):
        yield Remark("options", "Say of each option why it is right or wrong.")


def _is_negative(stem: str) -> bool:
    """Whether a negative word stands in the sentence that asks, without being set apart."""
    text = " ".join(" ".join(_not_apart(tree_of(stem))).split())
    asking = [part for part in _SENTENCE_END.split(text) if part.strip()][-1:]
    words = (match[0] for part in asking for match in _NEGATIVE.finditer(part))
    return any(word != word.upper() for word in words)


def _not_apart(element: Element) -> Iterator[str]:
    """The texts of an element that no part of it sets apart."""
    yield element.text or ""
    for child in element:
        if child.tag not in _SET_APART:
            yield from _not_apart(child)
        yield child.tail or ""


def _of_reading(item: Item) -> Iterator[Remark]:
    text = plain(item.stem)
    sentences = [part for part in _SENTENCE_END.split(text) if part.strip()]
    longest = max((len(_WORD.findall(one)) for one in sentences), default=0)
    if longest > _LONGEST_SENTENCE:
        yield Remark(
            "stem", f"One sentence has {longest} words. Shorter ones are read more surely."
        )
    ease = reading_ease(text)
    if ease is not None and ease < _HARD_TO_READ:
        yield Remark("stem", "The question is hard to read. Try shorter words and sentences.")


def reading_ease(text: str) -> float | None:
    """Flesch's reading ease of a plain text: 100 is very easy, below 30 very hard.

    206.835 - 1.015 words/sentences - 84.6 syllables/words (Flesch 1948); syllables are counted
    as groups of vowels. None below 20 words, where it says nothing.
    """
    words = _WORD.findall(text)
    if len(words) < _FEWEST_WORDS_FOR_EASE:
        return None
    sentences = max(1, len([part for part in _SENTENCE_END.split(text) if part.strip()]))
    syllables = sum(map(_syllables, words))
    return 206.835 - 1.015 * len(words) / sentences - 84.6 * syllables / len(words)


def _syllables(word: str) -> int:
    """Groups of vowels, without a silent e at the end; at least one."""
    folded = word.casefold()
    count = len(_VOWELS.findall(folded))
    if folded.endswith("e") and not folded.endswith("le") and count > 1:
        count -= 1
    return max(1, count)


def _texts(item: Item) -> Iterator[str]:
    yield item.stem
    for option in item.options:
        yield option.text
        yield option.rationale
    yield from item.guide
    yield item.model_answer
