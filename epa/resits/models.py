"""A request to take a failed method again, the actions planned for it, the end of an EPA as failed."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import AttemptKind
from epa.people.models import Person
from epa.resits.rules import ActionOwner, ResitStatus


class ResitRequest(Identified, Base):
    """Somebody's wish that a failed method is taken again, until it is opened or has come to nothing.

    ``attempt`` is the failed one. ``agreement`` says how the employer agreed where somebody else
    wrote that down. ``circumstances`` are exceptional ones, recorded by the EPAO, with the last day
    that they allow. ``ended_*`` say who declined, refused or took it back, and why.
    """

    __tablename__ = "resit_request"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        CheckConstraint("kind != 'first'", name="not_a_first_attempt"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="agreed_whole"),
        CheckConstraint("(circumstances IS NULL) = (closes_on IS NULL)", name="day_with_reason"),
        CheckConstraint(
            "(circumstances IS NULL) = (circumstances_by_id IS NULL)", name="reason_by_somebody"
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_whole"),
        CheckConstraint("(status = 'opened') = (new_attempt_id IS NOT NULL)", name="opened_whole"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    number: Mapped[int]
    kind: Mapped[AttemptKind]
    words: Mapped[str | None] = mapped_column(Text)
    status: Mapped[ResitStatus] = mapped_column(default=ResitStatus.ASKED, index=True)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    agreement: Mapped[str | None] = mapped_column(Text)
    circumstances: Mapped[str | None] = mapped_column(Text)
    closes_on: Mapped[date | None]
    circumstances_at: Mapped[datetime | None]
    circumstances_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    ended_reason: Mapped[str | None] = mapped_column(Text)
    new_attempt_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("method_attempt.id"), unique=True
    )
    lock_version: Mapped[int] = mapped_column()
    attempt: Mapped[MethodAttempt] = relationship(
        foreign_keys=[attempt_id], lazy="joined", innerjoin=True
    )
    new_attempt: Mapped[MethodAttempt | None] = relationship(foreign_keys=[new_attempt_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    agreed_by: Mapped[Person | None] = relationship(foreign_keys=[agreed_by_id])
    circumstances_by: Mapped[Person | None] = relationship(foreign_keys=[circumstances_by_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])
    actions: Mapped[list[PlannedAction]] = relationship(
        back_populates="request",
        lazy="selectin",
        order_by="PlannedAction.number",
        cascade="all, delete-orphan",
    )
    __mapper_args__ = {"version_id_col": lock_version}


class PlannedAction(Identified, Base):
    """One action of the plan that supports another attempt: for which KSB, whose it is, by when."""

    __tablename__ = "planned_action"
    __table_args__ = (
        UniqueConstraint("request_id", "number"),
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_whole"),
    )

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("resit_request.id"))
    number: Mapped[int]
    ksb_code: Mapped[str] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(Text)
    owner: Mapped[ActionOwner]
    due_on: Mapped[date]
    added_at: Mapped[datetime]
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    request: Mapped[ResitRequest] = relationship(back_populates="actions")
    added_by: Mapped[Person] = relationship(foreign_keys=[added_by_id])
    done_by: Mapped[Person | None] = relationship(foreign_keys=[done_by_id])


class Closing(Identified, AppendOnly, Base):
    """That an EPA was closed as failed: by whom, when and why."""

    __tablename__ = "closing"

    assessment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("end_point_assessment.id"), unique=True
    )
    reason: Mapped[str] = mapped_column(Text)
    closed_at: Mapped[datetime]
    closed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    assessment: Mapped[EndPointAssessment] = relationship()
    closed_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
