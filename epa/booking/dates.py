"""The days on which a method may be held, by the plan and by notice; stretches of time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from epa.booking.rules import Hindrance
from epa.clock import LONDON, london_date
from epa.lifecycle.period import Period


def date_words(day: date) -> str:
    """A date as messages write it: '9 June 2026', never broken over a line."""
    return f"{day.day}\N{NO-BREAK SPACE}{day:%B}\N{NO-BREAK SPACE}{day.year}"


@dataclass(frozen=True)
class Slot:
    """A stretch of time: when it starts (aware) and how many minutes it lasts."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over; something else may start then."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def day(self) -> date:
        """The London date on which it starts."""
        return london_date(self.starts_at)

    @property
    def words(self) -> str:
        """Such as 'from 10:00 to 13:48 on 14 July 2026', on London's clock."""
        start, end = self.starts_at.astimezone(LONDON), self.ends_at.astimezone(LONDON)
        return f"from {start:%H:%M} to {end:%H:%M} on {date_words(start.date())}"

    def overlaps(self, other: Slot, gap: timedelta = timedelta()) -> bool:
        """Whether the two share any time, or leave less than the gap between them."""
        return self.starts_at < other.ends_at + gap and other.starts_at < self.ends_at + gap


@dataclass(frozen=True)
class Window:
    """The days on which a method may be held, and the rule behind either end.

    ``opens_on`` after ``closes_on`` means that no day is left.
    """

    opens_on: date
    closes_on: date
    opening_rule: Hindrance
    closing_rule: Hindrance

    @property
    def is_empty(self) -> bool:
        """Whether no day would do."""
        return self.opens_on > self.closes_on

    def hindrance(self, day: date) -> Hindrance | None:
        """Why this day will not do; None when it will."""
        if self.is_empty:
            return Hindrance(
                "no-day-left",
                f"{self.opening_rule.message} {self.closing_rule.message} So no day is left.",
                "day",
            )
        if day < self.opens_on:
            return self.opening_rule
        return self.closing_rule if day > self.closes_on else None


@dataclass(frozen=True)
class Openings:
    """What must have passed before a method is held, besides the start of the EPA period.

    Attributes:
        today: the London date.
        notice_days: whole days of notice; None where it was agreed to do without.
        shared: for the method that the portfolio underpins, when it was shared and the earliest
            day that leaves the assessor the days the plan gives (``earliest_presentation``).
        needed_days: those days, for the message.
    """

    today: date
    notice_days: int | None = None
    shared: tuple[date, date] | None = None
    needed_days: int = 0

    def rules(self) -> Iterator[tuple[date, Hindrance]]:
        """The first day that each rule allows, and the rule in words."""
        words = f"A date can be set for today, {date_words(self.today)}, or later."
        yield self.today, Hindrance("in-the-past", words, "day")
        if self.notice_days:
            yield (
                self.today + timedelta(days=self.notice_days),
                Hindrance(
                    "notice",
                    f"A date is set at least {self.notice_days} days ahead, so that everybody"
                    " can prepare.",
                    "day",
                ),
            )
        if self.shared is not None:
            yield (
                self.shared[1],
                Hindrance(
                    "portfolio-days",
                    f"The assessor was given the portfolio on {date_words(self.shared[0])} and"
                    f" has it for at least {self.needed_days} days before.",
                    "day",
                ),
            )


def window(period: Period, openings: Openings) -> Window:
    """The days on which a method may be held: inside the EPA period, after what must come first."""
    starts = Hindrance(
        "before-period",
        f"The EPA period starts on {date_words(period.starts_on)}: no method is held before.",
        "day",
    )
    opens_on, opening_rule = max(
        [(period.starts_on, starts), *openings.rules()], key=lambda one: one[0]
    )
    closing = Hindrance(
        "after-period",
        f"The last day for a method is {date_words(period.ends_on)}, when the EPA period ends.",
        "day",
    )
    if period.ends_on > period.plan_ends_on:
        closing = Hindrance(
            "after-extension",
            f"The last day for this attempt is {date_words(period.ends_on)}, by the exceptional"
            " circumstances that are on record.",
            "day",
        )
    elif period.ends_on < period.period_last_day:
        closing = Hindrance(
            "after-methods",
            f"The last day for a method is {date_words(period.ends_on)}: all methods are held"
            " within the plan's months after the first.",
            "day",
        )
    return Window(opens_on, period.ends_on, opening_rule, closing)
