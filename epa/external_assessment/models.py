"""The visit and what came of it: timetable, interviews, feedback, objections, moderation's remarks."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.external_assessment.rules import LONGEST_REFERENCE, LONGEST_TITLE, ObjectionKind, Slot
from epa.people.models import Person
from epa.reviews.models import ProviderReview


class TimetableBlock(Identified, Base):
    """One block of a visit's timetable."""

    __tablename__ = "timetable_block"
    __table_args__ = (CheckConstraint("starts < ends", name="runs"),)

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"), index=True)
    day: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    review: Mapped[ProviderReview] = relationship(lazy="joined", innerjoin=True)

    @property
    def slot(self) -> Slot:
        """The block as the rules see it."""
        return Slot(self.day, self.starts, self.ends, self.title)


class InterviewHeld(Identified, AppendOnly, Base):
    """Somebody whom the assessors heard, under a reference and never by name."""

    __tablename__ = "interview_held"

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"), index=True)
    kind: Mapped[str] = mapped_column(String(64))
    reference: Mapped[str] = mapped_column(String(LONGEST_REFERENCE))
    held_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime]
    noted_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    noted_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class FeedbackGiven(Identified, AppendOnly, Base):
    """What the assessors told the provider at the end of a day; more may be added to it."""

    __tablename__ = "feedback_given"

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"), index=True)
    step: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]
    given_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    given_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)


class ReviewObjection(Identified, Base):
    """What the provider does not agree with, and the assessors' answer to it."""

    __tablename__ = "review_objection"
    __table_args__ = (
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)"
            " AND (answered_at IS NULL) = (is_upheld IS NULL)",
            name="answer_whole",
        ),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"), index=True)
    kind: Mapped[ObjectionKind]
    criterion_code: Mapped[str | None] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    is_upheld: Mapped[bool | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    review: Mapped[ProviderReview] = relationship(lazy="joined", innerjoin=True)
    raised_by: Mapped[Person] = relationship(foreign_keys=[raised_by_id], lazy="joined")
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id], lazy="joined")


class ModerationRemark(Identified, Base):
    """A criterion that the moderator gave back, why, and what the assessors made of it."""

    __tablename__ = "moderation_remark"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settlement_whole"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"), index=True)
    criterion_code: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    made_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    review: Mapped[ProviderReview] = relationship(lazy="joined", innerjoin=True)
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id], lazy="joined")
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id], lazy="joined")
