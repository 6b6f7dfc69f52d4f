"""How a booking goes from asked for to held, agreed, confirmed and, if it must, taken away."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final


class BookingStatus(StrEnum):
    """Where the booking of one attempt stands."""

    OPEN = "open"
    REQUESTED = "requested"
    HELD = "held"
    LAPSED = "lapsed"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


class BookingAction(StrEnum):
    """What somebody, or the passing of time, does to a booking."""

    REQUEST = "request"
    HOLD = "hold"
    AGREE = "agree"
    OBJECT = "object"
    CONFIRM = "confirm"
    MOVE = "move"
    CANCEL = "cancel"
    NO_SHOW = "no_show"
    LAPSE = "lapse"


STATUS_TITLES: Final[dict[BookingStatus, str]] = {
    BookingStatus.OPEN: "No date yet",
    BookingStatus.REQUESTED: "Asked for",
    BookingStatus.HELD: "Held",
    BookingStatus.LAPSED: "Hold has lapsed",
    BookingStatus.CONFIRMED: "Confirmed",
    BookingStatus.CANCELLED: "Cancelled",
    BookingStatus.NO_SHOW: "Nobody came",
}

ACTION_TITLES: Final[dict[BookingAction, str]] = {
    BookingAction.REQUEST: "Asked for",
    BookingAction.HOLD: "Held",
    BookingAction.AGREE: "Agreed by the employer",
    BookingAction.OBJECT: "Not agreed by the employer",
    BookingAction.CONFIRM: "Confirmed",
    BookingAction.MOVE: "Moved",
    BookingAction.CANCEL: "Cancelled",
    BookingAction.NO_SHOW: "Not held: somebody did not come",
    BookingAction.LAPSE: "Hold lapsed",
}

# From a booking without a date one may ask or hold again, however it lost its date.
_ANEW: Final = {
    BookingAction.REQUEST: BookingStatus.REQUESTED,
    BookingAction.HOLD: BookingStatus.HELD,
}

TRANSITIONS: Final[dict[BookingStatus, dict[BookingAction, BookingStatus]]] = {
    BookingStatus.OPEN: _ANEW,
    BookingStatus.REQUESTED: {**_ANEW, BookingAction.CANCEL: BookingStatus.CANCELLED},
    BookingStatus.HELD: {
        BookingAction.AGREE: BookingStatus.HELD,
        BookingAction.OBJECT: BookingStatus.REQUESTED,
        BookingAction.CONFIRM: BookingStatus.CONFIRMED,
        BookingAction.MOVE: BookingStatus.HELD,
        BookingAction.CANCEL: BookingStatus.CANCELLED,
        BookingAction.LAPSE: BookingStatus.LAPSED,
    },
    BookingStatus.LAPSED: _ANEW,
    # A moved date is held again: it is confirmed once those who must agree have agreed to it.
    BookingStatus.CONFIRMED: {
        BookingAction.MOVE: BookingStatus.HELD,
        BookingAction.CANCEL: BookingStatus.CANCELLED,
        BookingAction.NO_SHOW: BookingStatus.NO_SHOW,
    },
    BookingStatus.CANCELLED: _ANEW,
    BookingStatus.NO_SHOW: _ANEW,
}

# What takes something away from somebody, or asks something of them, says why.
NEEDS_REASON: Final = frozenset(
    {
        BookingAction.REQUEST,
        BookingAction.OBJECT,
        BookingAction.MOVE,
        BookingAction.CANCEL,
        BookingAction.NO_SHOW,
    }
)

WITH_TIME: Final = frozenset({BookingStatus.HELD, BookingStatus.CONFIRMED})


class Absent(StrEnum):
    """Who did not come on the day."""

    APPRENTICE = "apprentice"
    ASSESSOR = "assessor"
    INVIGILATOR = "invigilator"
    EMPLOYER = "employer"


def next_status(status: BookingStatus, action: BookingAction) -> BookingStatus | None:
    """Where an action leads, or None where it is not possible."""
    return TRANSITIONS[status].get(action)


def why_not(status: BookingStatus, action: BookingAction) -> str | None:
    """Why an action is not possible, with what would be; None when it is."""
    if next_status(status, action) is not None:
        return None
    possible = [ACTION_TITLES[one].lower() for one in TRANSITIONS[status]]
    return (
        f"The booking is “{STATUS_TITLES[status]}”, so it cannot be"
        f" “{ACTION_TITLES[action].lower()}” now. Possible now: {', '.join(possible)}."
    )


def status_at(stored: BookingStatus, held_until: datetime | None, at: datetime) -> BookingStatus:
    """The status at an instant: a hold that nobody confirmed in time has lapsed by itself."""
    if stored is BookingStatus.HELD and held_until is not None and at > held_until:
        return BookingStatus.LAPSED
    return stored
