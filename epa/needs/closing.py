"""Periods that are about to close although every method has its people and its date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import selectinload

from epa.clock import london_date
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import current_attempts, periods_of
from epa.lifecycle.rules import Duty, Stage
from epa.lifecycle.scope import assessments
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission
from epa.settings import queries as settings
from epa.web.filters import listed, weekday_date


def periods_about_to_close(person: Person, at: datetime) -> Iterator[Need]:
    """Assessments whose last day is near and that still have a method without a grade.

    Those with something to book or allocate are there already, for that.
    """
    query = assessments(person, Permission.BOOK).where(
        EndPointAssessment.stage == Stage.ASSESSMENT, EndPointAssessment.epa_starts_on.is_not(None)
    )
    loaded = selectinload(EndPointAssessment.attempts)
    rows = db.session.scalars(
        query.options(loaded, loaded.selectinload(MethodAttempt.allocations))
    ).all()
    periods = periods_of(rows)
    last = london_date(at) + timedelta(days=settings.value("urgent_days"))
    for row in rows:
        ends_on = periods[row.id].ends_on
        open_ones = [one for one in current_attempts(row).values() if one.grade is None]
        if ends_on >= last or not open_ones or any(map(_lacks, open_ones)):
            continue
        titles = [framework_of(row).methods[one.method_code].short_title for one in open_ones]
        yield Need(
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
