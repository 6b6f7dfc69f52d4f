"""A review of a provider against a framework: its people, and the steps taken."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from epa.client_data.models import ClientRecords, ClientSample
from epa.database import AppendOnly, Base, Identified
from epa.people.models import Organisation, Person
from epa.reviews.rules import LONGEST_SERVICE, ReviewStatus
from epa.wording.models import WordingPack


class ProviderReview(Identified, Base):
    """One review of one service, pinned to a version of its framework and to the texts shown of it."""

    __tablename__ = "provider_review"
    __table_args__ = (
        CheckConstraint("(first_on IS NULL) = (last_on IS NULL)", name="days_whole"),
        CheckConstraint("first_on <= last_on", name="days_in_order"),
        Index("ix_provider_review_provider", "provider_id", "framework_code"),
    )

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    provider_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    framework_code: Mapped[str] = mapped_column(String(64))
    framework_version: Mapped[str] = mapped_column(String(40))
    wording_pack_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("wording_pack.id"))
    service: Mapped[str] = mapped_column(String(LONGEST_SERVICE))
    party: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[ReviewStatus]
    status_since: Mapped[datetime]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    lead_contact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    moderator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column()
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    lock_version: Mapped[int] = mapped_column()
    # When the provider's list of clients, and a sample of it, were first there for this review.
    list_stored_at: Mapped[datetime | None] = column_property(
        select(func.min(ClientRecords.stored_at))
        .where(
            ClientRecords.organisation_id == provider_id,
            ClientRecords.epao_id == organisation_id,
            ClientRecords.framework_code == framework_code,
            ClientRecords.stored_at >= opened_at,
        )
        .correlate_except(ClientRecords)
        .scalar_subquery()
    )
    sample_drawn_at: Mapped[datetime | None] = column_property(
        select(func.min(ClientSample.drawn_at))
        .join(ClientRecords, ClientRecords.id == ClientSample.records_id)
        .where(
            ClientRecords.organisation_id == provider_id,
            ClientRecords.epao_id == organisation_id,
            ClientRecords.framework_code == framework_code,
            ClientSample.drawn_at >= opened_at,
        )
        .correlate_except(ClientRecords, ClientSample)
        .scalar_subquery()
    )
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    provider: Mapped[Organisation] = relationship(
        foreign_keys=[provider_id], lazy="joined", innerjoin=True
    )
    wording_pack: Mapped[WordingPack | None] = relationship()
    lead_contact: Mapped[Person] = relationship(foreign_keys=[lead_contact_id])
    moderator: Mapped[Person | None] = relationship(foreign_keys=[moderator_id])
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    allocated: Mapped[list[ReviewAssessor]] = relationship(
        back_populates="review", order_by="ReviewAssessor.allocated_at"
    )
    steps: Mapped[list[ReviewStep]] = relationship(
        back_populates="review", order_by="ReviewStep.happened_at"
    )

    __mapper_args__ = {"version_id_col": lock_version}

    @property
    def assessors(self) -> list[ReviewAssessor]:
        """Who assesses now, the lead first."""
        now = [one for one in self.allocated if one.ended_at is None]
        return sorted(now, key=lambda one: not one.is_lead)


class ReviewAssessor(Identified, Base):
    """Somebody's part in a review, from allocated to ended; one of them leads."""

    __tablename__ = "review_assessor"
    __table_args__ = (
        Index(
            "uq_review_assessor_current",
            "review_id",
            "person_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    is_lead: Mapped[bool]
    allocated_at: Mapped[datetime]
    allocated_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    review: Mapped[ProviderReview] = relationship(back_populates="allocated")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)


class ReviewStep(Identified, AppendOnly, Base):
    """A step of the framework's cycle that was taken; one that comes round is taken again."""

    __tablename__ = "review_step"
    __table_args__ = (Index("ix_review_step_review", "review_id", "code"),)

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"))
    code: Mapped[str] = mapped_column(String(64))
    happened_at: Mapped[datetime]
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    words: Mapped[str] = mapped_column(Text, default="")
    review: Mapped[ProviderReview] = relationship(back_populates="steps")
    by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
