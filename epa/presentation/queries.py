"""Presentation attempts within a person's reach, and the files submitted for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import Select, exists, select

from epa.clock import london_date
from epa.database import db
from epa.lifecycle import queries as lifecycle
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.period import presentation_due_on
from epa.lifecycle.rules import Stage
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
    return files_due_on([attempt]).get(attempt.id)


def files_due_on(attempts: Sequence[MethodAttempt]) -> dict[UUID, date]:
    """The last day for the file of each of many attempts, with two queries; see ``file_due_on``."""
    periods = lifecycle.periods_of([one.assessment for one in attempts])
    return {
        one.id: presentation_due_on(
            replace(periods[one.assessment_id], extended_to=one.closes_on),
            framework_of(one.assessment).clock,
            london_date(one.opened_at),
            one.number,
        )
        for one in attempts
        if one.assessment_id in periods
    }


def lacking_file(reached: Select[MethodAttempt]) -> Select[MethodAttempt]:
    """Those of some attempts, at whatever method, that are still to be held and have no file."""
    submitted = exists().where(PresentationSubmission.attempt_id == MethodAttempt.id)
    return reached.where(
        EndPointAssessment.stage == Stage.ASSESSMENT,
        MethodAttempt.held_on.is_(None),
        MethodAttempt.grade.is_(None),
        ~submitted,
    )


def without_file(reached: Select[MethodAttempt]) -> list[MethodAttempt]:
    """Those of some attempts that are presentations still to be held, with no file submitted."""
    found = db.session.scalars(lacking_file(reached)).unique()
    return [
        one
        for one in found
        if one.method_code == framework_of(one.assessment).clock.presentation_method
    ]


def every_open_attempt() -> Select[MethodAttempt]:
    """All attempts, for what comes round by itself and shows nothing to anybody."""
    return select(MethodAttempt).join(MethodAttempt.assessment)
