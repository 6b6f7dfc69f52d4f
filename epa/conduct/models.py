"""What happened on an assessor's day: its clock, the questions asked, the recordings; only added to."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.conduct.clock import PauseReason, TimerAction
from epa.conduct.rules import PromptName
from epa.database import AppendOnly, Base, Identified
from epa.files.models import StoredFile
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person


class TimerEntry(Identified, AppendOnly, Base):
    """Something done to the clock of one part of an attempt.

    ``happened_at`` is by the server's clock, also when a page kept the entry while it was offline
    and sent it later: then ``received_at`` is when it came.
    """

    __tablename__ = "timer_entry"
    __table_args__ = (
        UniqueConstraint("attempt_id", "sequence"),
        UniqueConstraint("attempt_id", "token"),
        CheckConstraint("received_at >= happened_at", name="received_after"),
        CheckConstraint("(action = 'pause') = (reason IS NOT NULL)", name="pause_with_reason"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    sequence: Mapped[int]
    part: Mapped[str] = mapped_column(String(40))
    action: Mapped[TimerAction]
    reason: Mapped[PauseReason | None]
    words: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    entered_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    token: Mapped[str | None] = mapped_column(String(40))


class AskedQuestion(Identified, AppendOnly, Base):
    """One version of a question that was asked and of its answer; the newest counts.

    ``follow_up`` is 0 for a question of its own, and counts those that follow it up.
    ``prompt_reference`` and ``prompt_version`` say which item of the bank it was drawn as; a
    question without them arose on the day.
    """

    __tablename__ = "asked_question"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number", "follow_up", "version"),
        UniqueConstraint("attempt_id", "token"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("follow_up >= 0", name="follow_up_from_nought"),
        CheckConstraint(
            "(prompt_reference IS NULL) = (prompt_version IS NULL)", name="prompt_whole"
        ),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    number: Mapped[int]
    follow_up: Mapped[int]
    version: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    ksbs: Mapped[list[str]]
    prompt_reference: Mapped[str | None] = mapped_column(String(100))
    prompt_version: Mapped[int | None]
    asked_at: Mapped[datetime]
    written_at: Mapped[datetime]
    written_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    token: Mapped[str | None] = mapped_column(String(40))
    written_by: Mapped[Person] = relationship()

    @property
    def prompt(self) -> PromptName | None:
        """The prompt that it was drawn as; None for a question that arose."""
        if self.prompt_reference is None or self.prompt_version is None:
            return None
        return PromptName(self.prompt_reference, self.prompt_version)


class DayRecording(Identified, AppendOnly, Base):
    """A recording of the day, attached to its attempt; who fetches one is written to the log."""

    __tablename__ = "day_recording"
    __table_args__ = (UniqueConstraint("attempt_id", "number"),)

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    number: Mapped[int]
    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("stored_file.id"))
    attached_at: Mapped[datetime]
    attached_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    attempt: Mapped[MethodAttempt] = relationship()
    file: Mapped[StoredFile] = relationship(lazy="joined", innerjoin=True)
    attached_by: Mapped[Person] = relationship()
