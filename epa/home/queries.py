"""How an employer's or a provider's apprentices stand: stage, next date, last day, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import selectinload

from epa.clock import london_date
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import current_attempts, periods_of
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import assessments
from epa.people.models import Person
from epa.people.rules import Permission

_UNDER_WAY: Final = (Stage.GATEWAY, Stage.ASSESSMENT, Stage.RESULTS, Stage.PAUSED)


@dataclass(frozen=True)
class Standing:
    """One apprentice under way: what comes next and when, and the last day of their period."""

    assessment: EndPointAssessment
    next_title: str
    next_at: datetime | None
    ends_on: date | None
    days_left: int | None


def standing_of(person: Person, at: datetime, most: int) -> list[Standing]:
    """The apprentices within reach who are past the programme, the nearest last day first.

    Of a method only its date is said; nothing here changes with a grade that is not released.
    """
    query = assessments(person, Permission.VIEW_ASSESSMENT).where(
        EndPointAssessment.stage.in_(_UNDER_WAY)
    )
    with_attempts = selectinload(EndPointAssessment.attempts).lazyload(MethodAttempt.allocations)
    rows = db.session.scalars(query.options(with_attempts)).all()
    periods, today = periods_of(rows), london_date(at)
    found = []
    for row in rows:
        coming = sorted(
            (one.scheduled_at, one.method_code)
            for one in current_attempts(row).values()
            if one.scheduled_at is not None and one.scheduled_at >= at
        )
        next_at, code = coming[0] if coming else (None, "")
        title = framework_of(row).methods[code].short_title if code else ""
        ends_on = periods[row.id].ends_on if row.id in periods else None
        left = (ends_on - today).days if ends_on else None
        found.append(Standing(row, title, next_at, ends_on, left))
    found.sort(key=lambda one: (one.ends_on or date.max, one.assessment.apprenticeship.person.name))
    return found[:most]
