"""The clock of an assessor's day: its parts, sections and pauses, worked out from entries that are only ever added.

A judged method has timed parts, such as the observation and the questions after it. A part runs in
sections; a section may be paused with a reason. Which parts there are, how long they may take and
whether a part may be split over the day is the definition's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from epa.errors import RuleBroken
from frameworks.assessment_plan import JudgedMethod, Stretch

REASON_LETTERS: Final = 300


class TimerAction(StrEnum):
    """What an assessor does to the clock of one part."""

    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    EXTEND = "extend"


class PauseReason(StrEnum):
    """Why the clock was stopped for a while."""

    BREAK = "break"
    EMPLOYER = "employer"
    MOVING = "moving"
    INTERRUPTED = "interrupted"
    OTHER = "other"


class ClockState(StrEnum):
    """Where the clock of one part stands."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


PAUSE_TITLES: Final[dict[PauseReason, str]] = {
    PauseReason.BREAK: "A break",
    PauseReason.EMPLOYER: "The employer’s representative answers",
    PauseReason.MOVING: "On the way to another place",
    PauseReason.INTERRUPTED: "Interrupted from outside",
    PauseReason.OTHER: "Something else",
}


@dataclass(frozen=True)
class ClockEntry:
    """One thing done to the clock of one part, at an instant of the server's clock."""

    part: str
    action: TimerAction
    at: datetime
    reason: PauseReason | None = None
    words: str = ""


@dataclass(frozen=True)
class Section:
    """A stretch of the day in which a part ran, pauses included; no end while it goes on."""

    began_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Pause:
    """A time that does not count, with its reason; no end while it lasts."""

    began_at: datetime
    reason: PauseReason | None
    words: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True)
class PartClock:
    """How far one part has come.

    ``counted`` is the time up to the last stop; while it runs, what passed ``since`` comes on top.
    """

    code: str
    state: ClockState = ClockState.WAITING
    counted: timedelta = timedelta()
    since: datetime | None = None
    sections: tuple[Section, ...] = ()
    pauses: tuple[Pause, ...] = ()
    extended_at: datetime | None = None

    def elapsed(self, at: datetime) -> timedelta:
        """The time that counts, without pauses, at an instant."""
        return self.counted + (at - self.since if self.since else timedelta())

    def minutes(self, at: datetime) -> int:
        """The same in whole minutes, as the page shows it."""
        return int(self.elapsed(at).total_seconds() // 60)


def clocks_of(method: JudgedMethod, entries: Iterable[ClockEntry]) -> dict[str, PartClock]:
    """The clock of every part of a method after these entries, which come in order."""
    clocks = {part.code: PartClock(part.code) for part in method.parts}
    for entry in entries:
        clocks[entry.part] = _after(clocks[entry.part], entry)
    return clocks


def _after(clock: PartClock, entry: ClockEntry) -> PartClock:
    at = entry.at
    if entry.action is TimerAction.EXTEND:
        return replace(clock, extended_at=at)
    if entry.action is TimerAction.START:
        sections = (*clock.sections, Section(at))
        return replace(clock, state=ClockState.RUNNING, since=at, sections=sections)
    if entry.action is TimerAction.RESUME:
        return _resumed(clock, at)
    stopped = replace(clock, counted=clock.elapsed(at), since=None)
    if entry.action is TimerAction.PAUSE:
        pause = Pause(at, entry.reason, entry.words)
        return replace(stopped, state=ClockState.PAUSED, pauses=(*clock.pauses, pause))
    sections = (*clock.sections[:-1], replace(clock.sections[-1], ended_at=at))
    pauses = _closed(clock.pauses, at)
    return replace(stopped, state=ClockState.ENDED, sections=sections, pauses=pauses)


def _resumed(clock: PartClock, at: datetime) -> PartClock:
    """Go on after a pause, or with a section that was ended too early: that gap does not count."""
    last = clock.sections[-1]
    pauses = _closed(clock.pauses, at)
    if last.ended_at is not None:
        pauses = (*pauses, Pause(last.ended_at, None, ended_at=at))
    sections = (*clock.sections[:-1], replace(last, ended_at=None))
    return replace(clock, state=ClockState.RUNNING, since=at, sections=sections, pauses=pauses)


def _closed(pauses: tuple[Pause, ...], at: datetime) -> tuple[Pause, ...]:
    if not pauses or pauses[-1].ended_at is not None:
        return pauses
    return (*pauses[:-1], replace(pauses[-1], ended_at=at))


def may_be_split(method: JudgedMethod, part: str) -> bool:
    """Whether a part may be taken in sections: the main part, where the plan speaks of a day."""
    return method.working_days_max is not None and method.parts[0].code == part


def possible(
    method: JudgedMethod, clocks: Mapping[str, PartClock], part: str
) -> frozenset[TimerAction]:
    """What may be done to the clock of one part now.

    Parts follow each other in the definition's order: none runs beside another, and what is over
    stays as it was once the next has begun.
    """
    codes = [one.code for one in method.parts]
    place = codes.index(part)
    clock = clocks[part]
    extend = {TimerAction.EXTEND} if _may_extend(method.part(part), clock) else set()
    if clock.state is ClockState.RUNNING:
        return frozenset({TimerAction.PAUSE, TimerAction.END, *extend})
    if clock.state is ClockState.PAUSED:
        return frozenset({TimerAction.RESUME, TimerAction.END, *extend})
    if any(clocks[code].state is not ClockState.WAITING for code in codes[place + 1 :]):
        return frozenset()
    if clock.state is ClockState.ENDED:
        again = {TimerAction.RESUME}
        return frozenset(again | ({TimerAction.START} if may_be_split(method, part) else set()))
    busy = (ClockState.RUNNING, ClockState.PAUSED)
    if any(clocks[code].state in busy for code in codes[:place]):
        return frozenset()
    return frozenset({TimerAction.START})


def _may_extend(part: Stretch, clock: PartClock) -> bool:
    return bool(part.tolerance_percent) and clock.extended_at is None


_NOT_NOW: Final[dict[TimerAction, str]] = {
    TimerAction.START: "cannot be started now",
    TimerAction.PAUSE: "is not running, so it cannot be paused",
    TimerAction.RESUME: "is not paused, so it cannot go on",
    TimerAction.END: "is not under way, so it cannot be ended",
    TimerAction.EXTEND: "cannot be given more time now",
}


def must_be_possible(
    method: JudgedMethod,
    clocks: Mapping[str, PartClock],
    entry: ClockEntry,
    *,
    held_on: date | None,
    today: date,
) -> None:
    """Refuse what the clock does not allow now, a pause without its reason, a second day.

    Args:
        method: the method, with the adjustments in force.
        clocks: the clocks as they stand.
        entry: what is to be added.
        held_on: the London date on which the clock first ran; None before.
        today: the London date of the entry.

    Raises:
        RuleBroken: which of these it is.
    """
    if entry.part not in clocks:
        raise RuleBroken("unknown-part", "This method has no such part.")
    if entry.action not in possible(method, clocks, entry.part):
        title = method.part(entry.part).title
        raise RuleBroken("clock-order", f"{title}: this {_NOT_NOW[entry.action]}.")
    one_day = method.working_days_max == 1
    if one_day and entry.action is TimerAction.START and held_on not in {None, today}:
        raise RuleBroken(
            "another-day", "All sections are held on one working day. This one is on another day."
        )
    if entry.action is TimerAction.PAUSE and entry.reason not in pause_reasons(method):
        raise RuleBroken("pause-reason", "Say why the clock is paused.", "reason")
    if entry.reason is PauseReason.OTHER and not entry.words.strip():
        raise RuleBroken("pause-reason", "Say in a few words why the clock is paused.", "words")
    if len(entry.words) > REASON_LETTERS:
        raise RuleBroken(
            "reason-too-long", f"A reason has at most {REASON_LETTERS} characters.", "words"
        )


def pause_reasons(method: JudgedMethod) -> tuple[PauseReason, ...]:
    """The reasons to choose from: the employer's, where the plan lets one clarify off the clock."""
    off_the_clock = (
        method.employer_representative and not method.employer_representative.time_counts
    )
    return tuple(one for one in PauseReason if one is not PauseReason.EMPLOYER or off_the_clock)


def reckoned(said: datetime | None, *, last: datetime | None, now: datetime) -> datetime:
    """When something happened that a page kept while it was offline.

    A page reckons by the server's clock, as it last heard it. What it says is taken between the
    entry before and now: it may be late, never early and never out of order.
    """
    at = min(said or now, now)
    return max(at, last) if last else at
