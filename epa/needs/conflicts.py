"""Duties that somebody holds against a conflict of interest, such as after a change of employer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, exists, or_, select

from epa.booking.candidates import against_holders
from epa.booking.queries import method_of
from epa.clock import london_date
from epa.database import prepared
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import attempts
from epa.needs.making import attempt_need
from epa.needs.rules import Need
from epa.people.models import ConflictOfInterest, Person, RoleAssignment
from epa.people.readers import NamedReader, rows_within
from epa.people.rules import EPAO_ROLES, Permission


def duties_in_conflict(person: Person, at: datetime) -> Iterator[Need]:
    """Duties on open methods whose holder must not have them as things stand."""
    today = london_date(at)
    for one in rows_within(person, select(MethodAttempt), _suspect, on=today):
        if against := against_holders(one, on=today):
            yield attempt_need(
                one,
                f"A conflict of interest in the {method_of(one).short_title.lower()}",
                " ".join(message for _, message in against),
                "Allocate",
                "booking.allocate",
                london_date(one.scheduled_at) if one.scheduled_at else None,
                since=today,
            )


@prepared
def _suspect(reader: NamedReader) -> Select[UUID]:
    """Open attempts on which somebody holds a duty who may have a conflict."""
    return (
        attempts(reader, Permission.BOOK)
        .where(
            EndPointAssessment.stage == Stage.ASSESSMENT,
            MethodAttempt.grade.is_(None),
            or_(_declared(), _by_role()),
        )
        .with_only_columns(MethodAttempt.id)
    )


def _declared() -> ColumnElement[bool]:
    return exists().where(
        Allocation.attempt_id == MethodAttempt.id,
        ConflictOfInterest.person_id == Allocation.person_id,
        ConflictOfInterest.scrutinised_at.is_(None),
        or_(ConflictOfInterest.ended_on.is_(None), ConflictOfInterest.ended_on > bindparam("on")),
        or_(
            ConflictOfInterest.with_person_id == Apprenticeship.person_id,
            ConflictOfInterest.with_organisation_id == Apprenticeship.employer_id,
            ConflictOfInterest.with_organisation_id == Apprenticeship.provider_id,
        ),
    )


def _by_role() -> ColumnElement[bool]:
    """Somebody who holds a duty has a role at the employer or the provider, declared or not."""
    return exists().where(
        Allocation.attempt_id == MethodAttempt.id,
        RoleAssignment.person_id == Allocation.person_id,
        RoleAssignment.ended_at.is_(None),
        RoleAssignment.role.not_in(EPAO_ROLES),
        or_(
            RoleAssignment.organisation_id == Apprenticeship.employer_id,
            RoleAssignment.organisation_id == Apprenticeship.provider_id,
        ),
    )
