"""A paper sitting of the knowledge test, and the marks of two people who enter them apart."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Duty
from epa.people.models import Person


class PaperSitting(Identified, Base):
    """That a candidate sat the paper: when, under whom, identity and venue checked."""

    __tablename__ = "paper_sitting"

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"), unique=True)
    held_on: Mapped[date]
    minutes: Mapped[int]
    identity_checked: Mapped[bool]
    venue_checked: Mapped[bool]
    incidents: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    attempt: Mapped[MethodAttempt] = relationship()


class MarkEntry(Identified, AppendOnly, Base):
    """One person's marks for the whole paper, question by question; the newest version counts."""

    __tablename__ = "mark_entry"
    __table_args__ = (
        UniqueConstraint("attempt_id", "duty", "version"),
        CheckConstraint("duty IN ('first_marker', 'second_marker')", name="entered_by_a_marker"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    duty: Mapped[Duty]
    version: Mapped[int]
    marks: Mapped[list[Any]]
    entered_at: Mapped[datetime]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    attempt: Mapped[MethodAttempt] = relationship()
    entered_by: Mapped[Person] = relationship()
