"""One table: the stored file. Its bytes lie outside the database under a name of our own."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from epa.database import AppendOnly, Base, Identified


class StoredFile(Identified, AppendOnly, Base):
    """A file that somebody uploaded; who may fetch it is decided by the record that holds it."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_uploads", "uploaded_by_id", "uploaded_at"),)

    key: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(300))
    content_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
