"""A room, its address, how many it takes and what is in it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.people.models import Organisation


class Room(Identified, Base):
    """A room that an EPAO books; one that is no longer used stays for what was held in it."""

    __tablename__ = "room"
    __table_args__ = (
        UniqueConstraint("epao_id", "name"),
        CheckConstraint("capacity >= 1", name="takes_somebody"),
    )

    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(100))
    address: Mapped[str] = mapped_column(String(180))
    capacity: Mapped[int]
    equipment: Mapped[str | None] = mapped_column(Text)
    added_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    epao: Mapped[Organisation] = relationship()

    @property
    def place(self) -> str:
        """Where it is, as a booking says it: '4 Quay Street, Room 2'."""
        return f"{self.address}, {self.name}"
