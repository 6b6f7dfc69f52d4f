"""Organisations of several kinds, people with several roles, and conflicts of interest."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.people.names import SEARCHED_LETTERS, full_name
from epa.people.rules import STAFF, ConflictKind, OrganisationKind, Permission, Role, granted


class Organisation(Identified, Base):
    """A body we deal with; what it is to us are its kinds."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(200))
    search_name: Mapped[str] = mapped_column(String(SEARCHED_LETTERS), index=True)
    ukprn: Mapped[str | None] = mapped_column(String(8), unique=True)
    created_at: Mapped[datetime]
    kinds_held: Mapped[list[OrganisationKindHeld]] = relationship(
        back_populates="organisation", cascade="all, delete-orphan"
    )

    @property
    def kinds(self) -> frozenset[OrganisationKind]:
        """What this organisation is to us."""
        return frozenset(held.kind for held in self.kinds_held)


class OrganisationKindHeld(Base):
    """One kind of one organisation."""

    __tablename__ = "organisation_kind"

    organisation_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("organisation.id"), primary_key=True
    )
    kind: Mapped[OrganisationKind] = mapped_column(primary_key=True)
    organisation: Mapped[Organisation] = relationship(back_populates="kinds_held")


class Person(Identified, Base):
    """Somebody: the name exactly as given, one e-mail address, roles at organisations."""

    __tablename__ = "person"

    given_names: Mapped[str] = mapped_column(String(100))
    family_name: Mapped[str] = mapped_column(String(100))
    search_name: Mapped[str] = mapped_column(String(SEARCHED_LETTERS), index=True)
    email: Mapped[str | None] = mapped_column(String(254))
    email_key: Mapped[str | None] = mapped_column(String(254), unique=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    roles_held: Mapped[list[RoleAssignment]] = relationship(
        back_populates="person",
        order_by="RoleAssignment.granted_at",
        foreign_keys="RoleAssignment.person_id",
    )

    @property
    def name(self) -> str:
        """The whole name, as its bearer writes it."""
        return full_name(self.given_names, self.family_name)

    @property
    def current_roles(self) -> list[RoleAssignment]:
        """The roles held now, each at its organisation; none for a disabled person."""
        if self.disabled_at is not None:
            return []
        return [held for held in self.roles_held if held.ended_at is None]

    @property
    def roles(self) -> frozenset[Role]:
        """The kinds of role held now."""
        return frozenset(held.role for held in self.current_roles)

    @property
    def is_staff(self) -> bool:
        """Whether this person works for the EPAO or on its behalf."""
        return bool(self.roles & STAFF)

    def may(self, permission: Permission) -> bool:
        """Whether some role held now grants this; on which records is the scope's matter."""
        return permission in granted(self.roles)


class RoleAssignment(Identified, Base):
    """One role of one person at one organisation, from granted to ended."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        Index(
            "uq_role_assignment_current",
            "person_id",
            "role",
            "organisation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        # Ended roles too: who belongs to whom is asked of every person of a list.
        Index("ix_role_assignment_person_id_organisation_id", "person_id", "organisation_id"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    role: Mapped[Role]
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    granted_at: Mapped[datetime]
    granted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(back_populates="roles_held", foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class ConflictOfInterest(Identified, Base):
    """A reason why somebody must not assess a person, or anybody of an organisation.

    It blocks allocation until it ends, or unless somebody named has scrutinised it.
    """

    __tablename__ = "conflict_of_interest"
    __table_args__ = (
        CheckConstraint(
            "(with_person_id IS NULL) != (with_organisation_id IS NULL)", name="with_one"
        ),
        CheckConstraint(
            "(scrutinised_by_id IS NULL) = (scrutinised_at IS NULL)", name="scrutiny_whole"
        ),
        CheckConstraint("scrutinised_by_id != person_id", name="scrutiny_by_another"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[ConflictKind]
    with_person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    with_organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    description: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime]
    declared_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    ended_on: Mapped[date | None]
    scrutinised_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    scrutinised_at: Mapped[datetime | None]
    scrutiny: Mapped[str | None] = mapped_column(Text)
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    with_person: Mapped[Person | None] = relationship(foreign_keys=[with_person_id])
    with_organisation: Mapped[Organisation | None] = relationship()
    declared_by: Mapped[Person] = relationship(foreign_keys=[declared_by_id])
    scrutinised_by: Mapped[Person | None] = relationship(foreign_keys=[scrutinised_by_id])

    @property
    def with_whom(self) -> str:
        """The name of the person or organisation it is about."""
        other = self.with_person or self.with_organisation
        return other.name if other else ""
