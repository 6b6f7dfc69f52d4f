"""Rooms, hours, days away, held dates and a test session: what the demonstration's calendar shows."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from sqlalchemy import select

from epa.assessors.services import give_days_away, give_hours
from epa.booking import allocation
from epa.booking import services as booking
from epa.booking.appointments import Wish
from epa.booking.queries import present
from epa.clock import london_instant
from epa.database import db
from epa.demonstration.company import FOUNDED, STANDARD, Company
from epa.errors import RuleBroken
from epa.invigilation.rules import Delivery
from epa.invigilation.services import (
    EventFields,
    accept_shift,
    add_candidates,
    plan_event,
    put_on_shift,
)
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Duty, Stage
from epa.people.models import Person
from epa.rooms.models import Room
from epa.rooms.services import RoomFields, add_room

_TEST: Final = "knowledge_test"
_ROOMS: Final = (
    RoomFields("Room 1", "Calder Vale Assessment, 12 Canal Road, Leeds", 2, "Screen, step-free"),
    RoomFields("Room 2", "Calder Vale Assessment, 12 Canal Road, Leeds", 12, "Step-free, quiet"),
    RoomFields("Room 4", "Calder Vale Assessment, 12 Canal Road, Leeds", 24, "24 computers"),
    RoomFields("Study room", "Hebden Bridge Library, Cheetham Street", 6, "Quiet, first floor"),
)
# Who can be booked on which days of the week (Monday is 0), from and to.
_HOURS: Final = (
    ("helen", (0, 1, 2, 3, 4), (time(9), time(17, 30))),
    ("graham", (0, 1, 2), (time(8, 30), time(18))),
    ("mei", (1, 2, 3), (time(9), time(18))),
    ("ines", (0, 1, 2, 3, 4), (time(8, 30), time(16))),
)
_AWAY: Final = (("graham", 9, 13), ("fergus", 2, 4), ("piotr", 14, 28))
_SESSION_ON: Final = 12
_HELD_FROM: Final = 8


def add_rooms(company: Company) -> None:
    """Add the rooms, before anything is booked."""
    at = london_instant(company.days.day(FOUNDED), time(14))
    for fields in _ROOMS:
        company.rooms.append(add_room(company.epao, fields, actor=company.people["omar"], at=at))


def fill(company: Company, at: datetime) -> None:
    """Add all else, as it stands at the moment of loading."""
    _hold_dates(company, company.rooms[0], at)
    _plan_session(company, company.rooms[1], at)
    _give_hours(company, at)


def _give_hours(company: Company, at: datetime) -> None:
    for who, weekdays, hours in _HOURS:
        person = company.people[who]
        give_hours(person, weekdays, hours, (company.days.today, None), actor=person, at=at)
    for who, first, last in _AWAY:
        person = company.people[who]
        days = company.days.day(first), company.days.day(last)
        give_days_away(person, *days, actor=person, at=at)


def _hold_dates(company: Company, room: Room, at: datetime) -> None:
    """Hold a date for every presentation that is allocated, where one will do."""
    for number, attempt in enumerate(_undated("presentation")):
        people = present(attempt)
        if not people:
            continue
        day = company.days.day(_HELD_FROM + number)
        wish = Wish(london_instant(day, time(10, 30)), room.place, room)
        try:
            with db.session.begin_nested():
                booking.hold(attempt, wish, actor=company.people["omar"], at=at)
                for _duty, person in people:
                    allocation.accept(attempt, actor=person, at=at)
        except RuleBroken:
            continue  # its assessor has not had the portfolio for long enough by then


def _plan_session(company: Company, room: Room, at: datetime) -> None:
    omar, ines = company.people["omar"], company.people["ines"]
    starts_at = london_instant(company.days.day(_SESSION_ON), time(13))
    fields = EventFields(STANDARD, _TEST, starts_at, Delivery.PAPER, room, "")
    event = plan_event(company.epao, fields, actor=omar, at=at)
    put_on_shift(event, ines, actor=omar, at=at)
    accept_shift(event, actor=ines, at=at)
    for attempt in _undated(_TEST):
        if not _marks(attempt, ines):
            try:
                with db.session.begin_nested():
                    add_candidates(event, [attempt], actor=omar, at=at)
            except RuleBroken:
                continue  # the period is over by then


def _marks(attempt: MethodAttempt, person: Person) -> bool:
    markers = (Duty.FIRST_MARKER, Duty.SECOND_MARKER)
    return any(attempt.allocated(duty) is person for duty in markers)


def _undated(method: str) -> list[MethodAttempt]:
    query = (
        select(MethodAttempt)
        .join(MethodAttempt.assessment)
        .where(
            EndPointAssessment.stage == Stage.ASSESSMENT,
            MethodAttempt.method_code == method,
            MethodAttempt.scheduled_at.is_(None),
            MethodAttempt.grade.is_(None),
        )
        .order_by(EndPointAssessment.epa_starts_on, MethodAttempt.id)
    )
    return list(db.session.scalars(query))
