"""A file of items that was looked through and not stored yet, and requests to export a bank."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person
from question_bank.exchange.rules import ExportStatus, Outcome
from question_bank.interchange.writing import ExportFormat
from question_bank.items.models import QuestionBank


class ItemFile(Identified, Base):
    """A file of items as somebody brought it; its entries wait to be stored, once."""

    __tablename__ = "item_file"

    bank_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question_bank.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    format: Mapped[str] = mapped_column(String(20))
    read_at: Mapped[datetime]
    read_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    stored_at: Mapped[datetime | None]
    bank: Mapped[QuestionBank] = relationship(lazy="joined", innerjoin=True)
    read_by: Mapped[Person] = relationship()


class FileEntry(AppendOnly, Base):
    """What became of one item of a file. ``content`` is the item, ``notes`` says why."""

    __tablename__ = "file_entry"

    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_file.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[Outcome]
    reference: Mapped[str] = mapped_column(String(200))
    notes: Mapped[list[str]]
    content: Mapped[dict[str, Any] | None]


class BankExport(Identified, Base):
    """A request to export a bank: a second person decides, then who asked may fetch the file."""

    __tablename__ = "bank_export"
    __table_args__ = (
        UniqueConstraint("bank_id", "number"),
        CheckConstraint("(status = 'waiting') = (decided_at IS NULL)", name="decided_whole"),
        CheckConstraint("decided_by_id != asked_by_id", name="decided_by_another"),
    )

    bank_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question_bank.id"))
    number: Mapped[int]
    format: Mapped[ExportFormat]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[ExportStatus]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    bank: Mapped[QuestionBank] = relationship(lazy="joined", innerjoin=True)
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
