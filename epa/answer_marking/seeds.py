"""What whoever oversees the markers chooses seeds among, and whom the seeds stopped."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, case, exists, func, select

from epa.answer_marking.queries import answers_at
from epa.database import db
from epa.people.models import Person
from epa.people.queries import epao_ids
from epa.people.readers import Reader
from epa.people.rules import Permission
from question_bank.marking.answers import AnswerState
from question_bank.marking.models import AnswerToMark, MarkerStop, Seed


def stops_at(person: Reader, permission: Permission) -> Select[MarkerStop]:
    """The stops of markers at the EPAOs that this person oversees, the newest first."""
    return (
        select(MarkerStop)
        .where(MarkerStop.epao_id.in_(epao_ids(person, permission)))
        .order_by(MarkerStop.stopped_at.desc(), MarkerStop.id)
    )


def stop_for(person: Person, permission: Permission, stop_id: UUID) -> MarkerStop | None:
    """A stop at an EPAO that this person oversees; None as for an unknown id."""
    return db.session.scalar(stops_at(person, permission).where(MarkerStop.id == stop_id))


def settled_for(person: Person, permission: Permission, settled_id: UUID) -> AnswerToMark | None:
    """An answer at an EPAO that this person oversees; None as for an unknown id."""
    return db.session.scalar(answers_at(person, permission).where(AnswerToMark.id == settled_id))


def agreed_answers(person: Person, permission: Permission, version_id: UUID) -> list[AnswerToMark]:
    """The answers to a version on whose mark people agree, for whoever chooses seeds among them."""
    query = answers_at(person, permission).where(
        AnswerToMark.version_id == version_id,
        AnswerToMark.state == AnswerState.SETTLED,
        AnswerToMark.second_mark.is_not(None),
    )
    return list(db.session.scalars(query.order_by(AnswerToMark.id)))


def seed_counts(person: Person, permission: Permission) -> dict[UUID, tuple[int, int]]:
    """By version how many answers are agreed on, and how many of these are seeds."""
    in_use = exists().where(Seed.answer_id == AnswerToMark.id, Seed.ended_at.is_(None))
    query = (
        answers_at(person, permission)
        .where(AnswerToMark.state == AnswerState.SETTLED, AnswerToMark.second_mark.is_not(None))
        .with_only_columns(
            AnswerToMark.version_id, func.count(), func.sum(case((in_use, 1), else_=0))
        )
        .group_by(AnswerToMark.version_id)
    )
    return {key: (count, int(used)) for key, count, used in db.session.execute(query)}
