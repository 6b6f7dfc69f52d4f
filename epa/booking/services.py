"""Giving people their duties on an attempt, and setting, moving and clearing its date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select

from epa.audit.services import record
from epa.booking import queries
from epa.booking.candidates import standings
from epa.booking.models import BookingChange
from epa.booking.rules import PRESENT, Slot, date_words, duties_open, next_free
from epa.clock import LONDON, london_date
from epa.database import db
from epa.errors import RuleBroken, RulesBroken
from epa.lifecycle import services as lifecycle
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import DUTY_TITLES, STAGE_TITLES, Duty, Stage
from epa.outbox.services import tell
from epa.people.models import Person
from epa.portfolio.queries import accepted_version, shared_on
from epa.portfolio.services import share_with
from frameworks import MarkedMethod


def allocate(
    attempt: MethodAttempt, person: Person, duty: Duty, *, actor: Person, at: datetime
) -> None:
    """Give a person a duty on an attempt, in place of whoever had it.

    The assessor of the method that the portfolio underpins is given the accepted portfolio.

    Raises:
        RulesBroken: the role is missing, a conflict of interest stands, two people must
            differ, the person is elsewhere at that time, or the work has begun.
    """
    allocate_all(attempt, {duty: person}, actor=actor, at=at)


def allocate_all(
    attempt: MethodAttempt, chosen: Mapping[Duty, Person], *, actor: Person, at: datetime
) -> list[Duty]:
    """Give several duties at once: all of them, or none.

    Returns:
        The duties that changed hands.

    Raises:
        RulesBroken: with every refusal, each naming its duty as the field.
    """
    _refuse_unless_open(attempt)
    held = queries.holders(attempt)
    changed = {duty: person for duty, person in chosen.items() if held.get(duty) is not person}
    _lock([*changed.values()])
    refusals = [
        refusal
        for duty, person in changed.items()
        if (refusal := _refusal(attempt, duty, person, {**held, **chosen}, at=at))
    ]
    if refusals:
        raise RulesBroken(refusals)
    for duty, person in changed.items():
        lifecycle.allocate(attempt, person, duty, actor=actor, at=at)
        if duty is Duty.ASSESSOR and queries.is_underpinned(attempt):
            _share_portfolio(attempt, person, actor=actor, at=at)
        _tell_of_duty(attempt, person, duty, at=at)
    return list(changed)


def schedule(
    attempt: MethodAttempt,
    starts_at: datetime,
    place: str,
    *,
    actor: Person,
    at: datetime,
    reason: str | None = None,
) -> None:
    """Set the day, time and place of an attempt, or move them.

    Args:
        attempt: one whose duties are all allocated.
        starts_at: the instant at which it starts.
        place: where, or the address of the video call.
        actor: who sets it.
        at: when.
        reason: why it is moved; needed once a date is set.

    Raises:
        RuleBroken: which rule the date breaks, with the nearest that would do.
    """
    _refuse_unless_open(attempt)
    _refuse_if_held(attempt)
    place, reason = place.strip(), (reason or "").strip() or None
    if not place:
        raise RuleBroken(
            "place-missing", "Enter the place, or the link of the video call.", "place"
        )
    if attempt.scheduled_at == starts_at and attempt.place == place:
        raise RuleBroken("nothing-moved", "It is booked for this time and place already.")
    if attempt.scheduled_at is not None and reason is None:
        raise RuleBroken("reason-missing", "Enter why the booking is moved.", "reason")
    _refuse_without_people(attempt)
    _refuse_outside_window(attempt, london_date(starts_at), at=at)
    _refuse_clashes(attempt, starts_at)
    before, attempt.scheduled_at, attempt.place = attempt.scheduled_at, starts_at, place
    _keep_change(attempt, reason, actor=actor, at=at)
    record(
        actor,
        "booking moved" if before else "booking set",
        attempt,
        at=at,
        before=before.isoformat() if before else None,
        after=starts_at.isoformat(),
    )
    _tell_of_date(attempt, at=at)


def clear_date(attempt: MethodAttempt, reason: str, *, actor: Person, at: datetime) -> None:
    """Take the date of an attempt back; who is allocated stays.

    Raises:
        RuleBroken: there is none, no reason is given, or the method was held.
    """
    _refuse_unless_open(attempt)
    _refuse_if_held(attempt)
    if attempt.scheduled_at is None:
        raise RuleBroken("no-date", "No date is set.")
    if not reason.strip():
        raise RuleBroken("reason-missing", "Enter why the date is cleared.", "reason")
    before, attempt.scheduled_at, attempt.place = attempt.scheduled_at, None, None
    _keep_change(attempt, reason.strip(), actor=actor, at=at)
    record(actor, "booking cleared", attempt, at=at, before=before.isoformat(), after=None)
    _tell_of_date(attempt, at=at)


def _refuse_unless_open(attempt: MethodAttempt) -> None:
    if attempt.grade is not None:
        raise RuleBroken("graded-already", "This attempt is graded: its booking stays as it was.")
    stage = attempt.assessment.stage
    if stage is not Stage.ASSESSMENT:
        raise RuleBroken(
            "stage-order",
            f"This cannot be booked while the apprentice is “{STAGE_TITLES[stage]}”.",
        )


def _refuse_if_held(attempt: MethodAttempt) -> None:
    if queries.is_held(attempt):
        raise RuleBroken("held-already", "This has been held: its date stays as it was.")


def _refusal(
    attempt: MethodAttempt,
    duty: Duty,
    person: Person,
    intended: Mapping[Duty, Person],
    *,
    at: datetime,
) -> RuleBroken | None:
    """Why this person cannot have this duty, or None."""
    if duty not in queries.duties_of(attempt):
        return RuleBroken("no-such-duty", "This method does not need that duty.", duty)
    if fixed := queries.why_fixed(attempt, duty):
        return RuleBroken("duty-fixed", f"{fixed} Nobody else can be allocated now.", duty)
    on = london_date(at)
    [(_, against)] = standings(attempt, duty, [person], intended, on=on)
    if against:
        return RuleBroken(against[0].code, " ".join(one.message for one in against), duty)
    if attempt.scheduled_at is None:
        return None
    try:
        _refuse_clash_with(attempt, person, duty, attempt.scheduled_at)
        _refuse_late_portfolio(attempt, person, duty, on)
    except RuleBroken as broken:
        return RuleBroken(broken.code, broken.message, duty)
    return None


def _refuse_late_portfolio(attempt: MethodAttempt, person: Person, duty: Duty, on: date) -> None:
    """Refuse a new assessor who would have the portfolio for too few days before the date set."""
    if duty is not Duty.ASSESSOR or not queries.is_presentation(attempt):
        return
    given = shared_on(attempt.assessment, person) or on
    assert attempt.scheduled_at is not None
    booked, found = london_date(attempt.scheduled_at), queries.window_if_shared(attempt, given, on)
    if found is not None and booked < found.opens_on:
        raise RuleBroken(
            "portfolio-days",
            f"{person.name} would have the portfolio too late for {date_words(booked)}. Clear the"
            f" date first: {date_words(found.opens_on)} or later would do.",
        )


def _refuse_without_people(attempt: MethodAttempt) -> None:
    missing = duties_open(queries.duties_of(attempt), queries.holders(attempt))
    if missing:
        words = " and ".join(DUTY_TITLES[duty].lower() for duty in missing)
        raise RuleBroken("duties-open", f"Allocate the {words} first. Then a date can be set.")
    if queries.is_presentation(attempt) and queries.portfolio_shared_on(attempt) is None:
        raise RuleBroken(
            "portfolio-not-shared",
            "The assessor has not been given the accepted portfolio yet. Then a date can be set.",
        )


def _refuse_outside_window(attempt: MethodAttempt, day: date, *, at: datetime) -> None:
    found = queries.window_of(attempt, today=london_date(at))
    if found is None:
        raise RuleBroken("before-period", "The gateway has not been accepted yet.", "day")
    if hindrance := found.hindrance(day):
        raise RuleBroken(hindrance.code, hindrance.message, "day")


def _refuse_clashes(attempt: MethodAttempt, starts_at: datetime) -> None:
    held = queries.holders(attempt)
    present = {duty: person for duty, person in held.items() if duty in PRESENT}
    _lock([*present.values(), attempt.assessment.apprenticeship.person])
    busy = [queries.slot_of(other) for other in queries.booked_for(attempt, starts_at)]
    _refuse_overlap(queries.slot_of(attempt, starts_at), busy, "The apprentice")
    for duty, person in present.items():
        _refuse_clash_with(attempt, person, duty, starts_at)


def _refuse_clash_with(
    attempt: MethodAttempt, person: Person, duty: Duty, starts_at: datetime
) -> None:
    """Refuse a time at which somebody is elsewhere; an invigilator may have several candidates."""
    if duty not in PRESENT:
        return
    wanted = queries.slot_of(attempt, starts_at)
    others = queries.booked_with(attempt, person, starts_at)
    together = [
        other
        for other in others
        if duty is Duty.INVIGILATOR
        and other.allocated(duty) is person
        and other.method_code == attempt.method_code
    ]
    apart = [queries.slot_of(other) for other in others if other not in together]
    _refuse_overlap(wanted, apart, person.name)
    method = queries.method_of(attempt)
    if not isinstance(method, MarkedMethod):
        return
    at_once = [slot for other in together if (slot := queries.slot_of(other)).overlaps(wanted)]
    if len(at_once) >= method.candidates_per_invigilator:
        raise RuleBroken(
            "candidates-per-invigilator",
            f"{person.name} has {len(at_once)} candidates then, and"
            f" {method.candidates_per_invigilator} is the most. {_free_from(wanted, at_once)}",
            "time",
        )


def _refuse_overlap(wanted: Slot, busy: list[Slot], who: str) -> None:
    clash = next((slot for slot in busy if slot.overlaps(wanted)), None)
    if clash is not None:
        start, end = clash.starts_at.astimezone(LONDON), clash.ends_at.astimezone(LONDON)
        raise RuleBroken(
            "double-booked",
            f"{who} is booked from {start:%H:%M} to {end:%H:%M} on {date_words(start.date())}."
            f" {_free_from(wanted, busy)}",
            "time",
        )


def _free_from(wanted: Slot, busy: list[Slot]) -> str:
    free = next_free(wanted, busy).astimezone(LONDON)
    return f"The nearest time that would do is {free:%H:%M} on {date_words(free.date())}."


def _lock(people: list[Person]) -> None:
    """Let two who book the same person at once wait for each other."""
    ids = sorted({person.id for person in people})
    db.session.execute(
        select(Person.id).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
    )


def _share_portfolio(
    attempt: MethodAttempt, person: Person, *, actor: Person, at: datetime
) -> None:
    if version := accepted_version(attempt.assessment):
        share_with(version, person, actor=actor, at=at)


def _keep_change(
    attempt: MethodAttempt, reason: str | None, *, actor: Person, at: datetime
) -> None:
    db.session.add(
        BookingChange(
            attempt=attempt,
            number=len(queries.changes(attempt)) + 1,
            scheduled_at=attempt.scheduled_at,
            place=attempt.place,
            reason=reason,
            changed_at=at,
            changed_by=actor,
        )
    )
    db.session.flush()


def _tell_of_duty(attempt: MethodAttempt, person: Person, duty: Duty, *, at: datetime) -> None:
    title = queries.method_of(attempt).short_title.lower()
    tell(
        person,
        "duty allocated",
        duty=DUTY_TITLES[duty].lower(),
        method=title,
        behalf=attempt.assessment.epao,
        at=at,
    )


def _tell_of_date(attempt: MethodAttempt, *, at: datetime) -> None:
    """Tell those who must be there; where it is stands only behind their sign-in."""
    title = queries.method_of(attempt).short_title
    wording, when = "booking cleared", ""
    if attempt.scheduled_at is not None:
        start = attempt.scheduled_at.astimezone(LONDON)
        wording = "booking changed"
        when = f"{start:%A} {date_words(start.date())} at {start:%H:%M}"
    present = [person for duty, person in queries.holders(attempt).items() if duty in PRESENT]
    for person, whose in (
        (attempt.assessment.apprenticeship.person, f"Your {title.lower()}"),
        *((one, f"A {title.lower()} that you are allocated to") for one in present),
    ):
        tell(
            person,
            "booking changed",
            wording=wording,
            method=title,
            whose=whose,
            when=when,
            behalf=attempt.assessment.epao,
            at=at,
        )
