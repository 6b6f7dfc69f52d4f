"""A request for an adjustment, its evidence, and why it was decided as it was: for the panel."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.adjustments.rules import AskedAs, RequestState
from epa.allowances.models import ReasonableAdjustment
from epa.database import AppendOnly, Base, Identified
from epa.files.models import StoredFile
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person


class AdjustmentRequest(Identified, Base):
    """What somebody asks for, and why.

    ``decided_at`` is when the panel last decided on it, once every method of it is decided.
    """

    __tablename__ = "adjustment_request"
    __table_args__ = (
        UniqueConstraint("assessment_id", "number"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn_whole"
        ),
        CheckConstraint(
            "withdrawn_at IS NULL OR decided_at IS NULL", name="withdrawn_before_decided"
        ),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("end_point_assessment.id"))
    number: Mapped[int]
    asked_as: Mapped[AskedAs]
    methods: Mapped[list[str]]
    help_wanted: Mapped[str] = mapped_column(Text)
    need: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(index=True)
    requested_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    decided_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    lock_version: Mapped[int] = mapped_column()
    assessment: Mapped[EndPointAssessment] = relationship(lazy="joined", innerjoin=True)
    requested_by: Mapped[Person] = relationship(
        foreign_keys=[requested_by_id], lazy="joined", innerjoin=True
    )
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=[withdrawn_by_id])
    evidence: Mapped[list[AdjustmentEvidence]] = relationship(
        back_populates="request", order_by="AdjustmentEvidence.added_at"
    )
    decisions: Mapped[list[AdjustmentDecision]] = relationship(
        back_populates="request", order_by="AdjustmentDecision.decided_at"
    )
    __mapper_args__ = {"version_id_col": lock_version}

    @property
    def state(self) -> RequestState:
        """Where it stands."""
        if self.withdrawn_at is not None:
            return RequestState.WITHDRAWN
        return RequestState.WAITING if self.decided_at is None else RequestState.DECIDED


class AdjustmentEvidence(Identified, AppendOnly, Base):
    """A file that shows why an adjustment is needed; who fetches it is written to the log."""

    __tablename__ = "adjustment_evidence"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("adjustment_request.id"), index=True)
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    request: Mapped[AdjustmentRequest] = relationship(back_populates="evidence")
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    added_by: Mapped[Person] = relationship()


class AdjustmentDecision(Identified, AppendOnly, Base):
    """Why one version of what is granted is as it is: what it grants stands on that row."""

    __tablename__ = "adjustment_decision"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("adjustment_request.id"), index=True)
    adjustment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("reasonable_adjustment.id"), unique=True
    )
    is_granted: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    request: Mapped[AdjustmentRequest] = relationship(back_populates="decisions")
    adjustment: Mapped[ReasonableAdjustment] = relationship(lazy="joined", innerjoin=True)
    decided_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
