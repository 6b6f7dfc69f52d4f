"""Whose sitting it is, the log of its answers, its receipt, and what an invigilator asks of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, exists, func, select, tuple_

from epa.database import ask, db
from epa.in_transaction import locked
from epa.people.rules import Permission
from question_bank.sittings.edits import Asked, Edit, Place
from question_bank.sittings.models import (
    AnswerEdit,
    ChoiceMark,
    IntegrityEvent,
    LateBatch,
    PaperDelivered,
    Receipt,
    Sitting,
    SittingDevice,
    SittingEvent,
)
from question_bank.sittings.rules import RUNNING, IntegrityKind, SittingState, Tally
from question_bank.sittings.seats import Candidate, Seat, counted

# Made once: to put a statement together costs as much as to run it, and hundreds save at a time.
_OWN: Final = select(Sitting).where(
    Sitting.id == bindparam("sitting"), Sitting.candidate_id == bindparam("candidate")
)
_CONTENT: Final[Select[str]] = select(cast(PaperDelivered.content, Text)).where(
    PaperDelivered.sitting_id == bindparam("sitting")
)
_OWN_TO_CHANGE: Final = _OWN.with_for_update(of=Sitting)
# As many as one machine carries at a time; of each the questions' numbers and the options' names.
_LAYOUTS_KEPT: Final = 1000


def own_sitting(person: Candidate, permission: Permission, sitting_id: UUID) -> Sitting | None:
    """The sitting, if it is this person's own and they may sit tests; None as for an unknown id."""
    if not person.may(permission):
        return None
    return db.session.scalar(_OWN, {"sitting": sitting_id, "candidate": person.id})


def own_sitting_to_change(
    person: Candidate, permission: Permission, sitting_id: UUID
) -> Sitting | None:
    """The same, locked from the first look at it until the transaction ends."""
    if not person.may(permission):
        return None
    return locked(_OWN_TO_CHANGE, {"sitting": sitting_id, "candidate": person.id})


def of_attempts(attempt_ids: Collection[UUID]) -> dict[UUID, Sitting]:
    """The sitting of each attempt that has one, void ones only where no other took their place."""
    query = select(Sitting).where(Sitting.attempt_id.in_(attempt_ids)).order_by(Sitting.issued_at)
    found: dict[UUID, Sitting] = {}
    for one in db.session.scalars(query):
        standing = found.get(one.attempt_id)
        if standing is None or standing.state is SittingState.VOIDED:
            found[one.attempt_id] = one
    return found


def every_of_attempts(attempt_ids: Collection[UUID]) -> Sequence[Sitting]:
    """Every sitting of these attempts, void ones too, in the order in which they were issued."""
    query = select(Sitting).where(Sitting.attempt_id.in_(attempt_ids))
    return db.session.scalars(query.order_by(Sitting.issued_at, Sitting.id)).all()


def running() -> Select[Sitting]:
    """Every sitting whose clock may run out."""
    return select(Sitting).where(Sitting.state.in_(RUNNING)).order_by(Sitting.id)


def layout_of(sitting: Sitting | Seat) -> Mapping[int, Asked]:
    """The questions as they were delivered, by number."""
    return _layout(sitting.id)


@lru_cache(maxsize=_LAYOUTS_KEPT)
def _layout(sitting_id: UUID) -> Mapping[int, Asked]:
    """Each process reads a layout once: it is never changed, and no other sitting gets its id."""
    return {one["number"]: Asked.from_record(one) for one in _stored_layout(sitting_id)}


def stored_layout(sitting: Sitting) -> list[Any]:
    """What is stored of the delivered paper, with what each option's name stands for."""
    return _stored_layout(sitting.id)


def _stored_layout(sitting_id: UUID) -> list[Any]:
    query = select(PaperDelivered.layout).where(PaperDelivered.sitting_id == sitting_id)
    return list(ask(query).scalars().one())


def chosen_of(sitting: Sitting) -> dict[int, int]:
    """The option chosen for each choice question that was answered, from 0 in the item as written."""
    given = {one.number: one.value for one in standing_of(sitting) if one.value is not None}
    return {
        one["number"]: one["order"][one["options"].index(given[one["number"]])]
        for one in stored_layout(sitting)
        if one["options"] and one["number"] in given
    }


def content_of(sitting: Sitting | Seat) -> str:
    """What the candidate's page is sent, as the JSON that is stored: it is sent as it stands."""
    return str(ask(_CONTENT, {"sitting": sitting.id}).scalar_one())


def log_of(sitting: Sitting) -> list[Edit]:
    """Every edit of a sitting."""
    query = select(AnswerEdit).where(AnswerEdit.sitting_id == sitting.id)
    return [one.edit for one in db.session.scalars(query)]


def standing_of(sitting: Sitting) -> Sequence[AnswerEdit]:
    """The edit that counts for each question that was ever answered, by number."""
    query = select(AnswerEdit).where(AnswerEdit.sitting_id == sitting.id, _counts())
    return db.session.scalars(query.order_by(AnswerEdit.number)).all()


def sequence_of(sitting: Sitting) -> int:
    """The highest count that arrived of the device that has it now, 0 before the first."""
    return db.session.scalars(select(counted()).where(Sitting.id == sitting.id)).one()


def edits_from(seat: Seat, number: int, place: Place) -> tuple[Edit | None, Place | None]:
    """The edit that stands at a place of a question, and the highest place there from it on.

    One statement, for the save that asks it: what is older than the edit at hand is of no interest.
    """
    query = (
        select(
            AnswerEdit.number,
            AnswerEdit.device,
            AnswerEdit.sequence,
            AnswerEdit.value,
            AnswerEdit.made_at,
        )
        .where(
            AnswerEdit.sitting_id == seat.id,
            AnswerEdit.number == number,
            tuple_(AnswerEdit.device, AnswerEdit.sequence) >= tuple_(*place),
        )
        .order_by(AnswerEdit.device, AnswerEdit.sequence)
    )
    found = [Edit(*one) for one in ask(query)]
    same = next((one for one in found if one.place == place), None)
    return same, found[-1].place if found else None


def answered_counts(sitting_ids: Collection[UUID]) -> Counter[UUID]:
    """How many questions each sitting has an answer to."""
    query = (
        select(AnswerEdit.sitting_id, func.count())
        .where(AnswerEdit.sitting_id.in_(sitting_ids), AnswerEdit.value.is_not(None), _counts())
        .group_by(AnswerEdit.sitting_id)
    )
    return Counter(dict(db.session.execute(query).all()))


def question_counts(sitting_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many questions each sitting's paper has."""
    query = select(PaperDelivered.sitting_id, func.json_array_length(PaperDelivered.layout))
    rows = db.session.execute(query.where(PaperDelivered.sitting_id.in_(sitting_ids)))
    return dict(rows.all())


def device_with(sitting: Sitting, token: str) -> SittingDevice | None:
    """The device of a sitting that gave itself this name."""
    return db.session.scalar(
        select(SittingDevice).where(
            SittingDevice.sitting_id == sitting.id, SittingDevice.token == token
        )
    )


def receipt_of(sitting: Sitting) -> Receipt | None:
    """The receipt that counts; None before the paper is handed in."""
    query = select(Receipt).where(Receipt.sitting_id == sitting.id)
    return db.session.scalar(query.order_by(Receipt.version.desc()).limit(1))


def unmarked() -> Select[Sitting]:
    """Sittings whose newest receipt has no marks of its choices yet."""
    later = Receipt.__table__.alias("later")
    newer = exists().where(
        later.c.sitting_id == Receipt.sitting_id, later.c.version > Receipt.version
    )
    has_marks = exists().where(ChoiceMark.receipt_id == Receipt.id)
    return (
        select(Sitting)
        .join(Receipt, Receipt.sitting_id == Sitting.id)
        .where(Sitting.state == SittingState.SUBMITTED, ~newer, ~has_marks)
        .order_by(Sitting.id)
    )


def choice_marks(receipt: Receipt) -> dict[int, int]:
    """The marks of the multiple choice answers that a receipt stands for, by question."""
    query = select(ChoiceMark.number, ChoiceMark.mark).where(ChoiceMark.receipt_id == receipt.id)
    return dict(db.session.execute(query.order_by(ChoiceMark.number)).all())


def batch_with(sitting: Sitting, digest: str) -> LateBatch | None:
    """A late batch that came before."""
    return db.session.scalar(
        select(LateBatch).where(LateBatch.sitting_id == sitting.id, LateBatch.digest == digest)
    )


def late_batches(sitting: Sitting) -> Sequence[LateBatch]:
    """What came late, in the order in which it did."""
    query = select(LateBatch).where(LateBatch.sitting_id == sitting.id)
    return db.session.scalars(query.order_by(LateBatch.received_at, LateBatch.id)).all()


def late_of_attempts(attempt_ids: Select[UUID] | Collection[UUID]) -> Select[LateBatch]:
    """What came late to the papers of these attempts, the longest ago first."""
    return (
        select(LateBatch)
        .join(LateBatch.sitting)
        .where(Sitting.attempt_id.in_(attempt_ids))
        .order_by(LateBatch.received_at, LateBatch.id)
    )


def undecided(batches: Select[LateBatch]) -> Select[LateBatch]:
    """Those of them that somebody can still decide about."""
    return batches.where(LateBatch.decided_at.is_(None), Sitting.state == SittingState.SUBMITTED)


def events_of(sitting_ids: Collection[UUID]) -> dict[UUID, list[SittingEvent]]:
    """The history of each of these sittings, in order."""
    query = select(SittingEvent).where(SittingEvent.sitting_id.in_(sitting_ids))
    found: dict[UUID, list[SittingEvent]] = {one: [] for one in sitting_ids}
    for event in db.session.scalars(query.order_by(SittingEvent.at, SittingEvent.id)):
        found[event.sitting_id].append(event)
    return found


def integrity_of(sitting_id: UUID) -> Sequence[IntegrityEvent]:
    """What a candidate's page told of itself, in the order in which it happened."""
    query = select(IntegrityEvent).where(IntegrityEvent.sitting_id == sitting_id)
    return db.session.scalars(query.order_by(IntegrityEvent.happened_at, IntegrityEvent.id)).all()


def integrity_counts(sitting_ids: Collection[UUID]) -> dict[UUID, dict[IntegrityKind, Tally]]:
    """How often each thing happened in each sitting, and how much it comes to."""
    query = (
        select(
            IntegrityEvent.sitting_id,
            IntegrityEvent.kind,
            func.count(),
            func.sum(IntegrityEvent.amount),
        )
        .where(IntegrityEvent.sitting_id.in_(sitting_ids))
        .group_by(IntegrityEvent.sitting_id, IntegrityEvent.kind)
    )
    found: dict[UUID, dict[IntegrityKind, Tally]] = {one: {} for one in sitting_ids}
    for sitting_id, kind, times, amount in db.session.execute(query):
        found[sitting_id][kind] = Tally(times, int(amount))
    return found


def _counts() -> ColumnElement[bool]:
    """Whether no other edit of the same question has a higher place."""
    other = AnswerEdit.__table__.alias("other")
    return ~exists().where(
        other.c.sitting_id == AnswerEdit.sitting_id,
        other.c.number == AnswerEdit.number,
        tuple_(other.c.device, other.c.sequence) > tuple_(AnswerEdit.device, AnswerEdit.sequence),
    )
