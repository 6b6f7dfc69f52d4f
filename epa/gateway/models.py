"""A gateway review, its requirements row by row, decisions, advice, and an earlier start."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.files.models import StoredFile
from epa.gateway.rules import RequirementDecision
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person


class GatewayReview(Identified, Base):
    """The review of one assessment's gateway, opened when somebody begins to supply for it.

    ``changed_*`` say who did what last, for the second of two people who act at once.
    """

    __tablename__ = "gateway_review"

    assessment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("end_point_assessment.id"), unique=True
    )
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    changed_what: Mapped[str] = mapped_column(String(200))
    lock_version: Mapped[int] = mapped_column()
    changed_by: Mapped[Person] = relationship(foreign_keys=[changed_by_id])
    assessment: Mapped[EndPointAssessment] = relationship(lazy="joined", innerjoin=True)
    requirements: Mapped[list[GatewayRequirement]] = relationship(
        back_populates="review", lazy="selectin", order_by="GatewayRequirement.position"
    )
    advice: Mapped[list[GatewayAdvice]] = relationship(
        back_populates="review", order_by="GatewayAdvice.given_at"
    )
    __mapper_args__ = {"version_id_col": lock_version}


class GatewayRequirement(Identified, Base):
    """One requirement: what was supplied, by whom, and what was decided.

    ``supplied`` is plain JSON in the shape that its kind has in epa/gateway/services; ``number``
    counts how often something was supplied. ``shown`` is the finding as it stood at acceptance: a
    later policy does not rewrite it.
    """

    __tablename__ = "gateway_requirement"
    __table_args__ = (
        UniqueConstraint("review_id", "code"),
        CheckConstraint(
            "(decision = 'pending') = (decided_by_id IS NULL)", name="decider_iff_decided"
        ),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_whole"),
        CheckConstraint(
            "decision != 'rejected' OR reason IS NOT NULL", name="rejected_with_reason"
        ),
        CheckConstraint("(supplied_at IS NULL) = (supplied_by_id IS NULL)", name="supplied_whole"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gateway_review.id"))
    code: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    number: Mapped[int] = mapped_column(default=0)
    supplied: Mapped[dict[str, Any] | None]
    supplied_at: Mapped[datetime | None]
    supplied_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    decision: Mapped[RequirementDecision] = mapped_column(default=RequirementDecision.PENDING)
    reason: Mapped[str | None] = mapped_column(Text)
    shown: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    review: Mapped[GatewayReview] = relationship(back_populates="requirements")
    supplied_by: Mapped[Person | None] = relationship(foreign_keys=[supplied_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    decisions: Mapped[list[GatewayDecision]] = relationship(
        back_populates="requirement", order_by="GatewayDecision.decided_at"
    )


class GatewayDecision(Identified, AppendOnly, Base):
    """One decision on one supply of a requirement, kept when the next supply reopens the row."""

    __tablename__ = "gateway_decision"
    __table_args__ = (
        CheckConstraint("decision != 'pending'", name="decided"),
        CheckConstraint(
            "decision != 'rejected' OR reason IS NOT NULL", name="rejected_with_reason"
        ),
    )

    requirement_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("gateway_requirement.id"), index=True
    )
    number: Mapped[int]
    supplied: Mapped[dict[str, Any] | None]
    shown: Mapped[str] = mapped_column(Text)
    decision: Mapped[RequirementDecision]
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    requirement: Mapped[GatewayRequirement] = relationship(back_populates="decisions")
    decided_by: Mapped[Person] = relationship()


class GatewayAdvice(Identified, AppendOnly, Base):
    """What the training provider advises; it never decides."""

    __tablename__ = "gateway_advice"

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("gateway_review.id"))
    text: Mapped[str] = mapped_column(Text)
    is_in_favour: Mapped[bool | None]
    given_at: Mapped[datetime]
    given_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    review: Mapped[GatewayReview] = relationship(back_populates="advice")
    given_by: Mapped[Person] = relationship()


class EarlierStart(Identified, Base):
    """A proposal that the EPA period began earlier: it holds once a second person agreed to it."""

    __tablename__ = "earlier_start"
    __table_args__ = (
        CheckConstraint("to_on < from_on", name="earlier"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_whole"),
        CheckConstraint("(decided_at IS NULL) = (is_agreed IS NULL)", name="decided_somehow"),
        CheckConstraint("decided_by_id != proposed_by_id", name="decided_by_another"),
        CheckConstraint("withdrawn_at IS NULL OR decided_at IS NULL", name="withdrawn_or_decided"),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("end_point_assessment.id"), index=True
    )
    from_on: Mapped[date]
    to_on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    is_agreed: Mapped[bool | None]
    answer: Mapped[str | None] = mapped_column(Text)
    assessment: Mapped[EndPointAssessment] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
