"""The log of answers: which edit is taken, which one counts, what a receipt is the digest of.

Every change of an answer is an edit with its place: the number of the device it was made on, and
that device's own count. The highest place counts, whatever the order in which edits arrive. Nothing
is ever changed or taken out; clearing an answer is an edit too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from question_bank.interchange.markup import holdable

ANSWER_LETTERS: Final = 4000
# A device counts on by one; so far it may run ahead of what has arrived. More is no count.
FURTHEST_AHEAD: Final = 1000
LAST_SEQUENCE: Final = 1_000_000

Place = tuple[int, int]


class EditOutcome(StrEnum):
    """What became of an edit. Each of them means: it is kept, the device may forget it."""

    SAVED = "saved"
    REPEATED = "repeated"
    STALE = "stale"


class EditFault(ValueError):
    """An edit that cannot be taken.

    Args:
        code: a stable name of what is wrong.
        message: a sentence for the candidate.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Asked:
    """A question as it was delivered.

    Attributes:
        number: its place on the paper, from 1.
        kind: its kind of question.
        marks: the most it may get.
        options: the identifiers of its options as they stand, drawn for this paper alone; none
            where an answer is written.
    """

    number: int
    kind: str
    marks: int
    options: tuple[str, ...]

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Asked:
        """A question from what is stored of it."""
        options = tuple(record["options"])
        return cls(record["number"], record["kind"], record["marks"], options)


@dataclass(frozen=True)
class Edit:
    """One change of one answer.

    Attributes:
        number: the question's.
        device: which of the candidate's devices made it, from 1.
        sequence: that device's count, from 1.
        value: the option's identifier, the text, or None where the answer was cleared.
        made_at: when, as the page reckons by the server's clock.
    """

    number: int
    device: int
    sequence: int
    value: str | None
    made_at: datetime

    @property
    def place(self) -> Place:
        """Where it stands among all edits: what a later device wrote counts before all others'."""
        return self.device, self.sequence


def value_of(asked: Asked | None, given: str | None) -> str | None:
    """An answer as it is kept.

    Args:
        asked: the question; None where the paper has none of this number.
        given: what was sent.

    Raises:
        EditFault: there is no such question, it is no option of it, too long, or holds what no text
            may hold.
    """
    if asked is None:
        raise EditFault("unknown-question", "There is no such question on this paper.")
    if given is None or given == "":
        return None
    if asked.options:
        if given not in asked.options:
            raise EditFault("unknown-option", "This is no answer offered with this question.")
        return given
    if len(given) > ANSWER_LETTERS:
        raise EditFault(
            "too-long",
            f"An answer may have {ANSWER_LETTERS:,} characters; this has {len(given):,}.",
        )
    if holdable(given) != given:
        raise EditFault("unstorable", "The answer holds a character that cannot be kept.")
    return given


def outcome_of(edit: Edit, same: Edit | None, newest: Place | None, highest: int) -> EditOutcome:
    """What becomes of an edit that arrives.

    Args:
        edit: what arrives.
        same: the edit that is kept under its number and place already, if there is one.
        newest: the highest place kept for the question; None before the first.
        highest: the highest count that arrived of its device; 0 before the first.

    Raises:
        EditFault: its place holds another answer, or runs ahead of any count.
    """
    if same is not None:
        if same.value != edit.value:
            raise EditFault("place-taken", "Another answer was sent under this number before.")
        return EditOutcome.REPEATED
    if edit.sequence < 1 or edit.sequence > min(highest + FURTHEST_AHEAD, LAST_SEQUENCE):
        raise EditFault("sequence", "The number of this change cannot be.")
    if newest is not None and newest > edit.place:
        return EditOutcome.STALE
    return EditOutcome.SAVED


def standing(log: Iterable[Edit]) -> dict[int, Edit]:
    """The edit that counts for each question that was ever answered, by number."""
    found: dict[int, Edit] = {}
    for edit in log:
        if edit.number not in found or found[edit.number].place < edit.place:
            found[edit.number] = edit
    return dict(sorted(found.items()))


def answered(log: Iterable[Edit]) -> int:
    """How many questions have an answer; one that was cleared has none."""
    return sum(edit.value is not None for edit in standing(log).values())


def late_edits(batch: Iterable[Edit], clock_started: datetime, ended: datetime) -> tuple[Edit, ...]:
    """What of a late batch a person may let in: what was changed between start and end."""
    return tuple(edit for edit in batch if clock_started <= edit.made_at <= ended)


def receipt_digest(paper_digest: str, log: Sequence[Edit]) -> str:
    """What the candidate's receipt says: the paper with the answers that count, as one number.

    Args:
        paper_digest: that of the paper as it was drawn.
        log: every edit.

    Returns:
        SHA-256 in hexadecimal.
    """
    answers = [[number, edit.value] for number, edit in standing(log).items()]
    return _sha256([paper_digest, answers])


def log_digest(log: Iterable[Edit]) -> str:
    """The whole log as one number, whatever order it is read in; it enters the audit chain."""
    rows = sorted([one.number, *one.place, one.value, one.made_at.isoformat()] for one in log)
    return _sha256(rows)


def _sha256(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()
