"""The diaries and terms that a date of an attempt is held against, as the record has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select

from epa.allowances.queries import allowances_of
from epa.allowances.rules import Allowance
from epa.assessors import queries as assessors
from epa.assessors.models import AvailabilitySlot
from epa.assessors.rules import AvailabilityKind
from epa.booking import queries
from epa.booking.dates import Openings, Window, window
from epa.booking.diaries import Away, Engagement, Hours, PersonDiary, RoomDiary, Validity
from epa.booking.models import Booking
from epa.booking.rules import PRESENT, Hindrance
from epa.booking.states import BookingStatus
from epa.booking.terms import Proposals, Terms
from epa.clock import london_date
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.period import earliest_presentation
from epa.lifecycle.queries import period_for
from epa.lifecycle.rules import Duty, Stage
from epa.people.models import Person
from epa.policies.queries import booking_policy
from epa.policies.rules import BookingPolicy
from epa.rooms.models import Room
from epa.working_days import is_working_day
from frameworks import JudgedMethod, MarkedMethod

# Another attempt, and the time and place that it takes.
Elsewhere = tuple[MethodAttempt, Engagement]

_MARGIN: Final = timedelta(days=1)


@dataclass(frozen=True)
class Wish:
    """When and where somebody wants an attempt to be held.

    Attributes:
        starts_at: the instant at which it starts.
        place: where, or the address of the video call.
        room: the room, when it is one of the EPAO's.
        is_online: whether the place is a link.
        short_notice: why it is set with less notice than the policy asks for; empty otherwise.
    """

    starts_at: datetime
    place: str
    room: Room | None = None
    is_online: bool = False
    short_notice: str = ""

    @property
    def travelled_to(self) -> str:
        """The place as far as somebody travels to it."""
        return "" if self.is_online else self.place


def policy_at(at: date) -> BookingPolicy:
    """The policy by which something is booked on a day."""
    return booking_policy(at)


def wanted(attempt: MethodAttempt, wish: Wish) -> Engagement:
    """What an attempt would take of everybody's time."""
    slot = queries.slot_of(attempt, wish.starts_at)
    return Engagement(slot, wish.travelled_to, _group(attempt))


def terms(
    attempt: MethodAttempt,
    people: Iterable[tuple[Duty, Person]],
    room: Room | None,
    *,
    at: datetime,
    short_notice: bool = False,
) -> Terms | None:
    """Everything that a date of an attempt is held against; None before the EPA period.

    Args:
        attempt: the attempt.
        people: who is there under which duty.
        room: the room, when it is one of the EPAO's.
        at: the instant of asking: what is held until later counts.
        short_notice: whether the notice that the policy asks for is left out.
    """
    today = london_date(at)
    days = window_of(attempt, today=today, short_notice=short_notice)
    if days is None:
        return None
    policy = policy_at(today)
    present = list(people)
    there = {person.id for _duty, person in present}
    taken = _elsewhere(attempt, or_(_busy_with(there), _is_sat_by_same(attempt)), at=at)
    return Terms(
        window=days,
        people=(
            *(_diary(attempt, person, duty, taken, policy=policy) for duty, person in present),
            _apprentice_diary(attempt, taken),
        ),
        room=room_diary(attempt, room, at=at) if room else None,
        gap=gap(policy),
        proposals=Proposals(
            policy.day_starts,
            policy.day_ends,
            timedelta(minutes=policy.suggestion_minutes),
            is_working_day,
        ),
    )


def misfit(attempt: MethodAttempt, *, at: datetime) -> Hindrance | None:
    """What a date that is set runs into, now that the method may take longer; None where it fits.

    Only people's and rooms' time is looked at: the day itself was right when it was set.
    """
    booking = queries.booking_of(attempt)
    starts_at = attempt.scheduled_at or (booking.starts_at if booking else None)
    if starts_at is None:
        return None
    room, is_online = (booking.room, booking.is_online) if booking else (None, False)
    wish = Wish(
        starts_at, attempt.place or (booking.place if booking else "") or "", room, is_online
    )
    standing = terms(attempt, queries.present(attempt), room, at=at, short_notice=True)
    return standing.clash(wanted(attempt, wish)) if standing else None


def gap(policy: BookingPolicy) -> timedelta:
    """What lies at least between two places on one day."""
    return timedelta(minutes=policy.travel_gap_minutes)


def window_of(attempt: MethodAttempt, *, today: date, short_notice: bool = False) -> Window | None:
    """The days on which the attempt's method may be held; None before the EPA period."""
    given = queries.portfolio_shared_on(attempt) if queries.is_presentation(attempt) else None
    return window_if_shared(attempt, given, today=today, short_notice=short_notice)


def window_if_shared(
    attempt: MethodAttempt, given: date | None, *, today: date, short_notice: bool = False
) -> Window | None:
    """The same, if the assessor was given the portfolio on a day (None where it plays no part)."""
    period = period_for(attempt)
    if period is None:
        return None
    clock = framework_of(attempt.assessment).clock
    return window(
        period,
        Openings(
            today=today,
            notice_days=None if short_notice else policy_at(today).notice_days,
            shared=(given, earliest_presentation(given, clock)) if given else None,
            needed_days=clock.portfolio_days_before_presentation,
        ),
    )


def person_diary(
    attempt: MethodAttempt, person: Person, duty: Duty, *, at: datetime, policy: BookingPolicy
) -> PersonDiary:
    """One person's time around an attempt, and what must be valid for its duty."""
    taken = _elsewhere(attempt, _busy_with({person.id}), at=at)
    return _diary(attempt, person, duty, taken, policy=policy)


def _diary(
    attempt: MethodAttempt,
    person: Person,
    duty: Duty,
    taken: Sequence[Elsewhere],
    *,
    policy: BookingPolicy,
) -> PersonDiary:
    given = assessors.availability([person.id]).get(person.id, [])
    method = queries.method_of(attempt)
    return PersonDiary(
        name=person.name,
        engagements=tuple(
            engagement for other, engagement in taken if _must_be_at(person.id, other)
        ),
        hours=tuple(_hours(given)),
        away=tuple(_away(given)),
        validities=validities(attempt, person) if duty is Duty.ASSESSOR else (),
        together=most_together(attempt, policy) if duty is Duty.INVIGILATOR else 1,
        is_alone="An assessor is with one apprentice at a time."
        if isinstance(method, JudgedMethod)
        else "",
    )


def _apprentice_diary(attempt: MethodAttempt, taken: Sequence[Elsewhere]) -> PersonDiary:
    """The apprentice's own dates of other methods."""
    own = attempt.assessment.apprenticeship.person_id
    alone = tuple(
        Engagement(engagement.slot, engagement.place)
        for other, engagement in taken
        if other.assessment.apprenticeship.person_id == own
    )
    return PersonDiary("The apprentice", alone)


def room_diary(attempt: MethodAttempt, room: Room, *, at: datetime) -> RoomDiary:
    """What is booked in a room besides the attempt."""
    in_room = MethodAttempt.id.in_(select(Booking.attempt_id).where(Booking.room_id == room.id))
    taken = _elsewhere(attempt, in_room, at=at)
    return RoomDiary(room.name, room.capacity, tuple(engagement for _other, engagement in taken))


def most_together(attempt: MethodAttempt, policy: BookingPolicy) -> int:
    """How many candidates one invigilator may have: the policy's number, never above the plan's."""
    method = queries.method_of(attempt)
    if not isinstance(method, MarkedMethod):
        return 1
    return min(policy.candidates_per_invigilator, method.candidates_per_invigilator)


def validities(attempt: MethodAttempt, person: Person) -> tuple[Validity, ...]:
    """What an assessor must hold on the day: competence, and a standardisation not too old."""
    code, epao_id = attempt.assessment.framework_code, attempt.assessment.epao_id
    competent = assessors.competences([person.id], epao_id).get(person.id, [])
    attended = assessors.standardisations([person.id], epao_id).get(person.id, [])
    return (
        Validity(
            "competence",
            "competence for this standard",
            tuple(
                (one.competent_from, one.competent_until)
                for one in competent
                if one.framework_code == code
            ),
        ),
        Validity(
            "standardisation",
            "standardisation for this standard",
            tuple(
                (one.attended_on, assessors.last_valid_day(one))
                for one in attended
                if one.framework_code == code
            ),
        ),
    )


def _elsewhere(
    attempt: MethodAttempt, whose: ColumnElement[bool], *, at: datetime
) -> list[Elsewhere]:
    """Every other attempt, held or confirmed, that takes somebody's or something's time."""
    query = (
        select(MethodAttempt, Booking)
        .join(MethodAttempt.assessment)
        .join(EndPointAssessment.apprenticeship)
        .outerjoin(Booking, Booking.attempt_id == MethodAttempt.id)
        .where(
            MethodAttempt.id != attempt.id,
            EndPointAssessment.stage.in_((Stage.ASSESSMENT, Stage.RESULTS)),
            or_(
                MethodAttempt.scheduled_at > at - _MARGIN,
                and_(Booking.status == BookingStatus.HELD, Booking.held_until >= at),
            ),
            whose,
        )
    )
    found = [(row[0], row[1]) for row in db.session.execute(query).unique()]
    longer = allowances_of([other for other, _booking in found])
    return [(other, _engagement(other, booking, longer[other.id])) for other, booking in found]


def _engagement(
    attempt: MethodAttempt, booking: Booking | None, allowance: Allowance
) -> Engagement:
    starts_at = attempt.scheduled_at or (booking.starts_at if booking else None)
    place = attempt.place or (booking.place if booking else None) or ""
    is_online = booking is not None and booking.is_online
    slot = queries.slot_of(attempt, starts_at, allowance)
    return Engagement(slot, "" if is_online else place, _group(attempt))


def _group(attempt: MethodAttempt) -> str | None:
    """Candidates of one test may share an invigilator and a room; judged methods share nothing."""
    is_test = isinstance(queries.method_of(attempt), MarkedMethod)
    return attempt.method_code if is_test else None


def _busy_with(people_ids: Collection[UUID]) -> ColumnElement[bool]:
    return exists().where(
        Allocation.attempt_id == MethodAttempt.id,
        Allocation.person_id.in_(people_ids),
        Allocation.duty.in_(PRESENT),
    )


def _must_be_at(person_id: UUID, attempt: MethodAttempt) -> bool:
    return any(held.person_id == person_id and held.duty in PRESENT for held in attempt.allocations)


def _is_sat_by_same(attempt: MethodAttempt) -> ColumnElement[bool]:
    return Apprenticeship.person_id == attempt.assessment.apprenticeship.person_id


def _hours(given: Sequence[AvailabilitySlot]) -> Iterable[Hours]:
    for one in given:
        if one.kind is AvailabilityKind.HOURS:
            assert one.weekday is not None, "hours have a weekday"
            assert one.starts is not None, "hours have a start"
            assert one.ends is not None, "hours have an end"
            yield Hours(one.weekday, one.starts, one.ends, one.first_on, one.last_on)


def _away(given: Sequence[AvailabilitySlot]) -> Iterable[Away]:
    for one in given:
        if one.kind is AvailabilityKind.AWAY:
            assert one.last_on is not None, "days away have an end"
            yield Away(one.first_on, one.last_on)
