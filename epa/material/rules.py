"""How a piece of supporting material stands against the day by which it is wanted.

Source: the assessment plan allows supporting material up to four weeks after the EPA period starts;
the number comes from the definition.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

LONGEST_TITLE: Final = 200
LONGEST_NOTE: Final = 1000


class Supplier(StrEnum):
    """Who is asked for a piece of supporting material."""

    APPRENTICE = "apprentice"
    EMPLOYER = "employer"
    TRAINING_PROVIDER = "training_provider"


class MaterialStanding(StrEnum):
    """Where a piece of supporting material stands."""

    OPEN = "open"
    LATE = "late"
    SUPPLIED = "supplied"
    SUPPLIED_LATE = "supplied_late"
    DROPPED = "dropped"


STANDING_TITLES: Final[dict[MaterialStanding, str]] = {
    MaterialStanding.OPEN: "Still open",
    MaterialStanding.LATE: "Late",
    MaterialStanding.SUPPLIED: "Supplied",
    MaterialStanding.SUPPLIED_LATE: "Supplied late",
    MaterialStanding.DROPPED: "No longer needed",
}


def is_late(due_on: date | None, today: date) -> bool:
    """Whether its day is over; before the EPA period has begun there is none."""
    return due_on is not None and today > due_on


def standing(
    *, is_dropped: bool, is_supplied: bool, was_let_in: bool, due_on: date | None, today: date
) -> MaterialStanding:
    """Where one piece stands on a day.

    Args:
        is_dropped: whether it is no longer needed.
        is_supplied: whether something was supplied for it.
        was_let_in: whether what counts came after its day, and was accepted with a reason.
        due_on: its last day, inclusive; None before the EPA period has begun.
        today: London's date.
    """
    if is_dropped:
        return MaterialStanding.DROPPED
    if is_supplied:
        return MaterialStanding.SUPPLIED_LATE if was_let_in else MaterialStanding.SUPPLIED
    return MaterialStanding.LATE if is_late(due_on, today) else MaterialStanding.OPEN
