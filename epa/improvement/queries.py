"""Actions and upkeep of a review within a person's reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, bindparam, select

from epa.database import db, prepared
from epa.improvement.models import ImprovementAction, UpkeepDone
from epa.people.models import Person
from epa.people.readers import NamedReader, rows_within
from epa.people.rules import Permission
from epa.review_reports.models import ReviewCertificate
from epa.reviews import rules as review_rules
from epa.reviews.models import ProviderReview
from epa.reviews.queries import framework_of, review_ids, upkeep_due_on


def action_for(person: Person, permission: Permission, action_id: UUID) -> ImprovementAction | None:
    """An action, if this person may do this in its review."""
    return db.session.scalar(
        select(ImprovementAction).where(
            ImprovementAction.id == action_id,
            ImprovementAction.review_id.in_(review_ids(person, permission)),
        )
    )


def actions_of(review: ProviderReview) -> Sequence[ImprovementAction]:
    """The action plan: open actions first, the nearest day first."""
    return db.session.scalars(
        select(ImprovementAction)
        .where(ImprovementAction.review_id == review.id)
        .order_by(
            ImprovementAction.done_at.is_not(None),
            ImprovementAction.due_on,
            ImprovementAction.planned_at,
        )
    ).all()


def open_actions(person: Person) -> Sequence[ImprovementAction]:
    """The actions of a provider's people that are not done, the nearest day first."""
    return db.session.scalars(
        select(ImprovementAction)
        .where(
            ImprovementAction.done_at.is_(None),
            ImprovementAction.review_id.in_(review_ids(person, Permission.RATE_OWN_SERVICE)),
        )
        .order_by(ImprovementAction.due_on, ImprovementAction.id)
    ).all()


def year_of_upkeep(review: ProviderReview) -> int:
    """Which year's upkeep is open, from 1."""
    return sum(one.code == review_rules.UPKEEP for one in review.steps) + 1


def upkeep_of(review: ProviderReview) -> Sequence[UpkeepDone]:
    """What was done to keep the mark, by year."""
    return db.session.scalars(
        select(UpkeepDone)
        .where(UpkeepDone.review_id == review.id)
        .order_by(UpkeepDone.year, UpkeepDone.place)
    ).all()


def kept_by(review: ProviderReview) -> tuple[str, ...]:
    """What keeps the mark, as the framework lists it; its yearly step where it lists nothing."""
    cycle = framework_of(review).cycle
    if cycle.award is not None and cycle.award.kept_by:
        return cycle.award.kept_by
    return tuple(one.title for one in cycle.steps if one.code == review_rules.UPKEEP)


@prepared
def _in_force(reader: NamedReader) -> Select[UUID]:
    return select(ReviewCertificate.id).where(
        ReviewCertificate.lapsed_on.is_(None),
        ReviewCertificate.expires_on >= bindparam("today"),
        ReviewCertificate.review_id.in_(review_ids(reader, Permission.MANAGE_REVIEW)),
    )


def overdue_marks(person: Person, today: date) -> list[ReviewCertificate]:
    """The certificates in force whose upkeep is overdue, of the reviews that somebody manages."""
    rows = rows_within(person, select(ReviewCertificate), _in_force, today=today)
    return [one for one in rows if (due := upkeep_due_on(one.review)) is not None and due < today]
