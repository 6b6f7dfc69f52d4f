"""The stored file, and the large file on its way in, part by part.

Bytes lie outside the database under names of our own.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.files.rules import Part


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


class PartialUpload(Identified, Base):
    """A file on its way in, of nobody's record yet; it belongs to whoever began it.

    ``sha256`` is of the whole, once it is here; ``used_at`` says when a record took it. Unused ones
    and used ones are swept away, with their parts.
    """

    __tablename__ = "partial_upload"
    __table_args__ = (Index("ix_partial_upload_own", "person_id", "used_at"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(300))
    size: Mapped[int] = mapped_column(BigInteger)
    begun_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    used_at: Mapped[datetime | None]
    parts: Mapped[list[UploadPart]] = relationship(
        order_by="UploadPart.offset", cascade="all, delete-orphan"
    )


class UploadPart(Identified, Base):
    """One part of such a file. The same part may be sent again; it is kept once."""

    __tablename__ = "upload_part"
    __table_args__ = (UniqueConstraint("upload_id", "offset"),)

    upload_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("partial_upload.id"))
    offset: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(200))

    @property
    def facts(self) -> Part:
        """The part as the rules see it."""
        return Part(self.offset, self.size, self.sha256)


class HeldFile(Identified, Base):
    """A stored file that the virus scanner could not be asked about; nobody gets it until it was.

    ``found_at`` says that the scanner found something: it stays held.
    """

    __tablename__ = "held_file"
    __table_args__ = (
        CheckConstraint("released_at IS NULL OR found_at IS NULL", name="released_or_found"),
    )

    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    held_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    found_at: Mapped[datetime | None]
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
