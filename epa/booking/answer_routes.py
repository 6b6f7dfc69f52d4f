"""One date as everybody concerned sees it: asking for it, agreeing, accepting, acknowledging."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from epa.booking import allocation, instructions, queries, services
from epa.booking.blueprint import as_seen, bp, page, status_of
from epa.booking.forms import DeclineForm, ObjectionForm, PreferenceForm
from epa.booking.rules import PRESENT
from epa.booking.states import STATUS_TITLES, BookingAction, next_status
from epa.clock import utc_now
from epa.lifecycle.models import Allocation, MethodAttempt
from epa.lifecycle.queries import attempt_for
from epa.lifecycle.rules import DUTY_TITLES
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.forms import PlumblineForm
from epa.web.transaction import writes
from epa.web.versioned import VersionedForm


@bp.get("/attempts/<uuid:attempt_id>/date")
@access(Permission.VIEW_DATE, attempt=attempt_for)
def show(attempt: MethodAttempt) -> ResponseReturnValue:
    """When, where and how one method is held, and what is asked of the reader."""
    return page("show", attempt, PlumblineForm(), **_date(attempt))


@bp.route("/attempts/<uuid:attempt_id>/date/request", methods=["GET", "POST"])
@access(Permission.REQUEST_DATE, attempt=attempt_for)
@writes
def request_date(attempt: MethodAttempt) -> ResponseReturnValue:
    """Ask for a date."""
    actor, at = signed_in_person(), utc_now()
    form = PreferenceForm.of(queries.last_number(attempt), queries.booking_of(attempt))
    if form.validate_on_submit() and form.applied(
        as_seen(
            attempt, lambda: services.request_date(attempt, form.preference, actor=actor, at=at)
        )
    ):
        flash("Your wish is sent. You will hear when a date is held.", "done")
        return _back(attempt)
    return page("request", attempt, form, **_date(attempt)), status_of(form)


@bp.post("/attempts/<uuid:attempt_id>/date/agree")
@access(Permission.AGREE_TO_DATE, attempt=attempt_for)
@writes
def agree(attempt: MethodAttempt) -> ResponseReturnValue:
    """Agree to the date that is held."""
    form, actor, at = VersionedForm(queries.last_number(attempt)), signed_in_person(), utc_now()
    if form.applied(as_seen(attempt, lambda: services.agree(attempt, actor=actor, at=at))):
        flash("You have agreed to the date.", "done")
        return _back(attempt)
    return page("show", attempt, form, **_date(attempt)), status_of(form)


@bp.route("/attempts/<uuid:attempt_id>/date/objection", methods=["GET", "POST"])
@access(Permission.AGREE_TO_DATE, attempt=attempt_for)
@writes
def object_to(attempt: MethodAttempt) -> ResponseReturnValue:
    """Say that the date that is held does not suit, and what would."""
    form, actor, at = ObjectionForm(queries.last_number(attempt)), signed_in_person(), utc_now()
    if form.validate_on_submit() and form.applied(
        as_seen(attempt, lambda: services.object_to(attempt, form.reason.data, actor=actor, at=at))
    ):
        flash("The date is given up. You will hear when another is held.", "done")
        return _back(attempt)
    return page("object", attempt, form, **_date(attempt)), status_of(form)


@bp.post("/attempts/<uuid:attempt_id>/date/accept")
@access(Permission.ANSWER_ALLOCATION, attempt=attempt_for)
@writes
def accept(attempt: MethodAttempt) -> ResponseReturnValue:
    """Take on the duty that one was allocated to."""
    allocation.accept(attempt, actor=signed_in_person(), at=utc_now())
    flash("You have accepted.", "done")
    return _back(attempt)


@bp.route("/attempts/<uuid:attempt_id>/date/decline", methods=["GET", "POST"])
@access(Permission.ANSWER_ALLOCATION, attempt=attempt_for)
@writes
def decline(attempt: MethodAttempt) -> ResponseReturnValue:
    """Give back the duty that one was allocated to."""
    form = DeclineForm()
    if form.validate_on_submit() and form.applied(
        allocation.decline, attempt, form.reason.data, actor=signed_in_person(), at=utc_now()
    ):
        flash("You have declined. The administrators know.", "done")
        return redirect(url_for("booking.index"), 303)
    return page("decline", attempt, form, **_date(attempt)), status_of(form)


@bp.post("/attempts/<uuid:attempt_id>/date/acknowledgement")
@access(Permission.ACKNOWLEDGE_INSTRUCTIONS, attempt=attempt_for)
@writes
def acknowledge(attempt: MethodAttempt) -> ResponseReturnValue:
    """Say that one has read the joining instructions."""
    form = PlumblineForm()
    if form.applied(instructions.acknowledge, attempt, actor=signed_in_person(), at=utc_now()):
        flash("You have said that you read them.", "done")
        return _back(attempt)
    return page("show", attempt, form, **_date(attempt)), 422


def _date(attempt: MethodAttempt) -> dict[str, Any]:
    """The date of an attempt, and what the signed-in person may do about it."""
    person, at = signed_in_person(), utc_now()
    status = queries.status_of(attempt, at=at)
    own = queries.own_allocations(attempt, person)
    current = queries.current_instructions(attempt)

    def may(permission: Permission, action: BookingAction) -> bool:
        reached = attempt_for(person, permission, attempt.id) is not None
        is_open = attempt.grade is None and not queries.is_held(attempt)
        return reached and is_open and next_status(status, action) is not None

    booking = queries.booking_of(attempt)
    return {
        "booking": booking,
        "seen": queries.last_number(attempt),
        "status": status,
        "status_title": STATUS_TITLES[status],
        "minutes": None if _marks_blind(own) else queries.longest_minutes(attempt),
        "own_duties": [DUTY_TITLES[held.duty] for held in own],
        "may_accept": any(held.accepted_at is None for held in own),
        "may_decline": bool(own) and not any(queries.why_fixed(attempt, held.duty) for held in own),
        "may_agree": may(Permission.AGREE_TO_DATE, BookingAction.AGREE)
        and (booking is None or booking.agreed_at is None),
        "may_object": may(Permission.AGREE_TO_DATE, BookingAction.OBJECT),
        "may_request": may(Permission.REQUEST_DATE, BookingAction.REQUEST),
        "may_book": attempt_for(person, Permission.BOOK, attempt.id) is not None,
        "is_own": attempt.assessment.apprenticeship.person_id == person.id,
        "instructions": current,
    }


def _marks_blind(own: list[Allocation]) -> bool:
    """Whether somebody has a part only in the marking: how long a candidate had is not theirs."""
    return bool(own) and not any(held.duty in PRESENT for held in own)


def _back(attempt: MethodAttempt) -> Response:
    return redirect(url_for("booking.show", attempt_id=attempt.id), 303)
