"""Which people, organisations and conflicts somebody reaches, and what stands between two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import selectinload

from epa.database import ask, db
from epa.in_transaction import Kept
from epa.people.models import (
    ConflictOfInterest,
    Organisation,
    OrganisationKindHeld,
    Person,
    RoleAssignment,
)
from epa.people.names import email_key, in_pattern, search_form
from epa.people.readers import Reader
from epa.people.rules import (
    CLIENT_KINDS,
    CONFLICT_TITLES,
    EPAO_ROLES,
    GRANTS,
    OrganisationKind,
    Permission,
    Role,
)

_declared: Final[Kept[list[ConflictOfInterest]]] = Kept(ConflictOfInterest, holds_rows=True)


def epao_ids(person: Reader, permission: Permission) -> frozenset[UUID]:
    """The EPAOs at which a role of this person grants a permission."""
    return frozenset(
        cast("UUID", held.organisation_id)  # of a named reader a name for it
        for held in person.current_roles
        if held.role in EPAO_ROLES and permission in GRANTS[held.role]
    )


def belongs_to(epaos: Collection[UUID]) -> ColumnElement[bool]:
    """Whether a person holds or held a role at one of these EPAOs."""
    return exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.role.in_(EPAO_ROLES),
        RoleAssignment.organisation_id.in_(epaos),
    )


def belongs_elsewhere(epaos: Collection[UUID]) -> ColumnElement[bool]:
    """Whether a person holds or held a role at an EPAO other than these."""
    return exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.role.in_(EPAO_ROLES),
        RoleAssignment.organisation_id.not_in(epaos),
    )


def people(person: Reader, permission: Permission) -> Select[Person]:
    """Whom this person reaches: everybody of their EPAO, and the contacts of clients.

    Client organisations and their contacts are shared between EPAOs; whoever belongs to another
    EPAO is not there (docs/decisions/0011-reach-of-people.md).
    """
    epaos = epao_ids(person, permission)
    if not epaos:
        return select(Person).where(false())
    reached = select(Person).where(or_(belongs_to(epaos), ~belongs_elsewhere(epaos)))
    return reached.options(selectinload(Person.roles_held))


def person_for(person: Person, permission: Permission, person_id: UUID) -> Person | None:
    """The person, if this one reaches them; else None, as for an unknown id."""
    return db.session.scalar(people(person, permission).where(Person.id == person_id))


def ours_for(person: Person, permission: Permission, person_id: UUID) -> Person | None:
    """The person, if they belong to no other EPAO: only then their account is ours to change.

    Otherwise an administrator could take over somebody else's administrator by their address.
    """
    epaos = epao_ids(person, permission)
    query = people(person, permission).where(Person.id == person_id, ~belongs_elsewhere(epaos))
    return db.session.scalar(query)


def person_with_address(person: Person, permission: Permission, email: str) -> Person | None:
    """Whoever has this address, if this person reaches them."""
    return db.session.scalar(people(person, permission).where(Person.email_key == email_key(email)))


@dataclass(frozen=True)
class PeopleFilter:
    """How a list of people is narrowed; None or empty leaves it wide."""

    words: str = ""
    role: Role | None = None
    kind: OrganisationKind | None = None
    is_disabled: bool | None = None


def is_called(word: str | BindParameter[str]) -> ColumnElement[bool]:
    """Whether a person's name or address has a word in it (`in_pattern`)."""
    name, address = Person.search_name, Person.email_key
    return or_(name.contains(word, escape="/"), address.contains(word, escape="/"))


def narrowed(query: Select[Person], by: PeopleFilter) -> Select[Person]:
    """A list of people narrowed by what was asked for."""
    for word in search_form(by.words).split():
        query = query.where(is_called(in_pattern(word)))
    if by.is_disabled is not None:
        query = query.where(
            Person.disabled_at.is_not(None) if by.is_disabled else Person.disabled_at.is_(None)
        )
    current = [RoleAssignment.person_id == Person.id, RoleAssignment.ended_at.is_(None)]
    if by.role is not None:
        query = query.where(exists().where(*current, RoleAssignment.role == by.role))
    if by.kind is not None:
        query = query.where(
            exists().where(
                *current,
                RoleAssignment.organisation_id == OrganisationKindHeld.organisation_id,
                OrganisationKindHeld.kind == by.kind,
            )
        )
    return query


def ordered(query: Select[Person], key: str, *, descending: bool) -> Select[Person]:
    """A list of people by ``name``, ``email`` or ``added``, one person never twice or lost."""
    column: ColumnElement[object] = {
        "email": Person.email_key,
        "added": Person.created_at,
    }.get(key, Person.search_name)  # type: ignore[assignment]  # the columns' types differ
    return query.order_by(column.desc() if descending else column, Person.id)


def role_for(person: Person, permission: Permission, role_id: UUID) -> RoleAssignment | None:
    """A role that is held now, if this person may end it: at their EPAO or at a client."""
    held = db.session.get(RoleAssignment, role_id)
    if held is None or held.ended_at is not None:
        return None
    if held.role in EPAO_ROLES and held.organisation_id not in epao_ids(person, permission):
        return None
    return held if person_for(person, permission, held.person_id) else None


def _has_kind(kinds: Collection[OrganisationKind]) -> ColumnElement[bool]:
    return exists().where(
        OrganisationKindHeld.organisation_id == Organisation.id,
        OrganisationKindHeld.kind.in_(kinds),
    )


def organisations(person: Reader, permission: Permission) -> Select[Organisation]:
    """The organisations this person reaches: their EPAO, and every client."""
    epaos = epao_ids(person, permission)
    if not epaos:
        return select(Organisation).where(false())
    reached = select(Organisation).where(or_(Organisation.id.in_(epaos), _has_kind(CLIENT_KINDS)))
    return reached.options(selectinload(Organisation.kinds_held))


def organisation_for(
    person: Person, permission: Permission, organisation_id: UUID
) -> Organisation | None:
    """The organisation, if this person reaches it; else None, as for an unknown id."""
    query = organisations(person, permission).where(Organisation.id == organisation_id)
    return db.session.scalar(query)


def our_organisation_for(
    person: Person, permission: Permission, organisation_id: UUID
) -> Organisation | None:
    """The organisation, if this person may change it: not when it is another EPAO too."""
    epaos = epao_ids(person, permission)
    return db.session.scalar(
        organisations(person, permission).where(
            Organisation.id == organisation_id,
            or_(Organisation.id.in_(epaos), ~_has_kind({OrganisationKind.EPAO})),
        )
    )


def is_named(word: str | BindParameter[str]) -> ColumnElement[bool]:
    """Whether an organisation's name has a word in it (`in_pattern`), or its UKPRN is that."""
    return or_(Organisation.search_name.contains(word, escape="/"), Organisation.ukprn == word)


def narrowed_organisations(
    query: Select[Organisation], words: str, kind: OrganisationKind | None
) -> Select[Organisation]:
    """A list of organisations narrowed by words of the name or a UKPRN, and by kind; by name."""
    for word in search_form(words).split():
        query = query.where(is_named(in_pattern(word)))
    if kind is not None:
        query = query.where(_has_kind({kind}))
    return query.order_by(Organisation.search_name, Organisation.id)


def organisation_with_ukprn(ukprn: str) -> Organisation | None:
    """Whichever organisation has this UKPRN."""
    return db.session.scalar(select(Organisation).where(Organisation.ukprn == ukprn))


def person_with_email_key(key: str) -> Person | None:
    """Whoever has this address."""
    return db.session.scalar(select(Person).where(Person.email_key == key))


def contacts_of(organisation: Organisation, query: Select[Person]) -> Sequence[Person]:
    """Of the people found by a query, those with a role at an organisation now, by name."""
    held = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.organisation_id == organisation.id,
        RoleAssignment.ended_at.is_(None),
    )
    return db.session.scalars(query.where(held).order_by(Person.search_name, Person.id)).all()


def other_administrators(epao_id: UUID, but: Person) -> int:
    """How many others can administer an EPAO now; its row stays locked meanwhile.

    Two administrators who disable each other at once are put in a row by the lock.
    """
    db.session.execute(select(Organisation.id).where(Organisation.id == epao_id).with_for_update())
    count = db.session.scalar(
        select(func.count(func.distinct(RoleAssignment.person_id)))
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.organisation_id == epao_id,
            RoleAssignment.role == Role.ADMINISTRATOR,
            RoleAssignment.ended_at.is_(None),
            Person.disabled_at.is_(None),
            Person.id != but.id,
        )
    )
    return count or 0


def conflicts(person: Person) -> Select[ConflictOfInterest]:
    """The conflicts this person may see, the latest first.

    Their own, and those of their EPAO's people if they manage people there or scrutinise.
    """
    epaos = epao_ids(person, Permission.MANAGE_PEOPLE) | epao_ids(
        person, Permission.SCRUTINISE_CONFLICT
    )
    return (
        select(ConflictOfInterest)
        .join(Person, Person.id == ConflictOfInterest.person_id)
        .where(or_(Person.id == person.id, belongs_to(epaos) if epaos else false()))
        .order_by(ConflictOfInterest.declared_at.desc(), ConflictOfInterest.id)
    )


def open_conflict_for(
    person: Person, permission: Permission, conflict_id: UUID
) -> ConflictOfInterest | None:
    """A conflict that has not ended, of somebody of the EPAO at which this person may do this."""
    epaos = epao_ids(person, permission)
    return db.session.scalar(
        select(ConflictOfInterest)
        .join(Person, Person.id == ConflictOfInterest.person_id)
        .where(
            ConflictOfInterest.id == conflict_id,
            ConflictOfInterest.ended_on.is_(None),
            belongs_to(epaos) if epaos else false(),
        )
    )


@dataclass(frozen=True)
class Obstacle:
    """Why somebody must not assess a case: a sentence, and the declaration if there is one."""

    reason: str
    conflict: ConflictOfInterest | None = None


def conflicts_between(
    person: Person,
    *,
    people_ids: Collection[UUID],
    organisation_ids: Collection[UUID],
    on: date,
) -> list[Obstacle]:
    """What forbids a person to work on a case: empty when nothing does.

    Declared conflicts count until the day they end, unless they were scrutinised. A role at the
    employer or provider counts undeclared, and so does being the apprentice.

    Args:
        person: the assessor to be.
        people_ids: the apprentice, and whoever else the case is about.
        organisation_ids: the employer and the training provider.
        on: the London date of the work or of the allocation.
    """
    declared = [
        one
        for one in _declared.of([person.id], _declared_by)[person.id]
        if one.scrutinised_at is None
        and (one.ended_on is None or one.ended_on > on)
        and (one.with_person_id in people_ids or one.with_organisation_id in organisation_ids)
    ]
    obstacles = [Obstacle(f"{CONFLICT_TITLES[one.kind]}: {one.with_whom}", one) for one in declared]
    if person.id in people_ids:
        obstacles.append(Obstacle(f"{person.name} is the person to be assessed"))
    return obstacles + [
        Obstacle(f"Has a role at {held.organisation.name}")
        for held in person.roles_held
        if held.ended_at is None
        and held.role not in EPAO_ROLES
        and held.organisation_id in organisation_ids
    ]


def _declared_by(person_ids: Collection[UUID]) -> dict[UUID, list[ConflictOfInterest]]:
    """Everything that these people ever declared, by person, earliest first."""
    found: dict[UUID, list[ConflictOfInterest]] = {one: [] for one in person_ids}
    query = select(ConflictOfInterest).where(ConflictOfInterest.person_id.in_(person_ids))
    ordered = query.order_by(ConflictOfInterest.declared_at, ConflictOfInterest.id)
    for one in db.session.scalars(ordered):
        found[one.person_id].append(one)
    return found


@dataclass(frozen=True)
class Barred:
    """With whom and with which organisations somebody must not have to do; see `conflicts_between`."""

    people_ids: frozenset[UUID]
    organisation_ids: frozenset[UUID]


_DECLARED: Final = select(
    ConflictOfInterest.with_person_id, ConflictOfInterest.with_organisation_id
).where(
    ConflictOfInterest.person_id == bindparam("person"),
    ConflictOfInterest.scrutinised_at.is_(None),
    or_(ConflictOfInterest.ended_on.is_(None), ConflictOfInterest.ended_on > bindparam("on")),
)


def barred_from(person: Person, *, on: date) -> Barred:
    """Everybody whose work a person must not judge, for a list that leaves them out at once.

    The same rules as `conflicts_between`, which looks at one case and says why.

    Args:
        person: the assessor or marker to be.
        on: the London date of the work.
    """
    declared = ask(_DECLARED, {"person": person.id, "on": on}).all()
    own = [
        held.organisation_id
        for held in person.roles_held
        if held.ended_at is None and held.role not in EPAO_ROLES
    ]
    return Barred(
        frozenset([person.id, *(one for one, _ in declared if one is not None)]),
        frozenset([*own, *(one for _, one in declared if one is not None)]),
    )
