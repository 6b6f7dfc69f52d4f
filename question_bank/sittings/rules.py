"""The states of a sitting, what leads from one to the next, and which steps need a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SittingState(StrEnum):
    """Where a sitting stands. Submitted: the answers are safely in; marked is apart from it."""

    ISSUED = "issued"
    ID_CHECKED = "id_checked"
    UNLOCKED = "unlocked"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    SUBMITTED = "submitted"
    MARKED = "marked"
    VOIDED = "voided"


class SittingStep(StrEnum):
    """Something that happens to a sitting; each is a row of its history."""

    ISSUE = "issue"
    CHECK_IDENTITY = "check_identity"
    UNLOCK = "unlock"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    ALLOW_DEVICE = "allow_device"
    TAKE_OVER = "take_over"
    HAND_IN = "hand_in"
    RUN_OUT = "run_out"
    MARK = "mark"
    VOID = "void"
    ACCEPT_LATE = "accept_late"
    REFUSE_LATE = "refuse_late"
    REMARK = "remark"


class IntegrityKind(StrEnum):
    """Something that happens while a test is being sat: told by its page, or found by the server."""

    LEFT = "left"
    BACK = "back"
    COPIED = "copied"
    PASTED = "pasted"
    SECOND = "second"
    MOVED = "moved"


STATE_TITLES: Final[Mapping[SittingState, str]] = {
    SittingState.ISSUED: "Not seen yet",
    SittingState.ID_CHECKED: "Identity checked",
    SittingState.UNLOCKED: "May start",
    SittingState.IN_PROGRESS: "In progress",
    SittingState.PAUSED: "Paused",
    SittingState.SUBMITTED: "Handed in",
    SittingState.MARKED: "Marked",
    SittingState.VOIDED: "Void",
}

INTEGRITY_TITLES: Final[Mapping[IntegrityKind, str]] = {
    IntegrityKind.LEFT: "Left the page",
    IntegrityKind.BACK: "Came back to the page",
    IntegrityKind.COPIED: "Copied or cut text",
    IntegrityKind.PASTED: "Pasted text",
    IntegrityKind.SECOND: "Opened the test a second time",
    IntegrityKind.MOVED: "Went on from another address or browser",
}


@dataclass(frozen=True)
class Tally:
    """How often something happened, and how much it comes to: in seconds or in letters."""

    times: int
    amount: int


# What a page cannot tell of itself.
FOUND_BY_SERVER: Final = frozenset({IntegrityKind.MOVED})
# How many are kept of one sitting: a page that tells more has gone wrong, or wants to fill a disk.
MOST_INTEGRITY_EVENTS: Final = 2000

_S, _E = SittingState, SittingStep
RUNNING: Final = frozenset({_S.IN_PROGRESS, _S.PAUSED})
BEFORE_START: Final = frozenset({_S.ISSUED, _S.ID_CHECKED, _S.UNLOCKED})
OVER: Final = frozenset({_S.SUBMITTED, _S.MARKED, _S.VOIDED})
NEEDS_REASON: Final = frozenset(
    {
        *(_E.PAUSE, _E.EXTEND, _E.ALLOW_DEVICE, _E.VOID),
        *(_E.ACCEPT_LATE, _E.REFUSE_LATE, _E.REMARK),
    }
)
MOST_ADDED_MINUTES: Final = 60
LIVE: Final = RUNNING | {_S.UNLOCKED}

# From which states a step may be taken, and where it leads; None where the state stays.
_STEPS: Final[Mapping[SittingStep, tuple[frozenset[SittingState], SittingState | None]]] = {
    _E.CHECK_IDENTITY: (frozenset({_S.ISSUED}), _S.ID_CHECKED),
    _E.UNLOCK: (frozenset({_S.ID_CHECKED}), _S.UNLOCKED),
    _E.START: (frozenset({_S.UNLOCKED}), _S.IN_PROGRESS),
    _E.PAUSE: (frozenset({_S.IN_PROGRESS}), _S.PAUSED),
    _E.RESUME: (frozenset({_S.PAUSED}), _S.IN_PROGRESS),
    _E.EXTEND: (RUNNING, None),
    _E.ALLOW_DEVICE: (RUNNING, None),
    _E.TAKE_OVER: (RUNNING, None),
    _E.HAND_IN: (RUNNING, _S.SUBMITTED),
    _E.RUN_OUT: (RUNNING, _S.SUBMITTED),
    _E.MARK: (frozenset({_S.SUBMITTED}), _S.MARKED),
    _E.VOID: (BEFORE_START | RUNNING | {_S.SUBMITTED}, _S.VOIDED),
    _E.ACCEPT_LATE: (frozenset({_S.SUBMITTED}), None),
    _E.REFUSE_LATE: (frozenset({_S.SUBMITTED}), None),
    _E.REMARK: (frozenset({_S.MARKED}), _S.SUBMITTED),
}


def after(state: SittingState, step: SittingStep) -> SittingState | None:
    """Where a step leads from a state; None where it may not be taken there."""
    if step not in _STEPS:  # issuing makes a sitting, and so follows on nothing
        return None
    sources, target = _STEPS[step]
    if state not in sources:
        return None
    return target or state
