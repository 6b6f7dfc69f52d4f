"""Seeds that a person may meet, how they marked them, and what keeps them from marking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select

from epa.database import db
from epa.people.models import Person
from question_bank.items.models import BankItem, ItemVersion, QuestionBank
from question_bank.marking.answers import AnswerState, MarkKind
from question_bank.marking.models import AnswerToMark, GivenMark, MarkerStop, PaperToMark, Seed
from question_bank.marking.queries import last_by
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import SittingState


def seeds_for(person: Person, version_id: UUID) -> Select[AnswerToMark]:
    """The seeds of a version that this person neither marked nor had a part in; conflicts apart."""
    newest = (
        select(GivenMark.kind)
        .where(GivenMark.answer_id == AnswerToMark.id, GivenMark.by_id == person.id)
        .order_by(GivenMark.place.desc())
        .limit(1)
        .correlate(AnswerToMark)
        .scalar_subquery()
    )
    theirs_before = exists().where(
        GivenMark.answer_id == AnswerToMark.id,
        GivenMark.by_id == person.id,
        GivenMark.turn != AnswerState.SETTLED,
    )
    return (
        select(AnswerToMark)
        .join(Seed, Seed.answer_id == AnswerToMark.id)
        .join(AnswerToMark.paper)
        .join(PaperToMark.sitting)
        .where(
            AnswerToMark.version_id == version_id,
            AnswerToMark.state == AnswerState.SETTLED,
            Seed.ended_at.is_(None),
            ~theirs_before,
            func.coalesce(newest, MarkKind.TAKEN_BACK) != MarkKind.FINAL,
        )
    )


def seed_of(answer: AnswerToMark) -> Seed | None:
    """What makes an answer a seed; None where it never was one."""
    return db.session.scalar(select(Seed).where(Seed.answer_id == answer.id))


def seed_marks(
    person: Person, epao_id: UUID, version_id: UUID | None = None
) -> list[tuple[AnswerToMark, GivenMark]]:
    """The seeds that a person marked at an EPAO, with the mark that stands, in the order of marking."""
    query = (
        select(AnswerToMark, GivenMark)
        .join(GivenMark, GivenMark.answer_id == AnswerToMark.id)
        .join(AnswerToMark.version)
        .join(ItemVersion.item)
        .join(BankItem.bank)
        .where(
            QuestionBank.epao_id == epao_id,
            GivenMark.by_id == person.id,
            GivenMark.turn == AnswerState.SETTLED,
        )
        .order_by(GivenMark.at, GivenMark.place)
    )
    if version_id is not None:
        query = query.where(AnswerToMark.version_id == version_id)
    newest = {answer.id: (answer, given) for answer, given in db.session.execute(query)}
    found = [one for one in newest.values() if one[1].kind is MarkKind.FINAL]
    return sorted(found, key=lambda one: (one[1].at, one[1].place))


def has_seed_mark(answer: AnswerToMark, person: Person) -> bool:
    """Whether a person's newest act on an answer is the mark of a seed."""
    given = last_by(answer, person)
    return (
        given is not None
        and given.turn is AnswerState.SETTLED
        and given.kind is MarkKind.FINAL
        and person.id not in answer.markers
    )


def stop_of(person: Person, epao_id: UUID) -> MarkerStop | None:
    """The stop that keeps a person from marking at an EPAO now."""
    return db.session.scalar(
        select(MarkerStop).where(
            MarkerStop.person_id == person.id,
            MarkerStop.epao_id == epao_id,
            MarkerStop.let_on_at.is_(None),
        )
    )


def last_let_on(person: Person, epao_id: UUID) -> datetime | None:
    """When a person was last let go on; what they marked before counts no more."""
    query = select(func.max(MarkerStop.let_on_at))
    return db.session.scalar(
        query.where(MarkerStop.person_id == person.id, MarkerStop.epao_id == epao_id)
    )


def unsettled_with(person: Person, epao_id: UUID) -> Sequence[AnswerToMark]:
    """The answers with a mark of this person's whose papers are not settled."""
    query = (
        select(AnswerToMark)
        .join(AnswerToMark.paper)
        .join(PaperToMark.sitting)
        .join(AnswerToMark.version)
        .join(ItemVersion.item)
        .join(BankItem.bank)
        .where(
            QuestionBank.epao_id == epao_id,
            PaperToMark.settled_at.is_(None),
            Sitting.state == SittingState.SUBMITTED,
            AnswerToMark.state != AnswerState.WITHDRAWN,
            or_(
                AnswerToMark.first_by_id == person.id,
                AnswerToMark.second_by_id == person.id,
                AnswerToMark.third_by_id == person.id,
            ),
        )
    )
    return db.session.scalars(query.order_by(AnswerToMark.id)).all()
