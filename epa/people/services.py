"""Organisations, people, roles and conflicts of interest: adding, changing, ending."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from epa.audit.services import record
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.people.models import (
    ConflictOfInterest,
    Organisation,
    OrganisationKindHeld,
    Person,
    RoleAssignment,
)
from epa.people.names import email_key, search_form, searched_name
from epa.people.queries import (
    epao_ids,
    organisation_with_ukprn,
    other_administrators,
    person_with_email_key,
)
from epa.people.rules import (
    EPAO_ROLES,
    ROLE_TITLES,
    ConflictKind,
    OrganisationKind,
    Permission,
    Role,
    may_be_held_at,
    ukprn_fault,
)


@dataclass(frozen=True)
class OrganisationFields:
    """What is known of an organisation: its name exactly, what it is to us, its UKPRN if any."""

    name: str
    kinds: frozenset[OrganisationKind]
    ukprn: str | None = None


@dataclass(frozen=True)
class PersonFields:
    """What is known of a person: names exactly as they are written, in any script; an address."""

    given_names: str
    family_name: str
    email: str | None = None


def add_organisation(
    fields: OrganisationFields, *, actor: Person | None, at: datetime
) -> Organisation:
    """Add an organisation.

    Raises:
        RuleBroken: no kind, an impossible UKPRN, or one that another organisation has.
    """
    _check_organisation(fields, None)
    organisation = Organisation(
        name=fields.name,
        search_name=search_form(fields.name),
        ukprn=fields.ukprn,
        created_at=at,
        kinds_held=[OrganisationKindHeld(kind=kind) for kind in sorted(fields.kinds)],
    )
    db.session.add(organisation)
    db.session.flush()
    record(actor, "organisation added", organisation, at=at, kinds=sorted(fields.kinds))
    return organisation


def edit_organisation(
    organisation: Organisation, fields: OrganisationFields, *, actor: Person, at: datetime
) -> None:
    """Change an organisation's name, kinds or UKPRN.

    Raises:
        RuleBroken: as for `add_organisation`, or a kind is taken off that somebody's role needs.
    """
    _check_organisation(fields, organisation)
    needed = _roles_that_need(organisation, fields.kinds)
    if needed:
        raise RuleBroken(
            "kind-in-use",
            f"People have roles here that need it: {', '.join(sorted(needed))}. End those first.",
            "kinds",
        )
    organisation.name, organisation.search_name = fields.name, search_form(fields.name)
    organisation.ukprn = fields.ukprn
    held = {one.kind: one for one in organisation.kinds_held}
    for kind in held.keys() - fields.kinds:
        organisation.kinds_held.remove(held[kind])
    for kind in sorted(fields.kinds - held.keys()):
        organisation.kinds_held.append(OrganisationKindHeld(kind=kind))
    record(actor, "organisation changed", organisation, at=at, kinds=sorted(fields.kinds))


def _check_organisation(fields: OrganisationFields, existing: Organisation | None) -> None:
    if not fields.kinds:
        raise RuleBroken("no-kind", "Choose at least one kind of organisation", "kinds")
    if fields.ukprn is None:
        return
    if fault := ukprn_fault(fields.ukprn):
        raise RuleBroken("ukprn", fault, "ukprn")
    other = organisation_with_ukprn(fields.ukprn)
    if other is not None and other is not existing:
        raise RuleBroken("ukprn-taken", "Another organisation has this UKPRN already", "ukprn")


def _roles_that_need(organisation: Organisation, kinds: Collection[OrganisationKind]) -> set[str]:
    query = db.select(RoleAssignment.role).where(
        RoleAssignment.organisation_id == organisation.id, RoleAssignment.ended_at.is_(None)
    )
    roles = db.session.scalars(query.distinct()).all()
    return {ROLE_TITLES[role] for role in roles if not may_be_held_at(role, frozenset(kinds))}


def add_person(
    fields: PersonFields,
    *,
    role: Role,
    organisation: Organisation,
    actor: Person | None,
    at: datetime,
) -> Person:
    """Add a person with their first role.

    Raises:
        RuleBroken: somebody has the address already, or the role does not belong there.
        NotAllowed: the actor may not grant roles there.
    """
    key = _free_key(fields.email, None)
    person = Person(
        given_names=fields.given_names,
        family_name=fields.family_name,
        search_name=_searched(fields),
        email=fields.email,
        email_key=key,
        created_at=at,
    )
    db.session.add(person)
    record(actor, "person added", person, at=at)
    grant_role(person, role, organisation=organisation, actor=actor, at=at)
    return person


def edit_person(
    person: Person, fields: PersonFields, *, actor: Person | None, at: datetime
) -> bool:
    """Change a person's names or address.

    Returns:
        Whether the address changed: then the caller signs them out and withdraws their links.

    Raises:
        RuleBroken: somebody else has the address.
    """
    key = _free_key(fields.email, person)
    is_new_address = key != person.email_key
    person.given_names, person.family_name = fields.given_names, fields.family_name
    person.search_name = _searched(fields)
    person.email, person.email_key = fields.email, key
    record(actor, "person changed", person, at=at, address_changed=is_new_address)
    return is_new_address


def _searched(fields: PersonFields) -> str:
    return searched_name(fields.given_names, fields.family_name)


def _free_key(email: str | None, owner: Person | None) -> str | None:
    if not email:
        return None
    key = email_key(email)
    other = person_with_email_key(key)
    if other is not None and other is not owner:
        raise RuleBroken(
            "email-taken", "Somebody with this email address is known already", "email"
        )
    return key


def grant_role(
    person: Person, role: Role, *, organisation: Organisation, actor: Person | None, at: datetime
) -> RoleAssignment:
    """Give a person a role at an organisation.

    Args:
        person: who gets it.
        role: which.
        organisation: where.
        actor: an administrator, for roles of their own EPAO or at a client; None for the system.
        at: when.

    Raises:
        RuleBroken: they hold it already, or it cannot be held at such an organisation.
        NotAllowed: it is another EPAO's to give.
    """
    if not may_be_held_at(role, organisation.kinds):
        raise RuleBroken(
            "role-elsewhere",
            f"“{ROLE_TITLES[role]}” cannot be held at {organisation.name}",
            "organisation",
        )
    _check_may_grant(role, organisation, actor)
    if any(
        held.role is role and held.organisation_id == organisation.id and held.ended_at is None
        for held in person.roles_held
    ):
        raise RuleBroken(
            "role-held", f"{person.name} has this role at {organisation.name} already", "role"
        )
    held = RoleAssignment(
        person=person,
        role=role,
        organisation=organisation,
        organisation_id=organisation.id,  # asked for before it is written
        granted_at=at,
        granted_by_id=actor.id if actor else None,
    )
    db.session.add(held)
    record(actor, "role granted", person, at=at, role=role, organisation=str(organisation.id))
    return held


def _check_may_grant(role: Role, organisation: Organisation, actor: Person | None) -> None:
    if actor is None or role not in EPAO_ROLES:
        return
    if organisation.id not in epao_ids(actor, Permission.MANAGE_PEOPLE):
        raise NotAllowed("Only its own administrators can give roles at this organisation.")


def end_role(held: RoleAssignment, *, actor: Person, at: datetime) -> None:
    """End a role; the history keeps it.

    Raises:
        RuleBroken: it is one's own administration, or the last administrator's.
    """
    _check_may_grant(held.role, held.organisation, actor)
    if held.role is Role.ADMINISTRATOR:
        if held.person_id == actor.id:
            raise RuleBroken("own-role", "Another administrator must end this role of yours.")
        _check_not_last(held)
    held.ended_at = at
    record(
        actor,
        "role ended",
        held.person,
        at=at,
        role=held.role,
        organisation=str(held.organisation_id),
    )


def _check_not_last(held: RoleAssignment) -> None:
    if other_administrators(held.organisation_id, held.person) == 0:
        raise RuleBroken(
            "last-administrator",
            f"{held.person.name} is the last administrator of {held.organisation.name}. "
            "Give somebody else the role first.",
        )


def disable(person: Person, *, actor: Person, at: datetime) -> None:
    """Shut a person out from their next request on; roles and records stay.

    The caller also ends their sessions, so that enabling them later revives none.

    Raises:
        RuleBroken: it is oneself, or the last administrator.
    """
    if person.id == actor.id:
        raise RuleBroken("oneself", "Another administrator must disable you.")
    if person.disabled_at is not None:
        raise RuleBroken("disabled", "This person is disabled already.")
    for held in person.current_roles:
        if held.role is Role.ADMINISTRATOR:
            _check_not_last(held)
    person.disabled_at = at
    record(actor, "person disabled", person, at=at)


def enable(person: Person, *, actor: Person, at: datetime) -> None:
    """Let a disabled person in again."""
    if person.disabled_at is None:
        raise RuleBroken("enabled", "This person is not disabled.")
    person.disabled_at = None
    record(actor, "person enabled", person, at=at)


@dataclass(frozen=True)
class Declaration:
    """A conflict as it is declared: of which kind, with one person or one organisation, why."""

    kind: ConflictKind
    description: str
    with_person: Person | None = None
    with_organisation: Organisation | None = None


def declare_conflict(
    person: Person, declared: Declaration, *, actor: Person, at: datetime
) -> ConflictOfInterest:
    """Record why somebody must not assess a person, or anybody of an organisation.

    Raises:
        RuleBroken: with neither or both, with oneself, or declared already.
    """
    other = declared.with_person or declared.with_organisation
    if other is None or (declared.with_person and declared.with_organisation):
        raise RuleBroken("with-one", "Choose one person or one organisation", "organisation")
    if declared.with_person is person:
        raise RuleBroken("with-oneself", "Nobody declares a conflict with themselves", "email")
    existing = db.session.scalar(
        db.select(ConflictOfInterest).where(
            ConflictOfInterest.person_id == person.id,
            ConflictOfInterest.kind == declared.kind,
            ConflictOfInterest.with_person == declared.with_person,
            ConflictOfInterest.with_organisation == declared.with_organisation,
            ConflictOfInterest.ended_on.is_(None),
        )
    )
    if existing is not None:
        raise RuleBroken("declared", "This conflict is declared already", "kind")
    conflict = ConflictOfInterest(
        person=person,
        kind=declared.kind,
        with_person=declared.with_person,
        with_organisation=declared.with_organisation,
        description=declared.description,
        declared_at=at,
        declared_by_id=actor.id,
    )
    db.session.add(conflict)
    db.session.flush()
    record(actor, "conflict declared", conflict, at=at, person=str(person.id), kind=declared.kind)
    return conflict


def end_conflict(conflict: ConflictOfInterest, *, on: date, actor: Person, at: datetime) -> None:
    """Record the day from which a conflict no longer holds.

    Raises:
        RuleBroken: it has ended already, or it is one's own: it is not for oneself to lift.
    """
    if conflict.person_id == actor.id:
        raise RuleBroken("own-conflict", "Somebody else must end a conflict of yours.")
    if conflict.ended_on is not None:
        raise RuleBroken("ended", "This conflict has ended already.")
    conflict.ended_on = on
    record(actor, "conflict ended", conflict, at=at, on=on.isoformat())


def scrutinise_conflict(
    conflict: ConflictOfInterest, reason: str, *, actor: Person, at: datetime
) -> None:
    """Record that somebody else looked into a conflict and why it need not stand in the way.

    Raises:
        RuleBroken: the person it is about, or whoever declared it, would scrutinise it; or it
            was scrutinised or has ended.
    """
    if actor.id in {conflict.person_id, conflict.declared_by_id}:
        raise RuleBroken("own-conflict", "Somebody else must scrutinise this conflict.")
    if conflict.scrutinised_at is not None or conflict.ended_on is not None:
        raise RuleBroken("scrutinised", "This conflict was scrutinised or has ended already.")
    conflict.scrutinised_by_id, conflict.scrutinised_at = actor.id, at
    conflict.scrutiny = reason
    record(actor, "conflict scrutinised", conflict, at=at)
