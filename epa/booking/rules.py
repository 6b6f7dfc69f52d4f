"""Who may be given a duty and why not, which days and times a method may be booked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from epa.lifecycle.period import Period
from epa.lifecycle.rules import DUTY_TITLES, Duty
from epa.people.rules import Role
from frameworks import JudgedMethod, MarkedMethod

# Which roles may be given a duty; the other half of epa/lifecycle/scope.py, which lets a duty's
# holder reach the attempt through the role.
ROLES_FOR: Final[dict[Duty, frozenset[Role]]] = {
    Duty.ASSESSOR: frozenset({Role.INDEPENDENT_ASSESSOR}),
    Duty.INVIGILATOR: frozenset({Role.INVIGILATOR, Role.INDEPENDENT_ASSESSOR}),
    Duty.FIRST_MARKER: frozenset({Role.MARKER, Role.INDEPENDENT_ASSESSOR}),
    Duty.SECOND_MARKER: frozenset({Role.MARKER, Role.INDEPENDENT_ASSESSOR}),
}

# Two people mark apart: neither may be the other.
APART: Final[dict[Duty, Duty]] = {
    Duty.FIRST_MARKER: Duty.SECOND_MARKER,
    Duty.SECOND_MARKER: Duty.FIRST_MARKER,
}

# Those who are there when the method is held, so that their day can be too full.
PRESENT: Final = frozenset({Duty.ASSESSOR, Duty.INVIGILATOR})


class BookingState(StrEnum):
    """What a booking waits for; the list is narrowed by it."""

    TO_ALLOCATE = "to_allocate"
    TO_DATE = "to_date"
    COMING_UP = "coming_up"
    PAST = "past"


STATE_TITLES: Final[dict[BookingState, str]] = {
    BookingState.TO_ALLOCATE: "To allocate",
    BookingState.TO_DATE: "To date",
    BookingState.COMING_UP: "Coming up",
    BookingState.PAST: "Past",
}


@dataclass(frozen=True)
class Standing:
    """How somebody stands to one duty on one attempt.

    Attributes:
        name: how messages name the person.
        has_role: whether they hold a role for the duty at this EPAO now.
        is_disabled: whether they are shut out.
        declared: conflicts of interest that were declared and nobody has scrutinised, in words.
        implied: what stands against them undeclared (a role at the employer or the provider, being
            the apprentice), in words.
        has_other_duty: whether they hold the duty that must be somebody else's.
    """

    name: str
    has_role: bool = True
    is_disabled: bool = False
    declared: tuple[str, ...] = ()
    implied: tuple[str, ...] = ()
    has_other_duty: bool = False


@dataclass(frozen=True)
class Hindrance:
    """Why somebody or some date will not do: the rule's code and a sentence with what would."""

    code: str
    message: str


def hindrances(standing: Standing, duty: Duty) -> tuple[Hindrance, ...]:
    """Everything that stands between a person and a duty; nothing when they may have it."""
    name = standing.name
    found = []
    if standing.is_disabled:
        found.append(Hindrance("disabled", f"{name} is disabled. Choose somebody else."))
    elif not standing.has_role:
        found.append(
            Hindrance(
                "role-missing",
                f"{name} does not hold a role for this duty here. Choose somebody who does.",
            )
        )
    found += [
        Hindrance(
            "implied-conflict",
            f"{name} cannot do this. {reason}. Choose somebody else: no scrutiny lifts this.",
        )
        for reason in standing.implied
    ]
    found += [
        Hindrance(
            "conflict-of-interest",
            f"{name} has a declared conflict of interest. {reason}. Choose somebody else, or have"
            " an internal quality assurer scrutinise it by name first.",
        )
        for reason in standing.declared
    ]
    if standing.has_other_duty:
        other = DUTY_TITLES[APART[duty]].lower()
        found.append(
            Hindrance("segregation", f"{name} is the {other}. The two must be different people.")
        )
    return tuple(found)


def minutes_needed(method: JudgedMethod | MarkedMethod) -> int:
    """How long a method takes at most: its parts with their tolerance, or the test's minutes."""
    if isinstance(method, MarkedMethod):
        return method.minutes
    return sum(part.longest_minutes for part in method.parts)


@dataclass(frozen=True)
class Slot:
    """A stretch of time: when it starts (aware) and how many minutes it lasts."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        """The instant at which it is over; something else may start then."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def overlaps(self, other: Slot) -> bool:
        """Whether the two share any time."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def next_free(wanted: Slot, busy: Iterable[Slot]) -> datetime:
    """The first instant, from the wanted start on, at which the slot overlaps nothing."""
    slot = wanted
    for other in sorted(busy, key=lambda one: one.starts_at):
        if slot.overlaps(other):
            slot = Slot(other.ends_at, wanted.minutes)
    return slot.starts_at


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
        """Why this day will not do, with the nearest that would; None when it will."""
        if self.is_empty:
            return Hindrance(
                "no-day-left",
                f"{self.opening_rule.message} {self.closing_rule.message} So no day is left.",
            )
        if day < self.opens_on:
            return _with_nearest(self.opening_rule, self.opens_on)
        if day > self.closes_on:
            return _with_nearest(self.closing_rule, self.closes_on)
        return None


def _with_nearest(rule: Hindrance, nearest: date) -> Hindrance:
    words = f"The nearest date that would do is {date_words(nearest)}."
    return Hindrance(rule.code, f"{rule.message} {words}")


def window(
    period: Period, today: date, shared: tuple[date, date] | None = None, needed_days: int = 0
) -> Window:
    """The days on which a method may be held.

    Args:
        period: the EPA period.
        today: the London date.
        shared: for the method that the portfolio underpins, when it was shared and the earliest
            day that leaves the assessor the days the plan gives (``earliest_presentation``).
        needed_days: those days, for the message.
    """
    starts = Hindrance(
        "before-period",
        f"The EPA period starts on {date_words(period.starts_on)}: no method is held before.",
    )
    past = Hindrance("in-the-past", f"A date can be set for today, {date_words(today)}, or later.")
    openings = [(period.starts_on, starts), (today, past)]
    if shared is not None:
        shared_on, earliest = shared
        openings.append(
            (
                earliest,
                Hindrance(
                    "portfolio-days",
                    f"The assessor was given the portfolio on {date_words(shared_on)} and has it"
                    f" for at least {needed_days} days before.",
                ),
            )
        )
    opens_on, opening_rule = max(openings, key=lambda one: one[0])
    closing = Hindrance(
        "after-period",
        f"The last day for a method is {date_words(period.ends_on)}, when the EPA period ends.",
    )
    if period.ends_on < period.period_last_day:
        closing = Hindrance(
            "after-methods",
            f"The last day for a method is {date_words(period.ends_on)}: all methods are held"
            " within the plan's months after the first.",
        )
    return Window(opens_on, period.ends_on, opening_rule, closing)


def duties_open(duties: Iterable[Duty], holders: Mapping[Duty, object]) -> tuple[Duty, ...]:
    """The duties that nobody has yet, in the definition's order."""
    return tuple(duty for duty in duties if duty not in holders)


def date_words(day: date) -> str:
    """A date as messages write it: '9 June 2026', never broken over a line."""
    return f"{day.day}\N{NO-BREAK SPACE}{day:%B}\N{NO-BREAK SPACE}{day.year}"
