"""What a candidate's page does: it gets its paper, saves edits, gives signs of life.

Saves and signs of life are logs of their own: they do not lock the audit chain's head, and their
digest enters the chain with the receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from epa.audit.services import Actor
from epa.database import ask, db
from epa.errors import RuleBroken
from epa.in_transaction import lock
from question_bank.sittings import ahead, finishing, integrity, queries, seats, starting
from question_bank.sittings.clock import SKEW, SittingClock, Timing
from question_bank.sittings.edits import (
    Edit,
    EditFault,
    EditOutcome,
    outcome_of,
    value_of,
)
from question_bank.sittings.models import AnswerEdit, Heartbeat, Sitting, SittingDevice
from question_bank.sittings.rules import BEFORE_START, RUNNING, SittingState, SittingStep
from question_bank.sittings.seats import Seat
from question_bank.sittings.services import OtherDevice, refuse_other_device, take

# A page that is there is heard of four times a minute; so long without it is a lost connection.
SILENT_AFTER: Final = timedelta(seconds=35)
# A page that waits asks every few seconds whether it may start, and hundreds wait at a time: that it
# is there is written down less often.
_WRITTEN_EVERY: Final = timedelta(seconds=10)
# Plain statements: as an object each edit would cost as much again, and all start at once. Of
# copies of one save that wait for each other the later ones looked too early: they change nothing.
_EDITS: Final = cast("Table", AnswerEdit.__table__)
_ADD: Final = {
    dialect: insert_there(_EDITS).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for dialect, insert_there in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_DEVICE: Final = insert(cast("Table", SittingDevice.__table__))
_CLOSED: Final = {
    SittingState.SUBMITTED: ("handed-in", "This paper is handed in; nothing more is taken."),
    SittingState.MARKED: ("handed-in", "This paper is handed in; nothing more is taken."),
    SittingState.VOIDED: ("void", "This paper is void. Ask your invigilator."),
}


@dataclass(frozen=True)
class Delivery:
    """What a page is given to work with.

    Attributes:
        stands: the sitting as it stands now.
        content: the questions as they are shown, as JSON; empty where the key is enough.
        key: what opens the sealed paper that the page holds; None where it holds none of these.
        answers: for each question that was ever answered, the value and when it was saved.
        sequence: the highest count that arrived of this device.
    """

    stands: Sitting | Seat
    content: str
    key: str | None
    answers: dict[int, tuple[str | None, datetime]]
    sequence: int


def deliver(
    sitting: Sitting | Seat, token: str, *, holds: str | None = None, actor: Actor, at: datetime
) -> Delivery | None:
    """Give a device its paper: the first time this starts the clock, in the same transaction.

    So a question that was seen implies a start that is written down. A page that lost the answer, or
    was closed, asks again and gets the same.

    Args:
        sitting: the candidate's own; a seat is of a paper that may be started.
        token: the name that the device gave itself.
        holds: what the key is called of the sealed paper that the page holds, if any.
        actor: the candidate.
        at: when.

    Returns:
        What to work with; None where the time was up, and the paper is closed now.

    Raises:
        RuleBroken: it is not unlocked yet, or over; or the session ends too soon for a start.
        OtherDevice: another device has it.
    """
    if isinstance(sitting, Seat):
        return _start(sitting, token, holds, actor=actor, at=at)
    lock(sitting)
    if sitting.state in RUNNING and finishing.run_out(sitting, at=at):
        return None
    _refuse_closed(sitting)
    if sitting.state in BEFORE_START:
        db.session.flush()  # or it would be written over the start
        given = _start(seats.seat_of(sitting), token, holds, actor=actor, at=at)
        db.session.refresh(sitting)
        return given
    if token != sitting.device_token:
        _take_over(sitting, token, actor=actor, at=at)
    sitting.heard_at = at
    db.session.flush()
    standing = queries.standing_of(sitting)
    answers = {one.number: (one.value, one.saved_at) for one in standing}
    return Delivery(sitting, *_paper(sitting, holds), answers, queries.sequence_of(sitting))


def _start(seat: Seat, token: str, holds: str | None, *, actor: Actor, at: datetime) -> Delivery:
    """Nothing can have been answered before the start, at which everybody asks at once."""
    started = starting.start(seat, token, actor=actor, at=at)
    return Delivery(started, *_paper(started, holds), {}, 0)


def _paper(sitting: Sitting | Seat, holds: str | None) -> tuple[str, str | None]:
    """The questions, or the key alone of a paper that is held."""
    key = ahead.key_for(sitting.id, holds)
    return ("", key) if key is not None else (queries.content_of(sitting), None)


@dataclass(frozen=True)
class Kept:
    """What became of an edit, and when it was kept."""

    outcome: EditOutcome
    saved_at: datetime


@dataclass(frozen=True)
class EditSent:
    """An edit as a page sends it."""

    number: int
    sequence: int
    value: str | None
    made_at: datetime


def save(seat: Seat, token: str, sent: EditSent, *, at: datetime) -> Kept:
    """Keep one edit. The same sent twice has one effect; what arrives late in order does not count.

    Args:
        seat: the candidate's own, locked.
        token: the device's name.
        sent: what was changed.
        at: when the server had it.

    Raises:
        OtherDevice: another device has the paper.
        RuleBroken: the paper is not open, the time is up, or the edit is no edit of this paper.
    """
    _refuse_closed(seat)
    refuse_other_device(seat, token)
    timing = _timing(seat.clock, sent.made_at, at)
    try:
        value = value_of(queries.layout_of(seat).get(sent.number), sent.value)
        edit = Edit(sent.number, seat.device, sent.sequence, value, sent.made_at)
        outcome = _kept(seat, edit, at, in_grace=timing is Timing.IN_GRACE)
    except EditFault as fault:
        raise RuleBroken(fault.code, fault.message) from fault
    return Kept(outcome, at)


def _kept(seat: Seat, edit: Edit, at: datetime, *, in_grace: bool) -> EditOutcome:
    """Keep an edit that is not kept yet, and say what became of it.

    Above all that ever came of the device at hand there is nothing to ask for: of the devices it is
    the last one.
    """
    is_new = edit.sequence > seat.sequence
    same, newest = (None, None) if is_new else queries.edits_from(seat, edit.number, edit.place)
    outcome = outcome_of(edit, same, newest, seat.sequence)
    if outcome is EditOutcome.REPEATED or _add(_row(seat, edit, at, in_grace=in_grace)):
        return outcome
    same, newest = queries.edits_from(seat, edit.number, edit.place)
    return outcome_of(edit, same, newest, seat.sequence)


def _add(row: dict[str, Any]) -> bool:
    """Add an edit; whether it was not there yet."""
    return ask(_ADD[db.engine.dialect.name], row).rowcount == 1


def hear(
    sitting: Sitting,
    token: str,
    *,
    unsaved: int,
    hand_is_up: bool,
    at: datetime,
    whence: str | None = None,
) -> None:
    """Take a sign of life; what it has to say is written down, the rest only replaces the last.

    Args:
        sitting: the candidate's own.
        token: the device's name.
        unsaved: how many edits the page holds that have not arrived.
        hand_is_up: whether the candidate asks for somebody.
        at: when.
        whence: a digest of the address and the browser that it came from, if that is known.

    Raises:
        OtherDevice: another device has the paper.
    """
    if sitting.state in RUNNING:
        refuse_other_device(sitting, token)
    told = (unsaved, hand_is_up, sitting.heard_from if whence is None else whence)
    if _is_known(sitting, told, at):
        return
    silent = at - sitting.heard_at if sitting.heard_at else timedelta()
    if sitting.state in RUNNING and (silent >= SILENT_AFTER or unsaved != sitting.unsaved):
        db.session.add(
            Heartbeat(
                sitting_id=sitting.id,
                at=at,
                device=sitting.device,
                unsaved=unsaved,
                silent_seconds=round(silent.total_seconds()) if silent >= SILENT_AFTER else 0,
            )
        )
    sitting.heard_at, sitting.unsaved = at, unsaved
    _take_hand(sitting, at, is_up=hand_is_up)
    if whence is not None:
        integrity.note_whence(sitting, whence, at=at)
    db.session.flush()


def _is_known(sitting: Sitting, told: tuple[int, bool, str | None], at: datetime) -> bool:
    """Whether a page waits, and says what it said a moment ago."""
    known = (sitting.unsaved, sitting.hand_raised_at is not None, sitting.heard_from)
    if sitting.state not in BEFORE_START or sitting.heard_at is None:
        return False
    return told == known and timedelta() <= at - sitting.heard_at < _WRITTEN_EVERY


def _take_hand(sitting: Sitting, at: datetime, *, is_up: bool) -> None:
    """A hand that was answered stays down until the page has heard so and says so itself."""
    if not is_up:
        sitting.hand_raised_at = sitting.hand_answered_at = None
    elif sitting.hand_raised_at is None and sitting.hand_answered_at is None:
        sitting.hand_raised_at = at


def is_silent(sitting: Sitting, at: datetime) -> bool:
    """Whether nothing was heard of a page for so long that its connection must be lost."""
    return sitting.heard_at is None or at - sitting.heard_at >= SILENT_AFTER


def _give_to(sitting: Sitting, token: str, at: datetime) -> None:
    sitting.device, sitting.device_token = sitting.device + 1, token
    sitting.may_change_device = False
    new = {"sitting_id": sitting.id, "number": sitting.device, "token": token, "since": at}
    db.session.connection().execute(_DEVICE, new)


def _take_over(sitting: Sitting, token: str, *, actor: Actor, at: datetime) -> None:
    if not sitting.may_change_device:
        raise OtherDevice(
            "Your paper is open on another device. Your invigilator can let you go on here."
        )
    if queries.device_with(sitting, token) is not None:
        raise OtherDevice("This device had your paper before. Open it in a new window.")
    take(sitting, SittingStep.TAKE_OVER, actor=actor, at=at)
    sitting.heard_from = None  # another device is another browser, and was let go on
    _give_to(sitting, token, at)


def _refuse_closed(sitting: Sitting | Seat) -> None:
    if sitting.state in _CLOSED:
        raise RuleBroken(*_CLOSED[sitting.state])


def _timing(clock: SittingClock, made_at: datetime, at: datetime) -> Timing:
    if clock.started_at is None:
        raise RuleBroken("not-started", "This paper has not been started.")
    if fault := clock.claim_fault(made_at, at):
        raise RuleBroken("clock", fault)
    # What was changed before a pause may arrive in it.
    if clock.paused_at is not None and made_at > clock.paused_at + SKEW:
        raise RuleBroken("paused", "Your test is paused. What you change is sent when it goes on.")
    timing = clock.timing(made_at, at)
    if timing is Timing.TOO_LATE:
        raise RuleBroken("too-late", "The time is up.")
    return timing


def _row(seat: Seat, edit: Edit, at: datetime, *, in_grace: bool) -> dict[str, Any]:
    return {
        "sitting_id": seat.id,
        "number": edit.number,
        "device": edit.device,
        "sequence": edit.sequence,
        "value": edit.value,
        "made_at": edit.made_at,
        "saved_at": at,
        "in_grace": in_grace,
    }
