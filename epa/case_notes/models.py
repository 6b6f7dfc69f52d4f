"""One table: what was noted or said about one assessment; a correction is another row."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Final

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.case_notes.rules import Channel
from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person

WITH_WHOM_LETTERS: Final = 100


class CaseNote(Identified, AppendOnly, Base):
    """A note or a contact. One that corrects another stands in its place; the other stays."""

    __tablename__ = "case_note"

    assessment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("end_point_assessment.id"), index=True
    )
    channel: Mapped[Channel]
    happened_on: Mapped[date]
    with_whom: Mapped[str] = mapped_column(String(WITH_WHOM_LETTERS))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("case_note.id"), unique=True)
    assessment: Mapped[EndPointAssessment] = relationship()
    written_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
