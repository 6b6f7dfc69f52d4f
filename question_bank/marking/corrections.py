"""By which later version's key or guide answers count, and which papers that concerns."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from epa.database import db
from question_bank.items.models import ItemVersion
from question_bank.marking.answers import MarkKind
from question_bank.marking.models import (
    AnswerToMark,
    ChoiceRemark,
    GivenMark,
    PaperToMark,
    Remarking,
)
from question_bank.papers.models import PaperItem
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import Sitting, SittingEvent
from question_bank.sittings.rules import SittingState, SittingStep


def newest_remarking(version_id: UUID) -> Remarking | None:
    """The re-marking by which answers to a version count now; None before there is one."""
    query = select(Remarking).where(
        Remarking.version_id == version_id, Remarking.is_agreed.is_(True)
    )
    return db.session.scalar(query.order_by(Remarking.decided_at.desc()).limit(1))


def marked_by_version(version_id: UUID) -> UUID:
    """The version by whose guide answers to a version are marked: its own, until it was corrected."""
    newest = newest_remarking(version_id)
    return newest.by_version_id if newest else version_id


def open_remarking(version: ItemVersion) -> Remarking | None:
    """What waits for a second person about a version."""
    return db.session.scalar(
        select(Remarking).where(Remarking.version_id == version.id, Remarking.decided_at.is_(None))
    )


def number_of(paper: PaperToMark, version_id: UUID) -> int:
    """Under which number a version was asked on a paper."""
    layout = sittings.stored_layout(paper.sitting)
    return int(next(one["number"] for one in layout if one["version"] == str(version_id)))


def remarkings_of(paper: PaperToMark) -> Sequence[tuple[Remarking, int]]:
    """The re-markings of choices that hold for a paper, with the question's number, the oldest first."""
    query = (
        select(Remarking)
        .join(ItemVersion, ItemVersion.id == Remarking.version_id)
        .join(PaperItem, PaperItem.version_id == Remarking.version_id)
        .where(
            PaperItem.paper_id == paper.sitting.paper_id,
            Remarking.is_agreed.is_(True),
            ItemVersion.key.is_not(None),
        )
        .order_by(Remarking.decided_at)
    )
    numbers = {UUID(one["version"]): one["number"] for one in sittings.stored_layout(paper.sitting)}
    return [(one, numbers[one.version_id]) for one in db.session.scalars(query)]


def remarked(paper: PaperToMark) -> set[UUID]:
    """The re-markings by which the choices of a paper are marked already, for its receipt."""
    query = select(ChoiceRemark.remarking_id).where(ChoiceRemark.receipt_id == paper.receipt_id)
    return set(db.session.scalars(query))


def papers_asking(version_id: UUID) -> Sequence[PaperToMark]:
    """The papers with the markers, or marked, on which a version was asked."""
    query = (
        select(PaperToMark)
        .join(PaperToMark.sitting)
        .join(PaperItem, PaperItem.paper_id == Sitting.paper_id)
        .where(
            PaperItem.version_id == version_id,
            Sitting.state.in_((SittingState.SUBMITTED, SittingState.MARKED)),
        )
        .order_by(PaperToMark.taken_in_at, PaperToMark.id)
    )
    return db.session.scalars(query).all()


def is_marked_anew(paper: PaperToMark) -> bool:
    """Whether a paper that was marked came back for another key or guide."""
    query = select(SittingEvent.id).where(
        SittingEvent.sitting_id == paper.sitting_id, SittingEvent.step == SittingStep.REMARK
    )
    return bool(db.session.scalar(select(query.exists())))


def touched_by(answer: AnswerToMark) -> list[UUID]:
    """Everybody whose newest act on an answer is a mark, provisional or not."""
    query = select(GivenMark.by_id, GivenMark.kind).where(GivenMark.answer_id == answer.id)
    newest = dict(db.session.execute(query.order_by(GivenMark.place)).all())
    return [key for key, kind in newest.items() if kind is not MarkKind.TAKEN_BACK]
