"""The prompts drawn from the bank for the questions after an observation; only added to."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.lifecycle.models import MethodAttempt
from question_bank.items.models import ItemVersion


class DrawnPrompt(Identified, AppendOnly, Base):
    """A prompt that chance drew for one question of an attempt, with all that draws it again.

    ``number`` is the question's, from 1; ``place`` counts the draws of the attempt. ``pool`` are
    the names of the prompts it was drawn from, in the order in which ``seed`` chose among them.
    """

    __tablename__ = "drawn_prompt"
    __table_args__ = (
        UniqueConstraint("attempt_id", "place"),
        UniqueConstraint("attempt_id", "version_id"),
        UniqueConstraint("attempt_id", "token"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    number: Mapped[int]
    place: Mapped[int]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"), index=True)
    seed: Mapped[str] = mapped_column(String(80))
    pool: Mapped[list[str]]
    drawn_at: Mapped[datetime]
    drawn_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    token: Mapped[str | None] = mapped_column(String(40))
    attempt: Mapped[MethodAttempt] = relationship()
    version: Mapped[ItemVersion] = relationship(lazy="joined", innerjoin=True)
    passed_over: Mapped[PassedOverPrompt | None] = relationship(viewonly=True, lazy="joined")


class PassedOverPrompt(Identified, AppendOnly, Base):
    """Why a drawn prompt was not asked."""

    __tablename__ = "passed_over_prompt"

    prompt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("drawn_prompt.id"), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    passed_at: Mapped[datetime]
    passed_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
