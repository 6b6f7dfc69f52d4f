"""The apprenticeship, its end-point assessment, the attempts at each method, who is allocated."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified, enum_type
from epa.lifecycle.rules import Attainment, AttemptKind, Duty, Grade, Stage
from epa.people.models import Organisation, Person


class Apprenticeship(Identified, Base):
    """One apprentice's training for one standard, with one employer and one training provider."""

    __tablename__ = "apprenticeship"
    __table_args__ = (Index("ix_apprenticeship_uln", "uln"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    uln: Mapped[str] = mapped_column(String(10))
    date_of_birth: Mapped[date]
    standard_reference: Mapped[str] = mapped_column(String(20))
    employer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    provider_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    learning_start_on: Mapped[date]
    original_start_on: Mapped[date]
    planned_end_on: Mapped[date | None]
    planned_gateway_on: Mapped[date | None]
    english: Mapped[Attainment] = mapped_column(default=Attainment.NONE)
    maths: Mapped[Attainment] = mapped_column(
        enum_type(Attainment, "maths_attainment"), default=Attainment.NONE
    )
    has_ehc_plan: Mapped[bool] = mapped_column(default=False)
    has_legacy_statement: Mapped[bool] = mapped_column(default=False)
    has_bsl: Mapped[bool] = mapped_column(default=False)
    opted_in_to_english_maths: Mapped[bool] = mapped_column(default=False)
    workplace_address: Mapped[str | None] = mapped_column(Text)
    registered_at: Mapped[datetime]
    registered_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
    employer: Mapped[Organisation] = relationship(
        foreign_keys=[employer_id], lazy="joined", innerjoin=True
    )
    provider: Mapped[Organisation | None] = relationship(foreign_keys=[provider_id])
    breaks: Mapped[list[BreakInLearning]] = relationship(
        back_populates="apprenticeship", order_by="BreakInLearning.started_on"
    )


class BreakInLearning(Identified, Base):
    """Days that do not count towards the time on programme; open while the end is not known."""

    __tablename__ = "break_in_learning"
    __table_args__ = (CheckConstraint("ended_on >= started_on", name="ends_after_start"),)

    apprenticeship_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("apprenticeship.id"), index=True
    )
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    apprenticeship: Mapped[Apprenticeship] = relationship(back_populates="breaks")


class EndPointAssessment(Identified, Base):
    """One whole end-point assessment, pinned to one version of its standard's definition.

    A second one for the same apprenticeship (``number`` 2) links back to the one that failed.
    """

    __tablename__ = "end_point_assessment"
    __table_args__ = (
        UniqueConstraint("apprenticeship_id", "number"),
        CheckConstraint(
            "(gateway_accepted_at IS NULL) = (epa_starts_on IS NULL)", name="clock_with_gateway"
        ),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("(number = 1) = (previous_id IS NULL)", name="later_ones_link_back"),
    )

    apprenticeship_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("apprenticeship.id"), index=True
    )
    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("end_point_assessment.id"))
    framework_code: Mapped[str] = mapped_column(String(40))
    framework_version: Mapped[str] = mapped_column(String(40))
    stage: Mapped[Stage] = mapped_column(default=Stage.ON_PROGRAMME, index=True)
    stage_since: Mapped[datetime]
    gateway_accepted_at: Mapped[datetime | None]
    epa_starts_on: Mapped[date | None] = mapped_column(index=True)
    lock_version: Mapped[int] = mapped_column()
    apprenticeship: Mapped[Apprenticeship] = relationship(lazy="joined", innerjoin=True)
    epao: Mapped[Organisation] = relationship()
    attempts: Mapped[list[MethodAttempt]] = relationship(
        back_populates="assessment", order_by="MethodAttempt.number"
    )
    __mapper_args__ = {"version_id_col": lock_version}


class MethodAttempt(Identified, Base):
    """One attempt at one method: when it is, what it was graded on, who released it.

    ``scoring_input`` is the frozen input that the grade was computed from; ``explanation`` are the
    reasons in sentences, as they were said on the day. ``closes_on`` is its last day where the EPAO
    recorded exceptional circumstances; else the EPA period's holds.
    """

    __tablename__ = "method_attempt"
    __table_args__ = (
        UniqueConstraint("assessment_id", "method_code", "number"),
        CheckConstraint("(grade IS NULL) = (graded_at IS NULL)", name="graded_whole"),
        CheckConstraint("(grade IS NULL) = (graded_by_id IS NULL)", name="grader_iff_graded"),
        CheckConstraint("(released_at IS NULL) = (released_by_id IS NULL)", name="released_whole"),
        CheckConstraint("released_at IS NULL OR grade IS NOT NULL", name="released_if_graded"),
        CheckConstraint("released_by_id != graded_by_id", name="released_by_another"),
        CheckConstraint("(number = 1) = (kind = 'first')", name="first_is_number_one"),
    )

    assessment_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("end_point_assessment.id"), index=True
    )
    method_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[int] = mapped_column(default=1)
    kind: Mapped[AttemptKind] = mapped_column(default=AttemptKind.FIRST)
    opened_at: Mapped[datetime]
    scheduled_at: Mapped[datetime | None] = mapped_column(index=True)
    place: Mapped[str | None] = mapped_column(String(300))
    held_on: Mapped[date | None]
    closes_on: Mapped[date | None]
    grade: Mapped[Grade | None]
    scoring_input: Mapped[dict[str, Any] | None]
    explanation: Mapped[list[str] | None]
    graded_at: Mapped[datetime | None]
    graded_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[datetime | None]
    released_by_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    lock_version: Mapped[int] = mapped_column()
    assessment: Mapped[EndPointAssessment] = relationship(
        back_populates="attempts", lazy="joined", innerjoin=True
    )
    allocations: Mapped[list[Allocation]] = relationship(
        back_populates="attempt", lazy="selectin", cascade="all, delete-orphan"
    )
    graded_by: Mapped[Person | None] = relationship(foreign_keys=[graded_by_id])
    released_by: Mapped[Person | None] = relationship(foreign_keys=[released_by_id])
    __mapper_args__ = {"version_id_col": lock_version}

    def allocated(self, duty: Duty) -> Person | None:
        """Who is allocated to a duty on this attempt."""
        return next((held.person for held in self.allocations if held.duty is duty), None)


class Allocation(Identified, Base):
    """One person's duty on one attempt; ``accepted_at`` once that person has taken it on."""

    __tablename__ = "allocation"
    __table_args__ = (UniqueConstraint("attempt_id", "duty"),)

    attempt_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("method_attempt.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    duty: Mapped[Duty]
    allocated_at: Mapped[datetime]
    allocated_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    accepted_at: Mapped[datetime | None]
    attempt: Mapped[MethodAttempt] = relationship(back_populates="allocations")
    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=True)
