"""Banks, their items, and each item's versions with all that belongs to them."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.files.models import StoredFile
from epa.people.models import Organisation, Person
from question_bank.items.rules import ItemKind, ItemStatus, ItemStep

CODE_LETTERS: Final = 60
REFERENCE_LETTERS: Final = 100
TITLE_LETTERS: Final = 200
KSB_LETTERS: Final = 20


class QuestionBank(Identified, Base):
    """An EPAO's items for one standard; commands name it by its code."""

    __tablename__ = "question_bank"

    code: Mapped[str] = mapped_column(String(CODE_LETTERS), unique=True)
    title: Mapped[str] = mapped_column(String(TITLE_LETTERS))
    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    framework_code: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]
    epao: Mapped[Organisation] = relationship()


class BankItem(Identified, Base):
    """A question through all its versions. Its text is in these; here is what outlives them.

    ``reminded_days`` is the last reminder of the review that is due: so many days ahead.
    """

    __tablename__ = "bank_item"
    __table_args__ = (UniqueConstraint("bank_id", "reference"),)

    bank_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("question_bank.id"))
    reference: Mapped[str] = mapped_column(String(REFERENCE_LETTERS))
    kind: Mapped[ItemKind]
    created_at: Mapped[datetime]
    review_due_on: Mapped[date | None] = mapped_column(index=True)
    reminded_days: Mapped[int | None]
    bank: Mapped[QuestionBank] = relationship(lazy="joined", innerjoin=True)
    versions: Mapped[list[ItemVersion]] = relationship(
        back_populates="item", order_by="ItemVersion.number"
    )


class ItemVersion(Identified, Base):
    """What an item says in one version. Only a draft is ever changed.

    ``ksb`` is the one it is drawn for, ``other_ksbs`` are touched on the way. ``fingerprint`` tells
    its content apart, ``came_as`` that of the file it was imported from, pictures as they came.
    """

    __tablename__ = "item_version"
    __table_args__ = (
        UniqueConstraint("item_id", "number"),
        CheckConstraint("facility >= 0 AND facility <= 1", name="facility_a_share"),
        Index(
            "uq_item_version_approved",
            "item_id",
            unique=True,
            sqlite_where=text("status = 'approved'"),
            postgresql_where=text("status = 'approved'"),
        ),
        Index(
            "uq_item_version_open",
            "item_id",
            unique=True,
            sqlite_where=text("status IN ('draft', 'in_review')"),
            postgresql_where=text("status IN ('draft', 'in_review')"),
        ),
    )

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_item.id"))
    number: Mapped[int]
    status: Mapped[ItemStatus] = mapped_column(index=True)
    title: Mapped[str] = mapped_column(String(TITLE_LETTERS))
    stem: Mapped[str] = mapped_column(Text)
    key: Mapped[int | None]
    marks: Mapped[float | None]
    keep_order: Mapped[bool]
    model_answer: Mapped[str] = mapped_column(Text)
    ksb: Mapped[str | None] = mapped_column(String(KSB_LETTERS), index=True)
    other_ksbs: Mapped[list[str]]
    tags: Mapped[list[str]]
    sources: Mapped[list[str]]
    facility: Mapped[float | None]
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    came_as: Mapped[str | None] = mapped_column(String(64), index=True)
    search_text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]
    lock_version: Mapped[int] = mapped_column()
    item: Mapped[BankItem] = relationship(back_populates="versions", lazy="joined", innerjoin=True)
    options: Mapped[list[ItemOption]] = relationship(
        order_by="ItemOption.position", cascade="all, delete-orphan"
    )
    guide: Mapped[list[GuidePoint]] = relationship(
        order_by="GuidePoint.position", cascade="all, delete-orphan"
    )
    pictures: Mapped[list[ItemPicture]] = relationship(
        order_by="ItemPicture.name", cascade="all, delete-orphan", back_populates="version"
    )
    events: Mapped[list[ItemEvent]] = relationship(
        order_by="ItemEvent.at, ItemEvent.place", back_populates="version"
    )
    __mapper_args__ = {"version_id_col": lock_version}


class ItemOption(Identified, Base):
    """One answer offered, and why it is right or wrong."""

    __tablename__ = "item_option"

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    rationale: Mapped[str] = mapped_column(Text)


class GuidePoint(Identified, Base):
    """One creditworthy point of a marking guide, or what a good answer to a prompt shows."""

    __tablename__ = "guide_point"

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)


class ItemPicture(Identified, Base):
    """A picture that a version's texts show, under the name they call it by."""

    __tablename__ = "item_picture"
    __table_args__ = (UniqueConstraint("version_id", "name"),)

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"))
    name: Mapped[str] = mapped_column(String(100))
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    version: Mapped[ItemVersion] = relationship(back_populates="pictures")
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)


class ItemEvent(Identified, AppendOnly, Base):
    """A step in a version's history, with what its maker had to say; comments are steps too.

    ``by`` is None for what a command did in nobody's name.
    """

    __tablename__ = "item_event"

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"), index=True)
    place: Mapped[int]
    step: Mapped[ItemStep]
    comment: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[ItemVersion] = relationship(back_populates="events")
    by: Mapped[Person | None] = relationship(lazy="joined")


class EnemyPair(Base):
    """Two items that may not stand on the same paper; the lesser identifier stands first."""

    __tablename__ = "enemy_pair"
    __table_args__ = (CheckConstraint("item_id < enemy_id", name="in_order"),)

    item_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bank_item.id"), primary_key=True)
    enemy_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("bank_item.id"), primary_key=True, index=True
    )
