"""The days of a month and of a week, and the place of bookings, people and rooms on them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

_WEEK: Final = timedelta(days=7)
_FRIDAY: Final = 4
_LAST_YEAR: Final = date.max.year - 1


class Span(StrEnum):
    """How much a diary shows."""

    MONTH = "month"
    WEEK = "week"


class View(StrEnum):
    """What stands in a diary's rows."""

    BOOKINGS = "bookings"
    PEOPLE = "people"
    ROOMS = "rooms"


SPAN_TITLES: Final[dict[Span, str]] = {Span.MONTH: "Month", Span.WEEK: "Week"}
VIEW_TITLES: Final[dict[View, str]] = {
    View.BOOKINGS: "Bookings",
    View.PEOPLE: "People",
    View.ROOMS: "Rooms",
}


@dataclass(frozen=True)
class Appointment:
    """Something in a diary: when, what, whose, where, and whether it stands.

    Attributes:
        starts_at: when it starts.
        ends_at: when it is over.
        title: what it is.
        who: whose, such as the apprentice; empty where the reader may not know.
        place: where; "Online" for a video call.
        is_confirmed: whether it stands, or is held for now.
        url: the page that says more; empty where the reader may not open it.
        person_ids: the staff who are there.
        room_id: the room, when it is one of the EPAO's.
    """

    starts_at: datetime
    ends_at: datetime
    title: str
    who: str
    place: str
    is_confirmed: bool
    url: str
    person_ids: frozenset[UUID]
    room_id: UUID | None


@dataclass(frozen=True)
class Day:
    """One day of a diary, with what is on it in order of time."""

    on: date
    appointments: tuple[Appointment, ...]
    notes: tuple[str, ...] = ()
    is_today: bool = False
    is_outside: bool = False
    is_free: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is on this day."""
        return not self.appointments and not self.notes


@dataclass(frozen=True)
class Row:
    """One person's or one room's days."""

    name: str
    days: tuple[Day, ...]


def days_of(span: Span, on: date) -> list[date]:
    """Every day that a diary shows: whole weeks from Monday, so that a month begins on one."""
    if span is Span.WEEK:
        monday = on - timedelta(days=on.weekday())
        return [monday + timedelta(days=step) for step in range(7)]
    first = on.replace(day=1)
    start = first - timedelta(days=first.weekday())
    last = on.replace(day=calendar.monthrange(on.year, on.month)[1])
    count = (last - start).days + 1
    weeks = -(-count // 7)
    return [start + timedelta(days=step) for step in range(weeks * 7)]


def month_days(on: date) -> list[date]:
    """The days of one month alone, for rows of people and rooms."""
    count = calendar.monthrange(on.year, on.month)[1]
    return [on.replace(day=number) for number in range(1, count + 1)]


def neighbours(span: Span, on: date) -> tuple[date, date]:
    """A day of the week or month before, and of the one after."""
    if span is Span.WEEK:
        return on - _WEEK, on + _WEEK
    first = on.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    return before, (first + timedelta(days=32)).replace(day=1)


def shown_days(days: Iterable[date], busy: Iterable[date]) -> list[date]:
    """A week's days without a weekend on which nothing is."""
    taken = set(busy)
    return [day for day in days if day.weekday() <= _FRIDAY or day in taken]


def day_asked(text: str, today: date) -> date:
    """The day that an address asks for; today where it asks for none that a diary can show."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return today
    return found if 1 < found.year <= _LAST_YEAR else today
