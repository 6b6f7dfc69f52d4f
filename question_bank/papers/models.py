"""Stored blueprints, and drawn papers with all that builds them again."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person
from question_bank.items.models import ItemVersion, QuestionBank
from question_bank.papers.rules import PaperPurpose


class PaperBlueprint(Identified, Base):
    """What papers of a bank must be; a paper keeps the blueprint that it was drawn by."""

    __tablename__ = "paper_blueprint"
    __table_args__ = (UniqueConstraint("bank_id", "name"),)

    bank_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question_bank.id"))
    name: Mapped[str] = mapped_column(String(100))
    record: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    bank: Mapped[QuestionBank] = relationship(lazy="joined", innerjoin=True)


class Paper(Identified, AppendOnly, Base):
    """A drawn paper. ``record`` is the draw, ``blueprint`` what it was drawn by, both as data."""

    __tablename__ = "paper"
    __table_args__ = (
        UniqueConstraint("bank_id", "number"),
        Index("ix_paper_candidate", "candidate_id"),
    )

    bank_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question_bank.id"))
    number: Mapped[int]
    purpose: Mapped[PaperPurpose]
    seed: Mapped[str] = mapped_column(String(80))
    blueprint: Mapped[dict[str, Any]]
    record: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))
    candidate_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    bank: Mapped[QuestionBank] = relationship(lazy="joined", innerjoin=True)
    drawn_by: Mapped[Person | None] = relationship(foreign_keys=[drawn_by_id])
    items: Mapped[list[PaperItem]] = relationship(order_by="PaperItem.position")


class PaperItem(AppendOnly, Base):
    """Which version of an item stands where on a paper."""

    __tablename__ = "paper_item"

    paper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"), index=True)
    version: Mapped[ItemVersion] = relationship()


class ItemMeasure(Base):
    """How a version behaved in live tests so far: what the draw and the lists need of its figures.

    Worked out anew from all answers whenever some are kept; ``flags`` stand with spaces between.
    """

    __tablename__ = "item_measure"
    __table_args__ = (CheckConstraint("facility >= 0 AND facility <= 1", name="facility_a_share"),)

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    n: Mapped[int]
    facility: Mapped[float]
    discrimination: Mapped[float | None]
    flags: Mapped[str] = mapped_column(String(200))
    measured_at: Mapped[datetime]
    version: Mapped[ItemVersion] = relationship()
