"""Off-the-job training: which funding policy somebody is under, and by how much they are short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any, Final

from pydantic import Field

from epa.gateway.rules import NOTHING_YET, Finding, Policy, counted, day_words, policy_in_force
from epa.lifecycle.period import Break, break_days

_DAYS_A_WEEK: Final = 7
_WEEKS_A_YEAR: Final = 52


class Measure(StrEnum):
    """How off-the-job training is counted: the share of paid hours, hours a week, or in all."""

    SHARE = "share"
    WEEKLY = "weekly"
    PUBLISHED = "published"


class TrainingPolicy(Policy):
    """How much training off the job those need who started from a date on.

    Any of the ``measures`` will do. ``starters_from`` is the first start it holds for; None holds
    for everybody. By the week the plan's percentage is taken of the weekly hours, of which no more
    than ``weekly_hours_up_to`` count, in the weeks of training less ``leave_weeks`` a year.
    Published hours can be reduced for prior learning, to no fewer than ``least_hours``.
    """

    starters_from: date | None = None
    measures: tuple[Measure, ...] = Field(min_length=1)
    weekly_hours_up_to: int = 0
    leave_weeks: Decimal = Decimal(0)
    least_hours: int = 0


@dataclass(frozen=True)
class Terms:
    """What a declaration is held against.

    ``percent`` is the plan's; ``weeks`` are those of training, less breaks; ``published`` are the
    hours in all that are published for the standard, 0 where the EPAO has not set them.
    """

    policy: TrainingPolicy
    percent: int
    weeks: Fraction
    published: int = 0


def policy_for(policies: Sequence[TrainingPolicy], *, started: date, on: date) -> TrainingPolicy:
    """The policy in force on the gateway date for somebody who started on a day."""
    for_them = [
        one for one in policies if one.starters_from is None or one.starters_from <= started
    ]
    return policy_in_force(for_them, on)


def training_weeks(start: date, end: date, breaks: Iterable[Break]) -> Fraction:
    """Weeks from the start to the end of training, less breaks in learning; never below 0."""
    days = (end - start).days - break_days(breaks, start, end)
    return Fraction(max(days, 0), _DAYS_A_WEEK)


def share(hours: Decimal, paid_hours: Decimal) -> Decimal:
    """Off-the-job hours as a percentage of all paid hours; 0 when there were none."""
    return hours * 100 / paid_hours if paid_hours else Decimal(0)


def hours_by_the_week(weekly_hours: Decimal, terms: Terms) -> int:
    """Hours needed by a policy that counts by the week, rounded up to a whole hour."""
    counting = min(Fraction(weekly_hours), Fraction(terms.policy.weekly_hours_up_to))
    working = 1 - Fraction(terms.policy.leave_weeks) / _WEEKS_A_YEAR
    return ceil(Fraction(terms.percent, 100) * counting * terms.weeks * working)


def finding(said: Mapping[str, Any] | None, terms: Terms) -> Finding:
    """Whether what was declared is enough under the policy, and if not by how much.

    Args:
        said: as ``epa.gateway.supplies`` keeps it: ``percent``; or ``hours`` beside one of
            ``paid_hours``, ``weekly_hours`` and ``hours_needed``, the last perhaps with
            ``hours_off``. None before anything was supplied.
        terms: what it is held against.
    """
    if not said:
        return NOTHING_YET
    measure = _measure_of(said)
    if measure not in terms.policy.measures:
        return _beside_the_policy(said, terms.policy)
    if measure is Measure.SHARE:
        return _share_finding(said, terms.percent)
    if measure is Measure.WEEKLY:
        needed = hours_by_the_week(Decimal(said["weekly_hours"]), terms)
        return hours_finding(
            said["hours"], needed, f"for {counted(int(terms.weeks), 'week')} of training"
        )
    return _published_finding(said, terms)


_WANTED: Final = {
    Measure.SHARE: "the share of paid hours",
    Measure.WEEKLY: "the hours, with those worked each week",
    Measure.PUBLISHED: "the hours, against those published for the standard",
}


def _measure_of(said: Mapping[str, Any]) -> Measure:
    if "percent" in said or "paid_hours" in said:
        return Measure.SHARE
    return Measure.WEEKLY if "weekly_hours" in said else Measure.PUBLISHED


def _hours(said: Mapping[str, Any]) -> str:
    return counted(said["hours"], "hour")


def _percent(value: Decimal, rounding: str = ROUND_DOWN) -> str:
    step = Decimal("0.1")
    text = f"{value.quantize(step, rounding=rounding):f}"
    return f"{text.removesuffix('.0')}%"


def _share_finding(said: Mapping[str, Any], needed: int) -> Finding:
    if "percent" in said:
        return percent_finding(Decimal(said["percent"]), needed)
    paid: int = said["paid_hours"]
    found = percent_finding(share(Decimal(said["hours"]), Decimal(paid)), needed)
    more = ceil(Fraction(needed * paid, 100)) - said["hours"]
    short = "" if found.is_met else f", or {counted(more, 'hour')}"
    return Finding(f"{_hours(said)} of {paid:,}, {found.shown}{short}", is_met=found.is_met)


def _published_finding(said: Mapping[str, Any], terms: Terms) -> Finding:
    published, less = terms.published or said.get("hours_needed", 0), said.get("hours_off", 0)
    if not published:
        return Finding(
            f"{_hours(said)} declared; the hours published for the standard are not said",
            is_met=False,
        )
    needed = max(published - less, min(published, terms.policy.least_hours))
    why = f"of {published:,} published, the rest being prior learning" if less else ""
    return hours_finding(said["hours"], needed, why)


def _beside_the_policy(said: Mapping[str, Any], policy: TrainingPolicy) -> Finding:
    declared = _percent(Decimal(said["percent"])) if "percent" in said else _hours(said)
    since = f" for a start from {day_words(policy.starters_from)}" if policy.starters_from else ""
    wanted = " or ".join(_WANTED[one] for one in policy.measures)
    return Finding(f"{declared} declared; what counts{since} is {wanted}", is_met=False)


def percent_finding(declared: Decimal, needed: int) -> Finding:
    """Whether the declared share of off-the-job training is enough; rounded against the claim."""
    said = f"{_percent(declared)} declared; {needed}% needed"
    if declared >= needed:
        return Finding(said, is_met=True)
    return Finding(f"{said}, {_percent(needed - declared, ROUND_UP)} short", is_met=False)


def hours_finding(given: int, needed: int, why: str = "") -> Finding:
    """Whether the hours given are enough; ``why`` says where the number needed comes from."""
    said = f"{counted(given, 'hour')} declared; {needed:,} needed {why}".rstrip()
    if given >= needed:
        return Finding(said, is_met=True)
    return Finding(f"{said}, {counted(needed - given, 'hour')} short", is_met=False)
