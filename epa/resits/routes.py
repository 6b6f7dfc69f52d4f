"""The list of failed methods, and the pages about one: asking, agreeing, planning, opening; closing and starting again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select
from werkzeug.wrappers import Response

from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.database import db
from epa.grading import queries as grading
from epa.grading.services import note_reading
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import assessment_for, period_of
from epa.lifecycle.rules import GRADE_TITLES
from epa.people.meanwhile import as_seen
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.resits import ending, forms, listing, pages, queries, services
from epa.resits.models import PlannedAction, ResitRequest
from epa.resits.rules import FAIL_TITLES, FailState, in_words
from epa.settings import queries as settings
from epa.web.access import access
from epa.web.exports import Export, answer, in_parts
from epa.web.forms import PlumblineForm
from epa.web.pagination import Sorting, count_of, page_of
from epa.web.transaction import writes, writes_on_read
from epa.web.versioned import VersionedForm

bp = Blueprint("resits", __name__)

_COLUMNS: Final = (
    *("family_name", "given_names", "uln", "employer", "method", "attempt", "failed"),
    *("state", "kind", "last_day", "days_left", "waits_for", "became"),
)
# How each order is said, forwards and backwards.
_ORDER_WORDS: Final = {
    "period": ("The earliest period first", "The latest period first"),
    "name": ("Sorted by name, A first", "Sorted by name, Z first"),
    "employer": ("Sorted by employer, A first", "Sorted by employer, Z first"),
    "failed": ("The longest since the Fail first", "The latest Fail first"),
}


@bp.get("/resits")
@access(Permission.RELEASE_RESULTS)
@writes_on_read
def index() -> ResponseReturnValue:
    """The failed methods within one's reach, by how they stand, with what each waits for."""
    person, at, sorting = signed_in_person(), utc_now(), _sorting()
    counts = {one: listing.count(person, one) for one in FailState}
    state = _state(counts)
    page = page_of(db.session(), _found(person, state, sorting), request.args)
    services.note_list_read(page.rows, actor=person, at=at)
    return render_template(
        "epa/resits/index.html",
        page=page,
        rows=listing.rows(page.rows, state, london_date(at)),
        state=state,
        states=[(one, FAIL_TITLES[one], count) for one, count in counts.items()],
        words=_words(),
        sorting=sorting,
        order_words=_ORDER_WORDS[sorting.key][sorting.descending],
        in_words=lambda awaited: in_words(awaited, settings.labels()),
    )


@bp.get("/resits.csv", defaults={"ending": "csv"})
@bp.get("/resits.xlsx", defaults={"ending": "xlsx"})
@access(Permission.RELEASE_RESULTS)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person, at = signed_in_person(), utc_now()
    state = _state({one: listing.count(person, one) for one in FailState})
    found, today = _found(person, state, _sorting()), london_date(at)
    number = count_of(db.session(), found)
    note_export(person, "failed methods", ending=ending, rows=number, at=at)
    lines = in_parts(
        db.session(), found, lambda part: map(_exported, listing.rows(part, state, today))
    )
    return answer(Export("re-sits", _COLUMNS, lines), ending)


def _found(person: Person, state: FailState, sorting: Sorting) -> Select[MethodAttempt]:
    return listing.fails(person, state, _words(), sorting.key, descending=sorting.descending)


def _exported(row: listing.FailRow) -> tuple[str | int | None, ...]:
    about = row.attempt.assessment.apprenticeship
    return (
        about.person.family_name,
        about.person.given_names,
        about.uln,
        about.employer.name,
        row.method_title,
        row.attempt.number,
        london_date(row.attempt.released_at).isoformat() if row.attempt.released_at else "",
        FAIL_TITLES[row.state],
        row.kind_title,
        row.last_day.isoformat() if row.last_day else "",
        row.days_left,
        "; ".join(in_words(row.awaited, settings.labels())),
        row.became,
    )


def _words() -> str:
    return request.args.get("words", "")[:100].replace("\0", "")


def _state(counts: Mapping[FailState, int]) -> FailState:
    """The state that is asked for; else the first in which there is something."""
    asked_for = request.args.get("show", "")
    if asked_for in set(FailState):
        return FailState(asked_for)
    return next((one for one in FailState if counts[one]), FailState.TO_ASK)


def _sorting() -> Sorting:
    return Sorting.from_args(request.args, list(listing.ORDERS))


@bp.get("/attempts/<uuid:attempt_id>/resit")
@access(Permission.VIEW_RESULTS, attempt=queries.failed_for)
@writes_on_read
def show(attempt: MethodAttempt) -> ResponseReturnValue:
    """What may follow a failed method, and how that stands."""
    services.note_reading(attempt, actor=signed_in_person(), at=utc_now())
    return pages.hub(attempt, PlumblineForm())


@bp.route("/attempts/<uuid:attempt_id>/resit/request", methods=["GET", "POST"])
@access(Permission.ASK_FOR_RESIT, attempt=queries.failed_for)
@writes
def ask(attempt: MethodAttempt) -> ResponseReturnValue:
    """Ask that the method is taken again."""
    form = forms.AskForm.of(framework_of(attempt.assessment))
    if form.validate_on_submit() and form.applied(
        lambda: services.ask(
            attempt, form.kind.data, form.words.data, actor=signed_in_person(), at=utc_now()
        )
    ):
        flash("It is asked for.", "done")
        return _back(attempt)
    return _page("ask", attempt, form)


@bp.post("/resits/<uuid:resit_id>/agreement")
@access(Permission.AGREE_TO_RESIT, resit=queries.resit_for)
@writes
def agree(resit: ResitRequest) -> ResponseReturnValue:
    """Agree, as the employer."""
    return _done(resit, services.agree, "You have agreed.")


@bp.route("/resits/<uuid:resit_id>/decline", methods=["GET", "POST"])
@access(Permission.AGREE_TO_RESIT, resit=queries.resit_for)
@writes
def decline(resit: ResitRequest) -> ResponseReturnValue:
    """Say, as the employer, why not now."""
    form = forms.ReasonForm(resit.lock_version)
    if form.validate_on_submit() and _applied(
        form, resit, services.decline, resit, form.reason.data
    ):
        flash("You have declined. Everybody concerned can read why.", "done")
        return _back(resit.attempt)
    return _page("decline", resit.attempt, form)


@bp.route("/resits/<uuid:resit_id>/agreement/recorded", methods=["GET", "POST"])
@access(Permission.DECIDE_RESIT, resit=queries.resit_for)
@writes
def record_agreement(resit: ResitRequest) -> ResponseReturnValue:
    """Write down how the employer agreed elsewhere."""
    form = forms.AgreementForm(resit.lock_version)
    if form.validate_on_submit() and _applied(
        form, resit, services.agree, resit, agreement=form.agreement.data
    ):
        flash("The employer’s agreement is recorded.", "done")
        return _back(resit.attempt)
    return _page("record_agreement", resit.attempt, form)


@bp.route("/resits/<uuid:resit_id>/circumstances", methods=["GET", "POST"])
@access(Permission.DECIDE_RESIT, resit=queries.resit_for)
@writes
def circumstances(resit: ResitRequest) -> ResponseReturnValue:
    """Record exceptional circumstances with the last day that they allow."""
    form = forms.CircumstancesForm(
        resit.lock_version, data={"reason": resit.circumstances, "closes_on": resit.closes_on}
    )
    if form.validate_on_submit() and _applied(
        form, resit, services.record_circumstances, resit, form.reason.data, form.closes_on.data
    ):
        flash("The circumstances are recorded.", "done")
        return _back(resit.attempt)
    last_day = queries.last_day_of(resit.attempt)
    return _page("circumstances", resit.attempt, form, last_day=last_day)


@bp.route("/resits/<uuid:resit_id>/refuse", methods=["GET", "POST"])
@access(Permission.DECIDE_RESIT, resit=queries.resit_for)
@writes
def refuse(resit: ResitRequest) -> ResponseReturnValue:
    """Refuse a request as the EPAO."""
    form = forms.ReasonForm(resit.lock_version)
    if form.validate_on_submit() and _applied(
        form, resit, services.refuse, resit, form.reason.data
    ):
        flash("The request is refused. Everybody concerned can read why.", "done")
        return _back(resit.attempt)
    return _page("refuse", resit.attempt, form)


@bp.post("/resits/<uuid:resit_id>/withdrawal")
@access(Permission.ASK_FOR_RESIT, resit=queries.resit_for)
@writes
def withdraw(resit: ResitRequest) -> ResponseReturnValue:
    """Take a request back; another may be made."""
    return _done(resit, services.withdraw, "The request is taken back. Another can be made.")


@bp.route("/resits/<uuid:resit_id>/actions", methods=["GET", "POST"])
@access(Permission.PLAN_ACTIONS, resit=queries.resit_for)
@writes
def plan_action(resit: ResitRequest) -> ResponseReturnValue:
    """Add an action to the plan."""
    attempt, now = resit.attempt, utc_now()
    ksbs = queries.titles_of(attempt, queries.to_plan_for(attempt))
    form = forms.ActionForm.of(ksbs, pages.owners_of(attempt.assessment), london_date(now))
    if form.validate_on_submit() and form.applied(
        lambda: services.plan_action(resit, form.fields, actor=signed_in_person(), at=now)
    ):
        flash("The action is in the plan.", "done")
        return _back(attempt, "plan")
    return _page("plan_action", attempt, form)


@bp.post("/planned-actions/<uuid:action_id>/done")
@access(Permission.PLAN_ACTIONS, action=queries.action_for)
@writes
def mark_done(action: PlannedAction) -> ResponseReturnValue:
    """Say that an action is done."""
    services.mark_done(action, is_done=True, actor=signed_in_person(), at=utc_now())
    return _back(action.request.attempt, "plan")


@bp.post("/planned-actions/<uuid:action_id>/undone")
@access(Permission.PLAN_ACTIONS, action=queries.action_for)
@writes
def mark_undone(action: PlannedAction) -> ResponseReturnValue:
    """Take back that an action is done."""
    services.mark_done(action, is_done=False, actor=signed_in_person(), at=utc_now())
    return _back(action.request.attempt, "plan")


@bp.post("/planned-actions/<uuid:action_id>/removal")
@access(Permission.PLAN_ACTIONS, action=queries.action_for)
@writes
def remove_action(action: PlannedAction) -> ResponseReturnValue:
    """Take an action out of the plan."""
    attempt, form = action.request.attempt, PlumblineForm()
    if form.applied(services.remove_action, action, actor=signed_in_person(), at=utc_now()):
        flash("The action is taken out of the plan.", "done")
        return _back(attempt, "plan")
    return pages.hub(attempt, form)


@bp.post("/resits/<uuid:resit_id>/opening")
@access(Permission.DECIDE_RESIT, resit=queries.resit_for)
@writes
def open_attempt(resit: ResitRequest) -> ResponseReturnValue:
    """Open the attempt, so that it can be booked."""
    return _done(resit, services.open_attempt, "The attempt is open. It can be booked now.")


@bp.route("/apprentices/<uuid:assessment_id>/closing", methods=["GET", "POST"])
@access(Permission.RELEASE_RESULTS, assessment=assessment_for)
@writes_on_read
def close(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Close an EPA as failed, with the reason."""
    person, now, form = signed_in_person(), utc_now(), forms.CloseForm()
    if form.validate_on_submit() and form.applied(
        ending.close_as_failed, assessment, form.reason.data, actor=person, at=now
    ):
        flash("It is closed as failed. A new one may start.", "done")
        return redirect(url_for("grading.results", assessment_id=assessment.id), 303)
    shown = grading.visible_results(person, assessment)
    note_reading(assessment, shown, actor=person, at=now)
    page = render_template(
        "epa/resits/close.html",
        form=form,
        assessment=assessment,
        results=shown,
        grades=GRADE_TITLES,
        hindrance=queries.closing_fault(assessment, london_date(now)),
        period=period_of(assessment),
        today=london_date(now),
    )
    return page, 422 if form.errors else 200


@bp.post("/apprentices/<uuid:assessment_id>/new-assessment")
@access(Permission.REGISTER_APPRENTICE, assessment=assessment_for)
@writes
def start_again(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Begin a new EPA for the same apprentice."""
    new = ending.start_again(assessment, actor=signed_in_person(), at=utc_now())
    flash("A new one has begun. It starts with the portfolio and the confirmations anew.", "done")
    return redirect(url_for("record.show", assessment_id=new.id), 303)


def _done(resit: ResitRequest, service: Callable[..., object], words: str) -> ResponseReturnValue:
    """Do what a button says; what stands in the way is said on the page it stands on."""
    form = forms.StepForm(resit.lock_version)
    if _applied(form, resit, service, resit):
        flash(words, "done")
        return _back(resit.attempt)
    return pages.hub(resit.attempt, form)


def _applied(
    form: VersionedForm,
    resit: ResitRequest,
    service: Callable[..., object],
    *args: object,
    **kwargs: object,
) -> bool:
    """Apply a service now, unless the request or its plan changed after the page was opened."""
    now = {"actor": signed_in_person(), "at": utc_now()}
    return form.applied(as_seen(resit, form.version, lambda: service(*args, **kwargs, **now)))


def _page(
    view: str, attempt: MethodAttempt, form: PlumblineForm, **shown: object
) -> ResponseReturnValue:
    page = render_template(f"epa/resits/{view}.html", form=form, **shown, **pages.about(attempt))
    return page, pages.status_of(form)


def _back(attempt: MethodAttempt, part: str | None = None) -> Response:
    return redirect(url_for("resits.show", attempt_id=attempt.id, _anchor=part), 303)
