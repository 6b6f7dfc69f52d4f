"""What is booked between two days within a person's reach, and whose feed an address is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from epa.allowances.queries import allowances_of, decisions_on
from epa.allowances.rules import Allowance
from epa.assessors import queries as assessors
from epa.assessors.models import AvailabilitySlot
from epa.assessors.rules import AvailabilityKind
from epa.booking.models import Booking, BookingChange
from epa.booking.queries import method_of, slot_of
from epa.booking.rules import PRESENT
from epa.booking.states import BookingStatus
from epa.clock import london_date, london_instant
from epa.database import db
from epa.diary.models import CalendarFeed
from epa.diary.rules import Appointment, Day, Row
from epa.ics import Entry
from epa.invigilation.fitting import slots_of
from epa.invigilation.models import EventCandidate, EventShift, InvigilatedEvent
from epa.invigilation.rules import EventStatus
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import attempts
from epa.people.models import Person
from epa.people.queries import epao_ids
from epa.people.rules import GRANTS, Permission, Role
from epa.rooms.models import Room
from epa.sign_in.rules import token_hash
from epa.sign_in.services import public_address

_OVERSEERS: Final = frozenset({Role.ADMINISTRATOR, Role.INTERNAL_QUALITY_ASSURER, Role.AUDITOR})
_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_MIDNIGHT: Final = time(0)
_FEED_LOOKS_BACK: Final = timedelta(days=31)
_Dated = tuple[MethodAttempt, Booking | None]


def overseen(person: Person) -> frozenset[UUID]:
    """The EPAOs whose whole diary this person may look at."""
    return frozenset(
        held.organisation_id
        for held in person.current_roles
        if held.role in _OVERSEERS and Permission.VIEW_BOOKINGS in GRANTS[held.role]
    )


def appointments(person: Person, days: Sequence[date], *, at: datetime) -> list[Appointment]:
    """What is held or confirmed on these days within a person's reach, in order of time.

    Candidates of one test session stand together as one.
    """
    found = _dated(person, Permission.VIEW_BOOKINGS, days, at=at)
    sessions = _sessions([attempt.id for attempt, _booking in found])
    single, together = [], defaultdict(list)
    longer = allowances_of([attempt for attempt, _booking in found])
    for attempt, booking in found:
        one = _appointment(attempt, booking, longer[attempt.id])
        if event := sessions.get(attempt.id):
            together[event.id].append(one)
        else:
            single.append(one)
    joined = [_session(key, ones) for key, ones in together.items()]
    return sorted([*single, *joined], key=lambda it: (it.starts_at, it.title, it.who))


def days_with(
    days: Iterable[date], found: Sequence[Appointment], *, today: date, month: int | None = None
) -> list[Day]:
    """Days with what is on each.

    Args:
        days: the days, in order.
        found: appointments in order of time.
        today: the London date.
        month: the month that is shown; days of another are marked as outside it.
    """
    by_day: dict[date, list[Appointment]] = defaultdict(list)
    for one in found:
        by_day[london_date(one.starts_at)].append(one)
    return [
        Day(
            on=day,
            appointments=tuple(by_day.get(day, ())),
            is_today=day == today,
            is_outside=month is not None and day.month != month,
        )
        for day in days
    ]


def people_rows(
    epaos: Collection[UUID], days: Sequence[date], found: Sequence[Appointment], *, today: date
) -> list[Row]:
    """Everybody who assesses, marks or invigilates, with their days and when they are away."""
    people = db.session.scalars(assessors.booked_people(epaos)).all()
    given = assessors.availability([one.id for one in people])
    rows = []
    for person in people:
        own = [one for one in found if person.id in one.person_ids]
        shown = days_with(days, own, today=today)
        slots = given.get(person.id, [])
        rows.append(Row(person.name, tuple(_with_notes(day, slots) for day in shown)))
    return rows


def room_rows(
    epaos: Collection[UUID], days: Sequence[date], found: Sequence[Appointment], *, today: date
) -> list[Row]:
    """Every room in use, with its days."""
    query = select(Room).where(Room.epao_id.in_(epaos), Room.retired_at.is_(None))
    rows = []
    for room in db.session.scalars(query.order_by(Room.name)):
        own = [one for one in found if one.room_id == room.id]
        places = f"{room.name}, {room.capacity} places"
        rows.append(Row(places, tuple(days_with(days, own, today=today))))
    return rows


def own_feed(person: Person) -> CalendarFeed | None:
    """The feed that a person has open."""
    return db.session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None)
        )
    )


def feed_at(token: str) -> CalendarFeed | None:
    """The open feed under a secret address, of somebody who is not disabled; else None."""
    return db.session.scalar(
        select(CalendarFeed)
        .join(CalendarFeed.person)
        .where(
            CalendarFeed.token_hash == token_hash(token),
            CalendarFeed.revoked_at.is_(None),
            Person.disabled_at.is_(None),
        )
    )


def entries(person: Person, *, at: datetime) -> list[Entry]:
    """A person's own dates; nobody is named.

    Those at which they assess or invigilate or are assessed, and, for an employer, those for which
    their people need the time.
    """
    since = at - _FEED_LOOKS_BACK
    shifts = _shifts(person, since)
    times = slots_of(shifts)
    own = or_(
        Apprenticeship.person_id == person.id,
        exists().where(
            Allocation.attempt_id == MethodAttempt.id,
            Allocation.person_id == person.id,
            Allocation.duty.in_(PRESENT),
        ),
        MethodAttempt.id.in_(
            attempts(person, Permission.AGREE_TO_DATE).with_only_columns(MethodAttempt.id)
        ),
    )
    query = (
        attempts(person, Permission.VIEW_DATE)
        .outerjoin(Booking, Booking.attempt_id == MethodAttempt.id)
        .add_columns(Booking)
        .where(own, _is_dated(since, None, at))
    )
    rows: list[_Dated] = [(row[0], row[1]) for row in db.session.execute(query).unique()]
    in_shift = _in_events([one.id for one in shifts])
    dated = [attempt for attempt, _booking in rows]
    numbers, longer = _numbers(dated), allowances_of(dated)
    return [
        *(_shift_entry(one, times[one.id].ends_at) for one in shifts),
        *(
            _entry(_appointment(attempt, booking, longer[attempt.id]), attempt.id, numbers, at)
            for attempt, booking in rows
            if attempt.id not in in_shift or attempt.assessment.apprenticeship.person is person
        ),
    ]


def _dated(
    person: Person, permission: Permission, days: Sequence[date], *, at: datetime
) -> list[_Dated]:
    start = london_instant(days[0], _MIDNIGHT)
    end = london_instant(days[-1] + _DAY, _MIDNIGHT)
    query = (
        attempts(person, permission)
        .outerjoin(Booking, Booking.attempt_id == MethodAttempt.id)
        .add_columns(Booking)
        .where(_is_dated(start, end, at))
        .options(
            joinedload(MethodAttempt.assessment)
            .joinedload(EndPointAssessment.apprenticeship)
            .joinedload(Apprenticeship.person)
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(query).unique()]


def _is_dated(start: datetime, end: datetime | None, at: datetime) -> ColumnElement[bool]:
    """Whether an attempt is confirmed, or held by now, for a time from start to end."""
    until = [] if end is None else [MethodAttempt.scheduled_at < end]
    held_until = [] if end is None else [Booking.starts_at < end]
    return or_(
        and_(MethodAttempt.scheduled_at >= start, *until),
        and_(
            Booking.status == BookingStatus.HELD,
            Booking.held_until >= at,
            Booking.starts_at >= start,
            EndPointAssessment.stage == Stage.ASSESSMENT,
            *held_until,
        ),
    )


def _appointment(
    attempt: MethodAttempt, booking: Booking | None, allowance: Allowance
) -> Appointment:
    starts_at = attempt.scheduled_at or (booking.starts_at if booking else None)
    slot = slot_of(attempt, starts_at, allowance)
    is_online = booking is not None and booking.is_online
    place = attempt.place or (booking.place if booking else None) or ""
    return Appointment(
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        title=method_of(attempt).short_title,
        who=attempt.assessment.apprenticeship.person.name,
        place="Online" if is_online else place,
        is_confirmed=attempt.scheduled_at is not None,
        url=f"/attempts/{attempt.id}/date",
        person_ids=frozenset(it.person_id for it in attempt.allocations if it.duty in PRESENT),
        room_id=booking.room_id if booking else None,
    )


def _session(event_id: UUID, ones: Sequence[Appointment]) -> Appointment:
    count = len(ones)
    return replace(
        ones[0],
        ends_at=max(one.ends_at for one in ones),
        who=f"{count} candidate{'' if count == 1 else 's'}",
        url=f"/test-sessions/{event_id}",
        is_confirmed=all(one.is_confirmed for one in ones),
        person_ids=frozenset().union(*(one.person_ids for one in ones)),
    )


def _sessions(ids: Collection[UUID]) -> dict[UUID, InvigilatedEvent]:
    query = (
        select(EventCandidate.attempt_id, InvigilatedEvent)
        .join(EventCandidate.event)
        .where(EventCandidate.attempt_id.in_(ids), EventCandidate.removed_at.is_(None))
    )
    return {row[0]: row[1] for row in db.session.execute(query).unique()}


def _with_notes(day: Day, slots: Sequence[AvailabilitySlot]) -> Day:
    """A day with whether somebody is away, or at which hours they can be booked."""
    counts = [
        one
        for one in slots
        if one.first_on <= day.on and (one.last_on is None or day.on <= one.last_on)
    ]
    if any(one.kind is AvailabilityKind.AWAY for one in counts):
        return replace(day, notes=("away",))
    hours = [one for one in counts if one.kind is AvailabilityKind.HOURS]
    today = [one for one in hours if one.weekday == day.on.weekday()]
    if hours and not today and day.on.weekday() < _SATURDAY:
        return replace(day, notes=("not available",))
    return replace(day, is_free=bool(today))


def _shifts(person: Person, since: datetime) -> list[InvigilatedEvent]:
    on_shift = exists().where(
        EventShift.event_id == InvigilatedEvent.id, EventShift.person_id == person.id
    )
    query = select(InvigilatedEvent).where(
        on_shift,
        InvigilatedEvent.epao_id.in_(epao_ids(person, Permission.RUN_TEST_SESSION)),
        InvigilatedEvent.status != EventStatus.CANCELLED,
        InvigilatedEvent.starts_at >= since,
    )
    return list(db.session.scalars(query))


def _in_events(ids: Collection[UUID]) -> set[UUID]:
    query = select(EventCandidate.attempt_id).where(
        EventCandidate.event_id.in_(ids), EventCandidate.removed_at.is_(None)
    )
    return set(db.session.scalars(query))


def _numbers(dated: Sequence[MethodAttempt]) -> dict[UUID, int]:
    """How often each attempt's date, or how long it takes, has changed."""
    query = (
        select(BookingChange.attempt_id, func.max(BookingChange.number))
        .where(BookingChange.attempt_id.in_([one.id for one in dated]))
        .group_by(BookingChange.attempt_id)
    )
    moved = {row[0]: row[1] for row in db.session.execute(query)}
    decided = decisions_on(dated)
    return {one.id: moved.get(one.id, 0) + decided[one.id] for one in dated}


def _entry(one: Appointment, attempt_id: UUID, numbers: dict[UUID, int], at: datetime) -> Entry:
    held = "" if one.is_confirmed else " (held, not confirmed yet)"
    return Entry(
        uid=f"{attempt_id}@plumbline",
        sequence=numbers[attempt_id],
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        summary=f"{one.title}{held}",
        changed_at=at,
        location=one.place,
        url=public_address(one.url),
        is_confirmed=one.is_confirmed,
    )


def _shift_entry(event: InvigilatedEvent, ends_at: datetime) -> Entry:
    return Entry(
        uid=f"{event.id}@plumbline",
        sequence=event.lock_version,
        starts_at=event.starts_at,
        ends_at=ends_at,
        summary="Test session, invigilating",
        changed_at=event.planned_at,
        location=event.place,
        url=public_address(f"/test-sessions/{event.id}"),
    )
