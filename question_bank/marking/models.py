"""Papers whose answers people mark, every mark given, seeds, stops, and corrected keys and guides."""

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


class Seed(Identified, Base):
    """A settled answer that is given to markers among the others, to see whether they agree with it."""

    __tablename__ = "marking_seed"

    answer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("answer_to_mark.id"), unique=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    answer: Mapped[AnswerToMark] = relationship()


class MarkerStop(Identified, Base):
    """That a marker's seeds differed too often: they mark nothing until somebody lets them go on.

    ``seeds`` of theirs counted, ``missed`` of these differed, ``sent_back`` of their marks were
    taken off answers whose papers were not settled.
    """

    __tablename__ = "marker_stop"
    __table_args__ = (
        CheckConstraint("(let_on_at IS NULL) = (let_on_by_id IS NULL)", name="let_on_whole"),
        CheckConstraint("let_on_by_id != person_id", name="let_on_by_another"),
        Index(
            "uq_marker_stop_one_at_a_time",
            "person_id",
            "epao_id",
            unique=True,
            sqlite_where=text("let_on_at IS NULL"),
            postgresql_where=text("let_on_at IS NULL"),
        ),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    stopped_at: Mapped[datetime]
    seeds: Mapped[int]
    missed: Mapped[int]
    sent_back: Mapped[int]
    let_on_at: Mapped[datetime | None]
    let_on_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    let_on_by: Mapped[Person | None] = relationship(foreign_keys=[let_on_by_id])


class Remarking(Identified, Base):
    """That answers to one version count by a later one's key or guide, once a second person agreed."""

    __tablename__ = "remarking"
    __table_args__ = (
        CheckConstraint(
            "(decided_at IS NULL) = (is_agreed IS NULL)"
            " AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name="decided_whole",
        ),
        CheckConstraint("decided_by_id != asked_by_id", name="decided_by_another"),
        Index(
            "uq_remarking_one_open",
            "version_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"), index=True)
    by_version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("item_version.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    is_agreed: Mapped[bool | None]
    decided_for: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[ItemVersion] = relationship(foreign_keys=[version_id])
    by_version: Mapped[ItemVersion] = relationship(foreign_keys=[by_version_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class ChoiceRemark(AppendOnly, Base):
    """The mark of a choice by the key of a re-marking, for what one receipt says; the newest counts."""

    __tablename__ = "choice_remark"

    receipt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("receipt.id"), primary_key=True)
    remarking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("remarking.id"), primary_key=True)
    number: Mapped[int]
    mark: Mapped[int]


class RemarkedPaper(Identified, Base):
    """What a re-marking came to for one paper; one that is released waits for a person's decision.

    ``mark_after`` is None where people mark anew. ``is_changed`` is None until somebody decided
    whether a released result is taken back for it or stands.
    """

    __tablename__ = "remarked_paper"
    __table_args__ = (
        UniqueConstraint("remarking_id", "paper_id"),
        CheckConstraint("(decided_at IS NULL) = (is_changed IS NULL)", name="decided_whole"),
    )

    remarking_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("remarking.id"))
    paper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper_to_mark.id"), index=True)
    number: Mapped[int]
    mark_before: Mapped[int | None]
    mark_after: Mapped[int | None]
    was_released: Mapped[bool]
    is_changed: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    remarking: Mapped[Remarking] = relationship()
    paper: Mapped[PaperToMark] = relationship()
