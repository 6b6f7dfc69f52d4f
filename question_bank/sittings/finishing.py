"""The end of a sitting: handed in or run out, its receipt, its choices marked by their key."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from epa.audit.services import Actor, record
from epa.background.queue import later
from epa.database import db
from epa.in_transaction import lock
from question_bank.items.models import ItemVersion
from question_bank.sittings import queries
from question_bank.sittings.edits import answered, log_digest, receipt_digest
from question_bank.sittings.models import ChoiceMark, Receipt, Sitting
from question_bank.sittings.rules import RUNNING, SittingState, SittingStep
from question_bank.sittings.services import refuse_other_device, take

MARK_CHOICES = "sittings.mark_choices"


def hand_in(sitting: Sitting, token: str, *, actor: Actor, at: datetime) -> Receipt:
    """Hand a paper in. Whoever sends it twice gets the same receipt twice.

    Raises:
        RuleBroken: it has not started, or is void.
        OtherDevice: another device has the paper.
    """
    lock(sitting)
    if sitting.state in {SittingState.SUBMITTED, SittingState.MARKED}:
        given = queries.receipt_of(sitting)
        assert given is not None, "what is submitted has a receipt"
        return given
    if sitting.state in RUNNING:
        refuse_other_device(sitting, token)
    ran_out = sitting.state in RUNNING and sitting.clock.is_over(at)
    return _finish(sitting, SittingStep.RUN_OUT if ran_out else SittingStep.HAND_IN, actor, at)


def run_out(sitting: Sitting, *, at: datetime) -> bool:
    """Close a sitting whose time is up, as of its deadline.

    Returns:
        Whether it was closed; not if it still runs or is over already.
    """
    lock(sitting)
    if sitting.state not in RUNNING or not sitting.clock.is_over(at):
        return False
    _finish(sitting, SittingStep.RUN_OUT, None, at)
    return True


def run_out_ids(at: datetime) -> list[UUID]:
    """The sittings whose time is up and which nobody handed in."""
    running = db.session.scalars(queries.running())
    return [one.id for one in running if one.clock.is_over(at)]


def give_receipt(sitting: Sitting, *, actor: Actor | None, at: datetime) -> Receipt:
    """Give a receipt of what stands; its digests enter the audit chain."""
    before = queries.receipt_of(sitting)
    log = queries.log_of(sitting)
    receipt = Receipt(
        sitting_id=sitting.id,
        version=before.version + 1 if before else 1,
        given_at=at,
        answered=answered(log),
        digest=receipt_digest(sitting.paper.digest, log),
        log_digest=log_digest(log),
    )
    db.session.add(receipt)
    db.session.flush()
    record(
        actor,
        "sitting receipt given",
        sitting,
        at=at,
        version=receipt.version,
        answered=receipt.answered,
        edits=len(log),
        digest=receipt.digest,
        log_digest=receipt.log_digest,
    )
    later(MARK_CHOICES, sitting.id)
    return receipt


def is_unchanged(sitting: Sitting) -> bool:
    """Whether the log of a sitting is, to the letter, what its receipt says; not without one."""
    receipt, log = queries.receipt_of(sitting), queries.log_of(sitting)
    return receipt is not None and (receipt.digest, receipt.log_digest) == (
        receipt_digest(sitting.paper.digest, log),
        log_digest(log),
    )


def mark_choices(sitting: Sitting, *, at: datetime) -> int | None:
    """Mark the multiple choice answers of a paper that was handed in, by the keys of its versions.

    It may fail and be done again: that the answers are in does not hang on it.

    Returns:
        The marks of all choices together; None where there is nothing to mark, or it is done.
    """
    lock(sitting)
    receipt = queries.receipt_of(sitting)
    if receipt is None or queries.choice_marks(receipt):
        return None
    keys = _keys(sitting)
    if not keys:
        return None
    given = {one.number: one.value for one in queries.standing_of(sitting)}
    marks = {
        number: most if given.get(number) == key else 0 for number, (key, most) in keys.items()
    }
    for number, mark in marks.items():
        db.session.add(ChoiceMark(receipt_id=receipt.id, number=number, mark=mark))
    db.session.flush()
    record(None, "sitting choices marked", sitting, at=at, version=receipt.version)
    return sum(marks.values())


def _keys(sitting: Sitting) -> dict[int, tuple[str, int]]:
    """For each choice question the name of its right option, and the most it may get."""
    layout = [one for one in queries.stored_layout(sitting) if one["options"]]
    ids = [UUID(one["version"]) for one in layout]
    query = select(ItemVersion.id, ItemVersion.key).where(ItemVersion.id.in_(ids))
    keys = dict(db.session.execute(query).all())
    return {
        one["number"]: (one["options"][one["order"].index(key)], one["marks"])
        for one in layout
        if (key := keys[UUID(one["version"])]) is not None
    }


def _finish(sitting: Sitting, step: SittingStep, actor: Actor | None, at: datetime) -> Receipt:
    clock = sitting.clock
    deadline = clock.deadline(at) if clock.started_at is not None else at
    take(sitting, step, "", lambda one: one.ended(at), actor=actor, at=at)
    sitting.finished_at = min(at, deadline)
    db.session.flush()
    return give_receipt(sitting, actor=actor, at=at)
