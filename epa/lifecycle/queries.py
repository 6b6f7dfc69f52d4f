"""Finding assessments and attempts within a person's scope, with their definition and clock."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.period import Period, epa_period
from epa.lifecycle.scope import assessments, attempts
from epa.people.models import Person
from epa.people.rules import Permission


def assessment_for(
    person: Person, permission: Permission, assessment_id: UUID
) -> EndPointAssessment | None:
    """The assessment, if this person may do this to it; else None, as for an unknown id."""
    query = assessments(person, permission).where(EndPointAssessment.id == assessment_id)
    return db.session.scalar(query)


def attempt_for(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
    """The attempt, if this person may do this to it; else None, as for an unknown id."""
    return db.session.scalar(attempts(person, permission).where(MethodAttempt.id == attempt_id))


def current_attempts(assessment: EndPointAssessment) -> dict[str, MethodAttempt]:
    """The newest attempt at each method, by method code, in the definition's order."""
    newest = {attempt.method_code: attempt for attempt in assessment.attempts}
    return {code: newest[code] for code in framework_of(assessment).methods if code in newest}


def period_of(assessment: EndPointAssessment) -> Period | None:
    """The EPA period with the date that binds; None before the gateway is accepted."""
    if assessment.epa_starts_on is None:
        return None
    first = db.session.scalar(
        select(func.min(MethodAttempt.held_on)).where(MethodAttempt.assessment_id == assessment.id)
    )
    return epa_period(assessment.epa_starts_on, framework_of(assessment).clock, first)
