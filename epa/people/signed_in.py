"""The one place where the signed-in person is read from the request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask_login import current_user

from epa.audit.services import Actor
from epa.people.models import Person
from epa.people.rules import OrganisationKind, Permission, Role, granted


@dataclass(frozen=True)
class Viewer:
    """What every page says of whoever it is shown to, noted when the request begins.

    A page that tells of a fault is written after its transaction was undone, when each of these
    would have to be asked of the database anew.
    """

    name: str
    roles: frozenset[Role]
    organisation: str
    is_of_epao: bool

    @classmethod
    def of(cls, person: Person, organisation: str, kinds: frozenset[OrganisationKind]) -> Viewer:
        """A person as pages show them, with the organisation of the first role held."""
        return cls(
            name=person.name,
            roles=person.roles,
            organisation=organisation,
            is_of_epao=OrganisationKind.EPAO in kinds,
        )

    def may(self, permission: Permission) -> bool:
        """Whether some role held when the request began grants this."""
        return permission in granted(self.roles)


def viewer() -> Viewer | None:
    """Whoever is shown a page; None where nobody is signed in."""
    return cast("Viewer", current_user.viewer) if current_user.is_authenticated else None


def signed_in_person() -> Person:
    """Whoever makes this request; only behind a page that asks for a permission.

    Raises:
        RuntimeError: nobody is signed in, so the page forgot to ask.
    """
    if not current_user.is_authenticated:
        raise RuntimeError("a page without access control asked who is signed in")
    return cast("Person", current_user.person)


def signed_in_actor() -> Actor:
    """The same as far as the audit log asks for it; nothing more is read behind a brief page.

    Raises:
        RuntimeError: nobody is signed in, so the page forgot to ask.
    """
    # Resolved once: each look at Flask-Login's name costs as much as a small query.
    user = current_user._get_current_object()  # noqa: SLF001 (as its documentation does)
    if not user.is_authenticated:
        raise RuntimeError("a page without access control asked who is signed in")
    return cast("Actor", user.asker)
