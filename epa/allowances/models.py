"""One table: what is granted to an apprentice for one method, version by version."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.allowances.rules import AdjustmentKind, Granted
from epa.clock import london_date
from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person


class ReasonableAdjustment(Identified, AppendOnly, Base):
    """What is granted for a method from a decision on; a later version takes its place.

    One without anything ends what was granted before it. Why it was decided so stands elsewhere
    (epa/adjustments), out of reach of everything that runs the day.
    """

    __tablename__ = "reasonable_adjustment"
    __table_args__ = (
        UniqueConstraint("assessment_id", "method_code", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("extra_percent >= 0", name="never_less_time"),
        CheckConstraint("break_minutes >= 0", name="breaks_not_negative"),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("end_point_assessment.id"))
    method_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    extra_percent: Mapped[int] = mapped_column(default=0)
    break_minutes: Mapped[int] = mapped_column(default=0)
    details: Mapped[dict[str, Any]]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    assessment: Mapped[EndPointAssessment] = relationship()
    decided_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def decided_on(self) -> date:
        """The London date of the decision."""
        return london_date(self.decided_at)

    @property
    def granted(self) -> Granted:
        """What it grants."""
        details = {AdjustmentKind(kind): text for kind, text in self.details.items()}
        return Granted(self.extra_percent, self.break_minutes, details)
