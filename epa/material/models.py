"""What was asked for beside portfolio and presentation, and what was supplied for it."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import AppendOnly, Base, Identified
from epa.files.models import StoredFile
from epa.lifecycle.models import EndPointAssessment
from epa.material.rules import LONGEST_TITLE, Supplier
from epa.people.models import Person


class SupportingMaterial(Identified, Base):
    """Something that is wanted for an assessment, and from whom; it may be dropped again."""

    __tablename__ = "supporting_material"
    __table_args__ = (
        CheckConstraint("(dropped_at IS NULL) = (dropped_by_id IS NULL)", name="dropped_whole"),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("end_point_assessment.id"), index=True
    )
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    asked_of: Mapped[Supplier]
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    dropped_at: Mapped[datetime | None]
    dropped_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    assessment: Mapped[EndPointAssessment] = relationship(lazy="joined", innerjoin=True)
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    deliveries: Mapped[list[MaterialDelivery]] = relationship(
        back_populates="material", order_by="MaterialDelivery.version.desc()"
    )

    @property
    def newest(self) -> MaterialDelivery | None:
        """What was supplied last, which counts."""
        return next(iter(self.deliveries), None)


class MaterialDelivery(Identified, AppendOnly, Base):
    """What was supplied: a file, or words on where it is. A late one carries who let it in, and why."""

    __tablename__ = "material_delivery"
    __table_args__ = (
        UniqueConstraint("material_id", "version"),
        CheckConstraint("file_id IS NOT NULL OR note IS NOT NULL", name="has_matter"),
        CheckConstraint("(allowed_late_by_id IS NULL) = (late_reason IS NULL)", name="late_whole"),
    )

    material_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supporting_material.id"))
    version: Mapped[int]
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_file.id"))
    note: Mapped[str | None] = mapped_column(Text)
    supplied_at: Mapped[datetime]
    supplied_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    allowed_late_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    late_reason: Mapped[str | None] = mapped_column(Text)
    material: Mapped[SupportingMaterial] = relationship(back_populates="deliveries")
    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    supplied_by: Mapped[Person] = relationship(foreign_keys=[supplied_by_id])
    allowed_late_by: Mapped[Person | None] = relationship(foreign_keys=[allowed_late_by_id])
