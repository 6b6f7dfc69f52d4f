"""The administrators' pages: the list of bookings, who is allocated, and the date of an attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from epa.audit.services import note_export
from epa.booking import allocation, appointments, instructions, queries, services
from epa.booking import answer_routes as answer_routes  # noqa: PLC0414 (importing adds its pages)
from epa.booking.blueprint import as_seen, bp, page, status_of
from epa.booking.candidates import Candidate, candidates
from epa.booking.forms import BookingForm, CancelForm, ConfirmForm, NoShowForm, allocation_form
from epa.booking.models import Booking
from epa.booking.rules import PRESENT, STATE_TITLES, BookingState, duties_open
from epa.booking.states import ACTION_TITLES, STATUS_TITLES, BookingStatus
from epa.clock import london_date, utc_now
from epa.database import db
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import attempt_for
from epa.lifecycle.rules import DUTY_TITLES, Duty
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.rooms.queries import in_use
from epa.web.access import access
from epa.web.exports import Export, answer, in_parts
from epa.web.filters import time_of_day
from epa.web.forms import PlumblineForm
from epa.web.pagination import count_of, page_of
from epa.web.transaction import writes, writes_on_read

booking = bp
_COLUMNS: Final = (
    *("family_name", "given_names", "uln", "employer", "method", "attempt", "status"),
    *("date", "time", "place", "allocated", "to_allocate", "last_day"),
)


@bp.get("/bookings")
@access(Permission.VIEW_BOOKINGS)
def index() -> ResponseReturnValue:
    """The attempts within one's reach, by what they wait for, the most pressing first."""
    person, at = signed_in_person(), utc_now()
    state = _state(person, request.args.get("show", ""))
    found = page_of(db.session(), queries.bookings(person, state, at=at), request.args)
    bookable = queries.reached(person, Permission.BOOK, found.rows)
    return render_template(
        "epa/booking/index.html",
        page=found,
        rows=[
            (row, _step(person, row.attempt, can_book=row.attempt.id in bookable))
            for row in queries.rows(found.rows, at=at)
        ],
        state=state,
        states=[(one, STATE_TITLES[one], queries.count(person, one, at)) for one in _STATES],
        status_titles=STATUS_TITLES,
        places=[(title, url_for(to)) for title, to, asks in _PLACES if person.may(asks)],
    )


@bp.get("/bookings.csv", defaults={"ending": "csv"})
@bp.get("/bookings.xlsx", defaults={"ending": "xlsx"})
@access(Permission.VIEW_BOOKINGS)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person, at = signed_in_person(), utc_now()
    found = queries.bookings(person, _state(person, request.args.get("show", "")), at=at)
    number = count_of(db.session(), found)
    note_export(person, "bookings", ending=ending, rows=number, at=at)
    rows = in_parts(db.session(), found, lambda part: map(_exported, queries.rows(part, at=at)))
    return answer(Export("bookings", _COLUMNS, rows), ending)


def _exported(row: queries.BookingRow) -> tuple[str, ...]:
    booked, about = row.booking, row.attempt.assessment.apprenticeship
    starts_at = row.attempt.scheduled_at or (booked.starts_at if booked else None)
    return (
        about.person.family_name,
        about.person.given_names,
        about.uln,
        row.employer,
        row.method_title,
        str(row.attempt.number),
        STATUS_TITLES[row.status],
        *((london_date(starts_at).isoformat(), time_of_day(starts_at)) if starts_at else ("", "")),
        row.attempt.place or (booked.place if booked else None) or "",
        "; ".join(row.assessors),
        "; ".join(row.to_allocate),
        row.last_day.isoformat() if row.last_day else "",
    )


@bp.route("/attempts/<uuid:attempt_id>/booking", methods=["GET", "POST"])
@access(Permission.BOOK, attempt=attempt_for)
@writes
def book(attempt: MethodAttempt) -> ResponseReturnValue:
    """When and where an attempt is held: hold a date, or book it where all have agreed."""
    rooms, booking = in_use(attempt.assessment.epao_id), queries.booking_of(attempt)
    number, set_for = queries.last_number(attempt), _set_for(attempt, booking, utc_now())
    form = BookingForm.of(number, booking, set_for)
    form.offer(rooms)
    if form.validate_on_submit() and form.applied(
        as_seen(attempt, lambda: _booked(attempt, form, rooms, signed_in_person(), utc_now()))
    ):
        flash("The date is kept, and those concerned get a mail.", "done")
        return _back(attempt)
    return page("book", attempt, form, **_standing(attempt)), status_of(form)


@bp.route("/attempts/<uuid:attempt_id>/booking/confirmation", methods=["GET", "POST"])
@access(Permission.BOOK, attempt=attempt_for)
@writes
def confirm(attempt: MethodAttempt) -> ResponseReturnValue:
    """Confirm the date that is held."""
    form, actor, at = ConfirmForm(queries.last_number(attempt)), signed_in_person(), utc_now()
    if form.validate_on_submit() and form.applied(
        as_seen(
            attempt,
            lambda: services.confirm(attempt, actor=actor, at=at, agreement=form.agreement.data),
        )
    ):
        flash("The date is confirmed, and those concerned get a mail.", "done")
        return _back(attempt)
    return page("confirm", attempt, form, **_standing(attempt)), status_of(form)


@bp.route("/attempts/<uuid:attempt_id>/booking/cancellation", methods=["GET", "POST"])
@access(Permission.BOOK, attempt=attempt_for)
@writes
def cancel(attempt: MethodAttempt) -> ResponseReturnValue:
    """Take the date of an attempt back."""
    form, actor, at = CancelForm(queries.last_number(attempt)), signed_in_person(), utc_now()
    if form.validate_on_submit() and form.applied(
        as_seen(attempt, lambda: services.cancel(attempt, form.reason.data, actor=actor, at=at))
    ):
        flash("The date is cancelled. Who is allocated stays.", "done")
        return _back(attempt)
    return page("cancel", attempt, form, **_standing(attempt)), status_of(form)


@bp.route("/attempts/<uuid:attempt_id>/booking/no-show", methods=["GET", "POST"])
@access(Permission.BOOK, attempt=attempt_for)
@writes
def note_no_show(attempt: MethodAttempt) -> ResponseReturnValue:
    """Record that somebody did not come."""
    form, actor, at = NoShowForm(queries.last_number(attempt)), signed_in_person(), utc_now()
    if form.validate_on_submit() and form.applied(
        as_seen(
            attempt,
            lambda: services.note_no_show(
                attempt, form.absent.data, form.reason.data, actor=actor, at=at
            ),
        )
    ):
        flash("It is recorded. Another date can be set.", "done")
        return _back(attempt)
    return page("no_show", attempt, form, **_standing(attempt)), status_of(form)


@bp.post("/attempts/<uuid:attempt_id>/booking/instructions")
@access(Permission.BOOK, attempt=attempt_for)
@writes
def send_instructions(attempt: MethodAttempt) -> ResponseReturnValue:
    """Send the joining instructions for the confirmed date."""
    form = PlumblineForm()
    if form.applied(instructions.send, attempt, actor=signed_in_person(), at=utc_now()):
        flash("The joining instructions are sent.", "done")
        return redirect(url_for("booking.show", attempt_id=attempt.id), 303)
    return page("not_sent", attempt, form), 422


@bp.route("/attempts/<uuid:attempt_id>/allocation", methods=["GET", "POST"])
@access(Permission.BOOK, attempt=attempt_for)
@writes
def allocate(attempt: MethodAttempt) -> ResponseReturnValue:
    """Who does what on an attempt, and why some people cannot."""
    listed, fixed = candidates(attempt, on=london_date(utc_now())), queries.fixed_duties(attempt)
    known = {
        duty: [one.person for one in found] for duty, found in listed.items() if duty not in fixed
    }
    form = allocation_form(queries.holders_mark(attempt), known, queries.holders(attempt))
    if form.validate_on_submit() and form.applied(
        _allocated, attempt, _chosen(form, listed), signed_in_person(), utc_now()
    ):
        flash("Who does what is kept, and those newly allocated get a mail.", "done")
        return _back(attempt)
    return page("allocate", attempt, form, listed=listed, fixed=fixed), status_of(form)


_STATES = tuple(BookingState)
# What lies beside the list of bookings: the words of the link, the page, what it asks for.
_PLACES = (
    ("Calendar", "diary.index", Permission.VIEW_BOOKINGS),
    ("Test sessions", "invigilation.index", Permission.RUN_TEST_SESSION),
    ("Rooms", "rooms.index", Permission.MANAGE_ROOMS),
    ("Competence and standardisation", "assessors.index", Permission.MANAGE_ASSESSORS),
    ("Your availability", "assessors.availability", Permission.KEEP_AVAILABILITY),
)


def _state(person: Person, asked: str) -> BookingState:
    """The list that was asked for; else the first that is this person's business."""
    if asked in _STATES:
        return BookingState(asked)
    return BookingState.TO_ALLOCATE if person.may(Permission.BOOK) else BookingState.COMING_UP


def _step(person: Person, attempt: MethodAttempt, *, can_book: bool) -> tuple[str, str]:
    """What this person would do next with an attempt: the words of the link and where it leads."""
    mine = {duty for duty, holder in queries.holders(attempt).items() if holder.id == person.id}
    if mine & {Duty.FIRST_MARKER, Duty.SECOND_MARKER}:
        return "Mark", url_for("knowledge_test.show", attempt_id=attempt.id)
    if can_book and attempt.grade is None:
        return "Book", url_for("booking.book", attempt_id=attempt.id)
    if Duty.INVIGILATOR in mine and attempt.scheduled_at is not None:
        return "Record the sitting", url_for("knowledge_test.record_sitting", attempt_id=attempt.id)
    return "See it", url_for("booking.show", attempt_id=attempt.id)


def _chosen(form: Any, listed: dict[Duty, list[Candidate]]) -> dict[Duty, Person]:
    """Who was chosen for which duty."""
    return {
        duty: one.person
        for duty, found in listed.items()
        for one in found
        if duty.value in form and form[duty.value].data == one.person.id
    }


def _allocated(
    attempt: MethodAttempt, chosen: dict[Duty, Person], actor: Person, at: datetime, *, seen: int
) -> None:
    allocation.must_be_held_as_seen(attempt, seen)
    allocation.allocate_all(attempt, chosen, actor=actor, at=at)


def _set_for(
    attempt: MethodAttempt, booking: Booking | None, at: datetime
) -> tuple[datetime, str] | None:
    """The time and place that are held or confirmed, if any are."""
    if attempt.scheduled_at is not None:
        return attempt.scheduled_at, attempt.place or ""
    if booking is None or booking.starts_at is None:
        return None
    is_held = queries.status_of(attempt, at=at) is BookingStatus.HELD
    return (booking.starts_at, booking.place or "") if is_held else None


def _booked(
    attempt: MethodAttempt, form: BookingForm, rooms: list[Any], actor: Person, at: datetime
) -> None:
    wish = form.wish(rooms)
    if form.agreement.data:
        services.book(
            attempt, wish, agreement=form.agreement.data, actor=actor, at=at, reason=form.why
        )
    else:
        services.hold(attempt, wish, actor=actor, at=at, reason=form.why)


def _standing(attempt: MethodAttempt) -> dict[str, Any]:
    """How the booking of an attempt stands."""
    at, booking = utc_now(), queries.booking_of(attempt)
    held, duties = queries.holders(attempt), queries.duties_of(attempt)
    needed = tuple(duty for duty in duties if duty in PRESENT)
    accepted = {one.duty for one in attempt.allocations if one.accepted_at is not None}
    status, policy = queries.status_of(attempt, at=at), appointments.policy_at(london_date(at))
    return {
        "booking": booking,
        "status": status,
        "status_title": STATUS_TITLES[status],
        "set_for": _set_for(attempt, booking, at),
        "duties": [(DUTY_TITLES[duty], held.get(duty), duty in accepted) for duty in duties],
        "missing": [DUTY_TITLES[duty].lower() for duty in duties_open(needed, held)],
        "waiting_for": [one.name for one in queries.not_accepted(attempt)],
        "declined": queries.declined(attempt),
        "window": appointments.window_of(attempt, today=london_date(at)),
        "notice_days": policy.notice_days,
        "hold_days": policy.hold_days,
        "employer_agrees": policy.employer_agrees,
        "minutes": queries.longest_minutes(attempt),
        "is_fixed": attempt.grade is not None or queries.is_held(attempt),
        "has_begun": attempt.scheduled_at is not None and attempt.scheduled_at <= at,
        "instructions": queries.current_instructions(attempt),
        "changes": queries.changes(attempt),
        "action_titles": ACTION_TITLES,
    }


def _back(attempt: MethodAttempt) -> Response:
    return redirect(url_for("booking.book", attempt_id=attempt.id))
