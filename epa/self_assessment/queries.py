"""Evidence and tasks of a self-assessment, within a person's reach."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from epa.database import db
from epa.people.models import Person
from epa.people.rules import Permission, Role
from epa.reviews import rules as review_rules
from epa.reviews.models import ProviderReview
from epa.reviews.queries import before, part_of, people_with, review_ids, sees, step_days
from epa.reviews.rules import Side
from epa.self_assessment.models import ReviewEvidence, SectionTask
from epa.self_assessment.rules import RATED_IN, takes_evidence


def evidence_for(
    person: Person, permission: Permission, evidence_id: UUID
) -> ReviewEvidence | None:
    """A piece of evidence, if this person may do this in its review and is shown the provider's side."""
    found = db.session.scalar(
        select(ReviewEvidence).where(
            ReviewEvidence.id == evidence_id,
            ReviewEvidence.review_id.in_(review_ids(person, permission)),
        )
    )
    if found is None or not sees(found.review, part_of(person, found.review), Side.PROVIDER):
        return None
    return found


def task_for(person: Person, permission: Permission, task_id: UUID) -> SectionTask | None:
    """A task, if this person may do this in its review."""
    return db.session.scalar(
        select(SectionTask).where(
            SectionTask.id == task_id, SectionTask.review_id.in_(review_ids(person, permission))
        )
    )


def evidence_of(review: ProviderReview) -> dict[str, list[ReviewEvidence]]:
    """What shows each criterion, by its code, in the order it was added."""
    rows = db.session.scalars(
        select(ReviewEvidence)
        .where(ReviewEvidence.review_id == review.id, ReviewEvidence.removed_at.is_(None))
        .order_by(ReviewEvidence.added_at, ReviewEvidence.id)
    )
    found: dict[str, list[ReviewEvidence]] = {}
    for row in rows:
        found.setdefault(row.criterion_code, []).append(row)
    return found


def tasks_of(review: ProviderReview) -> Sequence[SectionTask]:
    """The tasks of a review: open ones first, then by section and day."""
    return db.session.scalars(
        select(SectionTask)
        .where(SectionTask.review_id == review.id)
        .order_by(
            SectionTask.done_at.is_not(None),
            SectionTask.section_code,
            SectionTask.due_on,
            SectionTask.set_at,
        )
    ).all()


def open_tasks_of(person: Person) -> Sequence[SectionTask]:
    """What somebody has still to see to, in self-assessments that are not handed in."""
    return db.session.scalars(
        select(SectionTask)
        .join(ProviderReview, ProviderReview.id == SectionTask.review_id)
        .where(
            SectionTask.owner_id == person.id,
            SectionTask.done_at.is_(None),
            ProviderReview.status.in_(RATED_IN),
            SectionTask.review_id.in_(review_ids(person, Permission.RATE_OWN_SERVICE)),
        )
        .order_by(SectionTask.set_at)
    ).all()


def handed_in_before(review: ProviderReview) -> ProviderReview | None:
    """The service's last review before this one whose self-assessment was handed in."""
    same = (one for one in before(review) if one.service == review.service)
    return next((one for one in same if one.status not in RATED_IN), None)


def providers_people(review: ProviderReview) -> Sequence[Person]:
    """Who may rate, and see to a task: the provider's quality leads."""
    return people_with(Role.PROVIDER_QUALITY_LEAD, review.provider_id)


def may_add_evidence(review: ProviderReview) -> bool:
    """Whether evidence is taken now."""
    done = step_days(review)
    return takes_evidence(
        review.status,
        gaps_named=review_rules.FORMATIVE in done,
        is_closed=review_rules.SUMMATIVE in done,
    )
