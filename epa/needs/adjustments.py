"""What adjustments ask for: of the panel a decision, of who books another date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, or_, select

from epa.adjustments.models import AdjustmentRequest
from epa.adjustments.queries import queue, to_carry
from epa.adjustments.rules import OPEN_STAGES, RequestState
from epa.allowances.models import ReasonableAdjustment
from epa.booking.appointments import misfit
from epa.booking.models import Booking
from epa.booking.queries import method_of
from epa.booking.states import BookingStatus
from epa.clock import london_date
from epa.database import prepared
from epa.invigilation.fitting import clash_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import assessments, attempts
from epa.needs.making import attempt_need, need_for
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.readers import NamedReader, rows_within
from epa.people.rules import Permission


def adjustments_to_decide(person: Person, _at: datetime) -> Iterator[Need]:
    """Requests that wait for the panel."""
    for asked in rows_within(person, select(AdjustmentRequest), _waiting):
        yield Need(
            what="Decide on an adjustment",
            who=asked.assessment.apprenticeship.person.name,
            text="What is granted holds for those who run the day; why stays with the panel.",
            action="Decide",
            place="adjustments.decide",
            assessment_id=asked.assessment_id,
            since=london_date(asked.requested_at),
            parameters={"asked_id": asked.id},
        )


def adjustments_from_before(person: Person, _at: datetime) -> Iterator[Need]:
    """What was granted in an assessment before and is not asked for again: of those who may ask."""
    for one in rows_within(person, select(EndPointAssessment), _granted_before):
        if to_carry(one):
            yield need_for(
                one,
                "Say which adjustments are needed again",
                "What was granted before does not hold by itself.",
                "Say it",
                "adjustments.show",
                since=london_date(one.stage_since),
            )


def dates_too_short(person: Person, at: datetime) -> Iterator[Need]:
    """Dates that are set, and no longer fit since the method takes longer."""
    for one in rows_within(person, select(MethodAttempt), _adjusted, at=at):
        if found := misfit(one, at=at) or clash_of(one):
            yield attempt_need(
                one,
                f"The {method_of(one).short_title.lower()} no longer fits its time",
                found.message,
                "Move it",
                "booking.book",
                london_date(one.scheduled_at) if one.scheduled_at else None,
                since=london_date(at),
            )


@prepared
def _waiting(reader: NamedReader) -> Select[UUID]:
    return queue(reader, RequestState.WAITING).with_only_columns(AdjustmentRequest.id)


@prepared
def _granted_before(reader: NamedReader) -> Select[UUID]:
    granted_before = exists().where(
        ReasonableAdjustment.assessment_id == EndPointAssessment.previous_id
    )
    return (
        assessments(reader, Permission.REQUEST_ADJUSTMENT)
        .where(EndPointAssessment.stage.in_(OPEN_STAGES), granted_before)
        .with_only_columns(EndPointAssessment.id)
    )


@prepared
def _adjusted(reader: NamedReader) -> Select[UUID]:
    """Open attempts with adjustments, and with a date that is set or held."""
    adjusted = exists().where(
        ReasonableAdjustment.assessment_id == MethodAttempt.assessment_id,
        ReasonableAdjustment.method_code == MethodAttempt.method_code,
    )
    held = MethodAttempt.id.in_(
        select(Booking.attempt_id).where(
            Booking.status == BookingStatus.HELD,
            Booking.held_until >= bindparam("at"),
            Booking.starts_at > bindparam("at"),
        )
    )
    query = attempts(reader, Permission.BOOK).where(
        adjusted,
        EndPointAssessment.stage == Stage.ASSESSMENT,
        MethodAttempt.grade.is_(None),
        or_(MethodAttempt.scheduled_at > bindparam("at"), held),
    )
    return query.with_only_columns(MethodAttempt.id)
