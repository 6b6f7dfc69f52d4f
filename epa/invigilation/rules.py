"""Where a test session stands, what is recorded in it, and how candidates are shared out."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar
from zlib import crc32

Key = TypeVar("Key", bound=Hashable)


_NUMBERS: Final = 10**8


def number_for(*facts: object) -> int:
    """A number for some facts: another one, but for one chance in many, when a fact is another."""
    return crc32(repr(facts).encode()) % _NUMBERS


class EventStatus(StrEnum):
    """Where a test session stands."""

    PLANNED = "planned"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Delivery(StrEnum):
    """How the test is taken."""

    PAPER = "paper"
    ONLINE = "online"


class Attendance(StrEnum):
    """Whether a candidate came."""

    EXPECTED = "expected"
    PRESENT = "present"
    LATE = "late"
    LEFT = "left"
    ABSENT = "absent"


class IdentityDocument(StrEnum):
    """By what somebody's identity was checked; its number is never kept."""

    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    IDENTITY_CARD = "identity_card"
    EMPLOYEE_CARD = "employee_card"


class EventIncidentKind(StrEnum):
    """What kind of thing happened in a test session."""

    LATE_START = "late_start"
    INTERRUPTION = "interruption"
    ILLNESS = "illness"
    SUSPECTED_MALPRACTICE = "suspected_malpractice"
    OTHER = "other"


class BoardDeed(StrEnum):
    """What an invigilator does to papers on screens, for one candidate or for many."""

    UNLOCK = "unlock"
    PAUSE = "pause"
    REST = "rest"
    RESUME = "resume"
    EXTEND = "extend"
    OTHER_DEVICE = "other-device"
    HAND = "hand"
    VOID = "void"


class Disposition(StrEnum):
    """What somebody makes of what a candidate's page told of itself."""

    NO_ACTION = "no_action"
    LOOK_INTO = "look_into"


DEED_TITLES: Final[dict[BoardDeed, str]] = {
    BoardDeed.UNLOCK: "Let them start",
    BoardDeed.PAUSE: "Pause",
    BoardDeed.REST: "Rest break",
    BoardDeed.RESUME: "Go on",
    BoardDeed.EXTEND: "Add time",
    BoardDeed.OTHER_DEVICE: "Let another device take over",
    BoardDeed.HAND: "Hand seen",
    BoardDeed.VOID: "Void the paper",
}
DEED_WORDS: Final[dict[BoardDeed, str]] = {
    BoardDeed.UNLOCK: "Each sees a button to start; the clock begins when it is pressed.",
    BoardDeed.PAUSE: "The clock stands still until you let them go on, and nobody can write.",
    BoardDeed.REST: "The clock stands still for as long as was granted, and then goes on by itself.",
    BoardDeed.RESUME: "The clock goes on at once.",
    BoardDeed.EXTEND: "Their time gets longer; they see it without doing anything.",
    BoardDeed.OTHER_DEVICE: "The next device that opens the paper gets it, with all that is saved."
    " The one before is read only from then on.",
    BoardDeed.HAND: "Their pages lower the hand and say that you have seen it.",
    BoardDeed.VOID: "There is no way back: the paper counts for nothing and takes nothing more.",
}
WITH_REASON: Final = frozenset(BoardDeed) - {BoardDeed.UNLOCK, BoardDeed.RESUME, BoardDeed.HAND}
DISPOSITION_TITLES: Final[dict[Disposition, str]] = {
    Disposition.NO_ACTION: "Noted, no action",
    Disposition.LOOK_INTO: "To be looked into",
}

STATUS_TITLES: Final[dict[EventStatus, str]] = {
    EventStatus.PLANNED: "Planned",
    EventStatus.CLOSED: "Closed",
    EventStatus.CANCELLED: "Cancelled",
}
DELIVERY_TITLES: Final[dict[Delivery, str]] = {
    Delivery.PAPER: "On paper",
    Delivery.ONLINE: "On a computer",
}
ATTENDANCE_TITLES: Final[dict[Attendance, str]] = {
    Attendance.EXPECTED: "Expected",
    Attendance.PRESENT: "Present",
    Attendance.LATE: "Came late",
    Attendance.LEFT: "Left early",
    Attendance.ABSENT: "Did not come",
}
DOCUMENT_TITLES: Final[dict[IdentityDocument, str]] = {
    IdentityDocument.PASSPORT: "Passport",
    IdentityDocument.DRIVING_LICENCE: "Driving licence",
    IdentityDocument.IDENTITY_CARD: "Identity card",
    IdentityDocument.EMPLOYEE_CARD: "Work pass with a photograph",
}
INCIDENT_TITLES: Final[dict[EventIncidentKind, str]] = {
    EventIncidentKind.LATE_START: "Late start",
    EventIncidentKind.INTERRUPTION: "Interruption, such as an alarm",
    EventIncidentKind.ILLNESS: "Somebody taken ill",
    EventIncidentKind.SUSPECTED_MALPRACTICE: "Suspected malpractice",
    EventIncidentKind.OTHER: "Something else",
}

SAT: Final = frozenset({Attendance.PRESENT, Attendance.LATE, Attendance.LEFT})


def most_candidates(invigilators: int, most_each: int, capacity: int | None) -> int:
    """How many candidates a session takes with these invigilators and this room.

    Args:
        invigilators: how many are on shift.
        most_each: how many candidates each may have.
        capacity: the room's places; None where there is no room to be full.
    """
    found = invigilators * most_each
    return found if capacity is None else min(found, capacity)


def next_invigilator(loads: Mapping[Key, int], able: Sequence[Key], most_each: int) -> Key | None:
    """Who takes the next candidate: the one with the fewest who may; None when all are full.

    Args:
        loads: how many candidates each on shift has.
        able: those without a conflict with the candidate, in the order of the shift.
        most_each: how many candidates each may have.
    """
    free = [one for one in able if loads.get(one, 0) < most_each]
    return min(free, key=lambda one: loads.get(one, 0), default=None)


def missing_to_close(
    standing: Sequence[tuple[Attendance, bool]], *, room_checked: bool | None
) -> list[str]:
    """What is still to be recorded before a session is closed, as sentences.

    Source: the plan's method 3, identity and venue are checked before the test starts.

    Args:
        standing: for each candidate whether they came, and whether their identity was checked.
        room_checked: whether the room was found suitable; None before it was looked at.
    """
    missing = []
    if room_checked is None:
        missing.append("Say whether the room is suitable.")
    elif not room_checked:
        missing.append("The room was found not suitable, so no test is held in it.")
    unknown = sum(attendance is Attendance.EXPECTED for attendance, _checked in standing)
    if unknown:
        missing.append(f"Say of {unknown} more whether they came.")
    unchecked = sum(came in SAT and not checked for came, checked in standing)
    if unchecked:
        missing.append(f"Check the identity of {unchecked} more.")
    return missing
