"""The list of bookings, who is allocated to an attempt, and when and where it is held."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.booking import queries, services
from epa.booking.candidates import Candidate, candidates
from epa.booking.forms import BookingForm, ClearForm, allocation_form
from epa.booking.rules import STATE_TITLES, BookingState, duties_open
from epa.clock import london_date, london_instant, utc_now
from epa.database import db
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import attempt_for
from epa.lifecycle.rules import DUTY_TITLES, Duty
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.pagination import page_of
from epa.web.transaction import writes

bp = Blueprint("booking", __name__)


@bp.get("/bookings")
@access(Permission.VIEW_BOOKINGS)
def index() -> ResponseReturnValue:
    """The attempts within one's reach, by what they wait for, the most pressing first."""
    person, today = signed_in_person(), london_date(utc_now())
    state = _state(person, request.args.get("show", ""))
    page = page_of(db.session(), queries.bookings(person, state, today=today), request.args)
    bookable = queries.bookable(person, page.rows)
    return render_template(
        "epa/booking/index.html",
        page=page,
        rows=[
            (row, _step(person, row.attempt, can_book=row.attempt.id in bookable))
            for row in queries.rows(page.rows, today=today)
        ],
        state=state,
        states=[(one, STATE_TITLES[one], queries.count(person, one, today)) for one in _STATES],
    )


@bp.route("/attempts/<uuid:attempt_id>/booking", methods=["GET", "POST"])
@access(Permission.BOOK, attempt=attempt_for)
@writes
def book(attempt: MethodAttempt) -> ResponseReturnValue:
    """When and where an attempt is held."""
    form = BookingForm.of(attempt.scheduled_at, attempt.place)
    if form.validate_on_submit() and form.applied(
        services.schedule,
        attempt,
        london_instant(form.day.data, form.time.data),
        form.place.data,
        actor=signed_in_person(),
        at=utc_now(),
        reason=form.reason.data if form.reason else None,
    ):
        flash("The booking is kept, and those who must be there get a mail.", "done")
        return redirect(url_for("booking.book", attempt_id=attempt.id))
    return _page("book", attempt, form, **_booked(attempt)), 422 if form.errors else 200


@bp.route("/attempts/<uuid:attempt_id>/booking/clear", methods=["GET", "POST"])
@access(Permission.BOOK, attempt=attempt_for)
@writes
def clear(attempt: MethodAttempt) -> ResponseReturnValue:
    """Take the date of an attempt back."""
    form = ClearForm()
    if form.validate_on_submit() and form.applied(
        services.clear_date, attempt, form.reason.data, actor=signed_in_person(), at=utc_now()
    ):
        flash("The date is cleared. Who is allocated stays.", "done")
        return redirect(url_for("booking.book", attempt_id=attempt.id))
    return _page("clear", attempt, form), 422 if form.errors else 200


@bp.route("/attempts/<uuid:attempt_id>/allocation", methods=["GET", "POST"])
@access(Permission.BOOK, attempt=attempt_for)
@writes
def allocate(attempt: MethodAttempt) -> ResponseReturnValue:
    """Who does what on an attempt, and why some people cannot."""
    listed, fixed = candidates(attempt, on=london_date(utc_now())), queries.fixed_duties(attempt)
    known = {
        duty: [one.person for one in found] for duty, found in listed.items() if duty not in fixed
    }
    form = allocation_form(known, queries.holders(attempt))
    if form.validate_on_submit() and form.applied(
        services.allocate_all,
        attempt,
        _chosen(form, listed),
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("Who does what is kept, and those newly allocated get a mail.", "done")
        return redirect(url_for("booking.book", attempt_id=attempt.id))
    return (
        _page("allocate", attempt, form, listed=listed, fixed=fixed),
        422 if form.errors else 200,
    )


_STATES = tuple(BookingState)


def _state(person: Person, asked: str) -> BookingState:
    """The list that was asked for; else the first that is this person's business."""
    if asked in _STATES:
        return BookingState(asked)
    return BookingState.TO_ALLOCATE if person.may(Permission.BOOK) else BookingState.COMING_UP


def _step(person: Person, attempt: MethodAttempt, *, can_book: bool) -> tuple[str, str] | None:
    """What this person would do next with an attempt: the words of the link and where it leads."""
    mine = {duty for duty, holder in queries.holders(attempt).items() if holder.id == person.id}
    if mine & {Duty.FIRST_MARKER, Duty.SECOND_MARKER}:
        return "Mark", url_for("knowledge_test.show", attempt_id=attempt.id)
    if can_book and attempt.grade is None:
        return "Book", url_for("booking.book", attempt_id=attempt.id)
    if Duty.INVIGILATOR in mine:
        return "Record the sitting", url_for("knowledge_test.record_sitting", attempt_id=attempt.id)
    return None


def _chosen(form: Any, listed: dict[Duty, list[Candidate]]) -> dict[Duty, Person]:
    """Who was chosen for which duty."""
    return {
        duty: one.person
        for duty, found in listed.items()
        for one in found
        if duty.value in form and form[duty.value].data == one.person.id
    }


def _booked(attempt: MethodAttempt) -> dict[str, Any]:
    """How the booking of an attempt stands."""
    held, duties = queries.holders(attempt), queries.duties_of(attempt)
    return {
        "duties": [(DUTY_TITLES[duty], held.get(duty)) for duty in duties],
        "missing": [DUTY_TITLES[duty].lower() for duty in duties_open(duties, held)],
        "window": queries.window_of(attempt, today=london_date(utc_now())),
        "minutes": queries.longest_minutes(attempt),
        "is_fixed": attempt.grade is not None or queries.is_held(attempt),
        "changes": queries.changes(attempt),
    }


def _page(view: str, attempt: MethodAttempt, form: Any, **shown: Any) -> str:
    return render_template(
        f"epa/booking/{view}.html",
        form=form,
        attempt=attempt,
        apprentice=attempt.assessment.apprenticeship.person,
        method=queries.method_of(attempt).short_title,
        titles=DUTY_TITLES,
        **shown,
    )
