"""What one side of a review says of one criterion: a level or a figure, with words; in versions."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person
from epa.reviews.rules import Side


class CriterionRating(Identified, AppendOnly, Base):
    """What one side says of one criterion: a level, or a measure's figure. The newest counts.

    ``value`` keeps a figure at the digits that were written; ``has_nothing`` says that it was worked
    out and there was nothing to count.
    """

    __tablename__ = "criterion_rating"
    __table_args__ = (
        UniqueConstraint("review_id", "side", "criterion_code", "version"),
        CheckConstraint("level IS NULL OR value IS NULL", name="level_or_value"),
        CheckConstraint("value IS NULL OR NOT has_nothing", name="value_or_nothing"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"))
    side: Mapped[Side]
    criterion_code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    level: Mapped[str | None] = mapped_column(String(64))
    value: Mapped[str | None] = mapped_column(String(40))
    counted: Mapped[int | None]
    counted_of: Mapped[int | None]
    has_nothing: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text)
    rated_at: Mapped[datetime]
    rated_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    rated_by: Mapped[Person] = relationship(lazy="joined", innerjoin=True)

    @property
    def is_rated(self) -> bool:
        """Whether it says more than words."""
        return self.level is not None or self.value is not None or self.has_nothing
