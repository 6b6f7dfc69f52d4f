"""Kinds of item, the states a version passes through, and who may move it from one to the next."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID


class ItemKind(StrEnum):
    """What an item asks for; the first two are the plan's kinds of question."""

    MULTIPLE_CHOICE = "multiple_choice"
    SHORT_ANSWER = "short_answer"
    OBSERVATION_PROMPT = "observation_prompt"


KIND_TITLES: Final[Mapping[ItemKind, str]] = {
    ItemKind.MULTIPLE_CHOICE: "Multiple choice",
    ItemKind.SHORT_ANSWER: "Short answer",
    ItemKind.OBSERVATION_PROMPT: "Observation prompt",
}

KIND_WORDS: Final[Mapping[ItemKind, str]] = {
    ItemKind.MULTIPLE_CHOICE: "One right answer among several, each with a reason why it is or is not.",
    ItemKind.SHORT_ANSWER: "An open question for the test, marked by its creditworthy points.",
    ItemKind.OBSERVATION_PROMPT: "An open question for after an observation. It earns no marks.",
}


class ItemStatus(StrEnum):
    """Where a version of an item stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RETIRED = "retired"


STATUS_TITLES: Final[Mapping[ItemStatus, str]] = {
    ItemStatus.DRAFT: "Draft",
    ItemStatus.IN_REVIEW: "In review",
    ItemStatus.APPROVED: "Approved",
    ItemStatus.RETIRED: "Retired",
}


class ItemStep(StrEnum):
    """Something that happened to a version: its history is made of these."""

    DRAFTED = "drafted"
    IMPORTED = "imported"
    EDITED = "edited"
    SUBMITTED = "submitted"
    TAKEN_BACK = "taken_back"
    RETURNED = "returned"
    APPROVED = "approved"
    REPLACED = "replaced"
    RETIRED = "retired"
    COMMENTED = "commented"
    KEPT = "kept"


STEP_TITLES: Final[Mapping[ItemStep, str]] = {
    ItemStep.DRAFTED: "Written",
    ItemStep.IMPORTED: "Imported",
    ItemStep.EDITED: "Changed",
    ItemStep.SUBMITTED: "Sent to review",
    ItemStep.TAKEN_BACK: "Taken back",
    ItemStep.RETURNED: "Returned",
    ItemStep.APPROVED: "Approved",
    ItemStep.REPLACED: "Replaced by a newer version",
    ItemStep.RETIRED: "Retired",
    ItemStep.COMMENTED: "Comment",
    ItemStep.KEPT: "Reviewed and kept as it is",
}

# Whoever did one of these has written the version, and so may not approve it.
WROTE: Final = frozenset({ItemStep.DRAFTED, ItemStep.IMPORTED, ItemStep.EDITED})

# From which states a step may be taken, and to which it leads; the others leave the state alone.
_MOVES: Final[Mapping[ItemStep, tuple[frozenset[ItemStatus], ItemStatus]]] = {
    ItemStep.EDITED: (frozenset({ItemStatus.DRAFT}), ItemStatus.DRAFT),
    ItemStep.SUBMITTED: (frozenset({ItemStatus.DRAFT}), ItemStatus.IN_REVIEW),
    ItemStep.TAKEN_BACK: (frozenset({ItemStatus.IN_REVIEW}), ItemStatus.DRAFT),
    ItemStep.RETURNED: (frozenset({ItemStatus.IN_REVIEW}), ItemStatus.DRAFT),
    ItemStep.APPROVED: (frozenset({ItemStatus.IN_REVIEW}), ItemStatus.APPROVED),
    ItemStep.REPLACED: (frozenset({ItemStatus.APPROVED}), ItemStatus.RETIRED),
    ItemStep.RETIRED: (
        frozenset({ItemStatus.DRAFT, ItemStatus.IN_REVIEW, ItemStatus.APPROVED}),
        ItemStatus.RETIRED,
    ),
    ItemStep.KEPT: (frozenset({ItemStatus.APPROVED}), ItemStatus.APPROVED),
}
# How many days before a review is due its reviewers are told.
REMINDER_DAYS: Final = (60, 14)
_MOST_MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def status_after(status: ItemStatus, step: ItemStep) -> ItemStatus | None:
    """The state that a step leads to; None where it may not be taken.

    A comment may be made in every state and changes none. A version that is approved or retired
    is never edited: an edit begins another version.
    """
    if step is ItemStep.COMMENTED:
        return status
    if step not in _MOVES:
        return None
    allowed, after = _MOVES[step]
    return after if status in allowed else None


def approval_fault(approver: UUID, writers: Collection[UUID]) -> str | None:
    """Why somebody may not approve a version, or None.

    Args:
        approver: who wishes to.
        writers: everybody who wrote, imported or changed this version.
    """
    if approver in writers:
        return "You have written in this version. Somebody else must approve it."
    return None


def budget_fault(seen: int, budget: int) -> str | None:
    """Why somebody may look at no further item today, or None.

    Args:
        seen: how many items that others wrote they have looked at today.
        budget: the most an author may look at in a day.
    """
    if seen < budget:
        return None
    return (
        f"You have looked at {seen} questions of others today, and {budget} is the limit."
        " Your own are still open to you; the others are again tomorrow."
    )


def is_overdue(due_on: date | None, today: date) -> bool:
    """Whether an item's yearly review is overdue, so that no paper draws it."""
    return due_on is None or due_on < today


def reminder_due(due_on: date, today: date, reminded: int | None) -> int | None:
    """Which reminder of a review is to be sent: so many days ahead, or None for none.

    Args:
        due_on: the last day for the review.
        today: London's date.
        reminded: the last reminder that was sent for this review.

    Returns:
        The nearest of `REMINDER_DAYS` that is reached, unless it, or a nearer one, was sent. A
        review that is overdue is reminded of as the nearest one.
    """
    left = (due_on - today).days
    reached = min((days for days in REMINDER_DAYS if left <= days), default=None)
    return None if reached is None or (reminded is not None and reminded <= reached) else reached


def after_months(day: date, months: int) -> date:
    """The same day so many months later, the month's last day where it has no such day."""
    count = day.month - 1 + months
    year, month = day.year + count // 12, count % 12 + 1
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = _MOST_MONTH_DAYS[month - 1] + (month == 2 and is_leap)  # noqa: PLR2004 (February)
    return date(year, month, min(day.day, longest))


def searched(text: str) -> str:
    """A text as items are searched: NFC, case folded, white space single."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def in_pairs(mine: str, others: Collection[str]) -> frozenset[tuple[str, str]]:
    """Enemies as pairs that are the same from both sides: the lesser identifier first."""
    return frozenset((min(mine, one), max(mine, one)) for one in others if one != mine)
