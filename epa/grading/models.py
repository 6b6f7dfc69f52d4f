"""The overall grade of an assessment, with what it was computed from and who released it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import Grade
from epa.people.models import Person


class OverallGrade(Identified, AppendOnly, Base):
    """The overall grade: computed from released method grades, by whom it was released, and when.

    It comes into being with its release, so that no unreleased overall grade can leak.
    """

    __tablename__ = "overall_grade"
    __table_args__ = (
        CheckConstraint("no_resit_reason IS NULL OR grade = 'fail'", name="reason_only_for_fail"),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("end_point_assessment.id"), unique=True
    )
    grade: Mapped[Grade]
    scoring_input: Mapped[dict[str, Any]]
    explanation: Mapped[list[str]]
    framework_code: Mapped[str] = mapped_column(String(40))
    framework_version: Mapped[str] = mapped_column(String(40))
    released_at: Mapped[datetime]
    released_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    no_resit_reason: Mapped[str | None] = mapped_column(Text)
    statement_number: Mapped[str] = mapped_column(String(40), unique=True)
    assessment: Mapped[EndPointAssessment] = relationship(lazy="joined", innerjoin=True)
    released_by: Mapped[Person] = relationship()
