"""Everything that a date is held against at once, and the nearest date that breaks no rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from epa.booking.dates import Slot, Window, date_words
from epa.booking.diaries import Engagement, PersonDiary, RoomDiary
from epa.booking.rules import Hindrance
from epa.clock import LONDON, london_instant

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Proposals:
    """Which dates and times are worth proposing, where those asked for will not do."""

    day_starts: time
    day_ends: time
    step: timedelta
    is_working_day: Callable[[date], bool]


@dataclass(frozen=True)
class Terms:
    """Everything that a date is held against."""

    window: Window
    people: tuple[PersonDiary, ...]
    room: RoomDiary | None
    gap: timedelta
    proposals: Proposals

    def hindrance(self, wanted: Engagement) -> Hindrance | None:
        """The first rule that this date and time would break; None when they break none."""
        return self.window.hindrance(wanted.slot.day) or self.clash(wanted)

    def clash(self, wanted: Engagement) -> Hindrance | None:
        """The same for the people's and the room's time alone, whatever the day."""
        for person in self.people:
            if found := person.hindrance(wanted, self.gap):
                return found
        return self.room.hindrance(wanted) if self.room else None

    def refusal(self, wanted: Engagement) -> Hindrance | None:
        """The same, with the nearest date or time that would do said after it."""
        found = self.hindrance(wanted)
        if found is None:
            return None
        return Hindrance(found.code, f"{found.message} {self._proposal(wanted)}", found.field)

    def nearest(self, wanted: Engagement) -> datetime | None:
        """The nearest start that breaks no rule: the nearest day first, then the nearest time."""
        asked = wanted.slot.starts_at
        for day in self._days(wanted.slot.day):
            for start in sorted(self._starts(day, wanted), key=_away_from(day, asked)):
                tried = Engagement(Slot(start, wanted.slot.minutes), wanted.place, wanted.group)
                if self.hindrance(tried) is None:
                    return start
        return None

    def _proposal(self, wanted: Engagement) -> str:
        start = self.nearest(wanted)
        if start is None:
            return "No other date would do with these people and this place."
        local = start.astimezone(LONDON)
        if local.date() == wanted.slot.day:
            return f"The nearest time that would do is {local:%H:%M} on {date_words(local.date())}."
        return f"The nearest date that would do is {date_words(local.date())}, at {local:%H:%M}."

    def _days(self, asked: date) -> list[date]:
        count = (self.window.closes_on - self.window.opens_on).days + 1
        days = (self.window.opens_on + _DAY * step for step in range(count))
        open_days = [day for day in days if day == asked or self.proposals.is_working_day(day)]
        return sorted(open_days, key=lambda day: (abs((day - asked).days), day))

    def _starts(self, day: date, wanted: Engagement) -> set[datetime]:
        """What is tried on a day: its steps, the time asked for, and the ends of what is booked."""
        opens = london_instant(day, self.proposals.day_starts)
        closes = london_instant(day, self.proposals.day_ends)
        last = closes - timedelta(minutes=wanted.slot.minutes)
        steps = max(int((last - opens) / self.proposals.step) + 1, 0) if last >= opens else 0
        found = {opens + self.proposals.step * step for step in range(steps)}
        ends = {end for end in self._ends() if opens <= end <= last}
        asked = london_instant(day, wanted.slot.starts_at.astimezone(LONDON).time())
        return found | ends | {asked}

    def _ends(self) -> Iterable[datetime]:
        diaries: list[PersonDiary | RoomDiary] = [*self.people]
        if self.room is not None:
            diaries.append(self.room)
        for diary in diaries:
            for one in diary.engagements:
                yield one.slot.ends_at
                yield one.slot.ends_at + self.gap


def _away_from(day: date, asked: datetime) -> Callable[[datetime], tuple[timedelta, datetime]]:
    """How far a start lies from the time asked for, on London's clock of that day."""
    same = london_instant(day, asked.astimezone(LONDON).time())
    return lambda start: (abs(start - same), start)
