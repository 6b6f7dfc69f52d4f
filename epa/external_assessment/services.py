"""The assessors' work: rating, hearing, telling, answering; and the timetable of the visit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.external_assessment import queries
from epa.external_assessment.models import (
    FeedbackGiven,
    InterviewHeld,
    ModerationRemark,
    ReviewObjection,
    TimetableBlock,
)
from epa.external_assessment.rules import ObjectionKind, Slot, challenge_fault, slot_fault
from epa.people.models import Person
from epa.review_ratings import queries as ratings
from epa.review_ratings import services as rating
from epa.review_ratings.services import Given
from epa.reviews import queries as reviews
from epa.reviews import rules as review_rules
from epa.reviews import services as review_services
from epa.reviews.models import ProviderReview
from epa.reviews.rules import OVER, SENT, ReviewStatus, Side


def rate(review: ProviderReview, given: Collection[Given], *, actor: Person, at: datetime) -> None:
    """Keep what one of the assessors says of criteria.

    Raises:
        RuleBroken: it is not their turn, or somebody else was first.
    """
    review_services.require(review, ReviewStatus.SUBMITTED)
    rating.rate(review, Side.ASSESSORS, given, actor=actor, at=at)


@dataclass(frozen=True)
class Heard:
    """Somebody who was heard: of which kind, under which reference, when, and what was said."""

    kind: str
    reference: str
    held_on: date
    words: str


def note_interview(
    review: ProviderReview, heard: Heard, *, actor: Person, at: datetime
) -> InterviewHeld:
    """Note an interview.

    Raises:
        RuleBroken: it is not the time of the assessment, the day is to come, or the reference stands
            there already.
    """
    review_services.require(review, ReviewStatus.SUBMITTED)
    if heard.held_on > london_date(at):
        raise RuleBroken("interview-day", "The day of the interview must not be to come", "held_on")
    same = (heard.kind, heard.reference.casefold())
    if same in {(one.kind, one.reference.casefold()) for one in queries.interviews_of(review)}:
        said = f"“{heard.reference}” is noted already. Choose another reference"
        raise RuleBroken("interview-twice", said, "reference")
    row = InterviewHeld(
        review_id=review.id,
        kind=heard.kind,
        reference=heard.reference,
        held_on=heard.held_on,
        words=heard.words.strip(),
        noted_at=at,
        noted_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "interview noted", row, at=at, kind=heard.kind)
    return row


def give_feedback(
    review: ProviderReview, step: str, words: str, *, actor: Person, at: datetime
) -> None:
    """Tell the provider what was found; with the closing one the assessors' ratings are theirs to read.

    Raises:
        RuleBroken: it is not the time, the kind is none of the framework's, or the second comes
            before the first.
    """
    review_services.require(review, ReviewStatus.SUBMITTED)
    steps, done = queries.feedback_steps(review), reviews.step_days(review)
    if step not in steps:
        raise RuleBroken("feedback-step", "Choose which feedback it is", "step")
    if any(one not in done for one in steps[: steps.index(step)]):
        raise RuleBroken("feedback-order", "The feedback on the first day comes first", "step")
    closing = step == review_rules.SUMMATIVE
    if closing and ratings.missing_from(review, ratings.ratings_of(review, Side.ASSESSORS)):
        said = "Rate every criterion first: the provider is told the score"
        raise RuleBroken("feedback-unrated", said, "step")
    row = FeedbackGiven(
        review_id=review.id, step=step, words=words.strip(), given_at=at, given_by=actor
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "feedback given", row, at=at, step=step)
    if step not in done:
        review_services.take_step(review, step, actor=actor, at=at)


def raise_challenge(
    review: ProviderReview, code: str, words: str, *, actor: Person, at: datetime
) -> ReviewObjection:
    """Challenge a finding at the closing meeting, as the provider.

    Raises:
        RuleBroken: the closing feedback was not given yet or on another day, or the assessment is
            handed in.
    """
    review_services.require(review, ReviewStatus.SUBMITTED)
    told_on = reviews.step_days(review).get(review_rules.SUMMATIVE)
    if fault := challenge_fault(london_date(at), told_on):
        raise RuleBroken("challenge-time", fault)
    return object_to(review, ObjectionKind.CHALLENGE, code, words, actor=actor, at=at)


def object_to(
    review: ProviderReview,
    kind: ObjectionKind,
    code: str | None,
    words: str,
    *,
    actor: Person,
    at: datetime,
) -> ReviewObjection:
    """Keep what the provider does not agree with; whether it is the time is checked by who calls."""
    row = ReviewObjection(
        review=review,
        kind=kind,
        criterion_code=code,
        words=words.strip(),
        raised_at=at,
        raised_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "objection raised", row, at=at, kind=kind.value, criterion=code)
    return row


@dataclass(frozen=True)
class Reply:
    """The assessors' answer: whether the objection is right, why, and the rating where it changes."""

    is_upheld: bool
    words: str
    given: Given | None = None


def answer(objection: ReviewObjection, reply: Reply, *, actor: Person, at: datetime) -> None:
    """Answer an objection. A rating that changes after the report was sent is moderated again.

    Raises:
        RuleBroken: it was answered, the review is past it, or a rating is to change although the
            objection is not upheld.
    """
    review = objection.review
    is_sent = objection.kind is ObjectionKind.FACT
    review_services.require(review, ReviewStatus.ISSUED if is_sent else ReviewStatus.SUBMITTED)
    if objection.answered_at is not None:
        raise RuleBroken("objection-answered", "It is answered already.")
    now = ratings.ratings_of(review, Side.ASSESSORS).get(objection.criterion_code or "")
    changes = reply.given is not None and (now is None or now.level != reply.given.level)
    if changes and not reply.is_upheld:
        said = "The rating stays where the objection is not upheld"
        raise RuleBroken("objection-rating", said, "level")
    objection.answer, objection.is_upheld = reply.words.strip(), reply.is_upheld
    objection.answered_at, objection.answered_by = at, actor
    db.session.flush()
    record(actor, "objection answered", objection, at=at, upheld=reply.is_upheld)
    if changes and reply.given is not None:
        rating.rate(review, Side.ASSESSORS, [reply.given], actor=actor, at=at)
        if is_sent:
            review_services.advance(review, ReviewStatus.HANDED_IN, actor=actor, at=at)


def settle(
    remark: ModerationRemark, words: str, given: Given | None, *, actor: Person, at: datetime
) -> None:
    """Answer a moderator's remark: the rating changes, or stands for a reason.

    Raises:
        RuleBroken: it is settled, or the review was not returned.
    """
    review_services.require(remark.review, ReviewStatus.RETURNED)
    if remark.settled_at is not None:
        raise RuleBroken("remark-settled", "It is settled already.")
    if given is not None:
        rating.rate(remark.review, Side.ASSESSORS, [given], actor=actor, at=at)
    remark.answer, remark.settled_at, remark.settled_by = words.strip(), at, actor
    db.session.flush()
    record(actor, "remark settled", remark, at=at, criterion=remark.criterion_code)


# ------------------------------------------------------------------------------ the timetable


def require_planner(review: ProviderReview, person: Person) -> None:
    """Refuse unless somebody takes part in the visit, and its plan can still change.

    Raises:
        NotAllowed: they neither assess nor are the provider's.
        RuleBroken: the assessment is over.
    """
    part = reviews.part_of(person, review)
    if not (part.is_provider or part.is_assessor):
        raise NotAllowed("The timetable is for the provider and for those who assess.")
    review_services.require(review, *(set(ReviewStatus) - OVER - SENT))


def begin_timetable(review: ProviderReview, *, actor: Person, at: datetime) -> None:
    """Begin with the framework's standard blocks; nothing changes where there are some.

    Raises:
        RuleBroken: the framework has none.
    """
    require_planner(review, actor)
    visit = reviews.framework_of(review).cycle.visit
    if visit is None or not visit.timetable:
        raise RuleBroken("timetable-none", "This framework has no standard blocks. Add your own.")
    if queries.timetable_of(review):
        return
    for block in visit.timetable:
        starts, ends = time.fromisoformat(block.starts), time.fromisoformat(block.ends)
        db.session.add(
            TimetableBlock(
                review=review, day=block.day, starts=starts, ends=ends, title=block.title
            )
        )
    db.session.flush()
    record(actor, "timetable begun", review, at=at, blocks=len(visit.timetable))


def keep_block(
    review: ProviderReview,
    slot: Slot,
    *,
    actor: Person,
    at: datetime,
    block: TimetableBlock | None = None,
) -> None:
    """Add a block to the timetable, or change one.

    Raises:
        RuleBroken: it ends before it starts, runs into another one, or is on no day of the visit.
    """
    require_planner(review, actor)
    visit = reviews.framework_of(review).cycle.visit
    others = [
        one.slot for one in queries.timetable_of(review) if block is None or one.id != block.id
    ]
    if fault := slot_fault(slot, others, visit.days if visit else 1):
        raise RuleBroken("timetable-block", fault[1], fault[0])
    row = block or TimetableBlock(review=review)
    row.day, row.starts, row.ends, row.title = slot.day, slot.starts, slot.ends, slot.title
    db.session.add(row)
    db.session.flush()
    record(actor, "timetable changed", review, at=at, day=slot.day)


def remove_block(block: TimetableBlock, *, actor: Person, at: datetime) -> None:
    """Take a block out of the timetable."""
    require_planner(block.review, actor)
    review = block.review
    db.session.delete(block)
    db.session.flush()
    record(actor, "timetable changed", review, at=at, removed=True)


def agree_timetable(review: ProviderReview, *, actor: Person, at: datetime) -> None:
    """Say, as the provider, that the timetable stands.

    Raises:
        RuleBroken: there is no block yet.
        NotAllowed: somebody else's to say.
    """
    require_planner(review, actor)
    if not reviews.part_of(actor, review).is_provider:
        raise NotAllowed("The provider says that the timetable stands.")
    if not queries.timetable_of(review):
        raise RuleBroken("timetable-empty", "Begin with the standard blocks first.")
    review_services.take_step(review, review_rules.SCHEDULE, actor=actor, at=at)
