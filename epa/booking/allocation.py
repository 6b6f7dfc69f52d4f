"""Giving people their duties on an attempt; each of them accepts or declines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from epa.audit.services import record
from epa.booking import appointments, letters, queries
from epa.booking.candidates import standings
from epa.booking.dates import date_words
from epa.booking.models import DeclinedAllocation
from epa.booking.rules import PRESENT
from epa.clock import LONDON, london_date
from epa.database import db
from epa.errors import Conflict, NotAllowed, RuleBroken, RulesBroken
from epa.in_transaction import lock_together
from epa.lifecycle import services as lifecycle
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import DUTY_TITLES, STAGE_TITLES, Duty, Stage
from epa.people.models import Person
from epa.portfolio.queries import accepted_version, shared_on
from epa.portfolio.services import share_with


def allocate(
    attempt: MethodAttempt, person: Person, duty: Duty, *, actor: Person, at: datetime
) -> None:
    """Give a person a duty on an attempt, in place of whoever had it.

    The assessor of the method that the portfolio underpins is given the accepted portfolio.

    Raises:
        RulesBroken: the role is missing, a conflict of interest stands, two people must
            differ, the person is elsewhere or not competent then, or the work has begun.
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
    refuse_unless_open(attempt)
    held = queries.holders(attempt)
    changed = {duty: person for duty, person in chosen.items() if held.get(duty) is not person}
    lock_people([*changed.values()])
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
        letters.tell_of_duty(attempt, person, duty, at=at)
    return list(changed)


def must_be_held_as_seen(attempt: MethodAttempt, seen: int) -> None:
    """Refuse to go on from a page that somebody opened before people were allocated or declined.

    Args:
        attempt: the attempt.
        seen: what `queries.holders_mark` said when the page was opened.

    Raises:
        Conflict: somebody else holds a duty by now; the message says who.
    """
    if queries.holders_mark(attempt) == seen:
        return
    now = [
        f"{DUTY_TITLES[one.duty]}: {one.person.name}, allocated on {_moment(one.allocated_at)}."
        for one in sorted(attempt.allocations, key=lambda one: one.duty)
    ]
    gone = [
        f"{one.person.name} declined on {_moment(one.declined_at)}."
        for one in queries.declined(attempt)[:1]
    ]
    said = " ".join([*now, *gone])
    raise Conflict(f"Who does what changed after you opened this page. {said}")


def _moment(at: datetime) -> str:
    local = at.astimezone(LONDON)
    return f"{date_words(local.date())} at {local:%H:%M}"


def accept(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Take on the duties that one was allocated to.

    Raises:
        NotAllowed: the actor holds no duty here.
    """
    own = queries.own_allocations(attempt, actor)
    if not own:
        raise NotAllowed("Only those who are allocated accept their duty.")
    for held in own:
        if held.accepted_at is None:
            held.accepted_at = at
            record(actor, "duty accepted", attempt, at=at, duty=held.duty)


def decline(attempt: MethodAttempt, reason: str, *, actor: Person, at: datetime) -> None:
    """Give the duties back that one was allocated to; somebody else is needed then.

    Raises:
        NotAllowed: the actor holds no duty here.
        RuleBroken: no reason is given, or the work has begun.
    """
    own = queries.own_allocations(attempt, actor)
    if not own:
        raise NotAllowed("Only those who are allocated decline their duty.")
    if not reason.strip():
        raise RuleBroken("reason-missing", "Enter why you decline", "reason")
    for held in own:
        if fixed := queries.why_fixed(attempt, held.duty):
            raise RuleBroken("duty-fixed", f"{fixed} It can no longer be declined.")
    for held in own:
        attempt.allocations.remove(held)
        row = DeclinedAllocation(
            attempt=attempt,
            person=actor,
            duty=held.duty,
            reason=reason.strip(),
            declined_at=at,
        )
        db.session.add(row)
        db.session.flush()
        record(actor, "duty declined", attempt, at=at, duty=held.duty)
        letters.tell_of_decline(attempt, held.duty, at=at)


def refuse_unless_open(attempt: MethodAttempt) -> None:
    """Refuse whatever changes a booking of what is graded or outside the EPA period.

    Raises:
        RuleBroken: it is.
    """
    if attempt.grade is not None:
        raise RuleBroken("graded-already", "This attempt is graded: its booking stays as it was.")
    stage = attempt.assessment.stage
    if stage is not Stage.ASSESSMENT:
        raise RuleBroken(
            "stage-order",
            f"This cannot be booked while the apprentice is “{STAGE_TITLES[stage]}”.",
        )


def lock_people(people: list[Person]) -> None:
    """Let two who book the same person at once wait for each other."""
    lock_together(Person, {person.id for person in people})


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
    return _refusal_by_date(attempt, duty, person, at=at, on=on)


def _refusal_by_date(
    attempt: MethodAttempt, duty: Duty, person: Person, *, at: datetime, on: date
) -> RuleBroken | None:
    """Why this person cannot be there at the time that is held or confirmed, or None."""
    booking = queries.booking_of(attempt)
    starts_at = attempt.scheduled_at or (booking.starts_at if booking else None)
    place = attempt.place or (booking.place if booking else None)
    if starts_at is None or duty not in PRESENT:
        return None
    policy = appointments.policy_at(on)
    wish = appointments.Wish(starts_at, place or "", is_online=bool(booking and booking.is_online))
    diary = appointments.person_diary(attempt, person, duty, at=at, policy=policy)
    found = diary.hindrance(appointments.wanted(attempt, wish), appointments.gap(policy))
    if found is not None:
        return RuleBroken(found.code, f"{found.message} Choose somebody else.", duty)
    if duty is not Duty.ASSESSOR or not queries.is_presentation(attempt):
        return None
    given = shared_on(attempt.assessment, person) or on
    days = appointments.window_if_shared(attempt, given, today=on, short_notice=True)
    booked = london_date(starts_at)
    if days is not None and booked < days.opens_on:
        return RuleBroken(
            "portfolio-days",
            f"{person.name} would have the portfolio too late for {date_words(booked)}. Cancel the"
            f" date first: {date_words(days.opens_on)} or later would do.",
            duty,
        )
    return None


def _share_portfolio(
    attempt: MethodAttempt, person: Person, *, actor: Person, at: datetime
) -> None:
    if version := accepted_version(attempt.assessment):
        share_with(version, person, actor=actor, at=at)
