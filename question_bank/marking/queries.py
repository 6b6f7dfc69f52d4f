"""Answers that wait for somebody's mark, what was given to them, precedents, and how people agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from epa.database import db
from epa.people.models import Person
from epa.people.readers import Reader
from question_bank.items.models import GuidePoint
from question_bank.marking.answers import OPEN, AnswerState, MarkKind
from question_bank.marking.corrections import marked_by_version, newest_remarking
from question_bank.marking.models import (
    AnswerToMark,
    ChoiceRemark,
    GivenMark,
    MarkingOrder,
    PaperToMark,
    Remarking,
    Seed,
)
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import ChoiceMark, LateBatch, Receipt, Sitting
from question_bank.sittings.rules import SittingState

_EVER: Final = datetime.min.replace(tzinfo=UTC)


def not_taken_in() -> Select[Sitting]:
    """Handed-in sittings whose newest receipt is not with the markers yet."""
    newest = (
        select(func.max(Receipt.version))
        .where(Receipt.sitting_id == Sitting.id)
        .correlate(Sitting)
        .scalar_subquery()
    )
    taken = select(PaperToMark.id).where(PaperToMark.receipt_id == Receipt.id)
    return (
        select(Sitting)
        .join(Receipt, and_(Receipt.sitting_id == Sitting.id, Receipt.version == newest))
        .where(Sitting.state == SittingState.SUBMITTED, ~taken.exists())
        .order_by(Sitting.id)
    )


def paper_of(sitting: Sitting) -> PaperToMark | None:
    """What of a sitting is with the markers; None before it is."""
    return db.session.scalar(select(PaperToMark).where(PaperToMark.sitting_id == sitting.id))


def answers_of(paper: PaperToMark) -> Sequence[AnswerToMark]:
    """The written answers of a paper that count, by number."""
    query = select(AnswerToMark).where(
        AnswerToMark.paper_id == paper.id, AnswerToMark.state != AnswerState.WITHDRAWN
    )
    return db.session.scalars(query.order_by(AnswerToMark.number)).all()


def open_papers() -> Select[PaperToMark]:
    """The papers that have no grade yet."""
    return (
        select(PaperToMark)
        .join(PaperToMark.sitting)
        .where(Sitting.state == SittingState.SUBMITTED)
        .order_by(PaperToMark.taken_in_at, PaperToMark.id)
    )


def to_bring_home() -> Select[PaperToMark]:
    """Open papers that wait for nobody's mark."""
    waits = select(AnswerToMark.id).where(
        AnswerToMark.paper_id == PaperToMark.id, AnswerToMark.state.in_(OPEN)
    )
    return open_papers().where(~waits.exists())


def is_whole(paper: PaperToMark) -> bool:
    """Whether nothing of a paper is missing but people's marks.

    Its choices are marked, nothing that came late waits for a decision, and it stands for the
    newest receipt.
    """
    sitting = paper.sitting
    receipt = sittings.receipt_of(sitting)
    undecided = select(LateBatch.id).where(
        LateBatch.sitting_id == sitting.id, LateBatch.decided_at.is_(None)
    )
    choices = {number for number, one in sittings.layout_of(sitting).items() if one.options}
    marked = select(ChoiceMark.number).where(ChoiceMark.receipt_id == paper.receipt_id)
    return (
        receipt is not None
        and receipt.id == paper.receipt_id
        and not db.session.scalar(select(undecided.exists()))
        and choices == set(db.session.scalars(marked))
    )


def marks_of(paper: PaperToMark) -> dict[int, int]:
    """The mark of each question of a paper that is marked, by number: choices and written answers."""
    choices = select(ChoiceMark.number, ChoiceMark.mark).where(
        ChoiceMark.receipt_id == paper.receipt_id
    )
    anew = (
        select(ChoiceRemark.number, ChoiceRemark.mark)
        .join(Remarking, Remarking.id == ChoiceRemark.remarking_id)
        .where(ChoiceRemark.receipt_id == paper.receipt_id)
        .order_by(Remarking.decided_at)
    )
    found = dict(db.session.execute(choices).all()) | dict(db.session.execute(anew).all())
    found |= {one.number: one.marks[-1] for one in answers_of(paper) if one.marks}
    return dict(sorted(found.items()))


# ------------------------------------------------------------------------------- a marker's own


def theirs(person: Reader) -> ColumnElement[bool]:
    """Whether an answer waits for a mark that this person has no part in yet; conflicts apart."""
    first, second = AnswerToMark.first_by_id, AnswerToMark.second_by_id
    state = AnswerToMark.state
    return or_(
        state == AnswerState.FIRST,
        and_(state == AnswerState.SECOND, first != person.id),
        and_(state == AnswerState.THIRD, first != person.id, second != person.id),
    )


def waiting_for(person: Reader) -> Select[AnswerToMark]:
    """The answers that wait for this person's mark, conflicts apart."""
    return (
        select(AnswerToMark)
        .join(AnswerToMark.paper)
        .join(PaperToMark.sitting)
        .where(Sitting.state == SittingState.SUBMITTED, theirs(person))
    )


def same_words(waiting: Select[AnswerToMark], answer: AnswerToMark) -> list[AnswerToMark]:
    """Of the answers that wait for somebody, those that say the same as this one."""
    query = waiting.where(
        AnswerToMark.version_id == answer.version_id,
        AnswerToMark.said == answer.said,
        AnswerToMark.id != answer.id,
        AnswerToMark.state != AnswerState.THIRD,
    )
    return list(db.session.scalars(query.order_by(AnswerToMark.id)))


def order_of(person: Person, version_id: UUID) -> MarkingOrder | None:
    """The order in which a marker meets the answers to a version; None before they began."""
    return db.session.get(MarkingOrder, (person.id, version_id))


def points_of(version_id: UUID) -> int:
    """How many points the guide has by which answers to a version are marked."""
    query = select(func.count()).where(GuidePoint.version_id == marked_by_version(version_id))
    return db.session.scalar(query) or 0


def marked_by(person: Person, version_id: UUID | None = None) -> int:
    """How many answers a person has marked, in all or of one version; one taken back is none."""
    query = select(func.count(AnswerToMark.id)).where(
        or_(
            AnswerToMark.first_by_id == person.id,
            AnswerToMark.second_by_id == person.id,
            AnswerToMark.third_by_id == person.id,
        )
    )
    if version_id is not None:
        query = query.where(AnswerToMark.version_id == version_id)
    return db.session.scalar(query) or 0


def settled_count(version_id: UUID) -> int:
    """How many answers to a version people have settled."""
    query = select(func.count(AnswerToMark.id)).where(
        AnswerToMark.version_id == version_id,
        AnswerToMark.state == AnswerState.SETTLED,
        AnswerToMark.first_by_id.is_not(None),
    )
    return db.session.scalar(query) or 0


# ------------------------------------------------------------------------------ what was given


def last_place(answer: AnswerToMark) -> int:
    """The place of the newest thing that was done to an answer; 0 before the first."""
    query = select(func.max(GivenMark.place)).where(GivenMark.answer_id == answer.id)
    return db.session.scalar(query) or 0


def last_by(answer: AnswerToMark, person: Person) -> GivenMark | None:
    """The newest thing that a person did to an answer."""
    query = select(GivenMark).where(GivenMark.answer_id == answer.id, GivenMark.by_id == person.id)
    return db.session.scalar(query.order_by(GivenMark.place.desc()).limit(1))


def provisional_of(answer: AnswerToMark, person: Person) -> GivenMark | None:
    """The mark that a person gave before they saw others'; None before that, or once it counts."""
    newest = last_by(answer, person)
    return newest if newest is not None and newest.kind is MarkKind.PROVISIONAL else None


def given_with(mark: GivenMark) -> Sequence[AnswerToMark]:
    """The answers with the same words that were given a mark in the same action."""
    query = select(AnswerToMark).join(GivenMark, GivenMark.answer_id == AnswerToMark.id)
    return db.session.scalars(query.where(GivenMark.with_id == mark.id)).all()


def differing(answer: AnswerToMark) -> list[GivenMark]:
    """The two marks that differ, as they were given; for the third person, after their own."""
    found = []
    for person_id in answer.markers[:2]:
        query = select(GivenMark).where(
            GivenMark.answer_id == answer.id,
            GivenMark.by_id == person_id,
            GivenMark.kind == MarkKind.FINAL,
        )
        newest = db.session.scalar(query.order_by(GivenMark.place.desc()).limit(1))
        if newest is not None:
            found.append(newest)
    return found


def precedents(answer: AnswerToMark) -> list[tuple[AnswerToMark, GivenMark]]:
    """What third people settled of other answers to the same version, the newest first."""
    query = (
        select(AnswerToMark, GivenMark)
        .join(
            GivenMark,
            and_(
                GivenMark.answer_id == AnswerToMark.id,
                GivenMark.turn == AnswerState.THIRD,
                GivenMark.kind == MarkKind.FINAL,
                GivenMark.by_id == AnswerToMark.third_by_id,
            ),
        )
        .where(*_settles_for(answer), GivenMark.at >= _by_this_guide_since(answer))
        .order_by(GivenMark.at.desc(), GivenMark.place.desc())
    )
    found: dict[UUID, tuple[AnswerToMark, GivenMark]] = {}
    for settled, mark in db.session.execute(query):
        found.setdefault(settled.id, (settled, mark))
    return list(found.values())


def has_precedents(answer: AnswerToMark) -> bool:
    """Whether a third person settled another answer to the same version."""
    query = select(AnswerToMark.id).where(
        *_settles_for(answer),
        AnswerToMark.third_mark.is_not(None),
        AnswerToMark.since >= _by_this_guide_since(answer),
    )
    return bool(db.session.scalar(select(query.exists())))


def _settles_for(answer: AnswerToMark) -> tuple[ColumnElement[bool], ...]:
    """Other settled answers to the same version; a seed shown as one would be known when it comes."""
    return (
        AnswerToMark.version_id == answer.version_id,
        AnswerToMark.state == AnswerState.SETTLED,
        AnswerToMark.id != answer.id,
        ~exists().where(Seed.answer_id == AnswerToMark.id, Seed.ended_at.is_(None)),
    )


def _by_this_guide_since(answer: AnswerToMark) -> datetime:
    """What was settled by a guide of before is no precedent any more."""
    newest = newest_remarking(answer.version_id)
    return newest.decided_at if newest and newest.decided_at else _EVER


def last_marker(paper: PaperToMark) -> Person | None:
    """Who gave the newest mark of a paper that counts."""
    query = (
        select(Person)
        .join(GivenMark, GivenMark.by_id == Person.id)
        .join(AnswerToMark, AnswerToMark.id == GivenMark.answer_id)
        .where(
            AnswerToMark.paper_id == paper.id,
            AnswerToMark.state == AnswerState.SETTLED,
            GivenMark.kind == MarkKind.FINAL,
            GivenMark.turn != AnswerState.SETTLED,
        )
    )
    return db.session.scalar(query.order_by(GivenMark.at.desc(), GivenMark.place.desc()).limit(1))


def marks_beside(
    pairs: Iterable[tuple[UUID, int, UUID, int]],
) -> dict[UUID, tuple[list[int], list[int]]]:
    """For each marker their own marks, and beside them those of the other of the first two.

    Args:
        pairs: of each answer that two people marked the first's id and mark, then the second's.
    """
    found: defaultdict[UUID, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for first, one, second, other in pairs:
        for person_id, own, beside in ((first, one, other), (second, other, one)):
            found[person_id][0].append(own)
            found[person_id][1].append(beside)
    return dict(found)
