"""The visit of a review within reach: blocks, interviews, feedback, objections, remarks; what lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from epa.client_data.models import ClientSample
from epa.client_data.queries import newest_kept
from epa.database import db
from epa.external_assessment.models import (
    FeedbackGiven,
    InterviewHeld,
    ModerationRemark,
    ReviewObjection,
    TimetableBlock,
)
from epa.external_assessment.rules import Hearing, ObjectionKind, challenge_fault, hearings
from epa.people.models import Person
from epa.people.rules import Permission
from epa.review_ratings.queries import missing_from, ratings_of
from epa.reviews import rules as review_rules
from epa.reviews.models import ProviderReview
from epa.reviews.queries import framework_of, part_of, review_ids, sees, step_days
from epa.reviews.rules import ReviewStatus, Side


def block_for(person: Person, permission: Permission, block_id: UUID) -> TimetableBlock | None:
    """A block of a timetable, if this person may do this in its review."""
    return db.session.scalar(
        select(TimetableBlock).where(
            TimetableBlock.id == block_id,
            TimetableBlock.review_id.in_(review_ids(person, permission)),
        )
    )


def sample_of(review: ProviderReview) -> ClientSample | None:
    """The sample of clients drawn last from the provider's latest list, if there is one."""
    kept = newest_kept(review.provider_id, review.organisation_id, review.framework_code)
    return kept.samples[0] if kept and kept.samples else None


def objection_for(
    person: Person, permission: Permission, objection_id: UUID
) -> ReviewObjection | None:
    """An objection, if this person may do this in its review."""
    return db.session.scalar(
        select(ReviewObjection).where(
            ReviewObjection.id == objection_id,
            ReviewObjection.review_id.in_(review_ids(person, permission)),
        )
    )


def remark_for(person: Person, permission: Permission, remark_id: UUID) -> ModerationRemark | None:
    """A moderator's remark, if this person may do this in its review and is shown that side."""
    found = db.session.scalar(
        select(ModerationRemark).where(
            ModerationRemark.id == remark_id,
            ModerationRemark.review_id.in_(review_ids(person, permission)),
        )
    )
    if found is None or not sees(found.review, part_of(person, found.review), Side.ASSESSORS):
        return None
    return found


def timetable_of(review: ProviderReview) -> Sequence[TimetableBlock]:
    """The blocks of the visit, in order; empty until somebody began with the standard ones."""
    return db.session.scalars(
        select(TimetableBlock)
        .where(TimetableBlock.review_id == review.id)
        .order_by(TimetableBlock.day, TimetableBlock.starts)
    ).all()


def interviews_of(review: ProviderReview) -> Sequence[InterviewHeld]:
    """Who was heard, in the order of noting."""
    return db.session.scalars(
        select(InterviewHeld)
        .where(InterviewHeld.review_id == review.id)
        .order_by(InterviewHeld.noted_at, InterviewHeld.id)
    ).all()


def hearings_of(review: ProviderReview) -> list[Hearing]:
    """How the interviews stand against what the framework asks for."""
    visit = framework_of(review).cycle.visit
    held = Counter(one.kind for one in interviews_of(review))
    return hearings(visit.interviews if visit else (), held)


def feedback_of(review: ProviderReview) -> Sequence[FeedbackGiven]:
    """What was told the provider, in order."""
    return db.session.scalars(
        select(FeedbackGiven)
        .where(FeedbackGiven.review_id == review.id)
        .order_by(FeedbackGiven.given_at, FeedbackGiven.id)
    ).all()


def objections_of(
    review: ProviderReview, kind: ObjectionKind | None = None
) -> Sequence[ReviewObjection]:
    """What the provider does not agree with, in the order it was raised."""
    query = select(ReviewObjection).where(ReviewObjection.review_id == review.id)
    if kind is not None:
        query = query.where(ReviewObjection.kind == kind)
    return db.session.scalars(query.order_by(ReviewObjection.raised_at, ReviewObjection.id)).all()


def remarks_of(review: ProviderReview) -> Sequence[ModerationRemark]:
    """What the moderator gave back, in order."""
    return db.session.scalars(
        select(ModerationRemark)
        .where(ModerationRemark.review_id == review.id)
        .order_by(ModerationRemark.made_at, ModerationRemark.id)
    ).all()


def may_challenge(review: ProviderReview, today: date) -> bool:
    """Whether the provider may challenge a finding on a day."""
    told_on = step_days(review).get(review_rules.SUMMATIVE)
    is_assessed = review.status is ReviewStatus.SUBMITTED
    return is_assessed and challenge_fault(today, told_on) is None


def feedback_steps(review: ProviderReview) -> list[str]:
    """The kinds of feedback that the framework's cycle knows, in order."""
    steps = [one.code for one in framework_of(review).cycle.steps]
    return [one for one in (review_rules.FORMATIVE, review_rules.SUMMATIVE) if one in steps]


def lacking(review: ProviderReview) -> list[str]:
    """What the assessment still needs before it can be handed in, in sentences."""
    found = []
    missing = missing_from(review, ratings_of(review, Side.ASSESSORS))
    if missing:
        number = len(missing)
        first = ", ".join(missing[:10])
        found.append(
            f"{number} {'criterion is' if number == 1 else 'criteria are'} not rated: {first}"
        )
    found += [
        f"{one.title}: {one.held} heard, {one.least} needed"
        for one in hearings_of(review)
        if not one.is_enough
    ]
    titles = {one.code: one.title for one in framework_of(review).cycle.steps}
    done = step_days(review)
    found += [f"{titles[one]} is not given" for one in feedback_steps(review) if one not in done]
    unanswered = sum(one.answered_at is None for one in objections_of(review))
    if unanswered:
        found.append(f"{unanswered} of the provider’s objections are not answered")
    unsettled = sum(one.settled_at is None for one in remarks_of(review))
    if unsettled:
        found.append(f"{unsettled} of the moderator’s remarks are not settled")
    return found
