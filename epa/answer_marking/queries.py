"""Which answers a person may mark: those of their EPAO, without a conflict or a part in the case."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from epa.answer_marking.rules import HeldBack, held_back
from epa.database import Columns, db, prepared
from epa.invigilation.models import EventCandidate, EventShift
from epa.knowledge_test.queries import method_of
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Duty
from epa.people.models import Person
from epa.people.queries import Barred, barred_from, epao_ids
from epa.people.readers import NamedReader, Reader, within
from epa.people.rules import Permission
from epa.settings import queries as settings
from question_bank.items.models import BankItem, ItemVersion, QuestionBank
from question_bank.marking import corrections
from question_bank.marking import queries as marking
from question_bank.marking import seeds as marked_seeds
from question_bank.marking.answers import AnswerState, following, in_order
from question_bank.marking.models import AnswerToMark, MarkerStop, MarkingOrder, PaperToMark
from question_bank.marking.straying import seeds_by
from question_bank.sittings.models import Sitting
from question_bank.sittings.queries import layout_of
from question_bank.sittings.rules import SittingState


def waiting(person: Person, permission: Permission, *, on: date) -> Select[AnswerToMark]:
    """The answers that wait for this person's mark.

    Not those of somebody they have a conflict with, nor of a case that they assess or a test that
    they invigilate, be it by name or on shift in its session.

    Args:
        person: who marks.
        permission: what they want to do.
        on: London's date; conflicts that ended before it no longer count.
    """
    return (
        marking.waiting_for(person)
        .join(MethodAttempt, MethodAttempt.id == Sitting.attempt_id)
        .join(MethodAttempt.assessment)
        .join(EndPointAssessment.apprenticeship)
        .where(_is_open_to(person, permission, barred_from(person, on=on)))
    )


def seeds(
    person: Person, permission: Permission, version_id: UUID, *, on: date
) -> Select[AnswerToMark]:
    """The seeds of a version that this person may be given, under the same terms."""
    return (
        marked_seeds.seeds_for(person, version_id)
        .join(MethodAttempt, MethodAttempt.id == Sitting.attempt_id)
        .join(MethodAttempt.assessment)
        .join(EndPointAssessment.apprenticeship)
        .where(_is_open_to(person, permission, barred_from(person, on=on)))
    )


class _NamedBarred:
    """With whom somebody must not have to do, said when a statement is run."""

    def __init__(self) -> None:
        self.people_ids: BindParameter[UUID] = bindparam("people", expanding=True)
        self.organisation_ids: BindParameter[UUID] = bindparam("organisations", expanding=True)


def _is_open_to(
    person: Reader, permission: Permission, barred: Barred | _NamedBarred
) -> ColumnElement[bool]:
    stopped = exists().where(
        MarkerStop.person_id == person.id,
        MarkerStop.epao_id == EndPointAssessment.epao_id,
        MarkerStop.let_on_at.is_(None),
    )
    theirs = EndPointAssessment.epao_id.in_(epao_ids(person, permission))
    return and_(theirs, ~stopped, ~_is_barred(person, barred))


def _is_barred(person: Reader, barred: Barred | _NamedBarred) -> ColumnElement[bool]:
    other = aliased(MethodAttempt)
    assesses = exists().where(
        Allocation.attempt_id == other.id,
        other.assessment_id == EndPointAssessment.id,
        Allocation.person_id == person.id,
        Allocation.duty == Duty.ASSESSOR,
    )
    invigilates = exists().where(
        Allocation.attempt_id == MethodAttempt.id,
        Allocation.person_id == person.id,
        Allocation.duty == Duty.INVIGILATOR,
    )
    on_shift = exists().where(
        EventCandidate.attempt_id == MethodAttempt.id,
        EventShift.event_id == EventCandidate.event_id,
        EventShift.person_id == person.id,
    )
    return or_(
        Apprenticeship.person_id.in_(barred.people_ids),
        Apprenticeship.employer_id.in_(barred.organisation_ids),
        and_(
            Apprenticeship.provider_id.is_not(None),
            Apprenticeship.provider_id.in_(barred.organisation_ids),
        ),
        assesses,
        invigilates,
        on_shift,
    )


def answer_for(
    person: Person, permission: Permission, answer_id: UUID, *, on: date
) -> AnswerToMark | None:
    """An answer that waits for this person's mark, or a seed for them; None as for an unknown id."""
    wanted = AnswerToMark.id == answer_id
    found = db.session.scalar(waiting(person, permission, on=on).where(wanted))
    if found is not None:
        return found
    answer = db.session.get(AnswerToMark, answer_id)
    if answer is None or answer.state is not AnswerState.SETTLED:
        return None
    return db.session.scalar(seeds(person, permission, answer.version_id, on=on).where(wanted))


def has_waited(person: Person, permission: Permission, answer_id: UUID, *, on: date) -> bool:
    """Whether this person may have had an answer before them that waits for them no more.

    Only of a question that they began with, at their EPAO, without a conflict or a part in the case:
    of any other an address says as little as an unknown one.
    """
    began = exists().where(
        MarkingOrder.person_id == person.id, MarkingOrder.version_id == AnswerToMark.version_id
    )
    query = (
        select(AnswerToMark.id)
        .join(AnswerToMark.paper)
        .join(PaperToMark.sitting)
        .join(MethodAttempt, MethodAttempt.id == Sitting.attempt_id)
        .join(MethodAttempt.assessment)
        .join(EndPointAssessment.apprenticeship)
        .where(
            AnswerToMark.id == answer_id,
            EndPointAssessment.epao_id.in_(epao_ids(person, permission)),
            began,
            ~_is_barred(person, barred_from(person, on=on)),
        )
    )
    return db.session.scalar(query) is not None


def marked_for(person: Person, permission: Permission, answer_id: UUID) -> AnswerToMark | None:
    """An answer that this person has marked; None as for an unknown id."""
    if not epao_ids(person, permission):
        return None
    answer = db.session.get(AnswerToMark, answer_id)
    if answer is None:
        return None
    is_theirs = person.id in answer.markers or marked_seeds.has_seed_mark(answer, person)
    return answer if is_theirs else None


def version_for(person: Person, permission: Permission, version_id: UUID) -> ItemVersion | None:
    """A version to which there are answers at this person's EPAO; None as for an unknown id."""
    return db.session.scalar(
        select(ItemVersion)
        .join(ItemVersion.item)
        .join(BankItem.bank)
        .where(
            ItemVersion.id == version_id,
            QuestionBank.epao_id.in_(epao_ids(person, permission)),
            exists().where(AnswerToMark.version_id == version_id),
        )
    )


def alike(
    person: Person, permission: Permission, answer: AnswerToMark, *, on: date
) -> list[AnswerToMark]:
    """The answers with the same words that wait for this person's mark too; a seed stands alone."""
    if answer.state is AnswerState.SETTLED:
        return []
    return marking.same_words(waiting(person, permission, on=on), answer)


def next_answer(
    person: Person,
    permission: Permission,
    version_id: UUID,
    after: UUID | None = None,
    *,
    on: date,
) -> UUID | None:
    """The answer to a version that comes next in this person's order; None where none waits.

    Now and then a seed is among them, as long as others wait too.
    """
    order = marking.order_of(person, version_id)
    if order is None:
        return None
    query = waiting(person, permission, on=on).where(AnswerToMark.version_id == version_id)
    ids = db.session.scalars(query.with_only_columns(AnswerToMark.id)).all()
    if ids and (seed := _seed_due(person, permission, order, on)) is not None:
        return seed
    return following(order.seed, ids, after)


def _seed_due(person: Person, permission: Permission, order: MarkingOrder, on: date) -> UUID | None:
    version_id = order.version_id
    marked = marking.marked_by(person, version_id)
    due = seeds_by(order.seed, marked, settings.value("seed_every"))
    if due <= seeds_met(person, version_id):
        return None
    query = seeds(person, permission, version_id, on=on).with_only_columns(AnswerToMark.id)
    return next(iter(in_order(order.seed, db.session.scalars(query))), None)


def seeds_met(person: Person, version_id: UUID) -> int:
    """How many seeds of a version a person has marked."""
    epao_id = db.session.get_one(ItemVersion, version_id).item.bank.epao_id
    return len(marked_seeds.seed_marks(person, epao_id, version_id))


def stops_now(person: Person, permission: Permission) -> Sequence[MarkerStop]:
    """What keeps this person from marking, at the EPAOs where they may."""
    query = select(MarkerStop).where(
        MarkerStop.person_id == person.id,
        MarkerStop.epao_id.in_(epao_ids(person, permission)),
        MarkerStop.let_on_at.is_(None),
    )
    return db.session.scalars(query).all()


@dataclass(frozen=True)
class QuestionToMark:
    """A question with answers that wait for somebody.

    Attributes:
        version: what was asked.
        to_mark: how many wait for a mark.
        to_settle: how many of them have two marks that differ.
        since: since when the first waits.
    """

    version: ItemVersion
    to_mark: int
    to_settle: int
    since: datetime


def questions_for(person: Person, permission: Permission, *, on: date) -> list[QuestionToMark]:
    """The questions with answers that wait for this person, what differs first, then the oldest."""
    barred = barred_from(person, on=on)
    given = {"people": list(barred.people_ids), "organisations": list(barred.organisation_ids)}
    rows = within(person, _by_question, permission, **given).all()
    if not rows:
        return []
    settle = Counter(
        db.session.scalars(
            waiting(person, permission, on=on)
            .where(AnswerToMark.state == AnswerState.THIRD)
            .with_only_columns(AnswerToMark.version_id)
        )
    )
    versions = {
        one.id: one
        for one in db.session.scalars(
            select(ItemVersion).where(ItemVersion.id.in_([key for key, _, _ in rows]))
        )
    }
    found = [QuestionToMark(versions[key], count, settle[key], since) for key, count, since in rows]
    return sorted(found, key=lambda one: (-one.to_settle, one.since, one.version.item.reference))


@prepared
def _by_question(reader: NamedReader, permission: Permission) -> Columns:
    return (
        marking.waiting_for(reader)
        .join(MethodAttempt, MethodAttempt.id == Sitting.attempt_id)
        .join(MethodAttempt.assessment)
        .join(EndPointAssessment.apprenticeship)
        .where(_is_open_to(reader, permission, _NamedBarred()))
        .group_by(AnswerToMark.version_id)
        .with_only_columns(AnswerToMark.version_id, func.count(), func.min(AnswerToMark.since))
    )


# ------------------------------------------------------------------------------------- oversight


def papers_of(person: Person, permission: Permission) -> Sequence[PaperToMark]:
    """The papers without a grade at the EPAOs that this person oversees, the oldest first."""
    query = (
        marking.open_papers()
        .join(MethodAttempt, MethodAttempt.id == Sitting.attempt_id)
        .join(MethodAttempt.assessment)
        .where(EndPointAssessment.epao_id.in_(epao_ids(person, permission)))
    )
    return db.session.scalars(query).all()


def answers_at(person: Person, permission: Permission) -> Select[AnswerToMark]:
    """Every answer that counts at the EPAOs that this person oversees, graded ones too."""
    return (
        select(AnswerToMark)
        .join(AnswerToMark.paper)
        .join(PaperToMark.sitting)
        .join(MethodAttempt, MethodAttempt.id == Sitting.attempt_id)
        .join(MethodAttempt.assessment)
        .where(
            EndPointAssessment.epao_id.in_(epao_ids(person, permission)),
            AnswerToMark.state != AnswerState.WITHDRAWN,
        )
    )


def open_counts(person: Person, permission: Permission) -> dict[UUID, dict[AnswerState, int]]:
    """By version how many answers stand in which state, of papers without a grade."""
    query = (
        answers_at(person, permission)
        .where(Sitting.state == SittingState.SUBMITTED)
        .with_only_columns(AnswerToMark.version_id, AnswerToMark.state, func.count())
        .group_by(AnswerToMark.version_id, AnswerToMark.state)
    )
    found: defaultdict[UUID, dict[AnswerState, int]] = defaultdict(dict)
    for version_id, state, count in db.session.execute(query):
        found[version_id][state] = count
    return dict(found)


def reasons_for_two(person: Person, permission: Permission) -> Counter[str]:
    """How often which reason calls for a second mark, of papers without a grade."""
    query = answers_at(person, permission).where(Sitting.state == SittingState.SUBMITTED)
    rows = db.session.scalars(query.with_only_columns(AnswerToMark.twice_for))
    return Counter(why for one in rows for why in one)


def marked_counts(person: Person, permission: Permission) -> Counter[UUID]:
    """How many answers each marker has marked."""
    found: Counter[UUID] = Counter()
    for by in (AnswerToMark.first_by_id, AnswerToMark.second_by_id, AnswerToMark.third_by_id):
        query = answers_at(person, permission).where(by.is_not(None))
        rows = db.session.execute(query.with_only_columns(by, func.count()).group_by(by))
        found.update({key: count for key, count in rows if key is not None})
    return found


def marks_apart(person: Person, permission: Permission) -> Sequence[tuple[UUID, int, UUID, int]]:
    """Of each answer that two people marked the first's id and mark, then the second's."""
    query = answers_at(person, permission).where(AnswerToMark.second_by_id.is_not(None))
    columns = query.with_only_columns(
        AnswerToMark.first_by_id,
        AnswerToMark.first_mark,
        AnswerToMark.second_by_id,
        AnswerToMark.second_mark,
    )
    return [
        (first, one, second, other)
        for first, one, second, other in db.session.execute(columns)
        if first is not None and second is not None and one is not None and other is not None
    ]


def attempt_of(paper: PaperToMark) -> MethodAttempt:
    """What a paper was sat for."""
    return db.session.get_one(MethodAttempt, paper.sitting.attempt_id)


def why_held(paper: PaperToMark) -> HeldBack | None:
    """Why a settled paper is not graded; None when it may be."""
    attempt, is_anew = attempt_of(paper), corrections.is_marked_anew(paper)
    return held_back(
        stage=attempt.assessment.stage,
        is_graded=attempt.grade is not None and not (is_anew and attempt.released_at is None),
        is_anew=is_anew,
        paper_marks=sum(one.marks for one in layout_of(paper.sitting).values()),
        plan_marks=method_of(attempt).marks_max,
    )
