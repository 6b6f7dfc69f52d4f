"""What a paper is drawn for, what is printed of it, and how many more a bank supports."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from question_bank.drawing.paper import CellKey, DrawBlueprint, DrawCell, PoolItem
from question_bank.interchange.item import Item


class PaperPurpose(StrEnum):
    """What a paper is for; only a live one counts as a use of its items."""

    PRACTICE = "practice"
    LIVE = "live"


PURPOSE_TITLES: Final[Mapping[PaperPurpose, str]] = {
    PaperPurpose.PRACTICE: "Practice",
    PaperPurpose.LIVE: "Live test",
}


class PaperDocument(StrEnum):
    """Something printed of a paper."""

    QUESTION_PAPER = "question-paper"
    LARGE_PRINT = "large-print"
    ANSWER_BOOKLET = "answer-booklet"
    MARKING_GUIDE = "marking-guide"


DOCUMENT_TITLES: Final[Mapping[PaperDocument, str]] = {
    PaperDocument.QUESTION_PAPER: "Question paper",
    PaperDocument.LARGE_PRINT: "Question paper, large print",
    PaperDocument.ANSWER_BOOKLET: "Answer booklet",
    PaperDocument.MARKING_GUIDE: "Marking guide",
}


def as_record(blueprint: DrawBlueprint) -> dict[str, Any]:
    """A blueprint as plain values to store: `from_record` gives it again."""
    return {
        "name": blueprint.name,
        "cells": [[cell.ksb, cell.type_code, cell.count] for cell in blueprint.cells],
        "target": blueprint.target,
        "tolerance": blueprint.tolerance,
        "exposure_cap": blueprint.exposure_cap,
    }


def from_record(record: Mapping[str, Any]) -> DrawBlueprint:
    """A blueprint from its stored values."""
    cells = tuple(DrawCell(ksb, kind, count) for ksb, kind, count in record["cells"])
    return DrawBlueprint(
        record["name"], cells, record["target"], record["tolerance"], record["exposure_cap"]
    )


def digest_of(questions: Iterable[tuple[Item, Sequence[int]]]) -> str:
    """A paper's content as one number: what is asked, in which order, options as they stand.

    Args:
        questions: each item in the order of the paper, and the order of its options on it.

    Returns:
        SHA-256 in hexadecimal.
    """
    content = [
        [item.reference, item.fingerprint().hex(), item.marks, item.model_answer, list(order)]
        for item, order in questions
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()


@dataclass(frozen=True)
class Supply:
    """What a bank has for one cell of a blueprint.

    Attributes:
        ksb: the cell's.
        type_code: the cell's.
        wanted: how many questions a paper takes.
        ready: how many may be drawn now.
        unused: how many of these have been in no live paper.
        due_soon: how many of these leave the draw within the reminders' time unless reviewed.
        coming: how many are drafts or in review.
    """

    ksb: str
    type_code: str
    wanted: int
    ready: int
    unused: int
    due_soon: int = 0
    coming: int = 0

    @property
    def papers(self) -> int:
        """How many papers the cell fills without a question twice."""
        return self.ready // self.wanted

    @property
    def fresh_papers(self) -> int:
        """How many it fills with questions that no live paper has had."""
        return self.unused // self.wanted

    @property
    def for_one_more(self) -> int:
        """How many questions are to be written until it fills one paper more."""
        return self.wanted * (self.papers + 1) - self.ready


@dataclass(frozen=True)
class Adequacy:
    """How far a bank reaches for a blueprint.

    Attributes:
        cells: what there is, cell by cell, in the blueprint's order.
    """

    cells: tuple[Supply, ...]

    @property
    def papers(self) -> int:
        """How many papers can be drawn with no question on two of them."""
        return min((cell.papers for cell in self.cells), default=0)

    @property
    def resits(self) -> int:
        """How often one person can be tested again without meeting a question twice."""
        return max(0, self.papers - 1)

    @property
    def fresh_papers(self) -> int:
        """How many papers can be drawn of questions that no live paper has had."""
        return min((cell.fresh_papers for cell in self.cells), default=0)

    @property
    def to_write_next(self) -> tuple[Supply, ...]:
        """The cells that stop the bank from filling one paper more, the shortest first."""
        short = [cell for cell in self.cells if cell.papers == self.papers]
        return tuple(sorted(short, key=lambda cell: (-cell.for_one_more, cell.ksb)))


def adequacy_of(
    blueprint: DrawBlueprint,
    pool: Iterable[PoolItem],
    due_soon: Mapping[CellKey, int],
    coming: Mapping[CellKey, int],
) -> Adequacy:
    """How many papers and re-sits a bank supports, cell by cell.

    Enemies and the target can make it fewer: what is counted is questions.

    Args:
        blueprint: what a paper takes.
        pool: the items that may be drawn now.
        due_soon: how many of these are due for review soon, by cell.
        coming: how many drafts and items in review there are, by cell.
    """
    cap = blueprint.exposure_cap
    below = [item for item in pool if cap is None or item.uses < cap]
    ready = Counter((item.ksb, item.type_code) for item in below)
    unused = Counter((item.ksb, item.type_code) for item in below if not item.uses)
    return Adequacy(
        tuple(
            Supply(
                cell.ksb,
                cell.type_code,
                cell.count,
                ready[cell.key],
                unused[cell.key],
                due_soon.get(cell.key, 0),
                coming.get(cell.key, 0),
            )
            for cell in blueprint.cells
        )
    )
