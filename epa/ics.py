"""Calendar files: the one module that writes iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from icalendar import Calendar, Event

_MAKER: Final = "-//Plumbline//Bookings//EN"


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar.

    Args:
        uid: the same for every version of one entry.
        sequence: counts its versions from 0.
        starts_at: an aware instant.
        ends_at: an aware instant.
        summary: its title; it is shown on whatever device the calendar is on, so it names nobody.
        changed_at: when this version came about.
        location: where; empty where it stands behind the sign-in alone.
        url: the page that says more.
        is_confirmed: whether it stands, or is held for now.
        is_cancelled: whether it is taken out of the calendar.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    changed_at: datetime
    location: str = ""
    url: str = ""
    is_confirmed: bool = True
    is_cancelled: bool = False

    @property
    def status(self) -> str:
        """The word that calendars know."""
        if self.is_cancelled:
            return "CANCELLED"
        return "CONFIRMED" if self.is_confirmed else "TENTATIVE"


def calendar_file(entries: Iterable[Entry], *, name: str = "", method: str = "PUBLISH") -> str:
    """A calendar as text, its lines ending as the format asks.

    Args:
        entries: what is in it.
        name: how a calendar that is followed is called.
        method: ``PUBLISH``, or ``CANCEL`` for a mail that takes an entry back.
    """
    calendar = Calendar()
    calendar.add("prodid", _MAKER)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
        calendar.add("refresh-interval;value=duration", "PT1H")
        calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry))
    text: str = calendar.to_ical().decode()
    return text


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.starts_at)
    event.add("dtend", entry.ends_at)
    event.add("summary", entry.summary)
    event.add("status", entry.status)
    if entry.location:
        event.add("location", entry.location)
    if entry.url:
        event.add("url", entry.url)
    return event
