"""Presentation attempts within a person's reach, and the files submitted for them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select

from epa.clock import london_date
from epa.database import db
from epa.lifecycle import queries as lifecycle
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.period import presentation_due_on
from epa.people.models import Person
from epa.people.rules import Permission
from epa.presentation.models import PresentationSubmission


def attempt_for(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
    """An attempt at the presentation, if this person may do this to it; else None."""
    attempt = lifecycle.attempt_for(person, permission, attempt_id)
    if attempt is None:
        return None
    clock = framework_of(attempt.assessment).clock
    return attempt if attempt.method_code == clock.presentation_method else None


def submissions(attempt: MethodAttempt) -> list[PresentationSubmission]:
    """Every version of the file, newest first."""
    query = (
        select(PresentationSubmission)
        .where(PresentationSubmission.attempt_id == attempt.id)
        .order_by(PresentationSubmission.version.desc())
    )
    return list(db.session.scalars(query))


def newest_submission(attempt: MethodAttempt) -> PresentationSubmission | None:
    """The version that counts; None before the first."""
    return next(iter(submissions(attempt)), None)


def submission_of(attempt: MethodAttempt, version: int | None) -> PresentationSubmission | None:
    """One version by its number, the newest when no number is given; None when there is none."""
    found = submissions(attempt)
    if version is None:
        return next(iter(found), None)
    return next((one for one in found if one.version == version), None)


def file_due_on(attempt: MethodAttempt) -> date | None:
    """The last day for the file, inclusive; None before the EPA period has begun."""
    period = lifecycle.period_for(attempt)
    if period is None:
        return None
    clock = framework_of(attempt.assessment).clock
    return presentation_due_on(period, clock, london_date(attempt.opened_at), attempt.number)
