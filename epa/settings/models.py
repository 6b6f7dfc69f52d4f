"""One table: what a setting was changed to, when, by whom; the newest version counts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person


class SettingVersion(Identified, AppendOnly, Base):
    """One change of one setting, for the whole installation."""

    __tablename__ = "setting_version"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    name: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    changed_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
