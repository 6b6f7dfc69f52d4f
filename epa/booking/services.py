"""Asking for a date, holding it, agreeing to it, confirming, moving and taking it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from epa.audit.services import record
from epa.booking import appointments, letters, queries
from epa.booking.allocation import lock_people, refuse_unless_open
from epa.booking.appointments import Wish
from epa.booking.candidates import standings
from epa.booking.models import Booking, BookingChange
from epa.booking.rules import PRESENT, duties_open
from epa.booking.states import (
    NEEDS_REASON,
    WITH_TIME,
    Absent,
    BookingAction,
    next_status,
    status_at,
    why_not,
)
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import DUTY_TITLES
from epa.people.models import Person


@dataclass(frozen=True)
class Preference:
    """Between which days somebody would like a method to be held, and what else matters."""

    first_day: date
    last_day: date
    words: str


def request_date(
    attempt: MethodAttempt, preference: Preference, *, actor: Person, at: datetime
) -> None:
    """Ask the EPAO for a date.

    Raises:
        RuleBroken: a date is held or confirmed already, or the days lie outside the EPA period.
    """
    booking = _begin(attempt, BookingAction.REQUEST, preference.words, at=at)
    if preference.last_day < preference.first_day:
        raise RuleBroken("days", "The last day must not be before the first", "last_day")
    days = appointments.window_of(attempt, today=london_date(at))
    if days is None:
        raise RuleBroken("before-period", "The gateway has not been accepted yet.", "first_day")
    if found := days.hindrance(preference.last_day):
        raise RuleBroken(found.code, found.message, "last_day")
    booking.wished_from, booking.wished_to = preference.first_day, preference.last_day
    booking.wish = preference.words.strip()
    _keep(booking, BookingAction.REQUEST, preference.words, actor=actor, at=at)
    letters.tell_of_wish(attempt, at=at)


def hold(
    attempt: MethodAttempt,
    wish: Wish,
    *,
    actor: Person,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Hold a day, time and place for some days, or move what is held or confirmed to it.

    Args:
        attempt: one that has everybody who must be there.
        wish: when and where.
        actor: who sets it.
        at: when.
        reason: why it is moved; needed once a date is held or confirmed.

    Raises:
        RuleBroken: which rule the date breaks, with the nearest that would do.
    """
    booking = _set_date(attempt, wish, reason, actor=actor, at=at)
    letters.tell_of_hold(attempt, booking, at=at)


def agree(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Agree, as the employer, to the date that is held.

    Raises:
        RuleBroken: no date is held.
    """
    booking = _begin(attempt, BookingAction.AGREE, None, at=at)
    booking.agreed_at, booking.agreed_by, booking.agreement = at, actor, None
    _keep(booking, BookingAction.AGREE, None, actor=actor, at=at)


def object_to(attempt: MethodAttempt, reason: str, *, actor: Person, at: datetime) -> None:
    """Say, as the employer, that the date that is held does not suit, and what would.

    Raises:
        RuleBroken: no date is held, or no reason is given.
    """
    booking = _begin(attempt, BookingAction.OBJECT, reason, at=at)
    _clear(booking)
    booking.wish = reason.strip()
    _keep(booking, BookingAction.OBJECT, reason, actor=actor, at=at)
    letters.tell_of_wish(attempt, at=at)


def confirm(
    attempt: MethodAttempt, *, actor: Person, at: datetime, agreement: str | None = None
) -> None:
    """Confirm the date that is held: from now on it is the attempt's.

    Args:
        attempt: one whose date is held.
        actor: who confirms.
        at: when.
        agreement: how the employer agreed, when they have not done so themselves.

    Raises:
        RuleBroken: the hold has lapsed, a rule is broken by now, somebody who must be there has
            not accepted, or the employer has not agreed.
    """
    booking = _begin(attempt, BookingAction.CONFIRM, None, at=at)
    lock_people([person for _duty, person in queries.present(attempt)])
    _refuse_without_people(attempt)
    # Notice counted when it was held; waiting for an answer takes none of it away.
    _refuse_terms(attempt, _wish_of(booking, "held in time"), at=at)
    _confirm(booking, agreement, actor=actor, at=at)


def book(
    attempt: MethodAttempt,
    wish: Wish,
    *,
    agreement: str,
    actor: Person,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Hold a date and confirm it at once, where everybody has agreed already.

    Args:
        attempt: one whose people have accepted.
        wish: when and where.
        agreement: how the employer agreed.
        actor: who books.
        at: when.
        reason: why it is moved; needed once a date is held or confirmed.

    Raises:
        RuleBroken: as for `hold` and `confirm`.
    """
    booking = _set_date(attempt, wish, reason, actor=actor, at=at)
    _confirm(booking, agreement, actor=actor, at=at)


def cancel(attempt: MethodAttempt, reason: str, *, actor: Person, at: datetime) -> None:
    """Take a date back, or a wish for one; who is allocated stays.

    Raises:
        RuleBroken: there is none, no reason is given, or the method was held.
    """
    booking = _begin(attempt, BookingAction.CANCEL, reason, at=at)
    starts_at = booking.starts_at
    _clear(booking)
    _keep(booking, BookingAction.CANCEL, reason, actor=actor, at=at)
    if starts_at is not None:
        letters.tell_of_loss(attempt, starts_at, at=at)


def note_no_show(
    attempt: MethodAttempt, absent: Absent, reason: str, *, actor: Person, at: datetime
) -> None:
    """Record that somebody did not come, so that the method was not held.

    Raises:
        RuleBroken: it has not begun yet, was held, is not confirmed, or no reason is given.
    """
    booking = _begin(attempt, BookingAction.NO_SHOW, reason, at=at)
    if booking.starts_at is not None and at < booking.starts_at:
        raise RuleBroken(
            "not-begun", "It has not begun yet. Until then it can be moved or cancelled."
        )
    _clear(booking)
    _keep(booking, BookingAction.NO_SHOW, reason, actor=actor, at=at, absent=absent)


def lapse_holds(*, at: datetime) -> int:
    """Write down which holds ran out, and tell those who kept the time free.

    Returns:
        How many there were.
    """
    found = queries.lapsed(at)
    for booking in found:
        starts_at = booking.starts_at
        assert starts_at is not None, "a held booking has a time"
        _lapse(booking, at=at)
        letters.tell_of_loss(booking.attempt, starts_at, at=at)
    return len(found)


def _confirm(booking: Booking, agreement: str | None, *, actor: Person, at: datetime) -> None:
    """Give the attempt the date that breaks no rule, if those who must have agreed have."""
    attempt, policy = booking.attempt, appointments.policy_at(london_date(at))
    assert booking.starts_at is not None, "a held booking has a time"
    assert booking.place is not None, "a held booking has a place"
    if policy.assessor_accepts and (waiting := queries.not_accepted(attempt)):
        names = " and ".join(one.name for one in waiting)
        raise RuleBroken("not-accepted", f"{names} must accept the allocation first.")
    _note_agreement(booking, agreement, actor=actor, at=at)
    if policy.employer_agrees and booking.agreed_at is None:
        raise RuleBroken(
            "employer-agreement",
            "The employer has not agreed to this date yet. They can do so on their page; or enter"
            " who agreed and how.",
            "agreement",
        )
    attempt.scheduled_at, attempt.place = booking.starts_at, booking.place
    booking.held_until = None
    _keep(booking, BookingAction.CONFIRM, agreement, actor=actor, at=at)
    letters.tell_of_date(attempt, booking, at=at)


def _set_date(
    attempt: MethodAttempt,
    wish: Wish,
    reason: str | None,
    *,
    actor: Person,
    at: datetime,
) -> Booking:
    is_set = queries.status_of(attempt, at=at) in WITH_TIME
    action = BookingAction.MOVE if is_set else BookingAction.HOLD
    booking = _begin(attempt, action, reason, at=at)
    place = wish.place.strip()
    if not place:
        raise RuleBroken("place-missing", "Enter the place, or the link of the video call", "place")
    if is_set and (booking.starts_at, booking.place) == (wish.starts_at, place):
        raise RuleBroken("nothing-moved", "It is booked for this time and place already.")
    _refuse_without_people(attempt)
    lock_people([person for _duty, person in queries.present(attempt)])
    _refuse_terms(attempt, wish, at=at)
    _clear(booking)
    booking.starts_at, booking.place, booking.is_online = wish.starts_at, place, wish.is_online
    booking.room = wish.room
    hold_days = appointments.policy_at(london_date(at)).hold_days
    booking.held_until = min(at + timedelta(days=hold_days), wish.starts_at)
    said = " ".join(part.strip() for part in (reason, wish.short_notice) if part and part.strip())
    _keep(booking, action, said, actor=actor, at=at)
    return booking


def _of(attempt: MethodAttempt, *, at: datetime) -> Booking:
    """The attempt's booking, begun where nothing has happened yet."""
    booking = queries.booking_of(attempt)
    if booking is None:
        booking = Booking(
            attempt=attempt,
            status=queries.status_of(attempt, at=at),
            starts_at=attempt.scheduled_at,
            place=attempt.place,
        )
        db.session.add(booking)
        db.session.flush()
    return booking


def _begin(
    attempt: MethodAttempt, action: BookingAction, reason: str | None, *, at: datetime
) -> Booking:
    """The booking, once it is sure that this may be done to it now."""
    refuse_unless_open(attempt)
    if queries.is_held(attempt):
        raise RuleBroken("held-already", "This has been held: its date stays as it was.")
    booking = _of(attempt, at=at)
    if status_at(booking.status, booking.held_until, at) is not booking.status:
        _lapse(booking, at=at)
    if fault := why_not(booking.status, action):
        raise RuleBroken("booking-order", fault)
    if action in NEEDS_REASON and not (reason or "").strip():
        raise RuleBroken("reason-missing", "Enter why", "reason")
    return booking


def _lapse(booking: Booking, *, at: datetime) -> None:
    _clear(booking)
    _keep(booking, BookingAction.LAPSE, None, actor=None, at=at)


def _clear(booking: Booking) -> None:
    attempt = booking.attempt  # loaded first: half of this must not be flushed
    attempt.scheduled_at = attempt.place = None
    booking.starts_at = booking.place = booking.room = booking.held_until = None
    booking.is_online = False
    booking.agreed_at = booking.agreed_by = booking.agreement = None


def _keep(
    booking: Booking,
    action: BookingAction,
    reason: str | None,
    *,
    actor: Person | None,
    at: datetime,
    absent: Absent | None = None,
) -> None:
    """Move the booking on, and keep what happened."""
    after = next_status(booking.status, action)
    assert after is not None, "whether it may be done was asked before"
    booking.status = after
    change = BookingChange(
        attempt=booking.attempt,
        number=queries.next_number(booking.attempt),
        action=action,
        scheduled_at=booking.starts_at,
        place=booking.place,
        absent=absent,
        reason=(reason or "").strip() or None,
        changed_at=at,
        changed_by=actor,
    )
    db.session.add(change)
    record(
        actor,
        f"booking {action.value.replace('_', ' ')}",
        booking.attempt,
        at=at,
        after=booking.starts_at.isoformat() if booking.starts_at else None,
    )


def _note_agreement(
    booking: Booking, agreement: str | None, *, actor: Person, at: datetime
) -> None:
    """Keep that the employer agreed in another way, and who says so."""
    if booking.agreed_at is None and agreement and agreement.strip():
        booking.agreed_at, booking.agreed_by = at, actor
        booking.agreement = agreement.strip()


def _wish_of(booking: Booking, short_notice: str) -> Wish:
    assert booking.starts_at is not None, "a held booking has a time"
    return Wish(
        booking.starts_at,
        booking.place or "",
        booking.room,
        is_online=booking.is_online,
        short_notice=short_notice,
    )


def _refuse_without_people(attempt: MethodAttempt) -> None:
    needed = tuple(duty for duty in queries.duties_of(attempt) if duty in PRESENT)
    missing = duties_open(needed, queries.holders(attempt))
    if missing:
        words = " and ".join(DUTY_TITLES[duty].lower() for duty in missing)
        raise RuleBroken("duties-open", f"Allocate the {words} first. Then a date can be set.")
    if queries.is_presentation(attempt) and queries.portfolio_shared_on(attempt) is None:
        raise RuleBroken(
            "portfolio-not-shared",
            "The assessor has not been given the accepted portfolio yet. Then a date can be set.",
        )


def _refuse_terms(attempt: MethodAttempt, wish: Wish, *, at: datetime) -> None:
    """Refuse a date that breaks a rule, saying which and the nearest that breaks none."""
    if wish.room is not None and wish.room.epao_id != attempt.assessment.epao_id:
        raise NotAllowed("The room belongs to somebody else.")
    present = queries.present(attempt)
    terms = appointments.terms(
        attempt, present, wish.room, at=at, short_notice=bool(wish.short_notice.strip())
    )
    if terms is None:
        raise RuleBroken("before-period", "The gateway has not been accepted yet.", "day")
    if found := terms.refusal(appointments.wanted(attempt, wish)):
        raise RuleBroken(found.code, found.message, found.field)
    held, day = queries.holders(attempt), london_date(wish.starts_at)
    for duty, person in present:
        [(_, against)] = standings(attempt, duty, [person], held, on=day)
        if against:
            raise RuleBroken(against[0].code, " ".join(one.message for one in against))
