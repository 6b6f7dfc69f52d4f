"""Two versions of a portfolio beside each other: what was added, taken out and changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from epa.lifecycle.definitions import framework_of
from epa.portfolio import queries
from epa.portfolio.models import EvidencePiece, PortfolioVersion
from epa.portfolio.rules import KIND_TITLES, source_words
from epa.web.filters import file_size


@dataclass(frozen=True)
class Difference:
    """One thing about a piece that differs: what it is, and how it was and is written.

    ``is_long`` is set for a text, whose lines are to be kept.
    """

    what: str
    before: str
    after: str
    is_long: bool = False


@dataclass(frozen=True)
class ChangedPiece:
    """A piece that is in both versions and not the same in both."""

    before: EvidencePiece
    after: EvidencePiece
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison:
    """An earlier version held against a later one; pieces in the order of their numbers.

    A piece that only has another number is the same.
    """

    earlier: PortfolioVersion
    later: PortfolioVersion
    added: tuple[EvidencePiece, ...]
    removed: tuple[EvidencePiece, ...]
    changed: tuple[ChangedPiece, ...]
    same: int


def compared(earlier: PortfolioVersion, later: PortfolioVersion) -> Comparison:
    """Hold two versions of one portfolio against each other.

    Args:
        earlier: the one with the lower number.
        later: another version of the same assessment; it may be a draft.
    """
    before = {piece.id: piece for piece in earlier.pieces}
    follows = queries.followed(later.assessment)
    added, changed, met = [], [], set()
    for piece in later.pieces:
        was = next((before[one] for one in _line(piece, follows) if one in before), None)
        if was is None:
            added.append(piece)
            continue
        met.add(was.id)
        if differences := tuple(_differences(was, piece)):
            changed.append(ChangedPiece(was, piece, differences))
    removed = tuple(piece for piece in earlier.pieces if piece.id not in met)
    return Comparison(
        earlier, later, tuple(added), removed, tuple(changed), len(met) - len(changed)
    )


def _line(piece: EvidencePiece, follows: Mapping[UUID, UUID]) -> Iterator[UUID]:
    """The piece before this one, the one before that, and so on."""
    last = follows.get(piece.id)
    while last is not None:
        yield last
        last = follows.get(last)


def file_words(piece: EvidencePiece) -> str:
    """A piece's file by name, size and digest, so that two of one name can be told apart."""
    file = piece.file
    return f"{file.name}, {file_size(file.size)}, SHA-256 {file.sha256}" if file else "None"


def _activities(piece: EvidencePiece) -> str:
    plan = framework_of(piece.version.assessment).portfolio
    shown = (one.title for one in plan.activities if one.code in piece.activities)
    return ", ".join(shown) or "None"


_WRITTEN: Final[tuple[tuple[str, Callable[[EvidencePiece], str]], ...]] = (
    ("Title", lambda piece: piece.title),
    ("Kind", lambda piece: KIND_TITLES[piece.kind]),
    ("About", lambda piece: source_words(piece.service_user)),
    ("Activities", _activities),
    ("Evidences", lambda piece: " ".join(piece.ksbs)),
    ("Link", lambda piece: piece.link or "None"),
    ("File", file_words),
)


def _differences(before: EvidencePiece, after: EvidencePiece) -> Iterator[Difference]:
    for what, written in _WRITTEN:
        was, now = written(before), written(after)
        if was != now:
            yield Difference(what, was, now)
    if before.text != after.text:
        yield Difference("Text", before.text or "None", after.text or "None", is_long=True)
