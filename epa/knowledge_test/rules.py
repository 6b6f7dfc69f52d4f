"""What a paper sitting must show before it is marked, and how two people's marking stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from epa.lifecycle.period import Period
from epa.lifecycle.rules import Duty
from frameworks import MarkedMethod

MARKERS: Final = (Duty.FIRST_MARKER, Duty.SECOND_MARKER)


class MarkingState(StrEnum):
    """How far the marking is."""

    NOT_SAT = "not_sat"
    WAITING = "waiting"
    DIFFERENT = "different"
    GRADED = "graded"


@dataclass(frozen=True)
class SittingFacts:
    """What somebody recorded about a paper sitting.

    Attributes:
        held_on: the London date.
        minutes: what the candidate had, whole minutes.
        identity_checked: whether the candidate's identity was checked before.
        venue_checked: whether the venue was found suitable before.
        adjustment: why more minutes were given than the plan's with those granted; '' when not.
        incidents: what happened that a reader of the result should know; '' for nothing.
    """

    held_on: date
    minutes: int
    identity_checked: bool
    venue_checked: bool
    adjustment: str = ""
    incidents: str = ""


@dataclass(frozen=True)
class SittingFault:
    """One thing that is wrong with a sitting: the rule, the fact to blame, the sentence."""

    code: str
    field: str
    message: str


def sitting_faults(
    facts: SittingFacts, method: MarkedMethod, period: Period, today: date
) -> tuple[SittingFault, ...]:
    """Everything that keeps a sitting from being recorded; nothing when it may be."""
    found = [*_date_faults(facts.held_on, period, today)]
    if facts.minutes < 1:
        found.append(SittingFault("no-time", "minutes", "The minutes must be 1 or more"))
    if facts.minutes > method.minutes and not facts.adjustment.strip():
        found.append(
            SittingFault(
                "over-time",
                "adjustment",
                f"There are {method.minutes} minutes for it: enter why {facts.minutes} were given",
            )
        )
    if not facts.identity_checked:
        found.append(
            SittingFault(
                "identity-unchecked",
                "identity_checked",
                "A test can only be marked if the identity was checked first",
            )
        )
    if not facts.venue_checked:
        found.append(
            SittingFault(
                "venue-unchecked",
                "venue_checked",
                "A test can only be marked if the venue was checked first",
            )
        )
    return tuple(found)


def _date_faults(held_on: date, period: Period, today: date) -> Sequence[SittingFault]:
    if held_on > today:
        return [
            SittingFault(
                "in-the-future",
                "held_on",
                f"The date of the test must be today, {_words(today)}, or earlier",
            )
        ]
    if not period.holds(held_on):
        return [
            SittingFault(
                "outside-period",
                "held_on",
                f"The date of the test must be inside the EPA period, {_words(period.starts_on)}"
                f" to {_words(period.ends_on)}",
            )
        ]
    return []


def marking_state(
    *, is_sat: bool, is_graded: bool, different: Sequence[int] | None
) -> MarkingState:
    """How far the marking is.

    Args:
        is_sat: whether the sitting is recorded.
        is_graded: whether the attempt has its grade.
        different: the questions on which the two entries differ; None until there are two.
    """
    if is_graded:
        return MarkingState.GRADED
    if not is_sat:
        return MarkingState.NOT_SAT
    return MarkingState.DIFFERENT if different else MarkingState.WAITING


def _words(day: date) -> str:
    return f"{day.day}\N{NO-BREAK SPACE}{day:%B}\N{NO-BREAK SPACE}{day.year}"
