"""The history of an apprenticeship, and the facts that a change must look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, func, select

from epa.booking.queries import bookings_of, is_held, status_of
from epa.booking.states import WITH_TIME
from epa.changes.models import ApprenticeshipChange
from epa.changes.rules import OVER, ChangeKind, stage_on_return
from epa.clock import london_date
from epa.database import db
from epa.gateway.queries import review_of
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import (
    Apprenticeship,
    BreakInLearning,
    EndPointAssessment,
    MethodAttempt,
)
from epa.lifecycle.queries import current_attempts
from epa.lifecycle.rules import PLACEHOLDER_ULN, Stage


def history(assessment: EndPointAssessment) -> Sequence[ApprenticeshipChange]:
    """Every change of a record that was fetched within scope, the newest first."""
    query = select(ApprenticeshipChange).where(ApprenticeshipChange.assessment_id == assessment.id)
    return db.session.scalars(query.order_by(ApprenticeshipChange.number.desc())).all()


def next_number(assessment: EndPointAssessment) -> int:
    """The number of the next change, from 1."""
    count = select(func.count()).where(ApprenticeshipChange.assessment_id == assessment.id)
    return (db.session.scalar(count) or 0) + 1


def earliest_leave(assessment: EndPointAssessment) -> date:
    """The first day from which an apprentice can be away: after all that has happened."""
    held = [
        london_date(one.scheduled_at) if one.held_on is None and one.scheduled_at else one.held_on
        for one in assessment.attempts
        if one.held_on is not None or one.grade is not None
    ]
    happened = [day for day in held if day is not None]
    ended = [one.ended_on for one in assessment.apprenticeship.breaks if one.ended_on]
    return max(
        [
            assessment.apprenticeship.learning_start_on,
            *(day + timedelta(days=1) for day in [*happened, *ended]),
        ]
    )


def open_break(assessment: EndPointAssessment) -> BreakInLearning | None:
    """The break in learning that lasts."""
    breaks = assessment.apprenticeship.breaks
    return next((one for one in reversed(breaks) if one.ended_on is None), None)


def away_since(assessment: EndPointAssessment) -> date:
    """The first day on which a paused or withdrawn apprentice was away."""
    if (lasting := open_break(assessment)) is not None:
        return lasting.started_on
    left = select(ApprenticeshipChange.holds_from).where(
        ApprenticeshipChange.assessment_id == assessment.id,
        ApprenticeshipChange.kind == ChangeKind.WITHDRAWN,
    )
    found = db.session.scalar(left.order_by(ApprenticeshipChange.number.desc()).limit(1))
    return found or london_date(assessment.stage_since)


def returns_to(assessment: EndPointAssessment) -> Stage:
    """The stage at which a paused or withdrawn apprentice goes on."""
    review = review_of(assessment)
    newest = current_attempts(assessment)
    return stage_on_return(
        is_accepted=assessment.gateway_accepted_at is not None,
        is_graded=set(newest) == set(framework_of(assessment).methods)
        and all(one.grade for one in newest.values()),
        is_begun=review is not None and any(one.number for one in review.requirements),
    )


@dataclass(frozen=True)
class Dated:
    """When and where an attempt is to be held."""

    attempt: MethodAttempt
    starts_at: datetime
    place: str


def dated_from(assessment: EndPointAssessment, on: date, *, at: datetime) -> list[Dated]:
    """The attempts not held yet whose date, held or confirmed, is on a day or after it."""
    kept = bookings_of([one.id for one in assessment.attempts])
    found = []
    for attempt in assessment.attempts:
        booking = kept.get(attempt.id)
        stands = booking or attempt
        starts_at = booking.starts_at if booking else attempt.scheduled_at
        if starts_at is None or london_date(starts_at) < on or is_held(attempt):
            continue
        if status_of(attempt, at=at) in WITH_TIME:
            found.append(Dated(attempt, starts_at, stands.place or ""))
    return found


def uln_is_taken(uln: str, by_other_than: Apprenticeship) -> bool:
    """Whether another open registration for the same standard has this number."""
    if uln == PLACEHOLDER_ULN:
        return False
    query = select(
        exists().where(
            Apprenticeship.uln == uln,
            Apprenticeship.standard_reference == by_other_than.standard_reference,
            Apprenticeship.id != by_other_than.id,
            EndPointAssessment.apprenticeship_id == Apprenticeship.id,
            EndPointAssessment.stage.not_in(OVER),
        )
    )
    return bool(db.session.scalar(query))


def is_registered_again(assessment: EndPointAssessment) -> bool:
    """Whether the learner has another open registration for the same standard by now."""
    return uln_is_taken(assessment.apprenticeship.uln, assessment.apprenticeship)
