"""The pages of test sessions: planned by administrators, run by those on shift."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.database import db
from epa.invigilation import board_routes as board_routes  # noqa: PLC0414 (importing adds its pages)
from epa.invigilation import ending, fitting, forms, online, pages, queries, services
from epa.invigilation import late_routes as late_routes  # noqa: PLC0414 (importing adds its pages)
from epa.invigilation.blueprint import bp as bp  # noqa: PLC0414 (the factory takes it from here)
from epa.invigilation.models import EventCandidate, EventShift, InvigilatedEvent
from epa.invigilation.rules import (
    ATTENDANCE_TITLES,
    DELIVERY_TITLES,
    DOCUMENT_TITLES,
    INCIDENT_TITLES,
    STATUS_TITLES,
    Delivery,
    EventStatus,
    most_candidates,
)
from epa.people.meanwhile import as_seen
from epa.people.models import Organisation, Person
from epa.people.queries import epao_ids
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.rooms.queries import in_use
from epa.web.access import access
from epa.web.exports import Export, answer, in_parts
from epa.web.filters import time_of_day
from epa.web.forms import PlumblineForm
from epa.web.pagination import count_of, page_of
from epa.web.transaction import writes, writes_on_read
from epa.web.versioned import VersionedForm

_RUN: Final = Permission.RUN_TEST_SESSION
_PLAN: Final = Permission.PLAN_TEST_SESSIONS
_METHOD: Final = ("st0663", "knowledge_test")
_COLUMNS: Final = ("date", "time", "place", "how", "candidates", "on_shift", "state")


@bp.get("")
@access(_RUN)
def index() -> ResponseReturnValue:
    """The sessions within reach, those to come or those that are over."""
    person, past = signed_in_person(), request.args.get("show") == "past"
    page = page_of(db.session(), queries.listed(person, past=past), request.args)
    return render_template(
        "epa/invigilation/index.html",
        page=page,
        counts=queries.counts(page.rows),
        past=past,
        may_plan=person.may(_PLAN),
        statuses=STATUS_TITLES,
        deliveries=DELIVERY_TITLES,
    )


@bp.get("/list.csv", defaults={"ending": "csv"})
@bp.get("/list.xlsx", defaults={"ending": "xlsx"})
@access(_RUN)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person, past = signed_in_person(), request.args.get("show") == "past"
    found = queries.listed(person, past=past)
    number = count_of(db.session(), found)
    note_export(person, "test sessions", ending=ending, rows=number, at=utc_now())
    return answer(
        Export("test-sessions", _COLUMNS, in_parts(db.session(), found, _exported)), ending
    )


def _exported(part: Sequence[InvigilatedEvent]) -> Iterator[tuple[str | int, ...]]:
    counts = queries.counts(part)
    for one in part:
        yield (
            london_date(one.starts_at).isoformat(),
            time_of_day(one.starts_at),
            one.place,
            DELIVERY_TITLES[one.delivery],
            counts[one.id],
            "; ".join(shift.person.name for shift in one.shifts),
            STATUS_TITLES[one.status],
        )


@bp.route("/new", methods=["GET", "POST"])
@access(_PLAN)
@writes
def plan() -> ResponseReturnValue:
    """Plan a session."""
    person, form, epao = signed_in_person(), forms.EventForm(), _epao()
    rooms = in_use(epao.id)
    form.offer(rooms)
    if form.validate_on_submit() and form.applied(
        lambda: services.plan_event(epao, form.fields(rooms, _METHOD), actor=person, at=utc_now())
    ):
        flash("The session is planned. Put invigilators on shift, then candidates in.", "done")
        return redirect(url_for("invigilation.index"), 303)
    return _page("plan", form, None)


@bp.get("/<uuid:event_id>")
@access(_RUN, event=queries.event_for)
def show(event: InvigilatedEvent) -> ResponseReturnValue:
    """One session: its room, who is on shift, its candidates, what happened."""
    return _show(event, PlumblineForm())


@bp.route("/<uuid:event_id>/shift", methods=["GET", "POST"])
@access(_PLAN, event=queries.event_for)
@writes
def put_on_shift(event: InvigilatedEvent) -> ResponseReturnValue:
    """Put an invigilator on shift."""
    form, people = forms.ShiftForm(), queries.invigilators(event)
    form.offer(people)
    if form.validate_on_submit() and form.applied(
        lambda: services.put_on_shift(
            event,
            next(one for one in people if one.id == form.person.data),
            actor=signed_in_person(),
            at=utc_now(),
        )
    ):
        flash("The invigilator is on shift, and asked to accept.", "done")
        return _back(event)
    return _page("shift", form, event)


@bp.post("/shifts/<uuid:shift_id>/removal")
@access(_PLAN, shift=queries.shift_for)
@writes
def take_off_shift(shift: EventShift) -> ResponseReturnValue:
    """Take an invigilator off a shift."""
    form, event = PlumblineForm(), shift.event
    if form.applied(services.take_off_shift, shift, actor=signed_in_person(), at=utc_now()):
        flash("The invigilator is no longer on shift.", "done")
        return _back(event)
    return _show(event, form, 422)


@bp.post("/<uuid:event_id>/shift/acceptance")
@access(_RUN, event=queries.event_for)
@writes
def accept_shift(event: InvigilatedEvent) -> ResponseReturnValue:
    """Take one's shift on."""
    services.accept_shift(event, actor=signed_in_person(), at=utc_now())
    flash("You have accepted the shift.", "done")
    return _back(event)


@bp.route("/<uuid:event_id>/candidates", methods=["GET", "POST"])
@access(_PLAN, event=queries.event_for)
@writes
def add_candidates(event: InvigilatedEvent) -> ResponseReturnValue:
    """Put candidates into a session."""
    form, waiting = forms.CandidatesForm(), queries.to_add(event, signed_in_person())
    form.offer(waiting, queries.more_minutes(waiting))
    if form.validate_on_submit() and form.applied(
        lambda: services.add_candidates(
            event,
            [one for one in waiting if one.id in form.candidates.data],
            actor=signed_in_person(),
            at=utc_now(),
        )
    ):
        flash("The date is held for them, and their employers are asked.", "done")
        return _back(event)
    return _page("candidates", form, event, waiting=waiting, **_places(event))


@bp.route("/<uuid:event_id>/confirmation", methods=["GET", "POST"])
@access(_PLAN, event=queries.event_for)
@writes
def confirm(event: InvigilatedEvent) -> ResponseReturnValue:
    """Confirm the date of every candidate for whom it is held."""
    form, now = forms.ConfirmAllForm(queries.event_mark(event)), _now()
    words = form.agreement.data or ""
    if form.validate_on_submit() and form.applied(
        as_seen(event, form.version, lambda: services.confirm_candidates(event, words, **now))
    ):
        flash("The date of every candidate is confirmed.", "done")
        return _back(event)
    return _page("confirm", form, event)


@bp.route("/<uuid:event_id>/room", methods=["GET", "POST"])
@access(_RUN, event=queries.event_for)
@writes
def check_room(event: InvigilatedEvent) -> ResponseReturnValue:
    """Record whether the room is suitable."""
    form, now = forms.RoomCheckForm(event.lock_version), _now()
    words, will_do = form.findings.data or "", form.is_suitable.data == "yes"
    if form.validate_on_submit() and form.applied(
        as_seen(
            event,
            form.version,
            lambda: services.check_room(event, words, is_suitable=will_do, **now),
        )
    ):
        flash("The check of the room is recorded.", "done")
        return _back(event)
    return _page("room", form, event)


@bp.route("/candidates/<uuid:candidate_id>", methods=["GET", "POST"])
@access(_RUN, candidate=queries.candidate_for)
@writes
def candidate(candidate: EventCandidate) -> ResponseReturnValue:
    """Identity and attendance of one candidate."""
    form, now = forms.CandidateForm.of(candidate), _now()
    noted = form.document.data, form.attendance.data
    if form.validate_on_submit() and form.applied(
        _candidate_as_seen(
            candidate, form, lambda: services.note_candidate(candidate, *noted, **now)
        )
    ):
        flash(f"{candidate.person.name} is noted.", "done")
        return _back_to_work(candidate.event)
    shown = {"candidate": candidate, "agreed": queries.agreed(candidate.event)}
    return _page("candidate", form, candidate.event, **shown)


@bp.route("/candidates/<uuid:candidate_id>/removal", methods=["GET", "POST"])
@access(_PLAN, candidate=queries.candidate_for)
@writes
def remove_candidate(candidate: EventCandidate) -> ResponseReturnValue:
    """Take a candidate out of a session."""
    form, event = forms.ReasonForm(candidate.mark), candidate.event
    why, now = form.reason.data, _now()
    if form.validate_on_submit() and form.applied(
        _candidate_as_seen(candidate, form, lambda: ending.remove_candidate(candidate, why, **now))
    ):
        flash("The candidate is taken out, and the date cancelled.", "done")
        return _back(event)
    return _page("remove_candidate", form, event, candidate=candidate)


@bp.route("/<uuid:event_id>/incidents", methods=["GET", "POST"])
@access(_RUN, event=queries.event_for)
@writes
def record_incident(event: InvigilatedEvent) -> ResponseReturnValue:
    """Record something that happened."""
    form = forms.IncidentForm.at(event, utc_now(), request.args.getlist("candidate"))
    if form.validate_on_submit() and form.applied(
        lambda: services.record_incidents(
            event, form.fields(event), actor=signed_in_person(), at=utc_now()
        )
    ):
        flash("It is recorded.", "done")
        return _back_to_work(event)
    return _page("incident", form, event, is_online=event.delivery is Delivery.ONLINE)


@bp.get("/<uuid:event_id>/register.pdf")
@access(_RUN, event=queries.event_for)
@writes_on_read
def register(event: InvigilatedEvent) -> ResponseReturnValue:
    """The attendance register, to print or to keep."""
    services.note_document_read(event, "register", actor=signed_in_person(), at=utc_now())
    return pages.register(event)


@bp.get("/<uuid:event_id>/report.pdf")
@access(_RUN, event=queries.event_for)
@writes_on_read
def report(event: InvigilatedEvent) -> ResponseReturnValue:
    """The report of what happened, with every pause and its reason."""
    services.note_document_read(event, "report", actor=signed_in_person(), at=utc_now())
    return pages.report(event)


@bp.post("/<uuid:event_id>/closing")
@access(_RUN, event=queries.event_for)
@writes
def close(event: InvigilatedEvent) -> ResponseReturnValue:
    """Close a session once everything is recorded."""
    form, now = forms.StepForm(queries.event_mark(event)), _now()
    if form.applied(as_seen(event, form.version, lambda: ending.close_event(event, **now))):
        flash("The session is closed. The markers can begin.", "done")
        return _back(event)
    return _show(event, form, form.status)


@bp.route("/<uuid:event_id>/cancellation", methods=["GET", "POST"])
@access(_PLAN, event=queries.event_for)
@writes
def cancel(event: InvigilatedEvent) -> ResponseReturnValue:
    """Cancel a session with all its dates."""
    form, now = forms.ReasonForm(queries.event_mark(event)), _now()
    why = form.reason.data
    if form.validate_on_submit() and form.applied(
        as_seen(event, form.version, lambda: ending.cancel_event(event, why, **now))
    ):
        flash("The session is cancelled, and everybody gets a mail.", "done")
        return redirect(url_for("invigilation.index"), 303)
    return _page("cancel", form, event)


def _now() -> dict[str, Any]:
    """Who acts, and when: what a service asks for beside its subject."""
    return {"actor": signed_in_person(), "at": utc_now()}


def _candidate_as_seen(
    candidate: EventCandidate, form: VersionedForm, act: Callable[[], object]
) -> Callable[..., None]:
    """The act, unless this candidate was noted after the page was opened; others may be."""
    its = str(candidate.attempt_id)
    return as_seen(candidate.event, form.version, act, lambda one: one.get("attempt") == its)


def _epao() -> Organisation:
    """The EPAO on whose behalf an administrator acts."""
    return db.session.get_one(Organisation, min(epao_ids(signed_in_person(), _PLAN)))


def _may_plan(person: Person, event: InvigilatedEvent) -> bool:
    return queries.event_for(person, _PLAN, event.id) is not None


def _places(event: InvigilatedEvent) -> dict[str, Any]:
    most, capacity = queries.most_each(event), event.room.capacity if event.room else None
    return {
        "most_each": most,
        "places": most_candidates(len(event.shifts), most, capacity),
    }


def _show(event: InvigilatedEvent, form: PlumblineForm, status: int = 200) -> ResponseReturnValue:
    person, at = signed_in_person(), utc_now()
    own = next((one for one in event.shifts if one.person_id == person.id), None)
    slot, is_planned = fitting.slot_of(event), event.status is EventStatus.PLANNED
    shown = {
        "form": form,
        "event": event,
        "slot": slot,
        "clashes": list(fitting.clashes(event, slot)) if is_planned else [],
        "candidates": sorted(event.candidates, key=lambda it: it.person.search_name),
        "loads": queries.loads(event),
        "agreed": queries.agreed(event),
        "incidents": queries.incidents(event),
        "statuses": STATUS_TITLES,
        "deliveries": DELIVERY_TITLES,
        "attendances": ATTENDANCE_TITLES,
        "documents": DOCUMENT_TITLES,
        "kinds_of": INCIDENT_TITLES,
        "is_planned": is_planned,
        "has_begun": event.starts_at <= at,
        "is_its_day": slot.day <= london_date(at),
        "may_plan": _may_plan(person, event),
        "is_online": event.delivery is Delivery.ONLINE,
        "minutes": queries.method_of(event).minutes,
        "ready": online.papers_ready(event),
        "late": queries.late_in(event) if person.may(Permission.DECIDE_LATE_ANSWERS) else [],
        "version": queries.event_mark(event),
        "may_accept": own is not None and own.accepted_at is None,
        **_places(event),
    }
    return render_template("epa/invigilation/show.html", **shown), status


def _back(event: InvigilatedEvent) -> Response:
    return redirect(url_for("invigilation.show", event_id=event.id), 303)


def _back_to_work(event: InvigilatedEvent) -> Response:
    """To the board where there is one: whoever invigilates on screens works from there."""
    if event.delivery is Delivery.ONLINE:
        return redirect(url_for("invigilation.board", event_id=event.id), 303)
    return _back(event)


def _page(
    view: str, form: PlumblineForm, event: InvigilatedEvent | None, **shown: Any
) -> ResponseReturnValue:
    status = form.status if isinstance(form, VersionedForm) else 422 if form.errors else 200
    return render_template(f"epa/invigilation/{view}.html", form=form, event=event, **shown), status
