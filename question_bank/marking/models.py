"""Handed-in papers whose answers people mark, every mark that was given, and each marker's order."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person
from question_bank.items.models import ItemVersion
from question_bank.marking.answers import AnswerState, MarkKind, state_of
from question_bank.sittings.models import Sitting

SEED_LETTERS: Final = 32


class PaperToMark(Identified, Base):
    """A handed-in paper whose written answers people mark, as one receipt stands for them.

    ``seed`` draws the answers that are marked twice. ``total`` stands with ``settled_at``, when no
    mark of it is open any more; the grade is not made here.
    """

    __tablename__ = "paper_to_mark"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (total IS NULL)", name="settled_with_total"),
    )

    sitting_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("sitting.id"), unique=True)
    receipt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("receipt.id"))
    seed: Mapped[str] = mapped_column(String(SEED_LETTERS))
    taken_in_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    total: Mapped[int | None]
    sitting: Mapped[Sitting] = relationship()


class AnswerToMark(Identified, Base):
    """One written answer: its words, whose mark it waits for, and the marks that count.

    ``words`` are a copy, so that nothing a marker reads leads to a sitting. ``said`` is the same for
    answers that say the same. A first mark by nobody is the plan's own: nothing was written.
    """

    __tablename__ = "answer_to_mark"
    __table_args__ = (
        CheckConstraint("marks_max > 0", name="gives_marks"),
        CheckConstraint("second_mark IS NULL OR first_mark IS NOT NULL", name="first_comes_first"),
        CheckConstraint("third_mark IS NULL OR second_mark IS NOT NULL", name="third_comes_last"),
        CheckConstraint("second_by_id != first_by_id", name="second_by_another"),
        CheckConstraint(
            "third_by_id != first_by_id AND third_by_id != second_by_id", name="third_by_another"
        ),
        Index("ix_answer_to_mark_version_id_state", "version_id", "state"),
        Index(
            "uq_answer_to_mark_one_a_question",
            "paper_id",
            "number",
            unique=True,
            sqlite_where=text("state != 'withdrawn'"),
            postgresql_where=text("state != 'withdrawn'"),
        ),
    )

    paper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper_to_mark.id"), index=True)
    number: Mapped[int]
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"))
    words: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(String(64))
    marks_max: Mapped[int]
    state: Mapped[AnswerState]
    since: Mapped[datetime]
    twice_for: Mapped[list[str]]
    first_mark: Mapped[int | None]
    first_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    second_mark: Mapped[int | None]
    second_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    third_mark: Mapped[int | None]
    third_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    paper: Mapped[PaperToMark] = relationship()
    version: Mapped[ItemVersion] = relationship()

    @property
    def marks(self) -> list[int]:
        """The marks that count, in the order in which they were given."""
        given = (self.first_mark, self.second_mark, self.third_mark)
        return [one for one in given if one is not None]

    @property
    def markers(self) -> list[uuid.UUID | None]:
        """Who gave them, in the same order."""
        return [self.first_by_id, self.second_by_id, self.third_by_id][: len(self.marks)]

    def placed(self, marks: list[int], markers: list[uuid.UUID | None], at: datetime) -> None:
        """Let these marks count from now on."""
        self.first_mark, self.second_mark, self.third_mark = [*marks, None, None, None][:3]
        self.first_by_id, self.second_by_id, self.third_by_id = [*markers, None, None, None][:3]
        self.state, self.since = state_of(marks, is_twice=bool(self.twice_for)), at


class GivenMark(Identified, AppendOnly, Base):
    """What somebody did to an answer: a mark with its ticks, provisional or not, or one taken back.

    ``with_id`` is the mark that was given to answers with the same words in the same action.
    """

    __tablename__ = "given_mark"
    __table_args__ = (
        UniqueConstraint("answer_id", "place"),
        CheckConstraint("(kind = 'taken_back') = (mark IS NULL)", name="mark_unless_taken_back"),
    )

    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_to_mark.id"))
    place: Mapped[int]
    kind: Mapped[MarkKind]
    turn: Mapped[AnswerState]
    mark: Mapped[int | None]
    ticks: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Text)
    is_flagged: Mapped[bool]
    with_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("given_mark.id"), index=True)
    by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[Person] = relationship()


class MarkingOrder(AppendOnly, Base):
    """The order in which one marker meets the answers to one version: a seed, drawn once."""

    __tablename__ = "marking_order"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"), primary_key=True)
    seed: Mapped[str] = mapped_column(String(SEED_LETTERS))
    begun_at: Mapped[datetime]
