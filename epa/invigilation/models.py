"""A test session, its candidates with identity and attendance, who invigilates, what happened."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.invigilation.rules import (
    Attendance,
    Delivery,
    Disposition,
    EventIncidentKind,
    EventStatus,
    IdentityDocument,
    number_for,
)
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Organisation, Person
from epa.rooms.models import Room


class InvigilatedEvent(Identified, Base):
    """One test session: when, where, whether its room was found suitable, whether it is over.

    ``minutes`` is how long it takes its room and its people. One on screens has a window: it opens
    when it starts, lets nobody start after ``admits_until``, and every test in it ends by
    ``closes_at``; it may ask for Safe Exam Browser.
    """

    __tablename__ = "invigilated_event"
    __table_args__ = (
        CheckConstraint(
            "(is_suitable IS NULL) = (room_checked_at IS NULL)"
            " AND (is_suitable IS NULL) = (room_checked_by_id IS NULL)",
            name="room_check_whole",
        ),
        CheckConstraint("(status = 'planned') = (ended_at IS NULL)", name="ended_with_time"),
    )

    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    framework_code: Mapped[str] = mapped_column(String(40))
    method_code: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int]
    closes_at: Mapped[datetime | None]
    admits_until: Mapped[datetime | None]
    asks_safe_browser: Mapped[bool] = mapped_column(default=False)
    delivery: Mapped[Delivery]
    room_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("room.id"))
    place: Mapped[str] = mapped_column(String(300))
    status: Mapped[EventStatus] = mapped_column(default=EventStatus.PLANNED)
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    is_suitable: Mapped[bool | None]
    room_findings: Mapped[str | None] = mapped_column(Text)
    room_checked_at: Mapped[datetime | None]
    room_checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    lock_version: Mapped[int] = mapped_column()
    epao: Mapped[Organisation] = relationship()
    room: Mapped[Room | None] = relationship(lazy="joined")
    room_checked_by: Mapped[Person | None] = relationship(foreign_keys=[room_checked_by_id])
    shifts: Mapped[list[EventShift]] = relationship(
        back_populates="event",
        order_by="EventShift.added_at",
        cascade="all, delete-orphan",
    )
    every_candidate: Mapped[list[EventCandidate]] = relationship(
        back_populates="event", order_by="EventCandidate.added_at"
    )
    __mapper_args__ = {"version_id_col": lock_version}

    @property
    def candidates(self) -> list[EventCandidate]:
        """Those who are to sit the test, without those taken out again."""
        return [one for one in self.every_candidate if one.removed_at is None]


class EventShift(Identified, Base):
    """One invigilator on shift in one test session."""

    __tablename__ = "event_shift"
    __table_args__ = (UniqueConstraint("event_id", "person_id"),)

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invigilated_event.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]
    event: Mapped[InvigilatedEvent] = relationship(back_populates="shifts")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)


class EventCandidate(Identified, Base):
    """One candidate in one test session; of a document its kind is kept, never its number."""

    __tablename__ = "event_candidate"
    __table_args__ = (
        CheckConstraint(
            "(identity_document IS NULL) = (identity_checked_at IS NULL)"
            " AND (identity_document IS NULL) = (identity_checked_by_id IS NULL)",
            name="identity_check_whole",
        ),
        Index(
            "uq_event_candidate_one_session",
            "attempt_id",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invigilated_event.id"), index=True)
    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]
    identity_document: Mapped[IdentityDocument | None]
    identity_checked_at: Mapped[datetime | None]
    identity_checked_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    attendance: Mapped[Attendance] = mapped_column(default=Attendance.EXPECTED)
    attendance_at: Mapped[datetime | None]
    event: Mapped[InvigilatedEvent] = relationship(back_populates="every_candidate")
    attempt: Mapped[MethodAttempt] = relationship(lazy="joined", innerjoin=True)
    identity_checked_by: Mapped[Person | None] = relationship(foreign_keys=[identity_checked_by_id])

    @property
    def mark(self) -> int:
        """A number that says how they stand: another one once somebody notes something."""
        return number_for(
            self.identity_document, self.attendance, self.attendance_at, self.removed_at
        )

    @property
    def person(self) -> Person:
        """Who sits the test."""
        return self.attempt.assessment.apprenticeship.person


class EventIncident(Identified, AppendOnly, Base):
    """Something that happened in a test session, to everybody or to one candidate."""

    __tablename__ = "event_incident"

    event_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("invigilated_event.id"), index=True)
    candidate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("event_candidate.id"))
    kind: Mapped[EventIncidentKind]
    words: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    event: Mapped[InvigilatedEvent] = relationship()
    candidate: Mapped[EventCandidate | None] = relationship()
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


class IntegrityFinding(Identified, AppendOnly, Base):
    """What somebody makes of what a candidate's page told until then; the newest counts."""

    __tablename__ = "integrity_finding"
    __table_args__ = (CheckConstraint("events >= 1", name="something_to_find"),)

    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("event_candidate.id"), index=True)
    events: Mapped[int]
    disposition: Mapped[Disposition]
    words: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime]
    found_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    candidate: Mapped[EventCandidate] = relationship()
    found_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
