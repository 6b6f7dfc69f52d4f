"""Who may be given a duty and why not, how long a method takes, what a booking waits for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

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
    HELD = "held"
    COMING_UP = "coming_up"
    PAST = "past"


STATE_TITLES: Final[dict[BookingState, str]] = {
    BookingState.TO_ALLOCATE: "To allocate",
    BookingState.TO_DATE: "To date",
    BookingState.HELD: "Held",
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
    """Why somebody or some date will not do: the rule's code and a sentence with what would.

    ``field`` is the part of a form to blame: ``day``, ``time``, ``room``.
    """

    code: str
    message: str
    field: str | None = None


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


def duties_open(duties: Iterable[Duty], holders: Mapping[Duty, object]) -> tuple[Duty, ...]:
    """The duties that nobody has yet, in the definition's order."""
    return tuple(duty for duty in duties if duty not in holders)
