"""Recording competence and standardisations, and giving and taking back availability."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from epa.assessors.models import AvailabilitySlot, Competence, Standardisation
from epa.assessors.rules import (
    AvailabilityKind,
    StandardisationKind,
    days_fault,
    hours_fault,
)
from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.people.models import Person


@dataclass(frozen=True)
class CompetenceFields:
    """What somebody is competent for, since when, until when if it ends, and on what it rests."""

    framework_code: str
    competent_from: date
    competent_until: date | None
    basis: str


@dataclass(frozen=True)
class Attendance:
    """Which standardisation somebody took part in, and on which day."""

    framework_code: str
    kind: StandardisationKind
    on: date


def record_competence(
    person: Person, epao_id: UUID, fields: CompetenceFields, *, actor: Person, at: datetime
) -> Competence:
    """Record that somebody is competent to assess a standard.

    Raises:
        NotAllowed: it would be one's own.
        RuleBroken: it ends before it starts.
    """
    _refuse_own(person, actor)
    if fault := days_fault(fields.competent_from, fields.competent_until):
        raise RuleBroken("days", fault, "competent_until")
    row = Competence(
        person=person,
        epao_id=epao_id,
        framework_code=fields.framework_code,
        competent_from=fields.competent_from,
        competent_until=fields.competent_until,
        basis=fields.basis,
        recorded_at=at,
        recorded_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "competence recorded", row, at=at, person=str(person.id))
    return row


def end_competence(competence: Competence, last_day: date, *, actor: Person, at: datetime) -> None:
    """Say on which day a competence ends.

    Raises:
        NotAllowed: it is one's own.
        RuleBroken: it would end before it starts.
    """
    _refuse_own(competence.person, actor)
    if fault := days_fault(competence.competent_from, last_day):
        raise RuleBroken("days", fault, "last_day")
    competence.competent_until = last_day
    db.session.flush()
    record(actor, "competence ended", competence, at=at, on=last_day.isoformat())


def record_standardisation(
    person: Person, epao_id: UUID, attended: Attendance, *, actor: Person, at: datetime
) -> Standardisation:
    """Record that somebody took part in a standardisation.

    Raises:
        NotAllowed: it would be one's own.
        RuleBroken: the day is still to come.
    """
    _refuse_own(person, actor)
    if attended.on > london_date(at):
        raise RuleBroken("future", "The day must be today or earlier", "attended_on")
    row = Standardisation(
        person=person,
        epao_id=epao_id,
        framework_code=attended.framework_code,
        kind=attended.kind,
        attended_on=attended.on,
        recorded_at=at,
        recorded_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "standardisation recorded", row, at=at, person=str(person.id), kind=row.kind)
    return row


def give_hours(
    person: Person,
    weekdays: tuple[int, ...],
    hours: tuple[time, time],
    days: tuple[date, date | None],
    *,
    actor: Person,
    at: datetime,
) -> list[AvailabilitySlot]:
    """Say at which hours of which weekdays somebody can be booked, from day to day.

    Args:
        person: whose hours.
        weekdays: Monday is 0.
        hours: from and to, on London's clock.
        days: the first day, and the last (None while it goes on).
        actor: the person.
        at: when.

    Raises:
        RuleBroken: it would end before it starts, or no weekday is given.
    """
    if not weekdays:
        raise RuleBroken("weekdays", "Choose at least one day of the week", "weekdays")
    if fault := hours_fault(*hours):
        raise RuleBroken("hours", fault, "ends")
    if fault := days_fault(*days):
        raise RuleBroken("days", fault, "last_on")
    rows = [
        AvailabilitySlot(
            person=person,
            kind=AvailabilityKind.HOURS,
            weekday=weekday,
            starts=hours[0],
            ends=hours[1],
            first_on=days[0],
            last_on=days[1],
            given_at=at,
            given_by_id=actor.id,
        )
        for weekday in weekdays
    ]
    db.session.add_all(rows)
    db.session.flush()
    record(actor, "hours given", person, at=at, days=len(rows))
    return rows


def give_days_away(
    person: Person, first_on: date, last_on: date, *, actor: Person, at: datetime
) -> AvailabilitySlot:
    """Say on which days somebody cannot be booked.

    Raises:
        RuleBroken: the last day is before the first.
    """
    if fault := days_fault(first_on, last_on):
        raise RuleBroken("days", fault, "last_on")
    row = AvailabilitySlot(
        person=person,
        kind=AvailabilityKind.AWAY,
        first_on=first_on,
        last_on=last_on,
        given_at=at,
        given_by_id=actor.id,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "days away given",
        person,
        at=at,
        first_on=first_on.isoformat(),
        last_on=last_on.isoformat(),
    )
    return row


def take_back(slot: AvailabilitySlot, *, actor: Person, at: datetime) -> None:
    """Take hours or days away back; what is booked stays."""
    slot.removed_at = at
    db.session.flush()
    record(actor, "availability taken back", slot, at=at, kind=slot.kind)


def _refuse_own(person: Person, actor: Person) -> None:
    if person.id == actor.id:
        raise NotAllowed("Somebody else must record your own competence and standardisation.")
