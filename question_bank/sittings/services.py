"""Issuing a sitting, and what an invigilator does to it: each step recorded with who and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, insert

from epa.audit.services import Actor, record
from epa.database import db
from epa.errors import Conflict, RuleBroken
from epa.in_transaction import lock
from epa.people.models import Person
from question_bank.papers.models import Paper
from question_bank.sittings.clock import SittingClock
from question_bank.sittings.making import delivered
from question_bank.sittings.models import PaperDelivered, Sitting, SittingEvent
from question_bank.sittings.rules import (
    BEFORE_START,
    MOST_ADDED_MINUTES,
    NEEDS_REASON,
    OVER,
    RUNNING,
    STATE_TITLES,
    SittingState,
    SittingStep,
    after,
)
from question_bank.sittings.seats import Seat

# A plain statement: a row of it is never looked at again in its transaction.
_ADD_STEP: Final = insert(cast("Table", SittingEvent.__table__))


class OtherDevice(Conflict):
    """The paper is open on another device, and nobody let this one take it over."""


@dataclass(frozen=True)
class SittingTerms:
    """What a sitting is taken for, and how long it may take.

    Attributes:
        attempt_id: what it is taken for.
        allowed: the plan's time with the extra time that was granted.
        rest: how long rest breaks stay off the clock, in all.
        closes_at: when the session ends; None where nothing ends it.
        needs_safe_browser: whether it is sat in Safe Exam Browser alone.
    """

    attempt_id: UUID
    allowed: timedelta
    rest: timedelta = timedelta()
    closes_at: datetime | None = None
    needs_safe_browser: bool = False


def open_sitting(
    candidate: Person, paper: Paper, terms: SittingTerms, *, actor: Person, at: datetime
) -> Sitting:
    """Issue a paper to a candidate; nothing of it is shown until it is unlocked and started.

    The database keeps a second one from the same attempt, unless the first is void.

    Raises:
        RuleBroken: the paper was drawn for somebody else.
    """
    if paper.candidate_id not in {None, candidate.id}:
        raise RuleBroken("other-candidate", "This paper was drawn for another candidate.")
    sitting = Sitting(
        candidate=candidate,
        paper=paper,
        attempt_id=terms.attempt_id,
        state=SittingState.ISSUED,
        issued_at=at,
        allowed_seconds=round(terms.allowed.total_seconds()),
        rest_seconds=round(terms.rest.total_seconds()),
        closes_at=terms.closes_at,
        needs_safe_browser=terms.needs_safe_browser,
    )
    db.session.add(sitting)
    db.session.flush()
    layout, content = delivered(paper)
    db.session.add(PaperDelivered(sitting_id=sitting.id, layout=layout, content=content))
    _write_down(sitting, SittingStep.ISSUE, actor=actor, at=at)
    return sitting


def check_identity(sitting: Sitting, *, actor: Person, at: datetime) -> None:
    """Note that the candidate's identity was checked."""
    take(sitting, SittingStep.CHECK_IDENTITY, actor=actor, at=at)


def unlock(sitting: Sitting, *, actor: Person, at: datetime) -> None:
    """Let the candidate start."""
    take(sitting, SittingStep.UNLOCK, actor=actor, at=at)


def pause(sitting: Sitting, reason: str, *, is_rest: bool, actor: Person, at: datetime) -> None:
    """Stop a candidate's clock; in a rest break for as long as was granted.

    Raises:
        RuleBroken: it does not run, its time is up, or nothing says why.
    """

    def stop(clock: SittingClock) -> SittingClock:
        return clock.paused(at, is_rest=is_rest)

    take(sitting, SittingStep.PAUSE, reason, stop, actor=actor, at=at)


def resume(sitting: Sitting, *, actor: Person, at: datetime) -> None:
    """Let a candidate's clock go on.

    Raises:
        RuleBroken: it is not paused, or a rest break took what time there was.
    """
    take(sitting, SittingStep.RESUME, "", lambda clock: clock.resumed(at), actor=actor, at=at)


def extend(sitting: Sitting, minutes: int, reason: str, *, actor: Person, at: datetime) -> None:
    """Give a candidate more time.

    Raises:
        RuleBroken: it does not run, its time is up, nothing says why, it is more than one may add,
            or the session ends before.
    """
    if not 1 <= minutes <= MOST_ADDED_MINUTES:
        raise RuleBroken(
            "minutes", f"The minutes must be from 1 to {MOST_ADDED_MINUTES}", "minutes"
        )

    def lengthen(clock: SittingClock) -> SittingClock:
        longer = clock.extended(timedelta(minutes=minutes))
        if longer.cut(at):
            said = f"The session ends before these {minutes} minutes are over."
            raise RuleBroken("session-ends", said, "minutes")
        return longer

    take(sitting, SittingStep.EXTEND, reason, lengthen, actor=actor, at=at)


def allow_device(sitting: Sitting, reason: str, *, actor: Person, at: datetime) -> None:
    """Let the next device that opens the paper take it over; the one before turns read only.

    Raises:
        RuleBroken: it does not run, or nothing says why.
    """
    take(sitting, SittingStep.ALLOW_DEVICE, reason, actor=actor, at=at)
    sitting.may_change_device = True
    db.session.flush()


def void(sitting: Sitting, reason: str, *, actor: Person, at: datetime) -> None:
    """Void a paper: it counts for nothing, and the attempt may be given another.

    Raises:
        RuleBroken: it is marked or void, or nothing says why.
    """
    take(sitting, SittingStep.VOID, reason, lambda clock: clock.ended(at), actor=actor, at=at)
    sitting.finished_at = sitting.finished_at or at
    db.session.flush()


def answer_hand(sitting: Sitting, *, actor: Person, at: datetime) -> None:
    """Note that somebody came to a candidate whose hand was up; the page lowers it.

    Raises:
        RuleBroken: no hand is up.
    """
    lock(sitting)
    if sitting.hand_raised_at is None:
        raise RuleBroken("no-hand", "No hand is up.")
    waited = max(timedelta(), at - sitting.hand_raised_at)
    sitting.hand_raised_at, sitting.hand_answered_at = None, at
    db.session.flush()
    record(
        actor,
        "sitting: hand answered",
        sitting,
        at=at,
        waited_seconds=round(waited.total_seconds()),
    )


def renew_terms(sitting: Sitting, terms: SittingTerms, *, actor: Person, at: datetime) -> bool:
    """Give a paper that nobody has started the time that is granted now, and its session's end.

    What is decided after the start changes nothing: then an invigilator adds time.

    Returns:
        Whether anything was another than before.
    """
    lock(sitting)
    allowed, rest = round(terms.allowed.total_seconds()), round(terms.rest.total_seconds())
    wanted = (allowed, rest, terms.closes_at, terms.needs_safe_browser)
    times = (sitting.allowed_seconds, sitting.rest_seconds, sitting.closes_at)
    if sitting.state not in BEFORE_START or wanted == (*times, sitting.needs_safe_browser):
        return False
    sitting.allowed_seconds, sitting.rest_seconds, sitting.closes_at = wanted[:3]
    sitting.needs_safe_browser = terms.needs_safe_browser
    db.session.flush()
    details = {"allowed_seconds": allowed, "rest_seconds": rest}
    record(actor, "sitting terms renewed", sitting, at=at, **details)
    return True


def move_end(sitting: Sitting, closes_at: datetime, *, actor: Person, at: datetime) -> None:
    """Let the session of a sitting end at another time; of one that is over nothing changes.

    Raises:
        RuleBroken: it would take away time that a running candidate is entitled to.
    """
    lock(sitting)
    if sitting.state in OVER:
        return
    if sitting.state in RUNNING and sitting.clock.entitled_until(at) > closes_at:
        raise RuleBroken("cuts-time", "Their test would be cut short.", "closes")
    sitting.closes_at = closes_at
    db.session.flush()
    ends = closes_at.isoformat()
    record(actor, "sitting: end of session moved", sitting, at=at, closes_at=ends)


def refuse_other_device(sitting: Sitting | Seat, token: str) -> None:
    """Refuse a device that does not have the paper, or has it no longer.

    Raises:
        OtherDevice: so it is.
    """
    if token != sitting.device_token:
        raise OtherDevice("Your paper is open on another device. This one is read only now.")


_ENDS_WITH_TIME: Final = frozenset({SittingStep.PAUSE, SittingStep.RESUME, SittingStep.EXTEND})


def take(
    sitting: Sitting,
    step: SittingStep,
    reason: str = "",
    change: Callable[[SittingClock], SittingClock] | None = None,
    *,
    actor: Actor | None,
    at: datetime,
) -> None:
    """Take a step, write it down and record it.

    Args:
        sitting: what it is done to; it is locked from here on.
        step: what is done.
        reason: why, in the invigilator's words; it stays out of the audit log.
        change: what it does to the clock, which is read under the lock.
        actor: who; None for the system.
        at: when.

    Raises:
        RuleBroken: it cannot be done from where the sitting stands, its time is up, or nothing
            says why.
    """
    lock(sitting)
    following = after(sitting.state, step)
    if following is None:
        title = STATE_TITLES[sitting.state]
        raise RuleBroken("wrong-state", f"This cannot be done while the paper is “{title}”.")
    if step in NEEDS_REASON and not reason.strip():
        raise RuleBroken("reason-missing", "Enter why", "reason")
    if step in _ENDS_WITH_TIME and sitting.clock.is_over(at):
        raise RuleBroken("time-is-up", "The time of this candidate is up.")
    if change is not None:
        sitting.clock = change(sitting.clock)
    sitting.state = following
    _write_down(sitting, step, reason, actor=actor, at=at)


def _write_down(
    sitting: Sitting, step: SittingStep, reason: str = "", *, actor: Actor | None, at: datetime
) -> None:
    row = step_row(sitting, step, reason, actor=actor, at=at)
    db.session.connection().execute(_ADD_STEP, row)
    record_step(sitting, step, actor=actor, at=at)


def step_row(
    sitting: Sitting, step: SittingStep, reason: str = "", *, actor: Actor | None, at: datetime
) -> dict[str, Any]:
    """What is written down of a step, but for the row's own identifier."""
    return {
        "sitting_id": sitting.id,
        "step": step,
        "at": at,
        "by_id": actor.id if actor else None,
        "reason": reason.strip(),
        "seconds": sitting.added_seconds,
    }


def record_step(sitting: Sitting, step: SittingStep, *, actor: Actor | None, at: datetime) -> None:
    """Record a step that was written down in the audit log."""
    record(
        actor,
        f"sitting: {step.value.replace('_', ' ')}",
        sitting,
        at=at,
        attempt=str(sitting.attempt_id),
        added_seconds=sitting.added_seconds,
    )
