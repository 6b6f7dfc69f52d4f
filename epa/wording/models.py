"""A wording pack: the texts as they were loaded, for one version of one definition."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.people.models import Organisation, Person


class WordingPack(Identified, Base):
    """Official texts that an EPAO loaded; the newest of a definition's that is not ended is shown.

    ``texts`` are rows of code, method, grade or level, and text. They are never changed: a correction is
    another pack, since sheets and reviews name the one whose texts were on them.
    """

    __tablename__ = "wording_pack"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_whole"),
        Index("ix_wording_pack_shown", "epao_id", "framework_code", "framework_version"),
    )

    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    framework_code: Mapped[str] = mapped_column(String(40))
    framework_version: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    texts: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime]
    loaded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    epao: Mapped[Organisation] = relationship()
    loaded_by: Mapped[Person] = relationship(foreign_keys=[loaded_by_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])
