"""How long a test session takes with its candidates, what it runs into, which other would do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from epa.allowances.queries import allowances_of
from epa.booking.appointments import window_of
from epa.booking.dates import Slot, Window, date_words
from epa.booking.queries import longest_minutes
from epa.booking.rules import Hindrance
from epa.clock import LONDON, london_date
from epa.database import db
from epa.invigilation import queries
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.rules import EventStatus, most_candidates, next_invigilator
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person

_NO_DAY: Final = "No day is left on which another session would do."


def slots_of(found: Collection[InvigilatedEvent]) -> dict[UUID, Slot]:
    """The time of many sessions: as long as the candidate who is allowed longest may take.

    Extra time and breaks are in force as they are now, so that a session grows with a grant that
    comes after it was planned.
    """
    query = select(EventCandidate).where(
        EventCandidate.event_id.in_([one.id for one in found]),
        EventCandidate.removed_at.is_(None),
    )
    candidates = db.session.scalars(query).unique().all()
    granted = allowances_of(one.attempt for one in candidates)
    longest: dict[UUID, int] = {}
    for one in candidates:
        minutes = longest_minutes(one.attempt, granted[one.attempt_id])
        longest[one.event_id] = max(minutes, longest.get(one.event_id, 0))
    return {one.id: Slot(one.starts_at, max(one.minutes, longest.get(one.id, 0))) for one in found}


def slot_of(event: InvigilatedEvent, joining: MethodAttempt | None = None) -> Slot:
    """The time of one session, with somebody who might join it."""
    taken = slots_of([event])[event.id]
    if joining is None:
        return taken
    return Slot(taken.starts_at, max(taken.minutes, longest_minutes(joining)))


def clashes(event: InvigilatedEvent, wanted: Slot) -> Iterator[Hindrance]:
    """What a session runs into in its room, and in the time of those on shift."""
    if event.room is not None:
        beside = slots_of(queries.in_room(event)).values()
        for taken in (one for one in beside if one.overlaps(wanted)):
            yield Hindrance("room-taken", f"{event.room.name} is taken {taken.words}.", "room")
    for shift in event.shifts:
        if found := elsewhere(event, shift.person, wanted):
            yield Hindrance("double-booked", f"{shift.person.name} is booked {found.words}.")


def elsewhere(event: InvigilatedEvent, person: Person, wanted: Slot | None = None) -> Slot | None:
    """When a person is booked at the time of a session, besides it; None when they are free.

    Args:
        event: the session.
        person: somebody who is on shift in it, or is to be.
        wanted: its time, where it would be another than it is.
    """
    others, dated = queries.engagements_beside(event, person)
    own = slot_of(event) if wanted is None else wanted
    taken = (*slots_of(others).values(), *dated)
    return next((one for one in taken if one.overlaps(own)), None)


def clash_of(attempt: MethodAttempt) -> Hindrance | None:
    """What the session that an attempt sits in runs into by now; None where it fits, or in none."""
    query = (
        select(InvigilatedEvent)
        .join(InvigilatedEvent.every_candidate)
        .where(
            EventCandidate.attempt_id == attempt.id,
            EventCandidate.removed_at.is_(None),
            InvigilatedEvent.status == EventStatus.PLANNED,
        )
    )
    event = db.session.scalar(query)
    return next(clashes(event, slot_of(event)), None) if event is not None else None


def growth_hindrance(event: InvigilatedEvent, joining: MethodAttempt) -> Hindrance | None:
    """What a session would run into by the time of somebody who joins it; None where it fits."""
    now, wanted = slot_of(event), slot_of(event, joining)
    if wanted.minutes <= now.minutes:
        return None
    found = next(clashes(event, wanted), None)
    if found is None:
        return None
    ends = wanted.ends_at.astimezone(LONDON)
    return Hindrance(
        found.code, f"The session would then take until {ends:%H:%M}. {found.message}", found.field
    )


def another(event: InvigilatedEvent, attempt: MethodAttempt, *, at: datetime) -> str:
    """The nearest session that would take a candidate, or the days for a new one, in a sentence."""
    days = window_of(attempt, today=london_date(at))
    if days is None or days.is_empty:
        return _NO_DAY
    for other in _nearest_first(event, at):
        if days.hindrance(london_date(other.starts_at)) is None and _takes(other, attempt):
            local = other.starts_at.astimezone(LONDON)
            return (
                f"The nearest session that would do is on {date_words(local.date())} at"
                f" {local:%H:%M}, {other.place}."
            )
    return _new_one(days)


def _new_one(days: Window) -> str:
    return (
        "No other planned session would do; a new one would from"
        f" {date_words(days.opens_on)} to {date_words(days.closes_on)}."
    )


def _nearest_first(event: InvigilatedEvent, at: datetime) -> list[InvigilatedEvent]:
    query = select(InvigilatedEvent).where(
        InvigilatedEvent.id != event.id,
        InvigilatedEvent.epao_id == event.epao_id,
        InvigilatedEvent.framework_code == event.framework_code,
        InvigilatedEvent.method_code == event.method_code,
        InvigilatedEvent.status == EventStatus.PLANNED,
        InvigilatedEvent.starts_at > at,
    )
    found = db.session.scalars(query)
    return sorted(found, key=lambda one: (abs(one.starts_at - event.starts_at), one.starts_at))


def _takes(event: InvigilatedEvent, attempt: MethodAttempt) -> bool:
    """Whether a session has a place for a candidate, and an invigilator without a conflict."""
    most, capacity = queries.most_each(event), event.room.capacity if event.room else None
    if len(event.candidates) >= most_candidates(len(event.shifts), most, capacity):
        return False
    able = [
        one.person_id for one in event.shifts if not queries.obstacles(event, attempt, one.person)
    ]
    if next_invigilator(queries.loads(event), able, most) is None:
        return False
    return growth_hindrance(event, attempt) is None
