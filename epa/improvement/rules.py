"""What an action plan lacks, what a year's upkeep still asks for, and when a mark may lapse."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final

LONGEST_ACTION: Final = 1000
LONGEST_OWNER: Final = 200
LONGEST_WORDS: Final = 2000


def without_action(to_improve: Iterable[str], planned: Collection[str]) -> list[str]:
    """The criteria to improve for which no action is planned, in order."""
    return [code for code in to_improve if code not in planned]


def upkeep_left(kept_by: Sequence[str], done: Collection[int]) -> list[int]:
    """Which parts of a year's upkeep are still to be done, by their place from 0.

    Args:
        kept_by: what keeps the mark, as the framework lists it.
        done: the places that are done for the year.
    """
    return [place for place in range(len(kept_by)) if place not in done]


def lapse_fault(due_on: date | None, today: date) -> str | None:
    """Say why a mark may not lapse, or None: once the yearly upkeep is overdue."""
    if due_on is None:
        return "No yearly upkeep is open, so the mark stands until its last day."
    if today <= due_on:
        return (
            f"The upkeep is due on {due_on.day} {due_on:%B %Y}. The mark can lapse after that day."
        )
    return None
