"""The history of a booking: every date that was set, moved or cleared, and why."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person


class BookingChange(Identified, AppendOnly, Base):
    """A date set, moved or cleared; moving and clearing say why.

    What stands now is on the attempt; ``scheduled_at`` and ``place`` here are what stood after
    this change, both empty when the date was cleared.
    """

    __tablename__ = "booking_change"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(scheduled_at IS NULL) = (place IS NULL)", name="time_with_place"),
        CheckConstraint(
            "scheduled_at IS NOT NULL OR reason IS NOT NULL", name="cleared_with_reason"
        ),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    number: Mapped[int]
    scheduled_at: Mapped[datetime | None]
    place: Mapped[str | None] = mapped_column(String(300))
    reason: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    attempt: Mapped[MethodAttempt] = relationship()
    changed_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
