"""What arrives after the end: kept apart, and let in only by a person, and only what was in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.in_transaction import lock
from epa.people.models import Person
from question_bank.sittings import queries
from question_bank.sittings.edits import (
    Edit,
    EditFault,
    late_edits,
    log_digest,
    value_of,
)
from question_bank.sittings.finishing import give_receipt, is_unchanged
from question_bank.sittings.models import AnswerEdit, LateBatch, Sitting
from question_bank.sittings.rules import SittingState, SittingStep
from question_bank.sittings.services import take
from question_bank.sittings.writing import EditSent

MOST_BATCHES: Final = 20


def receive(sitting: Sitting, token: str, sent: Sequence[EditSent], *, at: datetime) -> LateBatch:
    """Keep what a device still had when the paper was closed; the same batch twice is one.

    Nothing of it counts until somebody has decided so. What is kept in the log already, and what
    was changed before the start or after the end, is left out.

    Raises:
        RuleBroken: the paper is not handed in, the device never had it, nothing is left that could
            be let in, or an edit is none of this paper.
    """
    lock(sitting)
    if sitting.state is not SittingState.SUBMITTED:
        raise RuleBroken("not-handed-in", "Only of a paper that is handed in something comes late.")
    device = queries.device_with(sitting, token)
    if device is None:
        raise RuleBroken("unknown-device", "This device never had your paper.")
    batch = _checked(sitting, device.number, sent)
    digest = log_digest(batch)
    known = queries.batch_with(sitting, digest)
    if known is not None:
        return known
    if not batch:
        raise RuleBroken("nothing-late", "Everything that was changed in time is here already.")
    if len(queries.late_batches(sitting)) >= MOST_BATCHES:
        raise RuleBroken("too-many", "Too much came late. Ask your invigilator.")
    row = LateBatch(
        sitting=sitting,
        device=device.number,
        received_at=at,
        edits=[[one.number, one.sequence, one.value, one.made_at.isoformat()] for one in batch],
        digest=digest,
    )
    db.session.add(row)
    db.session.flush()
    return row


def decide(
    batch: LateBatch, reason: str, *, is_accepted: bool, actor: Person, at: datetime
) -> None:
    """Let a late batch in, or not; let in, the paper gets a new receipt.

    Raises:
        NotAllowed: it is one's own.
        RuleBroken: it is decided already, the paper is marked or void, nothing says why, or the log is
            no longer what the receipt says.
    """
    sitting = batch.sitting
    if actor.id == sitting.candidate_id:
        raise NotAllowed("Somebody else decides about late answers.")
    step = SittingStep.ACCEPT_LATE if is_accepted else SittingStep.REFUSE_LATE
    take(sitting, step, reason, actor=actor, at=at)
    lock(batch)
    if batch.decided_at is not None:
        raise RuleBroken("decided", "Somebody has decided about these answers already.")
    if not is_unchanged(sitting):
        raise RuleBroken("not-the-receipt", "The answers are not those that the receipt says.")
    batch.decided_at, batch.decided_by_id = at, actor.id
    batch.is_accepted, batch.reason = is_accepted, reason.strip()
    if is_accepted:
        _let_in(batch, at)
        give_receipt(sitting, actor=actor, at=at)
    db.session.flush()


def _checked(sitting: Sitting, device: int, sent: Sequence[EditSent]) -> list[Edit]:
    """What of a batch could be let in, in the order of its places."""
    layout = queries.layout_of(sitting)
    found = {}
    try:
        for one in sent:
            value = value_of(layout.get(one.number), one.value)
            edit = Edit(one.number, device, one.sequence, value, one.made_at)
            found[edit.number, edit.place] = edit
    except EditFault as fault:
        raise RuleBroken(fault.code, fault.message) from fault
    for kept in queries.log_of(sitting):
        found.pop((kept.number, kept.place), None)
    assert sitting.started_at is not None, "what is submitted was started"
    assert sitting.finished_at is not None, "what is submitted was finished"
    in_time = late_edits(found.values(), sitting.started_at, sitting.finished_at)
    return sorted(in_time, key=lambda one: (one.place, one.number))


def _let_in(batch: LateBatch, at: datetime) -> None:
    kept = {(one.number, one.place) for one in queries.log_of(batch.sitting)}
    for number, sequence, value, made_at in batch.edits:
        if (number, (batch.device, sequence)) in kept:
            continue
        db.session.add(
            AnswerEdit(
                sitting_id=batch.sitting_id,
                number=number,
                device=batch.device,
                sequence=sequence,
                value=value,
                made_at=datetime.fromisoformat(made_at),
                saved_at=at,
                in_grace=False,
                late_batch_id=batch.id,
            )
        )
    db.session.flush()
