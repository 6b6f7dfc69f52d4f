"""How the booking of an attempt stands, everything that happened to it, and what was sent for it."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.booking.states import Absent, BookingAction, BookingStatus
from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Duty
from epa.people.models import Person
from epa.rooms.models import Room


class Booking(Identified, Base):
    """How the booking of one attempt stands now.

    ``starts_at`` and ``place`` are what is held or confirmed; a confirmed date stands on the
    attempt too, where the methods read it. ``place`` is the link where the method is online.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("(starts_at IS NULL) = (place IS NULL)", name="time_with_place"),
        CheckConstraint(
            "(status IN ('held', 'confirmed')) = (starts_at IS NOT NULL)", name="time_when_set"
        ),
        CheckConstraint("(status = 'held') = (held_until IS NOT NULL)", name="hold_has_an_end"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="agreement_whole"),
        CheckConstraint("wished_to >= wished_from", name="wish_ends_after_start"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"), unique=True)
    status: Mapped[BookingStatus] = mapped_column(default=BookingStatus.OPEN, index=True)
    wished_from: Mapped[date | None]
    wished_to: Mapped[date | None]
    wish: Mapped[str | None] = mapped_column(Text)
    starts_at: Mapped[datetime | None] = mapped_column(index=True)
    place: Mapped[str | None] = mapped_column(String(300))
    is_online: Mapped[bool] = mapped_column(default=False)
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("room.id"), index=True)
    held_until: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    agreement: Mapped[str | None] = mapped_column(Text)
    lock_version: Mapped[int] = mapped_column()
    attempt: Mapped[MethodAttempt] = relationship()
    room: Mapped[Room | None] = relationship(lazy="joined")
    agreed_by: Mapped[Person | None] = relationship(foreign_keys=[agreed_by_id])
    __mapper_args__ = {"version_id_col": lock_version}


class BookingChange(Identified, AppendOnly, Base):
    """One thing that happened to a booking, with who and why.

    ``scheduled_at`` and ``place`` are what stood after it, both empty when there was no date.
    """

    __tablename__ = "booking_change"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(scheduled_at IS NULL) = (place IS NULL)", name="time_with_place"),
        CheckConstraint(
            "action NOT IN ('request', 'object', 'move', 'cancel', 'no_show')"
            " OR reason IS NOT NULL",
            name="taken_with_reason",
        ),
        CheckConstraint("(action = 'no_show') = (absent IS NOT NULL)", name="no_show_says_who"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    number: Mapped[int]
    action: Mapped[BookingAction]
    scheduled_at: Mapped[datetime | None]
    place: Mapped[str | None] = mapped_column(String(300))
    absent: Mapped[Absent | None]
    reason: Mapped[str | None] = mapped_column(Text)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    attempt: Mapped[MethodAttempt] = relationship()
    changed_by: Mapped[Person | None] = relationship(lazy="joined")


class DeclinedAllocation(Identified, AppendOnly, Base):
    """That somebody declined a duty that they were allocated to, and why."""

    __tablename__ = "declined_allocation"

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    duty: Mapped[Duty]
    reason: Mapped[str] = mapped_column(Text)
    declined_at: Mapped[datetime]
    attempt: Mapped[MethodAttempt] = relationship()
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class JoiningInstructions(Identified, Base):
    """What an apprentice was sent for one confirmed date, word for word, and that they read it."""

    __tablename__ = "joining_instructions"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name="acknowledged_whole"
        ),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    number: Mapped[int]
    starts_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(300))
    is_online: Mapped[bool]
    text: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    attempt: Mapped[MethodAttempt] = relationship()
    sent_by: Mapped[Person] = relationship(foreign_keys=[sent_by_id])
    acknowledged_by: Mapped[Person | None] = relationship(foreign_keys=[acknowledged_by_id])
