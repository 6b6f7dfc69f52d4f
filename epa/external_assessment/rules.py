"""The visit: its timetable, whom the assessors hear, and what may be objected to when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from itertools import pairwise
from typing import Final

from frameworks.review_cycle import Heard

LONGEST_TITLE: Final = 200
LONGEST_REFERENCE: Final = 100


class ObjectionKind(StrEnum):
    """What the provider does not agree with, and when."""

    CHALLENGE = "challenge"
    FACT = "fact"


OBJECTION_TITLES: Final[dict[ObjectionKind, str]] = {
    ObjectionKind.CHALLENGE: "Challenge at the closing meeting",
    ObjectionKind.FACT: "Factual inaccuracy",
}


def challenge_fault(today: date, told_on: date | None) -> str | None:
    """Say why a finding cannot be challenged, or None: on the day of the closing feedback.

    Args:
        today: London's date.
        told_on: the day on which the closing feedback was given, if it was.
    """
    if told_on is None:
        return "Findings are told at the closing meeting first."
    if today > told_on:
        return (
            f"Findings could be challenged at the closing meeting of {told_on.day} {told_on:%B %Y}."
            " What is factually wrong can be named once the report is sent."
        )
    return None


@dataclass(frozen=True)
class Slot:
    """One block of a timetable: on which day of the visit, from when to when, and what it is."""

    day: int
    starts: time
    ends: time
    title: str


def slot_fault(slot: Slot, others: Iterable[Slot], days: int) -> tuple[str, str] | None:
    """Say why a block cannot stand: the field to blame and the sentence; None where it can.

    Args:
        slot: the block.
        others: the other blocks of the timetable.
        days: how many days the visit has.
    """
    if not 1 <= slot.day <= days:
        return "day", f"The day must be 1 to {days}"
    if slot.ends <= slot.starts:
        return "ends", "It must end after it starts"
    for other in others:
        if other.day == slot.day and other.starts < slot.ends and slot.starts < other.ends:
            span = f"{other.starts:%H:%M} to {other.ends:%H:%M}"
            return "starts", f"“{other.title}” is from {span} on that day"
    return None


def gaps(slots: Sequence[Slot]) -> list[tuple[Slot, Slot]]:
    """Blocks of one day, in order, between which nothing is planned."""
    in_order = sorted(slots, key=lambda one: (one.day, one.starts))
    return [(a, b) for a, b in pairwise(in_order) if a.day == b.day and a.ends < b.starts]


@dataclass(frozen=True)
class Hearing:
    """How many of one kind were heard, and how many it takes."""

    code: str
    title: str
    held: int
    least: int

    @property
    def is_enough(self) -> bool:
        """Whether the framework's minimum is reached."""
        return self.held >= self.least


def hearings(wanted: Iterable[Heard], held: Mapping[str, int]) -> list[Hearing]:
    """How the interviews held stand against the framework's minimum, kind by kind."""
    return [Hearing(one.code, one.title, held.get(one.code, 0), one.least) for one in wanted]
