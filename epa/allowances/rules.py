"""Reasonable adjustments as those who run the day know them: what, how much longer, never why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from frameworks import JudgedMethod, MarkedMethod

MOST_EXTRA_PERCENT: Final = 100
MOST_BREAK_MINUTES: Final = 240
DETAIL_LETTERS: Final = 300
Method = TypeVar("Method", JudgedMethod, MarkedMethod, JudgedMethod | MarkedMethod)


class AdjustmentKind(StrEnum):
    """What an adjustment changes of how a method is held."""

    EXTRA_TIME = "extra_time"
    BREAKS = "breaks"
    READER = "reader"
    FORMAT = "format"
    OTHER = "other"


KIND_TITLES: Final[dict[AdjustmentKind, str]] = {
    AdjustmentKind.EXTRA_TIME: "Extra time",
    AdjustmentKind.BREAKS: "Rest breaks",
    AdjustmentKind.READER: "A reader",
    AdjustmentKind.FORMAT: "Another format",
    AdjustmentKind.OTHER: "Something else",
}
# Those that are said in words; the others are numbers.
IN_WORDS: Final = (AdjustmentKind.READER, AdjustmentKind.FORMAT, AdjustmentKind.OTHER)


@dataclass(frozen=True)
class Granted:
    """What is granted for one method; nothing at all when every part is empty.

    Attributes:
        extra_percent: how much longer each timed part may take, in percent of the plan's minutes.
        break_minutes: rest in all, which stops the clock and so makes the day longer.
        details: a reader, another format or something else, each with what exactly.
    """

    extra_percent: int = 0
    break_minutes: int = 0
    details: Mapping[AdjustmentKind, str] = field(default_factory=dict)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is granted."""
        return not (self.extra_percent or self.break_minutes or self.details)


@dataclass(frozen=True)
class Allowance:
    """The adjustments in force for one attempt, as far as those who run it may know them.

    Attributes:
        extra_percent: how much longer each timed part may take.
        break_minutes: rest that does not count against any limit.
        in_words: what was granted, a short sentence each; never why.
    """

    extra_percent: int = 0
    break_minutes: int = 0
    in_words: tuple[str, ...] = ()


NOTHING: Final = Allowance()


def adjusted(method: Method, allowance: Allowance) -> Method:
    """The method with the time that was granted: plan minutes x (1 + extra time).

    The assessor's tolerance comes on top of the longer time, since it is a share of it.
    """
    if not allowance.extra_percent:
        return method
    if isinstance(method, MarkedMethod):
        return method.model_copy(update={"minutes": _longer(method.minutes, allowance)})
    parts = tuple(
        part.model_copy(update={"minutes": _longer(part.minutes, allowance)})
        for part in method.parts
    )
    return method.model_copy(update={"parts": parts})


def _longer(minutes: int, allowance: Allowance) -> int:
    return minutes * (100 + allowance.extra_percent) // 100


def minutes_of(method: JudgedMethod | MarkedMethod) -> int:
    """The minutes of all timed parts of a method, without any tolerance."""
    if isinstance(method, MarkedMethod):
        return method.minutes
    return sum(part.minutes for part in method.parts)


def as_allowance(granted: Granted, method: JudgedMethod | MarkedMethod) -> Allowance:
    """What was granted, as it is shown to those who run the method."""
    numbers = Allowance(granted.extra_percent, granted.break_minutes)
    added = minutes_of(adjusted(method, numbers)) - minutes_of(method)
    words = []
    if granted.extra_percent:
        words.append(f"+{added} min ({granted.extra_percent}% extra time).")
    if granted.break_minutes:
        words.append(f"Rest breaks of up to {granted.break_minutes} min in all, off the clock.")
    words += [
        _sentence(kind, granted.details[kind]) for kind in IN_WORDS if kind in granted.details
    ]
    return Allowance(granted.extra_percent, granted.break_minutes, tuple(words))


def _sentence(kind: AdjustmentKind, detail: str) -> str:
    text = detail.strip().rstrip(".")
    return f"{text}." if kind is AdjustmentKind.OTHER else f"{KIND_TITLES[kind]}: {text}."


class Decided(Protocol):
    """A version of what is granted for a method, as far as it is chosen by its day."""

    @property
    def decided_on(self) -> date:
        """The London date of its decision."""


Version = TypeVar("Version", bound=Decided)


def in_force(versions: Iterable[Version], held_on: date | None) -> Version | None:
    """The version that counts for an attempt: the newest, or the newest of the day it was held.

    A decision after the day does not rewrite the limits that held on it.

    Args:
        versions: of one method, the oldest first.
        held_on: the London date on which the attempt was held; None while it is to come.
    """
    counted = [one for one in versions if held_on is None or one.decided_on <= held_on]
    return counted[-1] if counted else None
