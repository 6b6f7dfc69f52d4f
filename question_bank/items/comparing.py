"""Two versions of an item compared word by word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final
from xml.etree.ElementTree import Element  # a name for types; nothing is parsed with it

from question_bank.interchange.item import Item
from question_bank.interchange.markup import tree_of

_INLINE: Final = frozenset(
    {"b", "code", "em", "i", "s", "small", "span", "strong", "sub", "sup", "u"}
)


@dataclass(frozen=True)
class Compared:
    """One part of an item in two versions.

    Attributes:
        title: what part it is.
        pieces: its words; those that are not gone make up the newer text.
    """

    title: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the two differ in this part."""
        return any(piece.kind != "same" for piece in self.pieces)


@dataclass(frozen=True)
class Piece:
    """A run of words that stands in both versions, only in the older or only in the newer."""

    kind: str
    words: str


def changes_between(before: str, after: str) -> tuple[Piece, ...]:
    """Two plain texts compared word by word.

    Returns:
        Pieces of kind `same`, `gone` or `new`; those that are not gone make up `after`.
    """
    old, new = before.split(), after.split()
    pieces = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", " ".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("gone", " ".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("new", " ".join(new[j1:j2])))
    return tuple(pieces)


def compared(older: Item, newer: Item) -> tuple[Compared, ...]:
    """Every part that either version has, in the order in which a reader meets them."""
    return tuple(
        Compared(title, changes_between(_words(before), _words(after)))
        for title, before, after in _parts(older, newer)
        if before or after
    )


def _words(markup: str) -> str:
    """A text without its markup, with a space only where a reader sees one."""
    return "".join(_runs(tree_of(markup)))


def _runs(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "img":
            yield f" [{child.get('alt', '')}] "
        apart = "" if child.tag in _INLINE else " "
        yield apart
        yield from _runs(child)
        yield apart
        yield child.tail or ""


def _parts(older: Item, newer: Item) -> Iterator[tuple[str, str, str]]:
    yield "Question", older.stem, newer.stem
    pairs = zip_longest(older.options, newer.options)
    for letter, (before, after) in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", pairs, strict=False):
        yield f"Option {letter}", before.text if before else "", after.text if after else ""
        yield (
            f"Why {letter} is right or wrong",
            before.rationale if before else "",
            after.rationale if after else "",
        )
    yield "Key", _key(older), _key(newer)
    points = zip_longest(older.guide, newer.guide, fillvalue="")
    for number, (before_point, after_point) in enumerate(points, start=1):
        yield f"Point {number} of the guide", before_point, after_point
    yield "Model answer", older.model_answer, newer.model_answer
    yield "KSBs", ", ".join(older.ksbs), ", ".join(newer.ksbs)
    yield "Estimate", _estimate(older), _estimate(newer)
    yield "Sources", "; ".join(older.sources), "; ".join(newer.sources)


def _key(item: Item) -> str:
    return "" if item.key is None else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[item.key]


def _estimate(item: Item) -> str:
    return "" if item.facility is None else f"{item.facility:.1%}"
