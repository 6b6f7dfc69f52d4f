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
    """That a candidate sat the paper: when, under whom, identity and venue checked.

    ``adjustment`` says why more minutes than the plan's were given; it is confidential.
    """

    __tablename__ = "paper_sitting"
    __table_args__ = (CheckConstraint("minutes >= 1", name="took_some_time"),)

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"), unique=True)
    held_on: Mapped[date]
    minutes: Mapped[int]
    adjustment: Mapped[str | None] = mapped_column(Text)
    identity_checked: Mapped[bool]
    venue_checked: Mapped[bool]
    incidents: Mapped[str | None] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    lock_version: Mapped[int] = mapped_column()
    attempt: Mapped[MethodAttempt] = relationship()
    recorded_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    __mapper_args__ = {"version_id_col": lock_version}


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
    entered_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
