"""One table: the audit entry, sealed into the chain when its transaction commits."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from epa.audit.rules import Link
from epa.database import AppendOnly, Base, Identified


class AuditEntry(Identified, AppendOnly, Base):
    """Who did what, when, to which record, from where.

    ``row`` and ``mac`` are filled in together by the seal just before the commit, so that the
    chain's head is locked for as short a time as can be.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        CheckConstraint('("row" IS NULL) = (mac IS NULL)', name="sealed_whole"),
        Index("ix_audit_entry_subject", "subject_type", "subject_id"),
    )

    row: Mapped[int | None] = mapped_column(unique=True)
    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    action: Mapped[str] = mapped_column(String(120))
    subject_type: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[uuid.UUID | None]
    details: Mapped[dict[str, Any]]
    source: Mapped[str | None] = mapped_column(String(60))
    mac: Mapped[str | None] = mapped_column(String(64))

    def link(self, row: int) -> Link:
        """What of this entry the chain binds, at its place in it."""
        return Link(
            row=row,
            at=self.at,
            actor_id=self.actor_id,
            action=self.action,
            subject_type=self.subject_type,
            subject_id=self.subject_id,
            details=self.details,
            source=self.source,
        )


class AuditHead(Base):
    """The last sealed row: one line, locked by the transaction that seals."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_head"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int]
    mac: Mapped[str] = mapped_column(String(64))
