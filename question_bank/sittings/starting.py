"""The start of a test: everybody's at once, so it is few plain statements, and no object is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, insert, update

from epa.audit.services import Actor
from epa.database import db
from epa.errors import RuleBroken
from question_bank.sittings.clock import SittingClock, WindowTooShort
from question_bank.sittings.models import Sitting, SittingDevice, SittingEvent
from question_bank.sittings.rules import SittingStep, after
from question_bank.sittings.seats import Seat
from question_bank.sittings.services import record_step, step_row

_SITTING, _STEP, _DEVICE = (
    cast("Table", one.__table__) for one in (Sitting, SittingEvent, SittingDevice)
)
# What a start changes of a sitting.
_MOVED: Final = (
    *("state", "started_at", "heard_at"),
    *("device", "device_token", "may_change_device"),
)
# A parameter may not be called like a column; of three tables each is called by its own.
_NEW, _STEP_OF, _DEVICE_OF = "new_{}".format, "step_{}".format, "device_{}".format
_STEP_COLUMNS: Final = ("id", "sitting_id", "step", "at", "by_id", "reason", "seconds")
_DEVICE_COLUMNS: Final = ("sitting_id", "number", "token", "since")
# Made once: to put a statement together costs as much as to run it.
_MOVE: Final = (
    update(_SITTING)
    .where(_SITTING.c.id == bindparam("sitting"))
    .values({one: bindparam(_NEW(one)) for one in _MOVED})
)
_ADD_STEP: Final = insert(_STEP).values({one: bindparam(_STEP_OF(one)) for one in _STEP_COLUMNS})
_ADD_DEVICE: Final = insert(_DEVICE).values(
    {one: bindparam(_DEVICE_OF(one)) for one in _DEVICE_COLUMNS}
)
# All three as one, for a database that is a way off.
_AS_ONE: Final = _MOVE.add_cte(_ADD_STEP.cte("stepped"), _ADD_DEVICE.cte("given"))


def start(seat: Seat, token: str, *, actor: Actor, at: datetime) -> Seat:
    """Start the clock of a paper, and give the paper to a device.

    Args:
        seat: the candidate's own, locked.
        token: the name that the device gave itself.
        actor: the candidate.
        at: when.

    Returns:
        The seat as it is then.

    Raises:
        RuleBroken: it is not unlocked yet, or the session ends too soon for a start.
    """
    following = after(seat.state, SittingStep.START)
    if following is None:
        raise RuleBroken("not-unlocked", "Your invigilator lets you start.")
    clock, number = _begun(seat.clock, at), seat.device + 1
    # Only to be written about: no session knows of it.
    about = Sitting(id=seat.id, attempt_id=seat.attempt_id, added_seconds=0)
    moved = dict(zip(_MOVED, (following, clock.started_at, at, number, token, False), strict=True))
    step = {"id": uuid4(), **step_row(about, SittingStep.START, actor=actor, at=at)}
    device = {"sitting_id": seat.id, "number": number, "token": token, "since": at}
    _keep(seat.id, moved, step, device)
    record_step(about, SittingStep.START, actor=actor, at=at)
    return replace(seat, state=following, device=number, device_token=token, clock=clock)


def _begun(clock: SittingClock, at: datetime) -> SittingClock:
    try:
        return clock.started(at)
    except WindowTooShort as short:
        minutes = -(-short.missing // timedelta(minutes=1))
        raise RuleBroken(
            "too-late-to-start",
            f"The session ends {minutes} min too soon for the time that is yours. Your"
            " invigilator can let it end later, or you are booked again.",
        ) from short


def _keep(
    sitting_id: UUID, moved: dict[str, Any], step: dict[str, Any], device: dict[str, Any]
) -> None:
    new = {"sitting": sitting_id, **{_NEW(one): value for one, value in moved.items()}}
    stepped = {_STEP_OF(one): value for one, value in step.items()}
    given = {_DEVICE_OF(one): value for one, value in device.items()}
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_AS_ONE, new | stepped | given)
    else:
        connection.execute(_MOVE, new)
        connection.execute(_ADD_STEP, stepped)
        connection.execute(_ADD_DEVICE, given)
