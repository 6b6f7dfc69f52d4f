"""The clock of a sitting: the server's instants alone say how long there is and what is in time.

Time left is worked out, never counted: started + the minutes allowed + what was added + what stood
off the clock. Everything is UTC, so that no change of the clocks in spring or autumn touches it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

# For requests that left in time and arrived after it.
GRACE: Final = timedelta(seconds=30)
# How far what a page says of its clock may lie from the server's: it reckons by the server's time.
SKEW: Final = timedelta(seconds=5)
_NONE: Final = timedelta()


class Timing(StrEnum):
    """Whether something arrived in time."""

    IN_TIME = "in_time"
    IN_GRACE = "in_grace"
    TOO_LATE = "too_late"


class WindowTooShort(ValueError):
    """The session ends before the last minute that a candidate is entitled to.

    Args:
        missing: by how much.
    """

    def __init__(self, missing: timedelta) -> None:
        super().__init__(f"the session is {missing} too short")
        self.missing = missing


@dataclass(frozen=True)
class SittingClock:
    """All that decides when a sitting ends.

    Attributes:
        allowed: the plan's time with the extra time that was granted.
        rest: how long rest breaks stay off the clock, in all.
        closes_at: when the session ends; None where nothing ends it.
        started_at: when the paper was delivered; None before.
        added: what an invigilator added, with a reason.
        stopped: how long it stood still in pauses that are over, other than rest breaks.
        rested: how long rest breaks that are over took, whatever was granted.
        paused_at: since when it is paused; None while it runs.
        is_rest: whether that pause is a rest break.
    """

    allowed: timedelta
    rest: timedelta = _NONE
    closes_at: datetime | None = None
    started_at: datetime | None = None
    added: timedelta = _NONE
    stopped: timedelta = _NONE
    rested: timedelta = _NONE
    paused_at: datetime | None = None
    is_rest: bool = False

    @classmethod
    def of(cls, kept: Any) -> SittingClock:
        """The clock of a sitting as it is kept: a row, or an object, with its columns in seconds."""
        return cls(
            allowed=timedelta(seconds=kept.allowed_seconds),
            rest=timedelta(seconds=kept.rest_seconds),
            closes_at=kept.closes_at,
            started_at=kept.started_at,
            added=timedelta(seconds=kept.added_seconds),
            stopped=timedelta(seconds=kept.stopped_seconds),
            rested=timedelta(seconds=kept.rested_seconds),
            paused_at=kept.paused_at,
            is_rest=kept.is_rest,
        )

    def started(self, at: datetime) -> SittingClock:
        """The clock once the paper is delivered.

        Raises:
            WindowTooShort: not every minute would be had before the session ends. Whoever is late
                keeps the full time or is booked again; nobody's time is cut in silence.
        """
        if self.closes_at is not None:
            missing = at + self.allowed + self.rest - self.closes_at
            if missing > _NONE:
                raise WindowTooShort(missing)
        return replace(self, started_at=at)

    def paused(self, at: datetime, *, is_rest: bool) -> SittingClock:
        """The clock once it is paused."""
        return replace(self, paused_at=at, is_rest=is_rest)

    def resumed(self, at: datetime) -> SittingClock:
        """The clock once it goes on."""
        took = self._pause_until(at)
        if self.is_rest:
            return replace(self, rested=self.rested + took, paused_at=None, is_rest=False)
        return replace(self, stopped=self.stopped + took, paused_at=None)

    def ended(self, at: datetime) -> SittingClock:
        """The clock once nothing goes on: a pause is over too."""
        return self.resumed(at) if self.paused_at is not None else self

    def extended(self, by: timedelta) -> SittingClock:
        """The clock with time added."""
        return replace(self, added=self.added + by)

    def off_clock(self, at: datetime) -> timedelta:
        """How long the clock has stood still by then: pauses whole, rest as far as it is granted."""
        took = self._pause_until(at)
        stopped = self.stopped + (_NONE if self.is_rest else took)
        rested = self.rested + (took if self.is_rest else _NONE)
        return stopped + min(rested, self.rest)

    def entitled_until(self, at: datetime) -> datetime:
        """When it would end if the session had no end; of a paused clock, if it went on at ``at``.

        Raises:
            ValueError: it has not started.
        """
        if self.started_at is None:
            raise ValueError("a clock that has not started has no deadline")
        return self.started_at + self.allowed + self.added + self.off_clock(at)

    def deadline(self, at: datetime) -> datetime:
        """When it ends: what the candidate is entitled to, bounded by the session's end."""
        entitled = self.entitled_until(at)
        return entitled if self.closes_at is None else min(entitled, self.closes_at)

    def cut(self, at: datetime) -> timedelta:
        """How much the session's end takes away; somebody must be told, and end it later."""
        return self.entitled_until(at) - self.deadline(at)

    def left(self, at: datetime) -> timedelta:
        """How long there still is: all of it before the start, nothing after the end."""
        if self.started_at is None:
            return self.allowed + self.added
        return max(_NONE, self.deadline(at) - at)

    def is_over(self, at: datetime) -> bool:
        """Whether nothing more can come in, not even what left in time."""
        return self.started_at is not None and at > self.deadline(at) + GRACE

    def timing(self, made_at: datetime, received_at: datetime) -> Timing:
        """Whether an answer is in time.

        Args:
            made_at: when it was given, as the page reckons by the server's clock. It opens the
                grace to what left in time, and nothing else: it never makes a late answer early.
            received_at: when the server had it.
        """
        deadline = self.deadline(received_at)
        if received_at <= deadline:
            return Timing.IN_TIME
        if received_at <= deadline + GRACE and made_at <= deadline:
            return Timing.IN_GRACE
        return Timing.TOO_LATE

    def claim_fault(self, made_at: datetime, received_at: datetime) -> str | None:
        """What is wrong with the time that a page gives, as a sentence; None if it can be."""
        if made_at > received_at + SKEW:
            return "The time of this answer lies in the future."
        if self.started_at is None or made_at < self.started_at - SKEW:
            return "The time of this answer lies before the start."
        return None

    def _pause_until(self, at: datetime) -> timedelta:
        # A server's clock that was set back must not turn a pause into time taken away.
        return max(_NONE, at - self.paused_at) if self.paused_at is not None else _NONE
