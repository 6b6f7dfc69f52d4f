"""Periods about to close though every method is booked, and those that are over without a Pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import selectinload

from epa.clock import london_date
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.period import Period
from epa.lifecycle.queries import current_attempts, periods_of
from epa.lifecycle.rules import Duty, Stage
from epa.lifecycle.scope import assessments
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission
from epa.resits.queries import method_states, requests_under_way
from epa.resits.rules import OPEN_STAGES, closing_fault
from epa.settings import queries as settings
from epa.web.filters import listed, weekday_date


def periods_about_to_close(person: Person, at: datetime) -> Iterator[Need]:
    """Assessments whose last day is near and that still have a method without a grade, or are over.

    Those with something to book or allocate are there already, for that.
    """
    query = assessments(person, Permission.BOOK).where(
        EndPointAssessment.stage.in_(OPEN_STAGES), EndPointAssessment.epa_starts_on.is_not(None)
    )
    loaded = selectinload(EndPointAssessment.attempts)
    rows = db.session.scalars(
        query.options(loaded, loaded.selectinload(MethodAttempt.allocations))
    ).all()
    periods, today = periods_of(rows), london_date(at)
    over = {row.id for row in _to_close(rows, periods, today)}
    last = today + timedelta(days=settings.value("urgent_days"))
    for row in rows:
        ends_on = periods[row.id].ends_on
        if row.id in over:
            yield _closing_need(row, ends_on)
        elif row.stage is Stage.ASSESSMENT and ends_on < last and (need := _need(row, ends_on)):
            yield need


def _to_close(
    rows: Sequence[EndPointAssessment], periods: Mapping[UUID, Period], today: date
) -> list[EndPointAssessment]:
    """Those whose last day has passed and that nothing stands in the way of closing."""
    over = [row for row in rows if periods[row.id].is_over(today)]
    asked = requests_under_way([one.id for row in over for one in row.attempts])
    return [
        row
        for row in over
        if not closing_fault(
            method_states(row, today).values(),
            stage=row.stage,
            is_over=True,
            has_request=any(one.id in asked for one in row.attempts),
        )
    ]


def _closing_need(row: EndPointAssessment, ends_on: date) -> Need:
    return Need(
        what="Decide on a period that is over",
        who=row.apprenticeship.person.name,
        text=f"The last day was {weekday_date(ends_on)}, and not every method is passed. It is"
        " closed as failed, unless another attempt is asked for under exceptional circumstances.",
        action="Close as failed",
        place="resits.close",
        assessment_id=row.id,
        due_on=ends_on,
        parameters={"assessment_id": row.id},
    )


def _need(row: EndPointAssessment, ends_on: date) -> Need | None:
    open_ones = [one for one in current_attempts(row).values() if one.grade is None]
    if not open_ones or any(map(_lacks, open_ones)):
        return None
    titles = [framework_of(row).methods[one.method_code].short_title for one in open_ones]
    return Need(
        what="The period closes",
        who=row.apprenticeship.person.name,
        text=f"Last day {weekday_date(ends_on)}. No grade yet: {listed(titles).lower()}.",
        action="See the record",
        place="record.show",
        assessment_id=row.id,
        due_on=ends_on,
        parameters={"assessment_id": row.id},
    )


def _lacks(attempt: MethodAttempt) -> bool:
    duties = framework_of(attempt.assessment).methods[attempt.method_code].duties
    return attempt.scheduled_at is None or any(
        attempt.allocated(Duty(duty)) is None for duty in duties
    )
