"""Whoever reads, by name only: statements are written once for their roles, and run for each of them.

What somebody reaches follows from their roles, and where they hold them. A statement that is written
for a `NamedReader` has a name where a person's identifier or an organisation's would stand, so that it
serves everybody with the same roles; `within` runs it for one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, CursorResult, Executable, Select, Uuid, bindparam
from sqlalchemy.orm import Mapped

from epa.database import Identified, ask, db
from epa.people.models import Person
from epa.people.rules import Permission, Role, granted

_Name = UUID | Mapped[UUID] | BindParameter[UUID]
Row = TypeVar("Row", bound=Identified)


class Held(Protocol):
    """A role of somebody at an organisation, or names for such a one."""

    @property
    def role(self) -> Role:
        """Which."""

    @property
    def person_id(self) -> _Name:
        """Whose."""

    @property
    def organisation_id(self) -> _Name:
        """Where it is held."""


class Reader(Protocol):
    """Whoever asks what is within reach: a person, or a name for one."""

    id: Any

    @property
    def current_roles(self) -> Sequence[Held]:
        """The roles that are held now."""

    def may(self, permission: Permission) -> bool:
        """Whether one of them grants this."""


@dataclass
class NamedRole:
    """A role whose holder and organisation are said when a statement is run."""

    role: Role
    person_id: BindParameter[UUID]
    organisation_id: BindParameter[UUID]


class NamedReader:
    """Somebody with these roles; who it is, is said when a statement is run: ``:reader``."""

    def __init__(self, *roles: Role) -> None:
        self.id = bindparam("reader", type_=Uuid())
        self.current_roles = [
            NamedRole(role, self.id, bindparam(_organisation(place), type_=Uuid()))
            for place, role in enumerate(roles)
        ]
        self._roles = roles

    def __eq__(self, other: object) -> bool:
        """Two are the same whose roles are."""
        return isinstance(other, NamedReader) and self._roles == other._roles

    def __hash__(self) -> int:
        """As they are compared."""
        return hash(self._roles)

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles grants this."""
        return permission in granted(frozenset(self._roles))


def named(person: Person) -> tuple[NamedReader, dict[str, UUID]]:
    """A person by name only, and what the names stand for."""
    held = person.current_roles
    values = {_organisation(place): one.organisation_id for place, one in enumerate(held)}
    return NamedReader(*(one.role for one in held)), {"reader": person.id, **values}


def within(
    person: Person,
    statement: Callable[..., Executable],
    *kind: Hashable,
    **values: Any,
) -> CursorResult[*tuple[Any, ...]]:
    """What a `prepared` statement finds within somebody's reach, as columns.

    Args:
        person: whose reach.
        statement: writes it for whoever has their roles.
        *kind: what else decides how it is written, such as the permission.
        **values: what else it is asked with, by the names that stand in it.
    """
    reader, given = named(person)
    return ask(statement(reader, *kind), {**given, **values})


def rows_within(
    person: Person,
    wanted: Select[Row],
    statement: Callable[..., Executable],
    *kind: Hashable,
    **values: Any,
) -> Sequence[Row]:
    """The rows whose identifiers a `prepared` statement finds within somebody's reach.

    For what is seldom there: objects are asked for only where something is.

    Args:
        person: whose reach.
        wanted: all of the kind, with what is loaded beside them.
        statement: finds identifiers, as in `within`.
        *kind: as there.
        **values: as there.
    """
    ids = within(person, statement, *kind, **values).scalars().all()
    if not ids:
        return []
    of_kind = wanted.column_descriptions[0]["entity"].id.in_(ids)
    return db.session.scalars(wanted.where(of_kind)).unique().all()


def _organisation(place: int) -> str:
    return f"organisation_{place}"
