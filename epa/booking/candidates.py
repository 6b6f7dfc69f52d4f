"""Who might be given a duty on an attempt, and what stands against each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from epa.booking.queries import duties_of, holders
from epa.booking.rules import APART, ROLES_FOR, Hindrance, Standing, hindrances
from epa.database import db
from epa.lifecycle.models import Allocation, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Duty
from epa.people.models import Person, RoleAssignment
from epa.people.queries import conflicts_between
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
    other = intended.get(APART[duty]) if duty in APART else None
    found = []
    for person in people:
        declared, implied = _obstacles(attempt.assessment, person, on=on)
        standing = Standing(
            name=person.name,
            has_role=_has_role(person, attempt, duty),
            is_disabled=person.disabled_at is not None,
            declared=tuple(declared),
            implied=tuple(implied),
            has_other_duty=other is not None and other.id == person.id,
        )
        found.append((person, hindrances(standing, duty)))
    return found


def against_holders(attempt: MethodAttempt, *, on: date) -> list[tuple[Duty, str]]:
    """What stands against those who hold a duty now, in words; a graded attempt is left alone."""
    if attempt.grade is not None:
        return []
    held = holders(attempt)
    return [
        (duty, one.message)
        for duty, person in held.items()
        for _, against in standings(attempt, duty, [person], held, on=on)
        for one in against
    ]


def _people_for(attempt: MethodAttempt, roles: frozenset[Role]) -> list[Person]:
    at_epao = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.organisation_id == attempt.assessment.epao_id,
        RoleAssignment.ended_at.is_(None),
        RoleAssignment.role.in_(roles),
    )
    holding = exists().where(Allocation.attempt_id == attempt.id, Allocation.person_id == Person.id)
    query = select(Person).where(or_(at_epao, holding))
    return list(db.session.scalars(query.options(selectinload(Person.roles_held))))


def _has_role(person: Person, attempt: MethodAttempt, duty: Duty) -> bool:
    return any(
        held.role in ROLES_FOR[duty] and held.organisation_id == attempt.assessment.epao_id
        for held in person.roles_held
        if held.ended_at is None
    )


def _obstacles(
    assessment: EndPointAssessment, person: Person, *, on: date
) -> tuple[list[str], list[str]]:
    """What people know against somebody: declared and unscrutinised, and what lies in their roles."""
    apprenticeship = assessment.apprenticeship
    bodies = [one for one in (apprenticeship.employer_id, apprenticeship.provider_id) if one]
    found = conflicts_between(
        person, people_ids=[apprenticeship.person_id], organisation_ids=bodies, on=on
    )
    declared = [one.reason for one in found if one.conflict is not None]
    return declared, [one.reason for one in found if one.conflict is None]
