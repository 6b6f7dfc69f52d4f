"""When a failed method may be taken again, what must be in place first, when the EPA is over.

Source: the plan's section on re-sits and re-takes; its numbers and switches are the definition's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from epa.lifecycle.rules import ENDED, Grade, Stage


class ResitStatus(StrEnum):
    """How a request to take a method again stands."""

    ASKED = "asked"
    AGREED = "agreed"
    OPENED = "opened"
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATUS_TITLES: Final[dict[ResitStatus, str]] = {
    ResitStatus.ASKED: "Asked for",
    ResitStatus.AGREED: "Agreed",
    ResitStatus.OPENED: "Opened",
    ResitStatus.DECLINED: "Declined",
    ResitStatus.REFUSED: "Refused",
    ResitStatus.WITHDRAWN: "Taken back",
}
# Where something is still to be done about a request.
UNDER_WAY: Final = frozenset({ResitStatus.ASKED, ResitStatus.AGREED})
# Where a method may be taken again.
OPEN_STAGES: Final = frozenset({Stage.ASSESSMENT, Stage.RESULTS})


class ActionOwner(StrEnum):
    """Who sees to it that an action of the plan is done."""

    APPRENTICE = "apprentice"
    EMPLOYER = "employer"
    TRAINING_PROVIDER = "training_provider"


@dataclass(frozen=True)
class Fault:
    """Why something cannot be done: the rule's code, a sentence, and the field to blame."""

    code: str
    message: str
    field: str | None = None


@dataclass(frozen=True)
class Failing:
    """What is known of an attempt that somebody wants to follow with another.

    Attributes:
        grade: its grade, None while it has none.
        is_released: whether that is released.
        is_newest: whether no later attempt at the method was opened.
        stage: where the assessment stands.
        has_request: whether a request for another is under way.
        attempts_made: attempts at the method so far.
        attempts_max: how many there may be; None without a limit.
    """

    grade: Grade | None
    is_released: bool
    is_newest: bool
    stage: Stage
    has_request: bool
    attempts_made: int
    attempts_max: int | None = None


def is_failed(failing: Failing) -> bool:
    """Whether a Fail stands that everybody concerned knows: a Pass is never taken again."""
    return failing.grade is Grade.FAIL and failing.is_released and failing.is_newest


def asking_fault(failing: Failing) -> Fault | None:
    """Why another attempt cannot be asked for; None when it can."""
    if not is_failed(failing):
        return Fault(
            "failed-methods-only",
            "Only a method whose newest grade is a released Fail is taken again.",
        )
    if failing.stage not in OPEN_STAGES:
        return Fault("not-under-way", "This is not under way, so that nothing is taken again.")
    if failing.has_request:
        return Fault("asked-already", "Somebody has asked for this already.")
    return limit_fault(failing.attempts_made, failing.attempts_max)


def limit_fault(made: int, most: int | None) -> Fault | None:
    """Why there may be no further attempt, by number alone; None when there may."""
    if most is None or made < most:
        return None
    times = "once" if most == 1 else f"{most} times"
    return Fault("attempts-used", f"The method may be taken {times} in all, and was.")


def attempts_limit(of_plan: int | None, of_setting: int) -> int | None:
    """How often a method may be taken: the lower of the plan's and the EPAO's own number.

    Args:
        of_plan: the definition's, None where it is silent.
        of_setting: what an administrator set, 0 for no limit.
    """
    known = [one for one in (of_plan, of_setting or None) if one is not None]
    return min(known, default=None)


def unplanned(not_passed: Iterable[str], planned: Collection[str]) -> tuple[str, ...]:
    """The KSBs that were not met and have no action yet, in the order given."""
    return tuple(code for code in not_passed if code not in planned)


@dataclass(frozen=True)
class Preparation:
    """What is in place for another attempt.

    Attributes:
        needs_agreement: whether the plan asks for the employer's agreement.
        is_agreed: whether the employer agreed.
        needs_plan: whether the plan asks for an action plan.
        actions: how many actions there are.
        unplanned: KSBs not met without an action.
        within_period: whether the plan keeps a later attempt inside the EPA period.
        last_day: the EPA period's, as it holds without exceptional circumstances.
        closes_on: the attempt's last day by exceptional circumstances, None without any.
    """

    needs_agreement: bool
    is_agreed: bool
    needs_plan: bool
    actions: int
    unplanned: tuple[str, ...]
    within_period: bool
    last_day: date
    closes_on: date | None = None

    def is_in_time(self, today: date) -> bool:
        """Whether there is still a day on which the attempt could be taken."""
        return not self.within_period or today <= max(self.last_day, self.closes_on or date.min)


def opening_faults(ready: Preparation, today: date) -> Iterator[Fault]:
    """Everything that keeps the attempt from being opened; nothing when it may be."""
    if ready.needs_agreement and not ready.is_agreed:
        yield Fault("employer-agrees", "The employer has not agreed yet.")
    if ready.needs_plan and not ready.actions:
        yield Fault("action-plan", "The action plan has no action yet.")
    elif ready.needs_plan and ready.unplanned:
        yield Fault("action-plan", f"The action plan says nothing of {', '.join(ready.unplanned)}.")
    if not ready.is_in_time(today):
        yield Fault(
            "outside-period",
            "The period is over: an attempt is opened only for exceptional circumstances that are"
            " on record.",
        )


def extension_fault(closes_on: date, *, today: date, last_day: date) -> Fault | None:
    """Why a day cannot be the last one by exceptional circumstances; None when it can."""
    first = max(today, last_day + timedelta(days=1))
    if closes_on >= first:
        return None
    words = f"{first.day}\N{NO-BREAK SPACE}{first:%B}\N{NO-BREAK SPACE}{first.year}"
    return Fault("last-day", f"The last day must be {words} or later", "closes_on")


class MethodState(StrEnum):
    """How one method stands when somebody asks whether the EPA is over."""

    PASSED = "passed"
    FAILED = "failed"
    FAILED_BEFORE = "failed_before"
    NOT_TAKEN = "not_taken"
    WAITING = "waiting"


# Where an attempt is open that nobody has taken; and where a Fail is known.
_TO_TAKE: Final = frozenset({MethodState.NOT_TAKEN, MethodState.FAILED_BEFORE})
KNOWN_FAILS: Final = frozenset({MethodState.FAILED, MethodState.FAILED_BEFORE})


def method_state(
    grade: Grade | None, *, number: int, is_released: bool, scheduled_on: date | None, today: date
) -> MethodState:
    """How a method's newest attempt stands.

    What was held and has no grade yet, or a grade that is not released, waits for somebody. A later
    attempt that was not taken follows one that was failed.
    """
    if grade is None:
        if scheduled_on is not None and scheduled_on <= today:
            return MethodState.WAITING
        return MethodState.NOT_TAKEN if number == 1 else MethodState.FAILED_BEFORE
    if not is_released:
        return MethodState.WAITING
    return MethodState.FAILED if grade is Grade.FAIL else MethodState.PASSED


def closing_fault(
    states: Collection[MethodState], *, stage: Stage, is_over: bool, has_request: bool
) -> Fault | None:
    """Why the EPA cannot be closed as failed; None when it can.

    Args:
        states: how each of its methods stands.
        stage: where it stands.
        is_over: whether the last day has passed, exceptional circumstances included.
        has_request: whether another attempt is asked for and not decided.
    """
    if stage in ENDED or stage not in OPEN_STAGES:
        return Fault("not-under-way", "This is not under way, so that there is nothing to close.")
    if all(one is MethodState.PASSED for one in states):
        return Fault("all-passed", "Every method is passed: the overall grade is released instead.")
    if MethodState.WAITING in states:
        return Fault("grade-waits", "A method that was taken waits for its grade or its release.")
    if has_request:
        return Fault("request-waits", "Another attempt is asked for. Decide on that first.")
    if not is_over and not _TO_TAKE.isdisjoint(states):
        return Fault("period-runs", "The period runs, and a method is still to be taken.")
    return None


class FailState(StrEnum):
    """Where a failed method stands on its way to being taken again."""

    TO_ASK = "to_ask"
    ASKED = "asked"
    AGREED = "agreed"
    OPENED = "opened"
    OVER = "over"


FAIL_TITLES: Final[dict[FailState, str]] = {
    FailState.TO_ASK: "Not asked for",
    FailState.ASKED: "Asked for",
    FailState.AGREED: "Agreed",
    FailState.OPENED: "Opened",
    FailState.OVER: "Over",
}


class Awaited(StrEnum):
    """What a failed method waits for, and so for whom."""

    REQUEST = "request"
    LATE_REQUEST = "late_request"
    AGREEMENT = "agreement"
    PLAN = "plan"
    CIRCUMSTANCES = "circumstances"
    OPENING = "opening"
    DATE = "date"
    DAY = "day"
    GRADE = "grade"
    RETURN = "return"


# In the words of the interface, which are put in by their keys.
AWAITED_WORDS: Final[dict[Awaited, str]] = {
    Awaited.REQUEST: "{apprentice}, {employer} or {provider}: ask for another attempt",
    Awaited.LATE_REQUEST: "{epao_short}: close it, unless somebody asks for exceptional reasons",
    Awaited.AGREEMENT: "{employer}: agree",
    Awaited.PLAN: "{employer} or {provider}: complete the action plan",
    Awaited.CIRCUMSTANCES: "{epao_short}: record exceptional circumstances, or refuse it",
    Awaited.OPENING: "{epao_short}: open it",
    Awaited.DATE: "{epao_short}: set a date",
    Awaited.DAY: "{apprentice}: take it on its day",
    Awaited.GRADE: "{epao_short}: grade and release it",
    Awaited.RETURN: "{apprentice}: come back from the break",
}
_AWAITED_BY_FAULT: Final[dict[str, Awaited]] = {
    "employer-agrees": Awaited.AGREEMENT,
    "action-plan": Awaited.PLAN,
    "outside-period": Awaited.CIRCUMSTANCES,
}


def awaited_of_request(ready: Preparation, today: date) -> tuple[Awaited, ...]:
    """What a request waits for: everything that is missing, or to be opened."""
    missing = [_AWAITED_BY_FAULT[one.code] for one in opening_faults(ready, today)]
    return tuple(missing) or (Awaited.OPENING,)


def awaited_of_attempt(
    grade: Grade | None, scheduled_on: date | None, today: date
) -> tuple[Awaited, ...]:
    """What an attempt that was opened waits for, until its grade is released."""
    if grade is None and scheduled_on is None:
        return (Awaited.DATE,)
    if grade is None and scheduled_on is not None and scheduled_on > today:
        return (Awaited.DAY,)
    return (Awaited.GRADE,)


def in_words(awaited: Iterable[Awaited], labels: Mapping[str, str]) -> tuple[str, ...]:
    """What is waited for, in the words of the interface, each beginning with a capital.

    Args:
        awaited: what is waited for.
        labels: the interface's words by their keys.
    """
    said = (AWAITED_WORDS[one].format(**labels) for one in awaited)
    return tuple(words[:1].upper() + words[1:] for words in said)
