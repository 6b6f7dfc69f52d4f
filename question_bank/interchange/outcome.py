"""What becomes of each item of a file: ready for review, a draft with what it lacks, or refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from frameworks import MarkedMethod
from question_bank.interchange.item import (
    LONGEST_REFERENCE,
    MULTIPLE_CHOICE,
    OBSERVATION_PROMPT,
    Item,
)
from question_bank.interchange.markup import one_line


@dataclass(frozen=True)
class Read:
    """An item that a reader could take over.

    Attributes:
        item: the item.
        lacks: what keeps it from being ready, as the reader saw it.
        notes: what was changed on the way and does no harm.
    """

    item: Item
    lacks: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """An item that could not be taken over, and why."""

    reference: str
    reason: str


@dataclass(frozen=True)
class Duplicate:
    """An item whose like stands earlier in the file."""

    item: Item


Entry = Read | Refused | Duplicate


def judged(
    entries: Iterable[Read | Refused], method: MarkedMethod, ksb_codes: Collection[str] = ()
) -> Iterator[Entry]:
    """Say of each item what it lacks for the plan's test, and find what comes twice.

    Items of the same reference that differ keep both: the later one gets a number behind its
    reference. Memory grows by a few bytes an item.

    Args:
        entries: what a reader gave.
        method: the plan's marked method, which says how many options, keys and marks there are.
        ksb_codes: the plan's; a tag that is one of them files the item under that KSB.

    Yields:
        Each in its turn. A `Read` with no lacks is ready for review, with some a draft.
    """
    seen: set[bytes] = set()
    references: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry, Refused):
            yield entry
            continue
        fingerprint = entry.item.fingerprint()
        if fingerprint in seen:
            yield Duplicate(entry.item)
            continue
        seen.add(fingerprint)
        item = _filed(_renamed(entry.item, references), ksb_codes)
        lacks = tuple(dict.fromkeys([*lacking(item, method), *entry.lacks]))
        yield Read(item, lacks, entry.notes)


def lacking(item: Item, method: MarkedMethod) -> Iterator[str]:
    """What an item lacks for the plan's test, or a prompt for an observation."""
    if item.type_code == OBSERVATION_PROMPT:
        if not item.guide:
            yield "nothing on what a good answer shows"
        return
    kind = method.question_type(item.type_code)
    if item.type_code == MULTIPLE_CHOICE:
        yield from _lacking_of_options(item, kind.options)
    elif not item.guide:
        yield "no marking guide"
    marks = max(kind.marks)
    if item.marks is None:
        yield f"no marks; the plan gives {marks}"
    elif item.marks != marks:
        yield f"marks {item.marks:g}; the plan gives {marks}"


def _lacking_of_options(item: Item, wanted: int | None) -> Iterator[str]:
    if len(item.options) != wanted:
        yield f"{len(item.options)} options; {wanted} were expected"
    for number, option in enumerate(item.options, start=1):
        if not option.text:
            yield f"option {number} is empty"
    if item.key is None:
        yield "no key"


def _filed(item: Item, ksb_codes: Collection[str]) -> Item:
    """The item under the KSBs that its tags name."""
    found = [tag.upper() for tag in item.tags if tag.upper() in ksb_codes]
    if not found:
        return item
    tags = tuple(tag for tag in item.tags if tag.upper() not in ksb_codes)
    return replace(item, ksbs=tuple(dict.fromkeys([*item.ksbs, *found])), tags=tags)


def _renamed(item: Item, references: dict[str, int]) -> Item:
    """The item, under a reference that no earlier one has."""
    number = references.get(item.reference, 0) + 1
    references[item.reference] = number
    if number == 1:
        return item
    ending = f" ({number})"
    reference = one_line(item.reference, LONGEST_REFERENCE - len(ending)) + ending
    return _renamed(replace(item, reference=reference), references)
