"""What dates ask of somebody: accepting, agreeing, confirming before a hold ends, reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, func, select

from epa.booking.models import Booking, JoiningInstructions
from epa.booking.states import BookingStatus
from epa.clock import london_date
from epa.database import Columns, ask, prepared
from epa.invigilation.models import EventShift, InvigilatedEvent
from epa.invigilation.rules import EventStatus
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import attempts
from epa.needs.making import OpenAttempt, open_attempts
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.readers import NamedReader, within
from epa.people.rules import Permission
from epa.web.filters import time_of_day, weekday_date


def needs_of_dates(person: Person, at: datetime) -> Iterator[Need]:
    """Everything about dates that this person can do now."""
    for permission, find in _FINDERS:
        if person.may(permission):
            yield from find(person, at)


def _to_answer(person: Person, _at: datetime) -> Iterator[Need]:
    for since, *about in within(person, _unanswered):
        one = OpenAttempt._make(about)
        yield one.need(
            f"Accept or decline the {one.title.lower()}",
            "You are allocated, and have not said whether you can.",
            "Answer",
            "booking.show",
            since=london_date(since),
        )


@prepared
def _unanswered(reader: NamedReader) -> Columns:
    """Open attempts with a duty that somebody has not answered, and since when they have any."""
    mine = Allocation.attempt_id == MethodAttempt.id, Allocation.person_id == reader.id
    since = select(func.min(Allocation.allocated_at)).where(*mine).scalar_subquery()
    query = open_attempts(reader, Permission.ANSWER_ALLOCATION)
    return query.where(exists().where(*mine, Allocation.accepted_at.is_(None))).with_only_columns(
        since, *query.selected_columns
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
    for one in OpenAttempt.found(within(person, _unread)):
        yield one.need(
            f"Read how to join the {one.title.lower()}",
            "What to bring, how long it takes and where to be.",
            "Read it",
            "booking.show",
            london_date(one.scheduled_at) if one.scheduled_at else None,
        )


@prepared
def _unread(reader: NamedReader) -> Columns:
    unread = exists().where(
        JoiningInstructions.attempt_id == MethodAttempt.id,
        JoiningInstructions.starts_at == MethodAttempt.scheduled_at,
        JoiningInstructions.place == MethodAttempt.place,
        JoiningInstructions.acknowledged_at.is_(None),
    )
    return open_attempts(reader, Permission.ACKNOWLEDGE_INSTRUCTIONS).where(unread)


def _shifts_to_accept(person: Person, at: datetime) -> Iterator[Need]:
    for event in ask(_SHIFTS, {"reader": person.id, "at": at}):
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


_SHIFTS: Final = (
    select(InvigilatedEvent.id, InvigilatedEvent.starts_at, InvigilatedEvent.place)
    .join(EventShift, EventShift.event_id == InvigilatedEvent.id)
    .where(
        EventShift.person_id == bindparam("reader"),
        EventShift.accepted_at.is_(None),
        InvigilatedEvent.status == EventStatus.PLANNED,
        InvigilatedEvent.starts_at > bindparam("at"),
    )
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
    return set(within(person, _held_ids, permission, at=at).scalars())


@prepared
def _held_ids(reader: NamedReader, permission: Permission) -> Select[UUID]:
    return _held(reader, permission).with_only_columns(Booking.attempt_id)


def _held(reader: NamedReader, permission: Permission) -> Select[Booking]:
    ids = attempts(reader, permission).where(
        EndPointAssessment.stage == Stage.ASSESSMENT, MethodAttempt.grade.is_(None)
    )
    return select(Booking).where(
        Booking.attempt_id.in_(ids.with_only_columns(MethodAttempt.id)),
        Booking.status == BookingStatus.HELD,
        Booking.held_until >= bindparam("at"),
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
    return (_HeldDate(*row) for row in within(person, _with_names, permission, at=at))


@prepared
def _with_names(reader: NamedReader, permission: Permission) -> Columns:
    return (
        _held(reader, permission)
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
