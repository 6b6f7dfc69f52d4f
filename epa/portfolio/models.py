"""Versions of a portfolio, their pieces, and with whom a version was shared."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.files.models import StoredFile
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person
from epa.portfolio.rules import PieceKind, PortfolioStatus


class PortfolioVersion(Identified, Base):
    """One version of an apprentice's portfolio; submitting freezes it, returning opens the next."""

    __tablename__ = "portfolio_version"
    __table_args__ = (
        UniqueConstraint("assessment_id", "number"),
        CheckConstraint(
            "(status = 'draft') = (submitted_at IS NULL)", name="submitted_iff_not_draft"
        ),
        CheckConstraint(
            "(status IN ('returned', 'accepted')) = (decided_by_id IS NOT NULL)",
            name="decider_iff_decided",
        ),
        CheckConstraint("status != 'returned' OR reason IS NOT NULL", name="returned_with_reason"),
        Index(
            "uq_portfolio_version_one_open",
            "assessment_id",
            unique=True,
            sqlite_where=text("status IN ('draft', 'submitted')"),
            postgresql_where=text("status IN ('draft', 'submitted')"),
        ),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("end_point_assessment.id"))
    number: Mapped[int]
    status: Mapped[PortfolioStatus] = mapped_column(default=PortfolioStatus.DRAFT)
    created_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    lock_version: Mapped[int] = mapped_column()
    assessment: Mapped[EndPointAssessment] = relationship(lazy="joined", innerjoin=True)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id])
    every_piece: Mapped[list[EvidencePiece]] = relationship(
        back_populates="version", order_by="EvidencePiece.number", cascade="all, delete-orphan"
    )
    __mapper_args__ = {"version_id_col": lock_version}

    @property
    def pieces(self) -> list[EvidencePiece]:
        """The pieces in the order of their numbers, without those taken out of the draft."""
        return [piece for piece in self.every_piece if piece.removed_at is None]

    @property
    def removed_pieces(self) -> list[EvidencePiece]:
        """The pieces taken out of the draft, which may still be put back."""
        return [piece for piece in self.every_piece if piece.removed_at is not None]


class EvidencePiece(Identified, Base):
    """A piece of evidence: a file, a link or a text, from one service user or from research.

    ``service_user`` is an anonymous number (1 is shown as SU-1), never a name; None is research. A
    piece taken out of a draft stays until the draft is submitted, so that it may be put back.
    ``follows_id`` is the same piece in the version before; ``to_put_right`` is what the intake check
    says of it.
    """

    __tablename__ = "evidence_piece"
    __table_args__ = (
        UniqueConstraint("version_id", "number"),
        CheckConstraint(
            "file_id IS NOT NULL OR link IS NOT NULL OR text IS NOT NULL", name="has_matter"
        ),
        CheckConstraint("service_user >= 1", name="service_user_from_one"),
    )

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("portfolio_version.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[PieceKind]
    service_user: Mapped[int | None]
    activities: Mapped[list[str]]
    ksbs: Mapped[list[str]]
    text: Mapped[str | None] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(1000))
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    is_own_work: Mapped[bool]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    follows_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("evidence_piece.id"))
    to_put_right: Mapped[str | None] = mapped_column(Text)
    version: Mapped[PortfolioVersion] = relationship(
        back_populates="every_piece", lazy="joined", innerjoin=True
    )
    file: Mapped[StoredFile | None] = relationship(lazy="joined")


class PortfolioShare(Identified, AppendOnly, Base):
    """An accepted version given to the assessor of the method that it underpins."""

    __tablename__ = "portfolio_share"
    __table_args__ = (UniqueConstraint("version_id", "person_id"),)

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("portfolio_version.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    shared_at: Mapped[datetime]
    version: Mapped[PortfolioVersion] = relationship()
    person: Mapped[Person] = relationship()
