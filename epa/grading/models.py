"""The overall grade of an assessment, with what it was computed from and who released it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import Grade
from epa.people.models import Person


class OverallGrade(Identified, Base):
    """The overall grade, computed once every method is released, released by a second person."""

    __tablename__ = "overall_grade"
    __table_args__ = (
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released_whole"),
        CheckConstraint(
            "(released_at IS NULL) = (statement_number IS NULL)", name="statement_iff_released"
        ),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("end_point_assessment.id"), unique=True
    )
    grade: Mapped[Grade]
    scoring_input: Mapped[dict[str, Any]]
    explanation: Mapped[list[str]]
    framework_code: Mapped[str] = mapped_column(String(40))
    framework_version: Mapped[str] = mapped_column(String(40))
    graded_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    statement_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    assessment: Mapped[EndPointAssessment] = relationship(lazy="joined", innerjoin=True)
    released_by: Mapped[Person | None] = relationship()
