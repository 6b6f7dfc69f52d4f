"""The way through, as an ordered list: what has happened, today, what is still to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from epa.lifecycle.rules import Stage

# Where no clock runs any more.
STOPPED: Final = frozenset({Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED})


class State(StrEnum):
    """Where an entry stands on the line."""

    HAPPENED = "happened"
    NOW = "now"
    TO_COME = "to-come"


@dataclass(frozen=True)
class Entry:
    """One entry of the way: ``day`` is None for what has no date yet, which stands last.

    ``part`` names the piece of the page that tells more; ``tags`` are words with their kind.
    """

    day: date | None
    title: str
    text: str = ""
    part: str = ""
    code: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    is_done: bool = False


def in_order(entries: Iterable[Entry], today: date) -> list[tuple[State, Entry]]:
    """The entries with today among them.

    What has happened stands before today by its day; what is to come, and what is late, after it.
    """
    given = list(entries)
    done = sorted((one for one in given if one.is_done), key=_day)
    coming = sorted((one for one in given if not one.is_done), key=_day)
    return [
        *((State.HAPPENED, one) for one in done),
        (State.NOW, Entry(today, "Today", part="today")),
        *((State.TO_COME, one) for one in coming),
    ]


def _day(entry: Entry) -> date:
    return entry.day or date.max
