"""Deciding about answers that came after the end: by one person, who did not watch over the test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken
from epa.invigilation import queries
from epa.invigilation.models import InvigilatedEvent
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Duty
from epa.people.models import Person
from question_bank.sittings import finishing, late
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import LateBatch, Sitting
from question_bank.sittings.rules import SittingState
from question_bank.sittings.writing import EditSent


def decide(
    batch: LateBatch, reason: str, *, is_accepted: bool, actor: Person, at: datetime
) -> None:
    """Let in what came late, or not.

    Raises:
        RuleBroken: the actor watched over this test, it is decided already, or nothing says why.
        NotAllowed: it is the actor's own test.
    """
    if has_watched(actor, batch):
        raise RuleBroken(
            "watched", "You watched over this test: somebody else decides what came late."
        )
    late.decide(batch, reason, is_accepted=is_accepted, actor=actor, at=at)


def hand_in(
    sitting: Sitting, token: str, edits: Sequence[EditSent], *, actor: Person, at: datetime
) -> LateBatch:
    """Keep what a candidate's device still had and somebody brought as a file.

    Raises:
        RuleBroken: the test still runs, or as for `question_bank.sittings.late.receive`.
    """
    finishing.run_out(sitting, at=at)
    batch = late.receive(sitting, token, edits, at=at)
    record(actor, "late answers handed in", sitting, at=at, edits=len(batch.edits))
    return batch


def shown(batch: LateBatch, person: Person) -> dict[str, Any]:
    """What the page says of a late batch; what an answer says must not decide whether it counts."""
    sitting = batch.sitting
    standing = {one.number for one in sittings.standing_of(sitting) if one.value is not None}
    candidate = queries.session_of(sitting.attempt_id)
    return {
        "sitting": sitting,
        "event": candidate.event if candidate else None,
        "decided_by": db.session.get(Person, batch.decided_by_id) if batch.decided_by_id else None,
        "may_decide": batch.decided_at is None
        and sitting.state is SittingState.SUBMITTED
        and not has_watched(person, batch),
        "has_watched": has_watched(person, batch),
        "edits": [
            (
                number,
                datetime.fromisoformat(made_at),
                "cleared" if value is None else "answered",
                number in standing,
            )
            for number, _sequence, value, made_at in batch.edits
        ],
    }


def has_watched(person: Person, batch: LateBatch) -> bool:
    """Whether somebody was on shift in the test's session, or is its candidate's invigilator."""
    attempt_id = batch.sitting.attempt_id
    candidate = queries.session_of(attempt_id)
    event: InvigilatedEvent | None = candidate.event if candidate else None
    if event is not None and any(one.person_id == person.id for one in event.shifts):
        return True
    holder = db.session.get_one(MethodAttempt, attempt_id).allocated(Duty.INVIGILATOR)
    return holder is not None and holder.id == person.id
