"""England's working days: neither a weekend nor a bank holiday, and counting by them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

import holidays

_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether a day is one on which England works: neither a weekend nor a bank holiday."""
    return day.weekday() < _SATURDAY and day not in _bank_holidays()


def on_or_before(day: date) -> date:
    """The day itself where it is a working day, else the last one before it."""
    while not is_working_day(day):
        day -= _DAY
    return day


def counted_from(day: date, working_days: int) -> date:
    """The day so many working days later, or earlier where the number is negative.

    The day itself does not count, so that a limit of 5 working days gives 5 whole ones.
    """
    step = _DAY if working_days > 0 else -_DAY
    for _ in range(abs(working_days)):
        day += step
        while not is_working_day(day):
            day += step
    return day


@cache
def _bank_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")
