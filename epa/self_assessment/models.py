"""What a provider shows for its criteria, and who of its people sees to which section."""

from __future__ import annotations

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.files.models import StoredFile
from epa.people.models import Person
from epa.reviews.models import ProviderReview
from epa.self_assessment.rules import LONGEST_LINK, LONGEST_TASK, LONGEST_TITLE


class ReviewEvidence(Identified, Base):
    """A file or a link that shows something of one criterion; one that is taken out stays on record.

    ``is_further`` says that it came on the morning of the last day, after gaps were named.
    """

    __tablename__ = "review_evidence"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) != (link IS NULL)", name="file_or_link"),
        CheckConstraint("(removed_at IS NULL) = (removed_by_id IS NULL)", name="removal_whole"),
        Index("ix_review_evidence_review", "review_id", "criterion_code"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"))
    criterion_code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    link: Mapped[str | None] = mapped_column(String(LONGEST_LINK))
    is_further: Mapped[bool]
    added_at: Mapped[datetime]
    added_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    review: Mapped[ProviderReview] = relationship(lazy="joined", innerjoin=True)
    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    added_by: Mapped[Person] = relationship(
        foreign_keys=[added_by_id], lazy="joined", innerjoin=True
    )


class SectionTask(Identified, Base):
    """Something one of the provider's people sees to for a section, by a day."""

    __tablename__ = "section_task"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_whole"),
        Index("ix_section_task_owner", "owner_id", "done_at"),
    )

    review_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("provider_review.id"), index=True)
    section_code: Mapped[str] = mapped_column(String(40))
    what: Mapped[str] = mapped_column(String(LONGEST_TASK))
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date | None]
    set_at: Mapped[datetime]
    set_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    review: Mapped[ProviderReview] = relationship(lazy="joined", innerjoin=True)
    owner: Mapped[Person] = relationship(foreign_keys=[owner_id], lazy="joined", innerjoin=True)
