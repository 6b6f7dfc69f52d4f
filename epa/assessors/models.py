"""Competence for a standard, standardisations attended, and when somebody can be booked."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.assessors.rules import AvailabilityKind, StandardisationKind
from epa.database import AppendOnly, Base, Identified
from epa.people.models import Person


class Competence(Identified, Base):
    """That somebody is competent to assess a standard, for an EPAO, from day to day.

    ``basis`` is what it rests on: occupational experience and its date, a qualification.
    """

    __tablename__ = "competence"
    __table_args__ = (
        CheckConstraint("competent_until >= competent_from", name="ends_after_start"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    framework_code: Mapped[str] = mapped_column(String(40))
    competent_from: Mapped[date]
    competent_until: Mapped[date | None]
    basis: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


class Standardisation(Identified, AppendOnly, Base):
    """That somebody took part in a standardisation of a standard's assessment on a day."""

    __tablename__ = "standardisation"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    epao_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    framework_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[StandardisationKind]
    attended_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


class AvailabilitySlot(Identified, Base):
    """Hours of a weekday at which somebody can be booked, or days on which they are away.

    What is taken back stays with ``removed_at``: it explains a booking that was refused by it.
    """

    __tablename__ = "availability_slot"
    __table_args__ = (
        CheckConstraint(
            "(kind = 'hours') = (weekday IS NOT NULL AND starts IS NOT NULL AND ends IS NOT NULL)",
            name="hours_whole",
        ),
        CheckConstraint("kind = 'hours' OR last_on IS NOT NULL", name="away_until_a_day"),
        CheckConstraint("last_on >= first_on", name="ends_after_start"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="day_of_a_week"),
    )

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[AvailabilityKind]
    weekday: Mapped[int | None]
    starts: Mapped[time | None]
    ends: Mapped[time | None]
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    given_at: Mapped[datetime]
    given_by_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    removed_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
