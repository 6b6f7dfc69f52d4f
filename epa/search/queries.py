"""What somebody finds by a few words: the lists they may see anyway, narrowed the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select

from epa.database import Columns, ask, prepared
from epa.people import queries as people
from epa.people.models import Organisation, OrganisationKindHeld, Person, RoleAssignment
from epa.people.names import full_name, in_pattern, search_form
from epa.people.readers import NamedReader, named
from epa.people.rules import OrganisationKind, Permission, Role
from epa.record import queries as record
from epa.web.pagination import Page, page_asked

MOST_SHOWN: Final = 10
_REACHED_BY: Final = Permission.MANAGE_PEOPLE


class FoundPerson(NamedTuple):
    """One person, with each role held now and where."""

    id: UUID
    name: str
    email: str | None
    roles: Sequence[tuple[Role, str]]


class FoundOrganisation(NamedTuple):
    """One organisation, with what it is to us."""

    id: UUID
    name: str
    ukprn: str | None
    kinds: Sequence[OrganisationKind]


@dataclass(frozen=True)
class Found:
    """The first of each kind, and how many there are in all."""

    apprentices: Sequence[record.Listed] = ()
    apprentices_in_all: int = 0
    people: Sequence[FoundPerson] = ()
    people_in_all: int = 0
    organisations: Sequence[FoundOrganisation] = ()
    organisations_in_all: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.apprentices_in_all or self.people_in_all or self.organisations_in_all)


def found_by(person: Person, words: str) -> Found:
    """What this person finds: by name, ULN or employer; a name or address; a name or UKPRN.

    Each list asks for its own permission: who lacks it finds nothing of the kind.
    """
    reader, given = named(person)
    parts = search_form(words).split()
    values = {**given, **{f"word_{place}": in_pattern(one) for place, one in enumerate(parts)}}
    apprentices = page_asked(
        *record.lines(person, record.Filters(words=words), "name", descending=False),
        {},
        MOST_SHOWN,
    )
    called = page_asked(_people(reader, len(parts)), values, {}, MOST_SHOWN)
    bodies = page_asked(_organisations(reader, len(parts)), values, {}, MOST_SHOWN)
    return Found(
        apprentices=[record.Listed._make(row) for row in apprentices.rows],
        apprentices_in_all=apprentices.total,
        people=_with_roles(called),
        people_in_all=called.total,
        organisations=_with_kinds(bodies),
        organisations_in_all=bodies.total,
    )


def _with_roles(found: Page[Any]) -> list[FoundPerson]:
    rows = [row for row in found.rows if not row.disabled_at]  # who is disabled has no role
    held = _by_owner(_ROLES, [row.id for row in rows])
    return [
        FoundPerson(
            row.id, full_name(row.given_names, row.family_name), row.email, held.get(row.id, [])
        )
        for row in found.rows
    ]


def _with_kinds(found: Page[Any]) -> list[FoundOrganisation]:
    held = _by_owner(_KINDS, [row.id for row in found.rows])
    return [
        FoundOrganisation(row.id, row.name, row.ukprn, [kind for (kind,) in held.get(row.id, [])])
        for row in found.rows
    ]


def _by_owner(statement: Columns, owners: Sequence[UUID]) -> Mapping[UUID, list[Any]]:
    """What a statement finds of some rows, by the first of its columns."""
    found: dict[UUID, list[Any]] = {}
    for owner, *rest in ask(statement, {"owners": owners}) if owners else ():
        found.setdefault(owner, []).append(tuple(rest))
    return found


def _words(many: int) -> Iterable[BindParameter[str]]:
    return (bindparam(f"word_{place}") for place in range(many))


@prepared
def _people(reader: NamedReader, words: int) -> Columns:
    query = people.people(reader, _REACHED_BY).where(*map(people.is_called, _words(words)))
    return people.ordered(query, "name", descending=False).with_only_columns(
        Person.id, Person.given_names, Person.family_name, Person.email, Person.disabled_at
    )


@prepared
def _organisations(reader: NamedReader, words: int) -> Columns:
    query = people.organisations(reader, _REACHED_BY).where(*map(people.is_named, _words(words)))
    return query.order_by(Organisation.search_name, Organisation.id).with_only_columns(
        Organisation.id, Organisation.name, Organisation.ukprn
    )


_ROLES: Final = (
    select(RoleAssignment.person_id, RoleAssignment.role, Organisation.name)
    .join(Organisation, Organisation.id == RoleAssignment.organisation_id)
    .where(
        RoleAssignment.person_id.in_(bindparam("owners", expanding=True)),
        RoleAssignment.ended_at.is_(None),
    )
    .order_by(RoleAssignment.granted_at)
)
_KINDS: Final = select(OrganisationKindHeld.organisation_id, OrganisationKindHeld.kind).where(
    OrganisationKindHeld.organisation_id.in_(bindparam("owners", expanding=True))
)
