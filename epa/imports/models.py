"""An uploaded table as it was checked, row by row, and whether it was stored."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.files.models import StoredFile
from epa.imports.rules import Fate
from epa.people.models import Organisation, Person


class ApprenticeImport(Identified, Base):
    """One uploaded table: what it would do when it was checked, what it did once it is stored.

    ``notes`` are faults of the file as a whole, each ``[field, problem]``; ``organisations`` the
    names of those that are added. Its file and its rows are about people: they go after the time that
    the settings say, and ``forgotten_at`` says when; the counts stay.
    """

    __tablename__ = "apprentice_import"
    __table_args__ = (
        CheckConstraint("(stored_at IS NULL) = (stored_by_id IS NULL)", name="stored_whole"),
        CheckConstraint(
            "(file_id IS NULL) = (forgotten_at IS NOT NULL)", name="file_until_forgotten"
        ),
    )

    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    read: Mapped[int]
    created: Mapped[int]
    updated: Mapped[int]
    unchanged: Mapped[int]
    rejected: Mapped[int]
    notes: Mapped[list[Any]]
    organisations: Mapped[list[str]]
    checked_at: Mapped[datetime]
    checked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    stored_at: Mapped[datetime | None]
    stored_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    forgotten_at: Mapped[datetime | None]
    epao: Mapped[Organisation] = relationship()
    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    checked_by: Mapped[Person] = relationship(foreign_keys=[checked_by_id])
    stored_by: Mapped[Person | None] = relationship(foreign_keys=[stored_by_id])

    @property
    def to_store(self) -> int:
        """How many rows there are to be stored."""
        return self.created + self.updated


class ImportLine(Identified, Base):
    """One row of a table with its fate.

    ``changed`` are columns, ``problems`` and ``warnings`` pairs of column and sentence.
    ``assessment_id`` is the record of whoever was known, and of everybody once it is stored.
    """

    __tablename__ = "import_line"
    __table_args__ = (UniqueConstraint("import_id", "row"),)

    import_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("apprentice_import.id"))
    row: Mapped[int]
    name: Mapped[str] = mapped_column(String(201))
    fate: Mapped[Fate]
    changed: Mapped[list[str]]
    problems: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    is_to_look_at: Mapped[bool]
    assessment_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("end_point_assessment.id"))
