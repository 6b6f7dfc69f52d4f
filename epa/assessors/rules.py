"""Until when a standardisation is valid, and what hours of availability may say."""

from __future__ import annotations

from datetime import date, time, timedelta
from enum import StrEnum
from typing import Final

from epa.lifecycle.period import months_after


class AvailabilityKind(StrEnum):
    """Whether somebody can be booked then, or cannot."""

    HOURS = "hours"
    AWAY = "away"


class StandardisationKind(StrEnum):
    """Why a standardisation was held."""

    BEFORE_FIRST = "before_first"
    ANNUAL = "annual"
    PLAN_CHANGED = "plan_changed"


STANDARDISATION_TITLES: Final[dict[StandardisationKind, str]] = {
    StandardisationKind.BEFORE_FIRST: "Before the first assessment",
    StandardisationKind.ANNUAL: "Annual",
    StandardisationKind.PLAN_CHANGED: "After the plan changed",
}

WEEKDAYS: Final = (
    *("Monday", "Tuesday", "Wednesday", "Thursday"),
    *("Friday", "Saturday", "Sunday"),
)


def valid_until(attended_on: date, months: int) -> date:
    """The last day on which a standardisation counts.

    Source: regulation notes 1.9, standardisation before the first assessment, when the plan is
    updated and at least annually; the number of months is the EPAO's policy.
    """
    return months_after(attended_on, months) - timedelta(days=1)


def hours_fault(starts: time, ends: time) -> str | None:
    """What is wrong with a stretch of hours, as a sentence, or None."""
    if ends <= starts:
        return f"It must end after {starts:%H:%M}"
    return None


def days_fault(first_on: date, last_on: date | None) -> str | None:
    """What is wrong with a stretch of days, as a sentence, or None."""
    if last_on is not None and last_on < first_on:
        return f"The last day must be {first_on.day} {first_on:%B} {first_on.year} or later"
    return None
