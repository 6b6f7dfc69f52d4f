"""Who might be given a duty on an attempt, and what stands against each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select

from epa.booking.queries import duties_of, holders
from epa.booking.rules import APART, ROLES_FOR, Hindrance, Standing, hindrances
from epa.database import db
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Duty
from epa.people.models import ConflictOfInterest, Person, RoleAssignment
from epa.people.rules import Role


@dataclass(frozen=True)
class Candidate:
    """Somebody with a role for a duty, and everything that stands against them."""

    person: Person
    against: tuple[Hindrance, ...]


def candidates(attempt: MethodAttempt, *, on: date) -> dict[Duty, list[Candidate]]:
    """For each duty everybody with a role for it at this EPAO: who may first, then by name.

    Whoever holds the duty is among them, also when the role has ended since.
    """
    people = _people_for(attempt, frozenset().union(*(ROLES_FOR[d] for d in duties_of(attempt))))
    held = holders(attempt)
    found = {}
    for duty in duties_of(attempt):
        able = [one for one in people if _has_role(one, attempt, duty) or one is held.get(duty)]
        listed = [Candidate(*pair) for pair in standings(attempt, duty, able, held, on=on)]
        found[duty] = sorted(listed, key=lambda it: (bool(it.against), it.person.search_name))
    return found


def standings(
    attempt: MethodAttempt,
    duty: Duty,
    people: Sequence[Person],
    intended: Mapping[Duty, Person],
    *,
    on: date,
) -> list[tuple[Person, tuple[Hindrance, ...]]]:
    """What stands between each of these people and a duty.

    Args:
        attempt: the attempt.
        duty: one of its duties.
        people: whom to look at.
        intended: who is to hold which duty in the end.
        on: the London date on which a conflict counts.
    """
    conflicts = _conflicts(attempt.assessment, people, on=on)
    other = intended.get(APART[duty]) if duty in APART else None
    apprenticeship = attempt.assessment.apprenticeship
    return [
        (
            person,
            hindrances(
                Standing(
                    name=person.name,
                    has_role=_has_role(person, attempt, duty),
                    is_disabled=person.disabled_at is not None,
                    is_apprentice=person.id == apprenticeship.person_id,
                    works_for=_works_for(person, apprenticeship),
                    conflicts=tuple(sorted({one.kind for one in conflicts[person.id]})),
                    has_other_duty=other is not None and other.id == person.id,
                ),
                duty,
            ),
        )
        for person in people
    ]


def _people_for(attempt: MethodAttempt, roles: frozenset[Role]) -> list[Person]:
    at_epao = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.organisation_id == attempt.assessment.epao_id,
        RoleAssignment.ended_at.is_(None),
        RoleAssignment.role.in_(roles),
    )
    holding = exists().where(Allocation.attempt_id == attempt.id, Allocation.person_id == Person.id)
    return list(db.session.scalars(select(Person).where(or_(at_epao, holding))))


def _has_role(person: Person, attempt: MethodAttempt, duty: Duty) -> bool:
    return any(
        held.role in ROLES_FOR[duty] and held.organisation_id == attempt.assessment.epao_id
        for held in person.roles_held
        if held.ended_at is None
    )


def _works_for(person: Person, apprenticeship: Apprenticeship) -> tuple[str, ...]:
    theirs = {held.organisation_id for held in person.roles_held if held.ended_at is None}
    bodies = ((apprenticeship.employer_id, "employer"), (apprenticeship.provider_id, "provider"))
    return tuple(body for organisation_id, body in bodies if organisation_id in theirs)


def _conflicts(
    assessment: EndPointAssessment, people: Sequence[Person], *, on: date
) -> dict[UUID, list[ConflictOfInterest]]:
    """Declared conflicts with the apprentice, employer or provider that nobody scrutinised."""
    apprenticeship = assessment.apprenticeship
    bodies = [one for one in (apprenticeship.employer_id, apprenticeship.provider_id) if one]
    found = db.session.scalars(
        select(ConflictOfInterest).where(
            ConflictOfInterest.person_id.in_([person.id for person in people]),
            ConflictOfInterest.scrutinised_at.is_(None),
            or_(ConflictOfInterest.ended_on.is_(None), ConflictOfInterest.ended_on > on),
            or_(
                ConflictOfInterest.with_person_id == apprenticeship.person_id,
                ConflictOfInterest.with_organisation_id.in_(bodies),
            ),
        )
    )
    by_person: dict[UUID, list[ConflictOfInterest]] = defaultdict(list)
    for conflict in found:
        by_person[conflict.person_id].append(conflict)
    return by_person
