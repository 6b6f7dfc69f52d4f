"""A sitting with its clock, the paper as delivered, the log of answers, receipts and what came late."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person
from question_bank.papers.models import Paper
from question_bank.sittings.clock import SittingClock
from question_bank.sittings.edits import Edit
from question_bank.sittings.rules import IntegrityKind, SittingState, SittingStep

DEVICE_LETTERS = 64
WHENCE_LETTERS = 64
EVENT_NAME_LETTERS = 32


class Sitting(Identified, Base):
    """One candidate's test on a screen: where it stands, and all that its clock is worked out from.

    ``attempt_id`` says what it is taken for; nothing here knows what an attempt is. One that is void
    makes room for another. ``heard_at`` and ``unsaved`` are the newest of what the candidate's
    page told; ``device_token`` is a name that the page gave itself, and no credential.
    ``hand_answered_at`` stands until the page has heard that its raised hand was seen. ``heard_from``
    tells one address and browser from another, and not which they are.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        CheckConstraint("allowed_seconds > 0", name="time_allowed"),
        CheckConstraint("rest_seconds >= 0", name="rest_not_negative"),
        CheckConstraint("(state = 'paused') = (paused_at IS NOT NULL)", name="paused_with_time"),
        Index(
            "uq_sitting_one_an_attempt",
            "attempt_id",
            unique=True,
            sqlite_where=text("state != 'voided'"),
            postgresql_where=text("state != 'voided'"),
        ),
        Index(
            "ix_sitting_running",
            "state",
            sqlite_where=text("state IN ('in_progress', 'paused')"),
            postgresql_where=text("state IN ('in_progress', 'paused')"),
        ),
    )

    candidate_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    paper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper.id"), unique=True)
    state: Mapped[SittingState]
    issued_at: Mapped[datetime]
    allowed_seconds: Mapped[int]
    rest_seconds: Mapped[int]
    closes_at: Mapped[datetime | None]
    needs_safe_browser: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime | None]
    added_seconds: Mapped[int] = mapped_column(default=0)
    stopped_seconds: Mapped[float] = mapped_column(default=0)
    rested_seconds: Mapped[float] = mapped_column(default=0)
    paused_at: Mapped[datetime | None]
    is_rest: Mapped[bool] = mapped_column(default=False)
    finished_at: Mapped[datetime | None]
    device: Mapped[int] = mapped_column(default=0)
    device_token: Mapped[str | None] = mapped_column(String(DEVICE_LETTERS))
    may_change_device: Mapped[bool] = mapped_column(default=False)
    heard_at: Mapped[datetime | None]
    heard_from: Mapped[str | None] = mapped_column(String(WHENCE_LETTERS))
    unsaved: Mapped[int] = mapped_column(default=0)
    hand_raised_at: Mapped[datetime | None]
    hand_answered_at: Mapped[datetime | None]
    candidate: Mapped[Person] = relationship(foreign_keys=[candidate_id])
    paper: Mapped[Paper] = relationship()

    @property
    def clock(self) -> SittingClock:
        """The clock as it stands."""
        return SittingClock.of(self)

    @clock.setter
    def clock(self, clock: SittingClock) -> None:
        """Keep what moves; what was allowed never changes."""
        self.started_at = clock.started_at
        self.added_seconds = round(clock.added.total_seconds())
        self.stopped_seconds = clock.stopped.total_seconds()
        self.rested_seconds = clock.rested.total_seconds()
        self.paused_at, self.is_rest = clock.paused_at, clock.is_rest


class PaperDelivered(AppendOnly, Base):
    """A paper as one candidate gets it: its questions in order, and the names of their options.

    ``layout`` says what each stands for, ``content`` what is sent to the page: never a key, a guide
    or a difficulty. Made when the sitting is issued, so that a common start only reads it.
    """

    __tablename__ = "paper_delivered"

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    layout: Mapped[list[Any]]
    content: Mapped[list[Any]] = mapped_column(deferred=True)


class SittingDevice(AppendOnly, Base):
    """A device that a sitting was taken on; the highest number is the one that may write."""

    __tablename__ = "sitting_device"
    __table_args__ = (UniqueConstraint("sitting_id", "token"),)

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(DEVICE_LETTERS))
    since: Mapped[datetime]


class AnswerEdit(AppendOnly, Base):
    """One change of one answer; the highest place counts. ``in_grace``: it left in time, barely."""

    __tablename__ = "answer_edit"
    # How far a device has counted is asked with every save.
    __table_args__ = (Index("ix_answer_edit_counted", "sitting_id", "device", "sequence"),)

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    in_grace: Mapped[bool]
    late_batch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("late_batch.id"))

    @property
    def edit(self) -> Edit:
        """The edit as the rules know it."""
        return Edit(self.number, self.device, self.sequence, self.value, self.made_at)


class SittingEvent(Identified, AppendOnly, Base):
    """A step of a sitting: what, when, by whom (None for the system), why, and for how long."""

    __tablename__ = "sitting_event"

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"), index=True)
    step: Mapped[SittingStep]
    at: Mapped[datetime]
    by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    seconds: Mapped[int]
    by: Mapped[Person | None] = relationship(lazy="joined")


class Heartbeat(Identified, AppendOnly, Base):
    """What a sign of life had to say: it came after a silence, or the unsaved were more or fewer."""

    __tablename__ = "heartbeat"

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"), index=True)
    at: Mapped[datetime]
    device: Mapped[int]
    unsaved: Mapped[int]
    silent_seconds: Mapped[int]


class IntegrityEvent(Identified, AppendOnly, Base):
    """Something that a page told of itself, or the server found: how long or how much, never what.

    ``amount`` is in seconds for a return to the page, in letters for what was copied or pasted.
    ``name`` is what the page called it, so that telling it twice is telling it once.
    """

    __tablename__ = "integrity_event"
    __table_args__ = (
        UniqueConstraint("sitting_id", "name"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"))
    name: Mapped[str] = mapped_column(String(EVENT_NAME_LETTERS))
    kind: Mapped[IntegrityKind]
    happened_at: Mapped[datetime]
    received_at: Mapped[datetime]
    amount: Mapped[int]


class Receipt(Identified, AppendOnly, Base):
    """What was handed in, as digests; the highest version counts."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("sitting_id", "version"),)

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"))
    version: Mapped[int]
    given_at: Mapped[datetime]
    answered: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    log_digest: Mapped[str] = mapped_column(String(64))


class ChoiceMark(AppendOnly, Base):
    """The mark of a multiple choice answer by its key, for what one receipt says."""

    __tablename__ = "choice_mark"

    receipt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("receipt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[int]


class LateBatch(Identified, Base):
    """Edits that arrived after the end, until a person decides; ``digest`` tells a batch sent twice."""

    __tablename__ = "late_batch"
    __table_args__ = (
        UniqueConstraint("sitting_id", "digest"),
        CheckConstraint("(decided_at IS NULL) = (is_accepted IS NULL)", name="decided_whole"),
    )

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"))
    device: Mapped[int]
    received_at: Mapped[datetime]
    edits: Mapped[list[Any]]
    digest: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    is_accepted: Mapped[bool | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    sitting: Mapped[Sitting] = relationship()
