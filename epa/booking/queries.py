"""Who holds which duty, the days and times a method may be booked for, the list of bookings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload

from epa.booking.models import BookingChange
from epa.booking.rules import (
    PRESENT,
    BookingState,
    Slot,
    Window,
    duties_open,
    minutes_needed,
    window,
)
from epa.clock import london_instant
from epa.database import db
from epa.judgements.models import MarkSheet
from epa.knowledge_test.models import MarkEntry, PaperSitting
from epa.lifecycle.definitions import definition, framework_of
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.period import earliest_presentation
from epa.lifecycle.queries import period_of, periods_of
from epa.lifecycle.rules import DUTY_TITLES, Duty, Stage
from epa.lifecycle.scope import attempts
from epa.people.models import Person
from epa.people.rules import Permission
from epa.portfolio.queries import shared_on
from frameworks import JudgedMethod, MarkedMethod

_START_OF_DAY = datetime.min.time()


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


def method_of(attempt: MethodAttempt) -> JudgedMethod | MarkedMethod:
    """The method of an attempt, in the definition its assessment is pinned to."""
    return framework_of(attempt.assessment).methods[attempt.method_code]


def duties_of(attempt: MethodAttempt) -> tuple[Duty, ...]:
    """The duties that the method needs, in the definition's order."""
    return tuple(Duty(code) for code in method_of(attempt).duties)


def holders(attempt: MethodAttempt) -> dict[Duty, Person]:
    """Who holds which duty on the attempt now."""
    return {held.duty: held.person for held in attempt.allocations}


def why_fixed(attempt: MethodAttempt, duty: Duty) -> str | None:
    """Why nobody else may be given this duty any more; None while somebody may."""
    if attempt.grade is not None:
        return "This attempt is graded."
    if duty is Duty.ASSESSOR and _any(MarkSheet.attempt_id == attempt.id):
        return "The assessor has opened the mark sheet."
    if duty is Duty.INVIGILATOR and _any(PaperSitting.attempt_id == attempt.id):
        return "The sitting is recorded."
    if _any(MarkEntry.attempt_id == attempt.id, MarkEntry.duty == duty):
        return f"The {DUTY_TITLES[duty].lower()} has entered marks."
    return None


def fixed_duties(attempt: MethodAttempt) -> dict[Duty, str]:
    """The duties that nobody else may be given any more, with why."""
    found = ((duty, why_fixed(attempt, duty)) for duty in duties_of(attempt))
    return {duty: why for duty, why in found if why is not None}


def is_held(attempt: MethodAttempt) -> bool:
    """Whether the method was held, so that its date is history."""
    return attempt.held_on is not None or _any(PaperSitting.attempt_id == attempt.id)


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


def window_of(attempt: MethodAttempt, *, today: date) -> Window | None:
    """The days on which the attempt's method may be held; None before the EPA period."""
    return window_if_shared(
        attempt, portfolio_shared_on(attempt) if is_presentation(attempt) else None, today
    )


def window_if_shared(attempt: MethodAttempt, given: date | None, today: date) -> Window | None:
    """The same, if the assessor was given the portfolio on a day (None where it plays no part)."""
    period = period_of(attempt.assessment)
    if period is None:
        return None
    clock = framework_of(attempt.assessment).clock
    return window(
        period,
        today,
        shared=(given, earliest_presentation(given, clock)) if given else None,
        needed_days=clock.portfolio_days_before_presentation,
    )


def longest_minutes(attempt: MethodAttempt) -> int:
    """How many minutes the attempt's method takes at most."""
    return minutes_needed(method_of(attempt))


def slot_of(attempt: MethodAttempt, starts_at: datetime | None = None) -> Slot:
    """The time an attempt takes from an instant, or from when it is booked."""
    start = starts_at or attempt.scheduled_at
    assert start is not None, "an attempt without a date takes no time"
    return Slot(start, longest_minutes(attempt))


def booked_with(attempt: MethodAttempt, person: Person, near: datetime) -> list[MethodAttempt]:
    """Other attempts about this time at which a person has to be there."""
    return _booked_about(
        attempt,
        near,
        exists().where(
            Allocation.attempt_id == MethodAttempt.id,
            Allocation.person_id == person.id,
            Allocation.duty.in_(PRESENT),
        ),
    )


def booked_for(attempt: MethodAttempt, near: datetime) -> list[MethodAttempt]:
    """Other attempts of the same apprentice about this time."""
    person_id = attempt.assessment.apprenticeship.person_id
    return _booked_about(attempt, near, Apprenticeship.person_id == person_id)


def changes(attempt: MethodAttempt) -> list[BookingChange]:
    """Every date that was set, moved or cleared, newest first."""
    query = (
        select(BookingChange)
        .where(BookingChange.attempt_id == attempt.id)
        .order_by(BookingChange.number.desc())
    )
    return list(db.session.scalars(query))


def bookings(person: Person, state: BookingState, *, today: date) -> Select[MethodAttempt]:
    """The attempts within a person's reach in one state: the most pressing first."""
    start = london_instant(today, _START_OF_DAY)
    scoped = attempts(person, Permission.VIEW_BOOKINGS)
    open_now = and_(MethodAttempt.grade.is_(None), EndPointAssessment.stage == Stage.ASSESSMENT)
    undated = and_(open_now, MethodAttempt.scheduled_at.is_(None))
    conditions: dict[BookingState, ColumnElement[bool]] = {
        BookingState.TO_ALLOCATE: and_(open_now, _is_short_of_people(scoped)),
        BookingState.TO_DATE: and_(undated, ~_is_short_of_people(scoped)),
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


def count(person: Person, state: BookingState, today: date) -> int:
    """How many attempts within a person's reach are in one state."""
    listed = bookings(person, state, today=today).order_by(None)
    ids = listed.with_only_columns(MethodAttempt.id, maintain_column_froms=True)
    return db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def bookable(person: Person, found: Sequence[MethodAttempt]) -> set[UUID]:
    """Which of these attempts this person may book."""
    ids = [attempt.id for attempt in found]
    query = attempts(person, Permission.BOOK).where(MethodAttempt.id.in_(ids))
    return {attempt.id for attempt in db.session.scalars(query)}


def rows(found: Sequence[MethodAttempt], *, today: date) -> list[BookingRow]:
    """The lines of the list for one page of attempts."""
    periods = periods_of([attempt.assessment for attempt in found])
    listed = []
    for attempt in found:
        assessment, held = attempt.assessment, holders(attempt)
        period = periods.get(assessment.id)
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
            )
        )
    return listed


def _any(*conditions: ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(select(exists().where(*conditions))))


def _booked_about(
    attempt: MethodAttempt, near: datetime, whose: ColumnElement[bool]
) -> list[MethodAttempt]:
    day = timedelta(days=1)
    query = (
        select(MethodAttempt)
        .join(MethodAttempt.assessment)
        .join(EndPointAssessment.apprenticeship)
        .where(
            MethodAttempt.id != attempt.id,
            MethodAttempt.scheduled_at.between(near - day, near + day),
            EndPointAssessment.stage.in_((Stage.ASSESSMENT, Stage.RESULTS)),
            whose,
        )
    )
    return list(db.session.scalars(query))


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
