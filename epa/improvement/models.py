"""The actions that follow a review, and what was done each year to keep its mark."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.improvement.rules import LONGEST_OWNER
from epa.people.models import Person
from epa.reviews.models import ProviderReview


class ImprovementAction(Identified, Base):
    """What a provider does about one criterion: who sees to it, and by when."""

    __tablename__ = "improvement_action"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_whole"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"), index=True)
    criterion_code: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(LONGEST_OWNER))
    due_on: Mapped[date]
    planned_at: Mapped[datetime]
    planned_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    review: Mapped[ProviderReview] = relationship(lazy="joined", innerjoin=True)
    planned_by: Mapped[Person] = relationship(foreign_keys=[planned_by_id])


class UpkeepDone(Identified, AppendOnly, Base):
    """One part of one year's upkeep of a mark, by its place in what the framework lists."""

    __tablename__ = "upkeep_done"
    __table_args__ = (UniqueConstraint("review_id", "year", "place"),)

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"))
    year: Mapped[int]
    place: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    done_at: Mapped[datetime]
    done_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    done_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
