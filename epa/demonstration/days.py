"""When things happen in the demonstration: office hours of weekdays, counted from its loading."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from epa.clock import london_date, london_instant

_SATURDAY: Final = 5
_OPENS: Final = 9
_CLOSES: Final = 16
_BETWEEN: Final = timedelta(minutes=7)


class Days:
    """Days and instants around the moment of loading."""

    def __init__(self, now: datetime, rng: Random) -> None:
        self.now = now
        self.today = london_date(now)
        self.rng = rng

    def day(self, offset: int) -> date:
        """The day so many days from today; one on a weekend moves away from today."""
        day = self.today + timedelta(days=offset)
        step = timedelta(days=1 if offset > 0 else -1)
        while day.weekday() >= _SATURDAY:
            day += step
        return day

    def instant(self, offset: int, hour: int | None = None) -> datetime:
        """Some time within the office hours of a day, or within one hour of it."""
        hour = self.rng.randrange(_OPENS, _CLOSES) if hour is None else hour
        return london_instant(self.day(offset), time(hour, self.rng.randrange(60)))


class Walk:
    """One person's way through time: each moment is after the one before and never in the future."""

    def __init__(self, days: Days) -> None:
        self.days = days
        self.last: datetime | None = None

    def at(self, offset: int, hour: int | None = None) -> datetime:
        """The moment at which something happens on a day."""
        moment = self.days.instant(offset, hour)
        if self.last is not None:
            moment = max(moment, self.last + _BETWEEN)
        self.last = min(moment, self.days.now)
        return self.last
