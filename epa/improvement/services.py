"""Planning what follows a review, keeping its mark from year to year, letting it lapse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.improvement import queries
from epa.improvement.models import ImprovementAction, UpkeepDone
from epa.improvement.rules import lapse_fault, upkeep_left
from epa.outbox.services import tell
from epa.people.models import Person
from epa.review_reports.queries import certificate_of
from epa.reviews import queries as reviews
from epa.reviews import rules as review_rules
from epa.reviews import services as review_services
from epa.reviews.models import ProviderReview
from epa.reviews.rules import SENT, ReviewStatus


@dataclass(frozen=True)
class NewAction:
    """What is done about a criterion, who sees to it, and by when."""

    code: str
    what: str
    owner: str
    due_on: date


def plan_action(
    review: ProviderReview, action: NewAction, *, actor: Person, at: datetime
) -> ImprovementAction:
    """Add an action to the plan.

    Raises:
        RuleBroken: no report was sent yet, or the day is over.
    """
    review_services.require(review, *SENT)
    if action.due_on < london_date(at):
        raise RuleBroken("action-day", "The day must be today or later", "due_on")
    row = ImprovementAction(
        review=review,
        criterion_code=action.code,
        what=action.what.strip(),
        owner=action.owner.strip(),
        due_on=action.due_on,
        planned_at=at,
        planned_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "improvement planned", row, at=at, criterion=action.code)
    return row


def finish_action(action: ImprovementAction, *, actor: Person, at: datetime) -> None:
    """Say that an action is done; nothing changes where it was."""
    if action.done_at is None:
        action.done_at, action.done_by_id = at, actor.id
        db.session.flush()
        record(actor, "improvement done", action, at=at)


def hand_in_plan(review: ProviderReview, *, actor: Person, at: datetime) -> None:
    """Say that the action plan is whole; actions may still be added.

    Raises:
        RuleBroken: the report is not final, the plan is empty, or it was handed in.
    """
    review_services.require(review, ReviewStatus.FINAL)
    if not queries.actions_of(review):
        raise RuleBroken("plan-empty", "Plan the first action before you hand the plan in.")
    if review_rules.ACTION_PLAN in reviews.step_days(review):
        raise RuleBroken("plan-there", "The action plan is handed in already.")
    review_services.take_step(review, review_rules.ACTION_PLAN, actor=actor, at=at)


def keep_up(review: ProviderReview, place: int, words: str, *, actor: Person, at: datetime) -> None:
    """Say that one part of this year's upkeep is done; with the last one the year is.

    Raises:
        RuleBroken: there is nothing to keep up, the mark lapsed, or the part is done already.
    """
    require_upkeep(review)
    year, parts = queries.year_of_upkeep(review), queries.kept_by(review)
    done = {one.place for one in queries.upkeep_of(review) if one.year == year}
    if place not in upkeep_left(parts, done):
        raise RuleBroken("upkeep-done", "Choose what is still to be done", "place")
    row = UpkeepDone(
        review_id=review.id, year=year, place=place, words=words.strip(), done_at=at, done_by=actor
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "upkeep done", review, at=at, year=year, place=place)
    if not upkeep_left(parts, done | {place}):
        review_services.take_step(review, review_rules.UPKEEP, actor=actor, at=at)


def require_upkeep(review: ProviderReview) -> None:
    """Refuse unless there is an upkeep to be done.

    Raises:
        RuleBroken: the review is not final, its award has no further year, or the mark lapsed.
    """
    review_services.require(review, ReviewStatus.FINAL)
    certificate = certificate_of(review)
    if certificate is not None and certificate.lapsed_on is not None:
        raise RuleBroken("upkeep-lapsed", "The mark has lapsed. A new review can earn it again.")
    if reviews.upkeep_due_on(review) is None:
        raise RuleBroken("upkeep-none", "There is no yearly upkeep to be done.")


def lapse(review: ProviderReview, reason: str, *, actor: Person, at: datetime) -> None:
    """Let a mark lapse because its upkeep was not done.

    Raises:
        RuleBroken: there is no certificate, it lapsed already, or the upkeep is not overdue.
    """
    review_services.require(review, ReviewStatus.FINAL)
    certificate, today = certificate_of(review), london_date(at)
    if certificate is None or certificate.lapsed_on is not None:
        raise RuleBroken("lapse-none", "There is no certificate in force.")
    if fault := lapse_fault(reviews.upkeep_due_on(review), today):
        raise RuleBroken("lapse-early", fault)
    certificate.lapsed_on, certificate.lapsed_by_id = today, actor.id
    certificate.lapse_reason = reason.strip()
    db.session.flush()
    record(actor, "certificate lapsed", certificate, at=at)
    tell(review.lead_contact, "certificate lapsed", behalf=review.organisation, at=at)
