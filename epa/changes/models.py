"""One table: the history of what was changed about an apprenticeship, and what it led to."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.changes.rules import ChangeKind
from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person


class ApprenticeshipChange(Identified, AppendOnly, Base):
    """One change: from which day, why, what stood before and after, and its effects in sentences.

    ``before`` and ``after`` are names, numbers or organisations, empty for the changes that have
    none. ``changed_by`` is empty for the system.
    """

    __tablename__ = "apprenticeship_change"
    __table_args__ = (
        UniqueConstraint("assessment_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("end_point_assessment.id"))
    number: Mapped[int]
    kind: Mapped[ChangeKind]
    holds_from: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
    effects: Mapped[list[str]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    assessment: Mapped[EndPointAssessment] = relationship()
    changed_by: Mapped[Person | None] = relationship(lazy="joined")
