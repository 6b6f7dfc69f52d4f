"""The mark sheet of a judged method: judgements and evidence notes, added and never changed."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, AppendOnlyViolation, Base, Identified
from epa.judgements.rules import FeedbackFields
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Grade
from epa.people.models import Person
from epa.wording.models import WordingPack


class MarkSheet(Identified, Base):
    """One version of the sheet of an attempt, open until it is signed.

    ``conduct`` holds the facts of the day (times, service users, questions, identity), in the
    shape that the method's rules give it. ``wording_digest`` is over the descriptors that were
    shown on it, those of ``wording_pack`` or else the definition's own. A version that ``corrects``
    another carries the reason, and counts once a second person has approved it.
    """

    __tablename__ = "mark_sheet"
    __table_args__ = (
        UniqueConstraint("attempt_id", "version"),
        CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name="signed_whole"),
        CheckConstraint("(signed_at IS NULL) = (digest IS NULL)", name="digest_iff_signed"),
        CheckConstraint("(version = 1) = (corrects_id IS NULL)", name="later_ones_correct"),
        CheckConstraint("(corrects_id IS NULL) = (reason IS NULL)", name="corrects_with_reason"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    conduct: Mapped[dict[str, Any]]
    wording_pack_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("wording_pack.id"))
    wording_digest: Mapped[str | None] = mapped_column(String(64))
    corrects_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("mark_sheet.id"))
    reason: Mapped[str | None] = mapped_column(Text)
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    digest: Mapped[str | None] = mapped_column(String(64))
    lock_version: Mapped[int] = mapped_column()
    attempt: Mapped[MethodAttempt] = relationship(lazy="joined", innerjoin=True)
    opened_by: Mapped[Person] = relationship(foreign_keys=[opened_by_id])
    signed_by: Mapped[Person | None] = relationship(foreign_keys=[signed_by_id])
    corrects: Mapped[MarkSheet | None] = relationship(remote_side="MarkSheet.id")
    wording_pack: Mapped[WordingPack | None] = relationship()
    decision: Mapped[CorrectionDecision | None] = relationship(viewonly=True)
    judgements: Mapped[list[Judgement]] = relationship(
        back_populates="sheet", order_by="Judgement.sequence"
    )
    notes: Mapped[list[EvidenceNote]] = relationship(
        back_populates="sheet", order_by="EvidenceNote.sequence"
    )
    __mapper_args__ = {"version_id_col": lock_version}


class Judgement(Identified, AppendOnly, Base):
    """A grade for one KSB; the newest of a KSB counts. No grade means not judged (any more).

    ``sequence`` runs from 1 for each KSB of a sheet: whoever saves says which one they saw last.
    """

    __tablename__ = "judgement"
    __table_args__ = (UniqueConstraint("sheet_id", "ksb_code", "sequence"),)

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mark_sheet.id"))
    sequence: Mapped[int]
    ksb_code: Mapped[str] = mapped_column(String(10))
    grade: Mapped[Grade | None]
    judged_at: Mapped[datetime]
    judged_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    sheet: Mapped[MarkSheet] = relationship(back_populates="judgements")
    judged_by: Mapped[Person] = relationship()


class EvidenceNote(Identified, AppendOnly, Base):
    """What was seen, heard or asked; an edited note is a new one that replaces it.

    ``ksbs`` are the codes of the KSBs it is evidence for: none while it only stands in the stream
    of notes. An empty text takes the replaced note back. ``piece`` is the number of a piece of the
    portfolio that it refers to. ``token`` is the name that a browser gave to the save, so that a
    save sent again after a lost answer is kept once.
    """

    __tablename__ = "evidence_note"
    __table_args__ = (
        UniqueConstraint("sheet_id", "sequence"),
        UniqueConstraint("sheet_id", "token"),
        CheckConstraint("(version = 1) = (replaces_id IS NULL)", name="later_ones_replace"),
    )

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mark_sheet.id"))
    sequence: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    ksbs: Mapped[list[str]]
    source: Mapped[str] = mapped_column(String(20))
    service_user: Mapped[int | None]
    piece: Mapped[int | None]
    text: Mapped[str] = mapped_column(Text)
    replaces_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("evidence_note.id"), unique=True
    )
    token: Mapped[str | None] = mapped_column(String(40))
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    sheet: Mapped[MarkSheet] = relationship(back_populates="notes")
    noted_by: Mapped[Person] = relationship()


class SheetFeedback(Identified, AppendOnly, Base):
    """What the assessor tells the apprentice of a method; the newest version of a sheet counts.

    The texts are for the apprentice, the employer and the provider once the grade is released;
    empty ones say nothing.
    """

    __tablename__ = "sheet_feedback"
    __table_args__ = (UniqueConstraint("sheet_id", "version"),)

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mark_sheet.id"))
    version: Mapped[int]
    overall: Mapped[str] = mapped_column(Text)
    went_well: Mapped[str] = mapped_column(Text)
    work_on: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    written_by: Mapped[Person] = relationship()

    @property
    def fields(self) -> FeedbackFields:
        """The texts alone."""
        return FeedbackFields(self.overall, self.went_well, self.work_on)


class CorrectionDecision(Identified, AppendOnly, Base):
    """A second person's decision on a signed correction: it counts from then on, or it does not."""

    __tablename__ = "correction_decision"
    __table_args__ = (
        CheckConstraint("is_approved OR reason IS NOT NULL", name="refused_with_reason"),
    )

    sheet_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("mark_sheet.id"), unique=True)
    is_approved: Mapped[bool]
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    sheet: Mapped[MarkSheet] = relationship()
    decided_by: Mapped[Person] = relationship()


@event.listens_for(MarkSheet, "before_update")
def _signed_is_final(_mapper: object, _connection: object, sheet: MarkSheet) -> None:
    """Refuse every change to a sheet that was signed when this transaction began."""
    before = inspect(sheet).attrs.signed_at.history
    if (before.deleted or before.unchanged or [None])[0] is not None:
        raise AppendOnlyViolation("a signed mark sheet is never changed")
