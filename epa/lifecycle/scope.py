"""Which assessments and attempts a person reaches, by the role that grants what they want to do.

The second half of access control: GRANTS says what a role may do, REACH says to which records.
Every list, page, search, count and export starts from these two queries, so that what is out of
scope does not exist for the person who asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import aliased

from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Duty
from epa.people.readers import Held, Reader
from epa.people.rules import GRANTS, Permission, Role

_DUTIES: Final[dict[Role, frozenset[Duty]]] = {
    Role.INDEPENDENT_ASSESSOR: frozenset(
        {Duty.ASSESSOR, Duty.FIRST_MARKER, Duty.SECOND_MARKER, Duty.INVIGILATOR}
    ),
    Role.MARKER: frozenset({Duty.FIRST_MARKER, Duty.SECOND_MARKER}),
    Role.INVIGILATOR: frozenset({Duty.INVIGILATOR}),
}


def _own(held: Held) -> ColumnElement[bool]:
    return Apprenticeship.person_id == held.person_id


def _of_epao(held: Held) -> ColumnElement[bool]:
    return EndPointAssessment.epao_id == held.organisation_id


def _of_employer(held: Held) -> ColumnElement[bool]:
    return Apprenticeship.employer_id == held.organisation_id


def _of_provider(held: Held) -> ColumnElement[bool]:
    return Apprenticeship.provider_id == held.organisation_id


_REACH: Final[dict[Role, Callable[[Held], ColumnElement[bool]]]] = {
    Role.ADMINISTRATOR: _of_epao,
    Role.INTERNAL_QUALITY_ASSURER: _of_epao,
    Role.AUDITOR: _of_epao,
    Role.APPRENTICE: _own,
    Role.EMPLOYER: _of_employer,
    Role.TRAINING_PROVIDER: _of_provider,
}


def _granting(person: Reader, permission: Permission) -> list[Held]:
    return [held for held in person.current_roles if permission in GRANTS[held.role]]


def _allocated(held: Held) -> Select[UUID]:
    """The attempts on which the role's holder has a duty of that role.

    Asked for by itself and not attempt by attempt: somebody has a few hundred duties, an EPAO
    tens of thousands of attempts.
    """
    return select(Allocation.attempt_id).where(
        Allocation.person_id == held.person_id, Allocation.duty.in_(_DUTIES[held.role])
    )


def _reaches_attempt(held: Held) -> ColumnElement[bool]:
    if held.role in _DUTIES:
        return and_(_of_epao(held), MethodAttempt.id.in_(_allocated(held)))
    return _REACH[held.role](held) if held.role in _REACH else false()


def reaches_by_duty(held: Held, duty: Duty) -> ColumnElement[bool]:
    """Whether a role reaches an attempt on which its holder is known to have this duty."""
    return _of_epao(held) if duty in _DUTIES.get(held.role, ()) else false()


def _reaches_assessment(held: Held) -> ColumnElement[bool]:
    if held.role in _DUTIES:
        own = aliased(MethodAttempt)
        within = select(own.assessment_id).where(own.id.in_(_allocated(held)))
        return and_(_of_epao(held), EndPointAssessment.id.in_(within))
    return _REACH[held.role](held) if held.role in _REACH else false()


def assessments(person: Reader, permission: Permission) -> Select[EndPointAssessment]:
    """The assessments on which this person may do this."""
    return (
        select(EndPointAssessment)
        .join(EndPointAssessment.apprenticeship)
        .where(or_(false(), *map(_reaches_assessment, _granting(person, permission))))
    )


def attempts(person: Reader, permission: Permission) -> Select[MethodAttempt]:
    """The attempts on which this person may do this: an assessor reaches only their own."""
    return (
        select(MethodAttempt)
        .join(MethodAttempt.assessment)
        .join(EndPointAssessment.apprenticeship)
        .where(or_(false(), *map(_reaches_attempt, _granting(person, permission))))
    )
