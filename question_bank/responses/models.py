"""Candidates' marked answers to papers, each version of them kept; files that wait to be stored."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person
from question_bank.papers.models import Paper
from question_bank.responses.matrix import LONGEST_CANDIDATE
from question_bank.responses.rules import ScriptSource


class Script(Identified, AppendOnly, Base):
    """One candidate's marked answers to a paper; of several revisions the last one counts.

    ``candidate`` is a reference without a name. ``is_left_out`` is a revision that takes the
    candidate out of all figures; it has no answers.
    """

    __tablename__ = "script"
    __table_args__ = (
        UniqueConstraint("paper_id", "candidate", "revision"),
        CheckConstraint("NOT is_left_out OR reason != ''", name="left_out_for_a_reason"),
    )

    paper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper.id"))
    candidate: Mapped[str] = mapped_column(String(LONGEST_CANDIDATE))
    revision: Mapped[int]
    source: Mapped[ScriptSource]
    total: Mapped[int]
    is_left_out: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    paper: Mapped[Paper] = relationship()


class ScriptMark(AppendOnly, Base):
    """The mark of one answer; ``chosen`` is the option, from 0 in the item as written."""

    __tablename__ = "script_mark"
    __table_args__ = (CheckConstraint("mark >= 0", name="mark_not_below_none"),)

    script_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("script.id"), primary_key=True)
    version_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("item_version.id"), primary_key=True, index=True
    )
    mark: Mapped[int]
    chosen: Mapped[int | None]


class AnswerFile(Identified, Base):
    """A file of marked answers as it was read; it waits to be stored, once.

    ``rows`` holds for each candidate the marks and the options chosen, in the paper's order.
    """

    __tablename__ = "answer_file"

    paper_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("paper.id"), index=True)
    name: Mapped[str] = mapped_column(String(300))
    rows: Mapped[list[Any]]
    read_at: Mapped[datetime]
    read_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    stored_at: Mapped[datetime | None]
    paper: Mapped[Paper] = relationship(lazy="joined", innerjoin=True)
    read_by: Mapped[Person] = relationship()
