"""The clock of an end-point assessment: its last day, its deadlines, the rule that binds.

Source: the assessment plan's EPA period; arithmetic and interpretations as the definition records.
"""

from __future__ import annotations

import calendar
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
class Period:
    """The dates of one EPA period, all inclusive, London calendar days.

    ``ends_on`` is the date that binds: the earlier of the period's last day and, once a method has
    started, the last day for all methods.
    """

    starts_on: date
    period_last_day: date
    methods_last_day: date | None
    material_due_on: date
    presentation_due_on: date

    @property
    def ends_on(self) -> date:
        """The last day on which a method may be taken."""
        if self.methods_last_day is None:
            return self.period_last_day
        return min(self.period_last_day, self.methods_last_day)

    def holds(self, day: date) -> bool:
        """Whether a method may be taken on this day."""
        return self.starts_on <= day <= self.ends_on

    def days_left(self, today: date) -> int:
        """Whole days to the last day: 0 on it, negative after it."""
        return (self.ends_on - today).days


def epa_period(starts_on: date, clock: Clock, first_method_on: date | None = None) -> Period:
    """The EPA period that begins on a date.

    Args:
        starts_on: the day on which the last gateway requirement was accepted.
        clock: the definition's numbers.
        first_method_on: the day on which the first method was started, if one was.
    """
    return Period(
        starts_on=starts_on,
        period_last_day=months_after(starts_on, clock.epa_period_months),
        methods_last_day=(
            months_after(first_method_on, clock.methods_within_months) if first_method_on else None
        ),
        material_due_on=starts_on + timedelta(days=clock.supporting_material_days),
        presentation_due_on=starts_on + timedelta(days=clock.presentation_due_day),
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
