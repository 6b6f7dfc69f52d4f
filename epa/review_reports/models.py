"""A review's report: its text in versions, notes on criteria, what was sent; and the certificate."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person
from epa.reviews.models import ProviderReview


class ReportText(Identified, AppendOnly, Base):
    """The report's own words, beside scores: background, impression, and who receives it."""

    __tablename__ = "report_text"
    __table_args__ = (UniqueConstraint("review_id", "version"),)

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"))
    version: Mapped[int]
    background: Mapped[str] = mapped_column(Text)
    impression: Mapped[str] = mapped_column(Text)
    recipients: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    written_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class CriterionNote(Identified, AppendOnly, Base):
    """What the report says of one criterion: good practice, and what to improve. The newest counts."""

    __tablename__ = "criterion_note"
    __table_args__ = (UniqueConstraint("review_id", "criterion_code", "version"),)

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    good_practice: Mapped[str] = mapped_column(Text)
    improvement: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))


class IssuedReport(Identified, AppendOnly, Base):
    """A report as it was sent, whole; the last one is final."""

    __tablename__ = "issued_report"
    __table_args__ = (UniqueConstraint("review_id", "number"),)

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"))
    number: Mapped[int]
    is_final: Mapped[bool]
    content: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    sent_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ReviewCertificate(Identified, Base):
    """The mark that a final report earned, with its end; indicative unless the awarding body gives it."""

    __tablename__ = "review_certificate"
    __table_args__ = (
        CheckConstraint(
            "(lapsed_on IS NULL) = (lapsed_by_id IS NULL)"
            " AND (lapsed_on IS NULL) = (lapse_reason IS NULL)",
            name="lapse_whole",
        ),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"), unique=True)
    number: Mapped[str] = mapped_column(String(100), unique=True)
    mark: Mapped[str] = mapped_column(String(200))
    is_indicative: Mapped[bool]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    lapsed_on: Mapped[date | None]
    lapsed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    lapse_reason: Mapped[str | None] = mapped_column(Text)
    review: Mapped[ProviderReview] = relationship(lazy="joined", innerjoin=True)
    issued_by: Mapped[Person] = relationship(foreign_keys=[issued_by_id])
