"""One person's and one room's time, and which rule a booking would break there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from epa.booking.dates import Slot, date_words
from epa.booking.rules import Hindrance
from epa.clock import LONDON


@dataclass(frozen=True)
class Engagement:
    """Something that takes a person's or a room's time.

    Attributes:
        slot: when.
        place: where; empty for what happens online, to which nobody travels.
        group: what may share its time with more of the same; None for what stands alone.
    """

    slot: Slot
    place: str = ""
    group: str | None = None


@dataclass(frozen=True)
class Hours:
    """Hours of one weekday (Monday is 0) at which somebody can be booked, from day to day."""

    weekday: int
    starts: time
    ends: time
    first_on: date
    last_on: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether these hours hold on a day of any weekday."""
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)

    def hold(self, slot: Slot) -> bool:
        """Whether the whole slot lies in these hours."""
        start, end = slot.starts_at.astimezone(LONDON), slot.ends_at.astimezone(LONDON)
        return (
            start.date() == end.date() and self.starts <= start.time() and end.time() <= self.ends
        )


@dataclass(frozen=True)
class Away:
    """Days on which somebody cannot be booked, both included."""

    first_on: date
    last_on: date


@dataclass(frozen=True)
class Validity:
    """What must be valid on the day, such as a standardisation, and the days on which it is."""

    code: str
    title: str
    spans: tuple[tuple[date, date | None], ...]

    def hindrance(self, name: str, day: date) -> Hindrance | None:
        """Why it does not cover a day; None when it does."""
        if any(start <= day and (end is None or day <= end) for start, end in self.spans):
            return None
        if not self.spans:
            return Hindrance(self.code, f"{name} has no {self.title} on record.", "day")
        start, end = max(self.spans, key=lambda span: span[0])
        until = f" to {date_words(end)}" if end else ""
        return Hindrance(
            self.code,
            f"{name} needs a valid {self.title} on the day; it is valid from"
            f" {date_words(start)}{until}.",
            "day",
        )


@dataclass(frozen=True)
class PersonDiary:
    """One person's time and standing, as far as a booking asks for them.

    ``together`` is how many of the wanted group the person may have at once.
    """

    name: str
    engagements: tuple[Engagement, ...] = ()
    hours: tuple[Hours, ...] = ()
    away: tuple[Away, ...] = ()
    validities: tuple[Validity, ...] = ()
    together: int = 1
    is_alone: str = ""

    def hindrance(self, wanted: Engagement, gap: timedelta) -> Hindrance | None:
        """The first rule that the person's day breaks; None when it breaks none."""
        return (
            self._not_valid(wanted.slot.day)
            or self._not_there(wanted.slot)
            or self._elsewhere(wanted, gap)
        )

    def _not_valid(self, day: date) -> Hindrance | None:
        found = (one.hindrance(self.name, day) for one in self.validities)
        return next((one for one in found if one), None)

    def _not_there(self, slot: Slot) -> Hindrance | None:
        day = slot.day
        for one in self.away:
            if one.first_on <= day <= one.last_on:
                span = f"from {date_words(one.first_on)} to {date_words(one.last_on)}"
                if one.first_on == one.last_on:
                    span = f"on {date_words(one.first_on)}"
                return Hindrance("away", f"{self.name} is away {span}.", "day")
        given = [one for one in self.hours if one.counts_on(day)]
        if not given or any(one.weekday == day.weekday() and one.hold(slot) for one in given):
            return None
        today = [one for one in given if one.weekday == day.weekday()]
        if not today:
            return Hindrance("outside-hours", f"{self.name} is not available on a {day:%A}.", "day")
        times = " and ".join(f"{one.starts:%H:%M} to {one.ends:%H:%M}" for one in today)
        return Hindrance(
            "outside-hours",
            f"{self.name} is available on a {day:%A} from {times}; this takes up to"
            f" {slot.minutes} minutes.",
            "time",
        )

    def _elsewhere(self, wanted: Engagement, gap: timedelta) -> Hindrance | None:
        beside = [
            one
            for one in self.engagements
            if wanted.group is not None
            and one.group == wanted.group
            and _is_one_place(one.place, wanted.place)
        ]
        for one in self.engagements:
            if one in beside:
                continue
            if one.slot.overlaps(wanted.slot):
                alone = f" {self.is_alone}" if self.is_alone else ""
                return Hindrance(
                    "double-booked", f"{self.name} is booked {one.slot.words}.{alone}", "time"
                )
            if one.slot.overlaps(wanted.slot, gap) and _is_a_journey(one.place, wanted.place):
                minutes = int(gap.total_seconds() // 60)
                return Hindrance(
                    "travel-gap",
                    f"{self.name} is booked elsewhere {one.slot.words}, and"
                    f" {minutes} minutes are kept for the way.",
                    "time",
                )
        at_once = sum(one.slot.overlaps(wanted.slot) for one in beside)
        if at_once >= self.together and beside:
            return Hindrance(
                "candidates-per-invigilator",
                f"{self.name} has {at_once} candidates then, and {self.together} is the most.",
                "time",
            )
        return None


@dataclass(frozen=True)
class RoomDiary:
    """A room's time and places."""

    name: str
    capacity: int
    engagements: tuple[Engagement, ...] = ()

    def hindrance(self, wanted: Engagement) -> Hindrance | None:
        """Why the room is not free; None when it is."""
        then = [one for one in self.engagements if one.slot.overlaps(wanted.slot)]
        for one in then:
            if wanted.group is None or one.group != wanted.group:
                return Hindrance("room-taken", f"{self.name} is taken {one.slot.words}.", "room")
        if len(then) >= self.capacity:
            return Hindrance(
                "room-full",
                f"{self.name} has {self.capacity} places, and all are taken then.",
                "room",
            )
        return None


def _is_one_place(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _is_a_journey(one: str, other: str) -> bool:
    """Whether somebody has to travel between two places; to what is online nobody does."""
    return bool(one.strip()) and bool(other.strip()) and not _is_one_place(one, other)
