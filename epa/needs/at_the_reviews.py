"""What a provider's review needs of somebody: their turns, tasks, objections, remarks and actions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from epa.clock import london_date
from epa.database import db, prepared
from epa.external_assessment.models import ReviewObjection
from epa.improvement.queries import open_actions, overdue_marks
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.readers import NamedReader, rows_within
from epa.people.rules import GRANTS, Permission, Role
from epa.review_reports.queries import certificate_of
from epa.review_reports.services import mark_earned
from epa.reviews import queries, turns
from epa.reviews.models import ProviderReview
from epa.reviews.rules import ReviewStatus
from epa.self_assessment.queries import open_tasks_of

_WITH_ALL: Final = select(ProviderReview).options(
    selectinload(ProviderReview.steps),
    selectinload(ProviderReview.allocated),
    joinedload(ProviderReview.organisation),
)


def turns_in_reviews(person: Person, _at: datetime) -> Iterator[Need]:
    """Whatever it is somebody's turn to do in the reviews within their reach."""
    manages = {held.organisation_id for held in person.current_roles if _manages(held.role)}
    for review in rows_within(person, _WITH_ALL, _under_way):
        part = queries.part_of(person, review)
        for turn in turns.turns(review):
            if turns.is_mine(turn, part, manages=review.organisation_id in manages):
                yield _need(review, turn)
        if review.status is ReviewStatus.FINAL and review.organisation_id in manages:
            yield from _certificate(review)


@prepared
def _under_way(reader: NamedReader) -> Select[UUID]:
    return (
        queries.reviews(reader, Permission.VIEW_REVIEW)
        .where(ProviderReview.status != ReviewStatus.WITHDRAWN)
        .with_only_columns(ProviderReview.id)
    )


def _manages(role: Role) -> bool:
    return Permission.MANAGE_REVIEW in GRANTS[role]


def _certificate(review: ProviderReview) -> Iterator[Need]:
    mark = mark_earned(review)
    if mark is not None and certificate_of(review) is None:
        yield Need(
            what="Issue the certificate",
            who=review.provider.name,
            text=f"{review.service}: {mark}.",
            action="Issue it",
            place="review_reports.show",
            assessment_id=None,
            since=london_date(review.status_since),
            parameters={"review_id": review.id},
        )


def _need(review: ProviderReview, turn: turns.Turn) -> Need:
    return Need(
        what=turn.title,
        who=review.provider.name,
        text=f"{review.service}. {turn.what}".rstrip(),
        action=turn.action,
        place=turn.place,
        assessment_id=None,
        due_on=turn.due_on,
        since=turn.since,
        parameters={"review_id": review.id},
    )


def objections_to_answer(person: Person, _at: datetime) -> Iterator[Need]:
    """What a provider does not agree with, for those who assess."""
    rows = db.session.scalars(
        select(ReviewObjection).where(
            ReviewObjection.answered_at.is_(None),
            ReviewObjection.review_id.in_(queries.review_ids(person, Permission.ASSESS_SERVICE)),
        )
    )
    for row in rows:
        yield Need(
            what="Answer an objection",
            who=row.review.provider.name,
            text=f"{row.review.service}{f', criterion {row.criterion_code}' if row.criterion_code else ''}.",
            action="Answer",
            place="external_assessment.answer",
            assessment_id=None,
            since=london_date(row.raised_at),
            parameters={"objection_id": row.id},
        )


def tasks_and_actions(person: Person, _at: datetime) -> Iterator[Need]:
    """What was shared out in a self-assessment, and the actions of a provider's plan."""
    for task in open_tasks_of(person):
        yield Need(
            what=f"A task of section {task.section_code}",
            who="",
            text=f"{task.what}. {task.review.service}, self-assessment.",
            action="Open it",
            place="self_assessment.show",
            assessment_id=None,
            due_on=task.due_on,
            since=london_date(task.set_at),
            parameters={"review_id": task.review_id},
        )
    for one in open_actions(person):
        yield Need(
            what=f"Action for {one.criterion_code}",
            who="",
            text=f"{one.what} Seen to by: {one.owner}.",
            action="Open it",
            place="improvement.show",
            assessment_id=None,
            due_on=one.due_on,
            parameters={"review_id": one.review_id},
        )


def marks_overdue(person: Person, at: datetime) -> Iterator[Need]:
    """Marks whose yearly upkeep was not done, for who decides on their lapse."""
    for one in overdue_marks(person, london_date(at)):
        yield Need(
            what="The yearly upkeep is overdue",
            who=one.review.provider.name,
            text=f"{one.review.service}: {one.mark}. Remind them, or let the mark lapse.",
            action="See it",
            place="improvement.show",
            assessment_id=None,
            due_on=queries.upkeep_due_on(one.review),
            parameters={"review_id": one.review_id},
        )
