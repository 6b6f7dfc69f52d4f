"""What dates ask of somebody: accepting, agreeing, confirming before a hold ends, reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select

from epa.booking.models import Booking, JoiningInstructions
from epa.booking.queries import method_of
from epa.booking.states import BookingStatus
from epa.clock import london_date
from epa.database import db
from epa.invigilation.models import EventShift, InvigilatedEvent
from epa.invigilation.rules import EventStatus
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import attempts
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.rules import Permission
from epa.web.filters import time_of_day, weekday_date


def needs_of_dates(person: Person, at: datetime) -> Iterator[Need]:
    """Everything about dates that this person can do now."""
    for permission, find in _FINDERS:
        if person.may(permission):
            yield from find(person, at)


def _to_answer(person: Person, _at: datetime) -> Iterator[Need]:
    waiting = MethodAttempt.id.in_(
        select(Allocation.attempt_id).where(
            Allocation.person_id == person.id, Allocation.accepted_at.is_(None)
        )
    )
    query = _open(person, Permission.ANSWER_ALLOCATION).where(waiting)
    for attempt in db.session.scalars(query).unique():
        own = [held for held in attempt.allocations if held.person_id == person.id]
        yield replace(
            _need(attempt, "Accept or decline the {}", "booking.show", "Answer"),
            text="You are allocated, and have not said whether you can.",
            since=london_date(min(held.allocated_at for held in own)),
        )


def _to_agree(person: Person, at: datetime) -> Iterator[Need]:
    for one in _held_dates(person, Permission.AGREE_TO_DATE, at):
        if one.agreed_at is None:
            yield one.need("Agree to the date of the {}", one.when, "booking.show", "Answer")


def _to_confirm(person: Person, at: datetime) -> Iterator[Need]:
    for one in _held_dates(person, Permission.BOOK, at):
        agreed = "has agreed" if one.agreed_at else "has not agreed yet"
        text = f"{one.when} The employer {agreed}."
        yield one.need("Held date of the {} runs out", text, "booking.book", "Confirm or move")


def _to_read(person: Person, _at: datetime) -> Iterator[Need]:
    query = (
        _open(person, Permission.ACKNOWLEDGE_INSTRUCTIONS)
        .join(JoiningInstructions, JoiningInstructions.attempt_id == MethodAttempt.id)
        .where(
            JoiningInstructions.starts_at == MethodAttempt.scheduled_at,
            JoiningInstructions.place == MethodAttempt.place,
            JoiningInstructions.acknowledged_at.is_(None),
        )
    )
    for attempt in db.session.scalars(query).unique():
        yield replace(
            _need(attempt, "Read how to join the {}", "booking.show", "Read it"),
            text="What to bring, how long it takes and where to be.",
            due_on=london_date(attempt.scheduled_at) if attempt.scheduled_at else None,
        )


def _shifts_to_accept(person: Person, at: datetime) -> Iterator[Need]:
    query = (
        select(InvigilatedEvent)
        .join(EventShift, EventShift.event_id == InvigilatedEvent.id)
        .where(
            EventShift.person_id == person.id,
            EventShift.accepted_at.is_(None),
            InvigilatedEvent.status == EventStatus.PLANNED,
            InvigilatedEvent.starts_at > at,
        )
    )
    for event in db.session.scalars(query):
        yield Need(
            what="Accept your shift in a test session",
            who="",
            text=f"{weekday_date(event.starts_at)}, {time_of_day(event.starts_at)}. {event.place}.",
            action="Answer",
            place="invigilation.show",
            assessment_id=None,
            due_on=london_date(event.starts_at),
            parameters={"event_id": event.id},
        )


_Finder = Callable[[Person, datetime], Iterator[Need]]
_FINDERS: Final[tuple[tuple[Permission, _Finder], ...]] = (
    (Permission.ANSWER_ALLOCATION, _to_answer),
    (Permission.AGREE_TO_DATE, _to_agree),
    (Permission.BOOK, _to_confirm),
    (Permission.ACKNOWLEDGE_INSTRUCTIONS, _to_read),
    (Permission.RUN_TEST_SESSION, _shifts_to_accept),
)


def held_by_now(person: Person, permission: Permission, at: datetime) -> set[UUID]:
    """The attempts within reach whose date is held, so that no other is looked for."""
    held = _held(person, permission, at).with_only_columns(Booking.attempt_id)
    return set(db.session.scalars(held))


def _open(person: Person, permission: Permission) -> Select[MethodAttempt]:
    return attempts(person, permission).where(
        EndPointAssessment.stage == Stage.ASSESSMENT, MethodAttempt.grade.is_(None)
    )


def _held(person: Person, permission: Permission, at: datetime) -> Select[Booking]:
    ids = _open(person, permission).with_only_columns(MethodAttempt.id)
    return select(Booking).where(
        Booking.attempt_id.in_(ids),
        Booking.status == BookingStatus.HELD,
        Booking.held_until >= at,
    )


@dataclass(frozen=True)
class _HeldDate:
    """A date that is held for an apprentice's method, as columns: there may be hundreds."""

    attempt_id: UUID
    starts_at: datetime
    place: str
    is_online: bool
    held_until: datetime
    agreed_at: datetime | None
    assessment_id: UUID
    method_code: str
    framework_code: str
    framework_version: str
    given_names: str
    family_name: str

    @property
    def when(self) -> str:
        """Such as "Tuesday 14 July 2026, 10:00. 4 Quay Street."."""
        where = "Online" if self.is_online else self.place
        return f"{weekday_date(self.starts_at)}, {time_of_day(self.starts_at)}. {where}."

    def need(self, what: str, text: str, place: str, action: str) -> Need:
        """Something to do before the hold ends; ``what`` leaves room for the method."""
        plan = definition(self.framework_code, self.framework_version)
        return Need(
            what=what.format(plan.methods[self.method_code].short_title.lower()),
            who=full_name(self.given_names, self.family_name),
            text=text,
            action=action,
            place=place,
            assessment_id=self.assessment_id,
            due_on=london_date(self.held_until),
            parameters={"attempt_id": self.attempt_id},
        )


def _held_dates(person: Person, permission: Permission, at: datetime) -> Iterator[_HeldDate]:
    rows: Iterable[Sequence[Any]] = db.session.execute(
        _held(person, permission, at)
        .join(MethodAttempt, MethodAttempt.id == Booking.attempt_id)
        .join(EndPointAssessment, EndPointAssessment.id == MethodAttempt.assessment_id)
        .join(Apprenticeship, Apprenticeship.id == EndPointAssessment.apprenticeship_id)
        .join(Person, Person.id == Apprenticeship.person_id)
        .with_only_columns(
            Booking.attempt_id,
            Booking.starts_at,
            Booking.place,
            Booking.is_online,
            Booking.held_until,
            Booking.agreed_at,
            MethodAttempt.assessment_id,
            MethodAttempt.method_code,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            Person.given_names,
            Person.family_name,
        )
    )
    return (_HeldDate(*row) for row in rows)


def _need(attempt: MethodAttempt, what: str, place: str, action: str) -> Need:
    return Need(
        what=what.format(method_of(attempt).short_title.lower()),
        who=attempt.assessment.apprenticeship.person.name,
        text="",
        action=action,
        place=place,
        assessment_id=attempt.assessment_id,
        parameters={"attempt_id": attempt.id},
    )
