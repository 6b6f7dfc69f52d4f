"""The clock of an end-point assessment: its last day, its deadlines, the rule that binds.

Source: the assessment plan's EPA period; arithmetic and interpretations as the definition records.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from frameworks.assessment_plan import Clock


def months_after(day: date, months: int) -> date:
    """The same day number so many calendar months later, clamped to the month's end."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


@dataclass(frozen=True)
class Break:
    """A break in learning, both days included; ``ends_on`` is None while it lasts."""

    starts_on: date
    ends_on: date | None


def break_days(breaks: Iterable[Break], start: date, until: date) -> int:
    """Days of break from ``start`` up to, not including, ``until``; overlapping ones count once."""
    total, counted_to = 0, start
    for one in sorted(breaks, key=lambda one: one.starts_on):
        first = max(one.starts_on, counted_to)
        after = until if one.ends_on is None else min(one.ends_on + timedelta(days=1), until)
        if after > first:
            total += (after - first).days
            counted_to = after
    return total


def postponed(day: date, since: date, breaks: Iterable[Break]) -> date:
    """The day, later by every day of a break that has ended from ``since`` to it, both included."""
    ended = [one for one in breaks if one.ends_on is not None]
    later = day
    while (
        moved := day + timedelta(days=break_days(ended, since, later + timedelta(days=1)))
    ) != later:
        later = moved
    return later


@dataclass(frozen=True)
class Period:
    """The dates of one EPA period, all inclusive, London calendar days.

    ``ends_on`` is the date that binds: the earlier of the period's last day and, once a method has
    started, the last day for all methods. Days of a break that began within the period are left
    out of every count; while one lasts, the clock stands still from ``paused_since`` on.
    ``extended_to`` is a later last day for exceptional circumstances that the EPAO recorded.
    """

    starts_on: date
    period_last_day: date
    methods_last_day: date | None
    material_due_on: date
    presentation_due_on: date
    paused_since: date | None = None
    extended_to: date | None = None

    @property
    def plan_ends_on(self) -> date:
        """The last day by the plan's own rules."""
        if self.methods_last_day is None:
            return self.period_last_day
        return min(self.period_last_day, self.methods_last_day)

    @property
    def ends_on(self) -> date:
        """The last day on which a method may be taken."""
        return max(self.plan_ends_on, self.extended_to or self.plan_ends_on)

    def is_over(self, today: date) -> bool:
        """Whether the last day has passed; never while a break in learning lasts."""
        return self.days_left(today) < 0

    def holds(self, day: date) -> bool:
        """Whether a method may be taken on this day."""
        return self.starts_on <= day <= self.ends_on

    def days_left(self, today: date) -> int:
        """Whole days to the last day: 0 on it, negative after it; they stand still in a break."""
        return (self.ends_on - (self.paused_since or today)).days


def epa_period(
    starts_on: date,
    clock: Clock,
    first_method_on: date | None = None,
    breaks: Sequence[Break] = (),
) -> Period:
    """The EPA period that begins on a date.

    Args:
        starts_on: the day on which the last gateway requirement was accepted.
        clock: the definition's numbers.
        first_method_on: the day on which the first method was started, if one was.
        breaks: breaks in learning; those that began before the period play no part in it. That
            the clock stands still in one is an interpretation: the plan is silent
            (docs/decisions/0019-breaks-stop-the-clock.md).
    """
    within = [one for one in breaks if one.starts_on >= starts_on]

    def after(day: date, since: date) -> date:
        return postponed(day, since, within)

    first = first_method_on
    return Period(
        starts_on=starts_on,
        period_last_day=after(months_after(starts_on, clock.epa_period_months), starts_on),
        methods_last_day=(
            after(months_after(first, clock.methods_within_months), first) if first else None
        ),
        material_due_on=after(
            starts_on + timedelta(days=clock.supporting_material_days), starts_on
        ),
        presentation_due_on=after(
            starts_on + timedelta(days=clock.presentation_due_day), starts_on
        ),
        paused_since=min((one.starts_on for one in within if one.ends_on is None), default=None),
    )


def earliest_presentation(shared_on: date, clock: Clock) -> date:
    """The first day on which the presentation may be held once the portfolio was shared."""
    return shared_on + timedelta(days=clock.portfolio_days_before_presentation)


def presentation_due_on(period: Period, clock: Clock, opened_on: date, number: int) -> date:
    """The last day on which the presentation's file is taken in time, inclusive.

    Args:
        period: the assessment's EPA period.
        clock: the definition's clock.
        opened_on: the London date on which the attempt was opened.
        number: the attempt's number; a later one counts its days from its own opening
            (interpretation: the plan is silent), never beyond the EPA period.
    """
    if number == 1:
        return period.presentation_due_on
    return min(opened_on + timedelta(days=clock.presentation_due_day), period.ends_on)
