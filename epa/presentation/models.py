"""The file an apprentice submits for the presentation, version by version."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.files.models import StoredFile
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person


class PresentationSubmission(Identified, AppendOnly, Base):
    """A submitted file; the newest version counts. A late one carries who allowed it, and why."""

    __tablename__ = "presentation_submission"
    __table_args__ = (
        UniqueConstraint("attempt_id", "version"),
        CheckConstraint("(allowed_late_by_id IS NULL) = (late_reason IS NULL)", name="late_whole"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    version: Mapped[int]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    submitted_at: Mapped[datetime]
    submitted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    allowed_late_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    late_reason: Mapped[str | None] = mapped_column(Text)
    attempt: Mapped[MethodAttempt] = relationship()
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    submitted_by: Mapped[Person] = relationship(foreign_keys=[submitted_by_id])
    allowed_late_by: Mapped[Person | None] = relationship(foreign_keys=[allowed_late_by_id])
