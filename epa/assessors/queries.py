"""Who assesses and invigilates for an EPAO, how they stand, and when they can be booked."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Select, exists, select

from epa.assessors.models import AvailabilitySlot, Competence, Standardisation
from epa.assessors.rules import AvailabilityKind, valid_until
from epa.database import db
from epa.in_transaction import Kept
from epa.people.models import Person, RoleAssignment
from epa.people.queries import epao_ids
from epa.people.rules import Permission, Role
from epa.policies.queries import booking_policy

_competences: Final[Kept[list[Competence]]] = Kept(Competence, holds_rows=True)
_standardisations: Final[Kept[list[Standardisation]]] = Kept(Standardisation, holds_rows=True)
_availability: Final[Kept[list[AvailabilitySlot]]] = Kept(AvailabilitySlot, holds_rows=False)
BOOKED_ROLES: Final = frozenset({Role.INDEPENDENT_ASSESSOR, Role.INVIGILATOR, Role.MARKER})


@dataclass(frozen=True)
class Standing:
    """One line of the list of assessors: until when somebody may assess, if they may."""

    person: Person
    roles: tuple[Role, ...]
    competent_until: date | None
    is_competent: bool
    standardised_until: date | None


def booked_people(epaos: Collection[UUID]) -> Select[Person]:
    """Those who assess, mark or invigilate for these EPAOs now, by name."""
    holds = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.organisation_id.in_(epaos),
        RoleAssignment.role.in_(BOOKED_ROLES),
        RoleAssignment.ended_at.is_(None),
    )
    return (
        select(Person)
        .where(holds, Person.disabled_at.is_(None))
        .order_by(Person.search_name, Person.id)
    )


def assessors(person: Person, permission: Permission) -> Select[Person]:
    """Those who assess, mark or invigilate where this person may do this, by name."""
    return booked_people(epao_ids(person, permission))


def assessor_for(person: Person, permission: Permission, assessor_id: UUID) -> Person | None:
    """One of them, if this person reaches them; else None, as for an unknown id."""
    return db.session.scalar(assessors(person, permission).where(Person.id == assessor_id))


def own_slot_for(person: Person, _permission: Permission, slot_id: UUID) -> AvailabilitySlot | None:
    """A stretch of availability that this person gave and has not taken back."""
    return db.session.scalar(
        select(AvailabilitySlot).where(
            AvailabilitySlot.id == slot_id,
            AvailabilitySlot.person_id == person.id,
            AvailabilitySlot.removed_at.is_(None),
        )
    )


def competence_for(
    person: Person, permission: Permission, competence_id: UUID
) -> Competence | None:
    """A competence of an EPAO at which this person may do this; else None."""
    return db.session.scalar(
        select(Competence).where(
            Competence.id == competence_id,
            Competence.epao_id.in_(epao_ids(person, permission)),
        )
    )


def competences(person_ids: Collection[UUID], epao_id: UUID) -> dict[UUID, list[Competence]]:
    """What people are competent for at an EPAO, by person, earliest first."""
    kept = _competences.of(person_ids, _competent)
    return {key: [one for one in held if one.epao_id == epao_id] for key, held in kept.items()}


def _competent(person_ids: Collection[UUID]) -> dict[UUID, list[Competence]]:
    found: dict[UUID, list[Competence]] = {one: [] for one in person_ids}
    query = select(Competence).where(Competence.person_id.in_(person_ids))
    for one in db.session.scalars(query.order_by(Competence.competent_from)):
        found[one.person_id].append(one)
    return found


def standardisations(
    person_ids: Collection[UUID], epao_id: UUID
) -> dict[UUID, list[Standardisation]]:
    """The standardisations that people attended at an EPAO, by person, latest first."""
    kept = _standardisations.of(person_ids, _standardised)
    return {key: [one for one in held if one.epao_id == epao_id] for key, held in kept.items()}


def _standardised(person_ids: Collection[UUID]) -> dict[UUID, list[Standardisation]]:
    found: dict[UUID, list[Standardisation]] = {one: [] for one in person_ids}
    query = select(Standardisation).where(Standardisation.person_id.in_(person_ids))
    for one in db.session.scalars(query.order_by(Standardisation.attended_on.desc())):
        found[one.person_id].append(one)
    return found


def last_valid_day(one: Standardisation) -> date:
    """The last day on which a standardisation counts, by the policy in force when it was held."""
    months = booking_policy(one.attended_on).standardisation_months
    return valid_until(one.attended_on, months)


def standings(people: Collection[Person], epao_id: UUID, *, on: date) -> list[Standing]:
    """How people stand at an EPAO on a day, in the order given."""
    ids = [one.id for one in people]
    competent, attended = competences(ids, epao_id), standardisations(ids, epao_id)
    found = []
    for person in people:
        now = [one for one in competent.get(person.id, []) if _covers(one, on)]
        until = [last_valid_day(one) for one in attended.get(person.id, [])]
        found.append(
            Standing(
                person=person,
                roles=tuple(sorted(person.roles & BOOKED_ROLES)),
                competent_until=max(
                    (it.competent_until for it in now if it.competent_until), default=None
                ),
                is_competent=bool(now),
                standardised_until=max(until, default=None),
            )
        )
    return found


def availability(person_ids: Collection[UUID]) -> dict[UUID, list[AvailabilitySlot]]:
    """When people can be booked and when they are away, by person, hours first."""
    return _availability.of(person_ids, _available)


def _available(person_ids: Collection[UUID]) -> dict[UUID, list[AvailabilitySlot]]:
    found: dict[UUID, list[AvailabilitySlot]] = {one: [] for one in person_ids}
    query = select(AvailabilitySlot).where(
        AvailabilitySlot.person_id.in_(person_ids), AvailabilitySlot.removed_at.is_(None)
    )
    order = (
        AvailabilitySlot.kind != AvailabilityKind.HOURS,
        AvailabilitySlot.weekday,
        AvailabilitySlot.first_on,
        AvailabilitySlot.starts,
    )
    for one in db.session.scalars(query.order_by(*order)):
        found[one.person_id].append(one)
    return found


def _covers(one: Competence, on: date) -> bool:
    return one.competent_from <= on and (one.competent_until is None or on <= one.competent_until)
