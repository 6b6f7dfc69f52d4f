"""The mails about a booking, with its calendar entry: nothing in them is confidential.

A venue stands in them, since it must be found on the day; a link of a video call does not: whoever
has it could join. Nobody is named.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from epa.allowances.queries import decisions_on
from epa.booking import queries
from epa.booking.dates import date_words
from epa.booking.models import Booking
from epa.booking.states import BookingStatus
from epa.clock import LONDON
from epa.ics import Entry, calendar_file
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import DUTY_TITLES, Duty
from epa.mailer import Attachment
from epa.outbox.services import tell
from epa.people.models import Person
from epa.people.rules import Role
from epa.sign_in.services import public_address

_FILE: Final = "booking.ics"


def when_words(starts_at: datetime) -> str:
    """Such as 'Tuesday 14 July 2026 at 10:00 (UK time)'."""
    start = starts_at.astimezone(LONDON)
    return f"{start:%A} {date_words(start.date())} at {start:%H:%M} (UK time)"


def page_of(attempt: MethodAttempt) -> str:
    """The page about an attempt's date that everybody who is concerned may open."""
    return public_address(f"/attempts/{attempt.id}/date")


def entry_of(
    attempt: MethodAttempt,
    booking: Booking | None,
    starts_at: datetime,
    *,
    changed_at: datetime,
    is_confirmed: bool = True,
) -> Entry:
    """An attempt's date as an entry of a calendar, with the place that its booking has."""
    slot, title = queries.slot_of(attempt, starts_at), _title(attempt)
    place = (booking.place if booking else attempt.place) or ""
    return Entry(
        uid=f"{attempt.id}@plumbline",
        sequence=queries.last_number(attempt) + decisions_on([attempt])[attempt.id],
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        summary=title if is_confirmed else f"{title} (held, not confirmed yet)",
        changed_at=changed_at,
        location="Online" if booking and booking.is_online else place,
        url=page_of(attempt),
        is_confirmed=is_confirmed,
    )


def tell_of_duty(attempt: MethodAttempt, person: Person, duty: Duty, *, at: datetime) -> None:
    """Ask somebody newly allocated to accept the duty."""
    _send(attempt, person, "duty allocated", at=at, duty=DUTY_TITLES[duty].lower())


def tell_of_decline(attempt: MethodAttempt, duty: Duty, *, at: datetime) -> None:
    """Tell the administrators that somebody is needed again."""
    for person in _administrators(attempt):
        _send(attempt, person, "duty declined", at=at, duty=DUTY_TITLES[duty].lower())


def tell_of_wish(attempt: MethodAttempt, *, at: datetime) -> None:
    """Tell the administrators that somebody asks for a date."""
    for person in _administrators(attempt):
        _send(attempt, person, "date asked for", at=at)


def tell_of_hold(attempt: MethodAttempt, booking: Booking, *, at: datetime) -> None:
    """Ask the employer to agree, and those who must be there to keep the time free."""
    assert booking.starts_at is not None, "a held booking has a time"
    assert booking.held_until is not None, "a hold has an end"
    local = booking.held_until.astimezone(LONDON)
    when = when_words(booking.starts_at)
    until = f"{date_words(local.date())} at {local:%H:%M}"
    entry = entry_of(attempt, booking, booking.starts_at, changed_at=at, is_confirmed=False)
    for person, whose in _employers(attempt):
        _send(
            attempt,
            person,
            "date held",
            at=at,
            wording="date to agree to",
            whose=whose,
            when=when,
            until=until,
        )
    for person, whose in _those_there(attempt):
        _send(
            attempt,
            person,
            "date held",
            at=at,
            attached=_calendar(entry),
            whose=whose,
            when=when,
            until=until,
        )


def tell_of_date(attempt: MethodAttempt, booking: Booking, *, at: datetime) -> None:
    """Tell those who must be there of the confirmed date, with an entry for their calendar."""
    assert attempt.scheduled_at is not None, "a confirmed booking has a time"
    assert attempt.place is not None, "a confirmed booking has a place"
    attached = _calendar(entry_of(attempt, booking, attempt.scheduled_at, changed_at=at))
    for person, whose in (*_those_there(attempt), *_employers(attempt)):
        _send(
            attempt,
            person,
            "booking changed",
            at=at,
            attached=attached,
            whose=whose,
            when=when_words(attempt.scheduled_at),
            where="It is online." if booking.is_online else f"Place: {attempt.place}.",
            page=page_of(attempt),
        )


def tell_of_arrangements(attempt: MethodAttempt, *, at: datetime) -> None:
    """Tell everybody with a part in a set date that how it goes, or how long it takes, changed.

    Their calendars are given the new end; what changed stands on the pages, for those who may see
    it. An attempt without a date has nobody to tell.
    """
    booking, status = queries.booking_of(attempt), queries.status_of(attempt, at=at)
    starts_at = attempt.scheduled_at or (booking.starts_at if booking else None)
    if starts_at is None or status not in {BookingStatus.HELD, BookingStatus.CONFIRMED}:
        return
    is_confirmed = status is BookingStatus.CONFIRMED
    entry = entry_of(attempt, booking, starts_at, changed_at=at, is_confirmed=is_confirmed)
    managed = f"A {_title(attempt).lower()} that you look after"
    told = [(one, whose, _calendar(entry)) for one, whose in _those_there(attempt)]
    told += [(one, whose, _calendar(entry)) for one, whose in _employers(attempt)]
    for person, whose, attached in (
        *told,
        *((one, managed, None) for one in _administrators(attempt)),
    ):
        _send(
            attempt,
            person,
            "booking changed",
            at=at,
            wording="arrangements changed",
            attached=attached,
            whose=whose,
            when=when_words(starts_at),
            page=page_of(attempt),
        )


def tell_of_loss(attempt: MethodAttempt, starts_at: datetime, *, at: datetime) -> None:
    """Tell those who had to be there that the date no longer stands."""
    gone = replace(entry_of(attempt, None, starts_at, changed_at=at), is_cancelled=True)
    for person, whose in _those_there(attempt):
        _send(
            attempt,
            person,
            "booking changed",
            at=at,
            wording="booking cleared",
            attached=_calendar(gone),
            whose=whose,
            when=when_words(starts_at),
        )


def send_instructions(attempt: MethodAttempt, text: str, *, at: datetime) -> None:
    """Send the apprentice the joining instructions, to be acknowledged after signing in."""
    apprentice = attempt.assessment.apprenticeship.person
    _send(attempt, apprentice, "joining instructions", at=at, text=text, page=page_of(attempt))


def _calendar(entry: Entry) -> Attachment:
    method = "CANCEL" if entry.is_cancelled else "PUBLISH"
    text = calendar_file([entry], method=method)
    return Attachment(_FILE, f"text/calendar; method={method}", text)


def _those_there(attempt: MethodAttempt) -> list[tuple[Person, str]]:
    title = _title(attempt).lower()
    staff = [person for _duty, person in queries.present(attempt)]
    return [
        (attempt.assessment.apprenticeship.person, f"Your {title}"),
        *((one, f"A {title} that you are allocated to") for one in staff),
    ]


def _administrators(attempt: MethodAttempt) -> list[Person]:
    return queries.people_with(Role.ADMINISTRATOR, attempt.assessment.epao_id)


def _title(attempt: MethodAttempt) -> str:
    return queries.method_of(attempt).short_title


def _employers(attempt: MethodAttempt) -> list[tuple[Person, str]]:
    whose = f"A {_title(attempt).lower()} of one of your people"
    return [(one, whose) for one in queries.contacts(attempt)]


def _send(
    attempt: MethodAttempt,
    person: Person,
    event: str,
    *,
    at: datetime,
    wording: str = "",
    attached: Attachment | None = None,
    **facts: str,
) -> None:
    """Write a mail in the words of epa/outbox/letters.toml, which may all name the method."""
    tell(
        person,
        event,
        behalf=attempt.assessment.epao,
        at=at,
        wording=wording,
        attached=attached,
        title=_title(attempt),
        method=_title(attempt).lower(),
        **facts,
    )
