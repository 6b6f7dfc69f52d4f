"""Which changes there are, on which day one may take effect, and where a return leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from epa.lifecycle.rules import Stage


class ChangeKind(StrEnum):
    """What of an apprenticeship was changed."""

    WITHDRAWN = "withdrawn"
    PAUSED = "paused"
    REINSTATED = "reinstated"
    EMPLOYER = "employer"
    PROVIDER = "provider"
    NAME = "name"
    ULN = "uln"


CHANGE_TITLES: Final[dict[ChangeKind, str]] = {
    ChangeKind.WITHDRAWN: "Withdrawn",
    ChangeKind.PAUSED: "Break in learning begun",
    ChangeKind.REINSTATED: "Reinstated",
    ChangeKind.EMPLOYER: "Employer changed",
    ChangeKind.PROVIDER: "Training provider changed",
    ChangeKind.NAME: "Name corrected",
    ChangeKind.ULN: "ULN corrected",
}

# Whoever is away can come back; nothing else is changed about somebody whose way is over.
AWAY: Final = frozenset({Stage.PAUSED, Stage.WITHDRAWN})
OVER: Final = frozenset({Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED})


@dataclass(frozen=True)
class Why:
    """From which London date a change holds, and the reason for it."""

    on: date
    reason: str


def offered(stage: Stage) -> tuple[ChangeKind, ...]:
    """The changes that make sense at a stage, in the order in which they are offered.

    A wrong name or number is put right at any stage: certificates are refused for it.
    """
    corrections = (ChangeKind.NAME, ChangeKind.ULN)
    if stage in AWAY:
        back = (ChangeKind.REINSTATED,)
        others = (ChangeKind.WITHDRAWN, ChangeKind.EMPLOYER, ChangeKind.PROVIDER)
        return (*back, *(others if stage is Stage.PAUSED else ()), *corrections)
    if stage in OVER:
        return corrections
    pause = () if stage is Stage.RESULTS else (ChangeKind.PAUSED,)
    return (
        *pause,
        ChangeKind.WITHDRAWN,
        ChangeKind.EMPLOYER,
        ChangeKind.PROVIDER,
        *corrections,
    )


def date_fault(on: date, *, earliest: date, today: date) -> str | None:
    """What is wrong with the day from which a change holds, or None."""
    if on > today:
        return f"The date must be {day_words(today)} or earlier"
    if on < earliest:
        return f"The date must be {day_words(earliest)} or later"
    return None


def stage_on_return(*, is_accepted: bool, is_graded: bool, is_begun: bool) -> Stage:
    """Where somebody stands who comes back, by what was reached before.

    Args:
        is_accepted: whether the gateway was accepted.
        is_graded: whether the newest attempt at every method has a grade.
        is_begun: whether anything was supplied for the gateway.
    """
    if is_accepted:
        return Stage.RESULTS if is_graded else Stage.ASSESSMENT
    return Stage.GATEWAY if is_begun else Stage.ON_PROGRAMME


def day_words(day: date) -> str:
    """Write '9 June 2026' inside a sentence that is kept with the record."""
    return f"{day.day} {day:%B} {day.year}"


def days_words(days: int) -> str:
    """Write '1 day', '42 days'."""
    return f"{days:,} day{'' if days == 1 else 's'}"
