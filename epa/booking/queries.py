"""Who holds which duty, the days and times a method may be booked for, the list of bookings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zlib import crc32

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from epa.allowances.queries import allowance_of
from epa.allowances.rules import Allowance, adjusted
from epa.booking.dates import Slot
from epa.booking.models import (
    Booking,
    BookingChange,
    DeclinedAllocation,
    JoiningInstructions,
)
from epa.booking.rules import PRESENT, BookingState, duties_open, minutes_needed
from epa.booking.states import BookingStatus, status_at
from epa.clock import london_date, london_instant
from epa.database import db
from epa.in_transaction import Kept
from epa.judgements.models import MarkSheet
from epa.knowledge_test.models import MarkEntry, PaperSitting
from epa.knowledge_test.rules import MARKERS
from epa.lifecycle.definitions import definition, framework_of
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import periods_of
from epa.lifecycle.rules import DUTY_TITLES, Duty, Stage
from epa.lifecycle.scope import attempts
from epa.people.models import Person, RoleAssignment
from epa.people.rules import Permission, Role
from epa.portfolio.queries import shared_on
from frameworks import JudgedMethod, MarkedMethod

_START_OF_DAY = datetime.min.time()
_MARKS: Final = 10**8
_kept: Final[Kept[Booking | None]] = Kept(Booking, holds_rows=True)
# Made once: these are asked several times for each thing that happens to a booking.
_SENT: Final = (
    select(JoiningInstructions)
    .where(JoiningInstructions.attempt_id == bindparam("attempt"))
    .order_by(JoiningInstructions.number.desc())
)
_NEWEST: Final = select(func.max(BookingChange.number)).where(
    BookingChange.attempt_id == bindparam("attempt")
)
_HOLDERS: Final = (
    select(Person)
    .where(
        exists().where(
            RoleAssignment.person_id == Person.id,
            RoleAssignment.organisation_id == bindparam("organisation"),
            RoleAssignment.role == bindparam("role"),
            RoleAssignment.ended_at.is_(None),
        ),
        Person.disabled_at.is_(None),
    )
    .order_by(Person.search_name, Person.id)
)


@dataclass(frozen=True)
class BookingRow:
    """One line of the list of bookings."""

    attempt: MethodAttempt
    method_title: str
    apprentice: str
    employer: str
    last_day: date | None
    days_left: int | None
    to_allocate: tuple[str, ...]
    assessors: tuple[str, ...]
    booking: Booking | None
    status: BookingStatus


def method_of(attempt: MethodAttempt) -> JudgedMethod | MarkedMethod:
    """The method of an attempt, in the definition its assessment is pinned to."""
    return framework_of(attempt.assessment).methods[attempt.method_code]


def duties_of(attempt: MethodAttempt) -> tuple[Duty, ...]:
    """The duties that the method needs, in the definition's order."""
    return tuple(Duty(code) for code in method_of(attempt).duties)


def holders(attempt: MethodAttempt) -> dict[Duty, Person]:
    """Who holds which duty on the attempt now."""
    return {held.duty: held.person for held in attempt.allocations}


def holders_mark(attempt: MethodAttempt) -> int:
    """A number that says who holds which duty: 0 for nobody, another one once somebody changes."""
    held = sorted(f"{one.duty}:{one.person_id}" for one in attempt.allocations)
    return 1 + crc32(" ".join(held).encode()) % _MARKS if held else 0


def why_fixed(attempt: MethodAttempt, duty: Duty) -> str | None:
    """Why nobody else may be given this duty any more; None while somebody may."""
    if attempt.grade is not None:
        return "This attempt is graded."
    if duty is Duty.ASSESSOR and _any(MarkSheet.attempt_id == attempt.id):
        return "The assessor has opened the mark sheet."
    if duty is Duty.INVIGILATOR and _any(PaperSitting.attempt_id == attempt.id):
        return "The sitting is recorded."
    if duty in MARKERS and _any(MarkEntry.attempt_id == attempt.id, MarkEntry.duty == duty):
        return f"The {DUTY_TITLES[duty].lower()} has entered marks."
    return None


def fixed_duties(attempt: MethodAttempt) -> dict[Duty, str]:
    """The duties that nobody else may be given any more, with why."""
    found = ((duty, why_fixed(attempt, duty)) for duty in duties_of(attempt))
    return {duty: why for duty, why in found if why is not None}


def is_held(attempt: MethodAttempt) -> bool:
    """Whether the method was held, so that its date is history."""
    if attempt.held_on is not None:
        return True
    is_test = isinstance(method_of(attempt), MarkedMethod)
    return is_test and _any(PaperSitting.attempt_id == attempt.id)


def is_underpinned(attempt: MethodAttempt) -> bool:
    """Whether the portfolio underpins the attempt's method, so that its assessor is given it."""
    return framework_of(attempt.assessment).portfolio.underpins == attempt.method_code


def is_presentation(attempt: MethodAttempt) -> bool:
    """Whether the assessor must have the portfolio for some days before this method."""
    return framework_of(attempt.assessment).clock.presentation_method == attempt.method_code


def portfolio_shared_on(attempt: MethodAttempt) -> date | None:
    """The London date on which the attempt's assessor was given the accepted portfolio."""
    assessor = attempt.allocated(Duty.ASSESSOR)
    return shared_on(attempt.assessment, assessor) if assessor else None


def longest_minutes(attempt: MethodAttempt, allowance: Allowance | None = None) -> int:
    """How many minutes the attempt's method takes at most, with the adjustments in force.

    Args:
        attempt: the attempt.
        allowance: what is in force for it, where the caller has asked for many at once.
    """
    given = allowance_of(attempt) if allowance is None else allowance
    return minutes_needed(adjusted(method_of(attempt), given)) + given.break_minutes


def slot_of(
    attempt: MethodAttempt, starts_at: datetime | None, allowance: Allowance | None = None
) -> Slot:
    """The time an attempt takes from an instant; ``allowance`` as for `longest_minutes`."""
    assert starts_at is not None, "an attempt without a date takes no time"
    return Slot(starts_at, longest_minutes(attempt, allowance))


def booking_of(attempt: MethodAttempt) -> Booking | None:
    """How the attempt's booking stands; None where nothing has happened to it yet."""
    return _kept.of([attempt.id], _booked_or_not)[attempt.id]


def _booked_or_not(ids: Collection[UUID]) -> dict[UUID, Booking | None]:
    return {**dict.fromkeys(ids), **bookings_of(ids)}


def status_of(attempt: MethodAttempt, *, at: datetime) -> BookingStatus:
    """Where the attempt's booking stands at an instant: a hold that ran out has lapsed."""
    return _status(attempt, booking_of(attempt), at)


def lapsed(at: datetime) -> list[Booking]:
    """The held bookings that nobody confirmed in time."""
    query = select(Booking).where(Booking.status == BookingStatus.HELD, Booking.held_until < at)
    return list(db.session.scalars(query))


def present(attempt: MethodAttempt) -> list[tuple[Duty, Person]]:
    """Those who are there when the method is held, each with the duty."""
    return [(duty, one) for duty, one in holders(attempt).items() if duty in PRESENT]


def not_accepted(attempt: MethodAttempt) -> list[Person]:
    """Those who must be there and have not accepted their allocation."""
    return [
        held.person
        for held in attempt.allocations
        if held.duty in PRESENT and held.accepted_at is None
    ]


def own_allocations(attempt: MethodAttempt, person: Person) -> list[Allocation]:
    """The duties that a person holds on the attempt."""
    return [held for held in attempt.allocations if held.person_id == person.id]


def declined(attempt: MethodAttempt) -> list[DeclinedAllocation]:
    """Who declined a duty on the attempt, latest first."""
    query = (
        select(DeclinedAllocation)
        .where(DeclinedAllocation.attempt_id == attempt.id)
        .order_by(DeclinedAllocation.declined_at.desc())
    )
    return list(db.session.scalars(query))


def instructions_of(attempt: MethodAttempt) -> list[JoiningInstructions]:
    """Every version of the joining instructions that was sent, latest first."""
    return list(db.session.scalars(_SENT, {"attempt": attempt.id}))


def current_instructions(attempt: MethodAttempt) -> JoiningInstructions | None:
    """The instructions that were sent for the date and place as they are now."""
    return current_of(instructions_of(attempt), attempt)


def current_of(
    sent: Sequence[JoiningInstructions], attempt: MethodAttempt
) -> JoiningInstructions | None:
    """Of all that were sent, latest first, those for the date and place as they are now."""
    newest = next(iter(sent), None)
    if newest is None or (newest.starts_at, newest.place) != (attempt.scheduled_at, attempt.place):
        return None
    return newest


def contacts(attempt: MethodAttempt) -> list[Person]:
    """Those who speak for the apprentice's employer."""
    employer_id = attempt.assessment.apprenticeship.employer_id
    return people_with(Role.EMPLOYER, employer_id)


def people_with(role: Role, organisation_id: UUID) -> list[Person]:
    """Those who hold a role at an organisation now, by name."""
    return list(db.session.scalars(_HOLDERS, {"role": role, "organisation": organisation_id}))


def bookings_of(ids: Collection[UUID]) -> dict[UUID, Booking]:
    """The bookings of these attempts, by attempt; the caller's scope chose the attempts."""
    query = select(Booking).where(Booking.attempt_id.in_(ids))
    return {one.attempt_id: one for one in db.session.scalars(query)}


def changes(attempt: MethodAttempt) -> list[BookingChange]:
    """Every date that was set, moved or cleared, newest first."""
    query = (
        select(BookingChange)
        .where(BookingChange.attempt_id == attempt.id)
        .order_by(BookingChange.number.desc())
    )
    return list(db.session.scalars(query))


def last_number(attempt: MethodAttempt) -> int:
    """The number of the last thing that happened to the attempt's booking, 0 before the first."""
    return db.session.scalar(_NEWEST, {"attempt": attempt.id}) or 0


def next_number(attempt: MethodAttempt) -> ColumnElement[int]:
    """The number of what happens next, worked out as it is written: no question goes before it."""
    newest = select(func.max(BookingChange.number)).where(BookingChange.attempt_id == attempt.id)
    return func.coalesce(newest.scalar_subquery(), 0) + 1


def bookings(person: Person, state: BookingState, *, at: datetime) -> Select[MethodAttempt]:
    """The attempts within a person's reach in one state: the most pressing first."""
    start = london_instant(london_date(at), _START_OF_DAY)
    scoped = attempts(person, Permission.VIEW_BOOKINGS)
    open_now = and_(MethodAttempt.grade.is_(None), EndPointAssessment.stage == Stage.ASSESSMENT)
    undated = and_(open_now, MethodAttempt.scheduled_at.is_(None))
    held = MethodAttempt.id.in_(
        select(Booking.attempt_id).where(
            Booking.status == BookingStatus.HELD, Booking.held_until >= at
        )
    )
    conditions: dict[BookingState, ColumnElement[bool]] = {
        BookingState.TO_ALLOCATE: and_(open_now, _is_short_of_people(scoped)),
        BookingState.TO_DATE: and_(undated, ~held, ~_is_short_of_people(scoped)),
        BookingState.HELD: and_(open_now, held),
        BookingState.COMING_UP: and_(open_now, MethodAttempt.scheduled_at >= start),
        BookingState.PAST: MethodAttempt.scheduled_at < start,
    }
    orders: dict[BookingState, tuple[Any, ...]] = {
        BookingState.COMING_UP: (MethodAttempt.scheduled_at,),
        BookingState.PAST: (MethodAttempt.grade.is_not(None), MethodAttempt.scheduled_at.desc()),
    }
    first = orders.get(state, (EndPointAssessment.epa_starts_on,))
    return (
        scoped.join(Apprenticeship.person)
        .where(conditions[state])
        .order_by(*first, Person.search_name, MethodAttempt.method_code, MethodAttempt.id)
        .options(
            joinedload(MethodAttempt.assessment)
            .joinedload(EndPointAssessment.apprenticeship)
            .options(joinedload(Apprenticeship.person), joinedload(Apprenticeship.employer))
        )
    )


def count(person: Person, state: BookingState, at: datetime) -> int:
    """How many attempts within a person's reach are in one state."""
    listed = bookings(person, state, at=at).order_by(None)
    ids = listed.with_only_columns(MethodAttempt.id, maintain_column_froms=True)
    return db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def reached(person: Person, permission: Permission, found: Sequence[MethodAttempt]) -> set[UUID]:
    """To which of these attempts this person may do this."""
    ids = [attempt.id for attempt in found]
    query = attempts(person, permission).where(MethodAttempt.id.in_(ids))
    return {attempt.id for attempt in db.session.scalars(query)}


def rows(found: Sequence[MethodAttempt], *, at: datetime) -> list[BookingRow]:
    """The lines of the list for one page of attempts."""
    periods, today = periods_of([attempt.assessment for attempt in found]), london_date(at)
    booked = bookings_of([attempt.id for attempt in found])
    listed = []
    for attempt in found:
        assessment, held = attempt.assessment, holders(attempt)
        period, booking = periods.get(assessment.id), booked.get(attempt.id)
        if period is not None:
            period = replace(period, extended_to=attempt.closes_on)
        listed.append(
            BookingRow(
                attempt=attempt,
                method_title=method_of(attempt).short_title,
                apprentice=assessment.apprenticeship.person.name,
                employer=assessment.apprenticeship.employer.name,
                last_day=period.ends_on if period else None,
                days_left=period.days_left(today) if period else None,
                to_allocate=tuple(DUTY_TITLES[d] for d in duties_open(duties_of(attempt), held)),
                assessors=tuple(held[d].name for d in duties_of(attempt) if d in held),
                booking=booking,
                status=_status(attempt, booking, at),
            )
        )
    return listed


def _status(attempt: MethodAttempt, booking: Booking | None, at: datetime) -> BookingStatus:
    if booking is None:
        return BookingStatus.CONFIRMED if attempt.scheduled_at else BookingStatus.OPEN
    return status_at(booking.status, booking.held_until, at)


def _any(*conditions: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(exists().where(*conditions))))


def _is_short_of_people(scoped: Select[MethodAttempt]) -> ColumnElement[bool]:
    """Whether an attempt has fewer people than the method needs, by each definition in use."""
    in_use = db.session.execute(
        scoped.with_only_columns(
            EndPointAssessment.framework_code, EndPointAssessment.framework_version
        ).distinct()
    )
    allocated = (
        select(func.count())
        .where(Allocation.attempt_id == MethodAttempt.id)
        .correlate(MethodAttempt)
        .scalar_subquery()
    )
    return or_(
        false(),
        *(
            and_(
                EndPointAssessment.framework_code == code,
                EndPointAssessment.framework_version == version,
                MethodAttempt.method_code == method.code,
                allocated < len(method.duties),
            )
            for code, version in in_use
            for method in definition(code, version).methods.values()
        ),
    )
