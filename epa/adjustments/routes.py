"""The pages on adjustments: what is granted, asking, withdrawing; the panel's queue and decisions."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from epa.adjustments import queries, services
from epa.adjustments.forms import AskForm, EvidenceForm, RulingForm
from epa.adjustments.models import AdjustmentEvidence, AdjustmentRequest
from epa.adjustments.rules import OPEN_STAGES, STATE_TITLES, RequestState, must_be_open
from epa.clock import utc_now
from epa.database import db
from epa.files.services import opened, store
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.forms import PlumblineForm
from epa.web.pagination import page_of
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("adjustments", __name__)


@bp.get("/apprentices/<uuid:assessment_id>/adjustments")
@access(Permission.VIEW_ADJUSTMENTS, assessment=assessment_for)
@writes_on_read
def show(assessment: EndPointAssessment) -> ResponseReturnValue:
    """What is granted for each method, and the requests with how they stand."""
    services.note_reading_of_grants(assessment, actor=signed_in_person(), at=utc_now())
    return _show(assessment, PlumblineForm())


@bp.route("/apprentices/<uuid:assessment_id>/adjustments/new", methods=["GET", "POST"])
@access(Permission.REQUEST_ADJUSTMENT, assessment=assessment_for)
@writes
def ask(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Ask for an adjustment."""
    must_be_open(assessment.stage)
    form = AskForm(queries.method_titles(assessment))
    if form.validate_on_submit() and form.applied(
        _ask, assessment, form, signed_in_person(), utc_now()
    ):
        flash("Your request is sent to the panel. You get a mail when it is decided.", "done")
        return _back_to(assessment)
    page = render_template("epa/adjustments/ask.html", form=form, assessment=assessment)
    return page, 422 if form.errors else 200


@bp.post("/apprentices/<uuid:assessment_id>/adjustments/as-before")
@access(Permission.REQUEST_ADJUSTMENT, assessment=assessment_for)
@writes
def ask_again(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Ask for what was granted in the assessment before, or say that it is not needed any more."""
    form, is_needed = PlumblineForm(), request.form.get("needed") == "yes"
    answer = services.ask_again if is_needed else services.decline_again
    if form.applied(answer, assessment, actor=signed_in_person(), at=utc_now()):
        said = (
            "Your request is sent to the panel." if is_needed else "It is kept. You can still ask."
        )
        flash(said, "done")
        return _back_to(assessment)
    return _show(assessment, form), 422


@bp.post("/adjustments/<uuid:asked_id>/withdrawal")
@access(Permission.REQUEST_ADJUSTMENT, asked=queries.request_for)
@writes
def withdraw(asked: AdjustmentRequest) -> ResponseReturnValue:
    """Take a request back."""
    form = PlumblineForm()
    if form.applied(services.withdraw, asked, actor=signed_in_person(), at=utc_now()):
        flash("The request is withdrawn.", "done")
        return _back_to(asked.assessment)
    return _show(asked.assessment, form), 422


@bp.route("/adjustments/<uuid:asked_id>/evidence", methods=["GET", "POST"])
@access(Permission.REQUEST_ADJUSTMENT, asked=queries.request_for)
@writes
def add_evidence(asked: AdjustmentRequest) -> ResponseReturnValue:
    """Add a file to a request."""
    services.must_be_own(asked, signed_in_person())
    form = EvidenceForm()
    if form.validate_on_submit() and form.applied(
        _add_evidence, asked, form, signed_in_person(), utc_now()
    ):
        flash("The file is kept. Only the panel can open it.", "done")
        return _back_to(asked.assessment)
    page = render_template("epa/adjustments/add_evidence.html", form=form, asked=asked)
    return page, 422 if form.errors else 200


@bp.get("/adjustments")
@access(Permission.DECIDE_ADJUSTMENTS)
def index() -> ResponseReturnValue:
    """The requests for the reader to decide on, who waits longest first."""
    person, asked_for = signed_in_person(), request.args.get("show", "")
    state = RequestState(asked_for) if asked_for in set(RequestState) else RequestState.WAITING
    return render_template(
        "epa/adjustments/index.html",
        page=page_of(db.session(), queries.queue(person, state), request.args),
        state=state,
        states=[(one, STATE_TITLES[one], queries.count(person, one)) for one in RequestState],
        method_titles=queries.method_titles,
    )


@bp.route("/adjustments/<uuid:asked_id>", methods=["GET", "POST"])
@access(Permission.DECIDE_ADJUSTMENTS, asked=queries.request_for)
@writes_on_read
def decide(asked: AdjustmentRequest) -> ResponseReturnValue:
    """One request with its reasons and evidence, and the decision on it."""
    person, form = signed_in_person(), _ruling_form(asked)
    if form.validate_on_submit() and form.applied(_decide, asked, form, person, utc_now()):
        flash("The decision is kept, and those concerned get a mail.", "done")
        return redirect(url_for("adjustments.decide", asked_id=asked.id), 303)
    if not form.is_submitted():
        services.note_reading(asked, actor=person, at=utc_now())
    page = render_template(
        "epa/adjustments/decide.html",
        form=form,
        asked=asked,
        titles=queries.method_titles(asked.assessment),
        state_title=STATE_TITLES[asked.state],
        standings=queries.standings(asked.assessment, with_reasons=True),
        before=queries.before(asked.assessment),
        may_decide=asked.state is not RequestState.WITHDRAWN
        and asked.assessment.stage in OPEN_STAGES,
    )
    return page, form.status


@bp.get("/adjustments/evidence/<uuid:evidence_id>")
@access(Permission.DECIDE_ADJUSTMENTS, evidence=queries.evidence_for)
@writes_on_read
def evidence(evidence: AdjustmentEvidence) -> ResponseReturnValue:
    """Give a file to somebody of the panel, and write down who fetched it."""
    file = services.fetch_evidence(evidence, actor=signed_in_person(), at=utc_now())
    return attachment(opened(file), name=file.name, content_type=file.content_type, size=file.size)


def _show(assessment: EndPointAssessment, form: PlumblineForm) -> str:
    person = signed_in_person()
    is_own = person.id == assessment.apprenticeship.person_id
    may_ask = assessment_for(person, Permission.REQUEST_ADJUSTMENT, assessment.id) is not None
    of_panel = queries.is_of_panel(person, assessment)
    return render_template(
        "epa/adjustments/show.html",
        form=form,
        assessment=assessment,
        is_own=is_own,
        may_ask=may_ask and assessment.stage in OPEN_STAGES,
        of_panel=of_panel,
        standings=queries.standings(assessment, with_reasons=is_own or of_panel),
        carried=queries.in_words(assessment, queries.to_carry(assessment)),
        requests=[
            (one, may_ask and services.is_own(one, person), one.requested_by_id == person.id)
            for one in queries.requests_of(assessment)
        ],
        titles=queries.method_titles(assessment),
        state_titles=STATE_TITLES,
    )


def _ruling_form(asked: AdjustmentRequest) -> RulingForm:
    chosen, granted = queries.to_decide(asked)
    titles = queries.method_titles(asked.assessment)
    return RulingForm(asked, titles, chosen=chosen, granted=granted)


def _ask(assessment: EndPointAssessment, form: AskForm, person: Person, at: datetime) -> None:
    upload = form.file.checked
    file = store(upload, actor=person, at=at) if upload else None
    services.ask(assessment, form.asked, actor=person, at=at, file=file)


def _add_evidence(
    asked: AdjustmentRequest, form: EvidenceForm, person: Person, at: datetime
) -> None:
    assert form.file.checked  # the form is valid
    file = store(form.file.checked, actor=person, at=at)
    services.add_evidence(asked, file, actor=person, at=at)


def _decide(
    asked: AdjustmentRequest, form: RulingForm, person: Person, at: datetime, *, seen: int
) -> None:
    services.decide(asked, form.ruling, actor=person, at=at, seen=seen)


def _back_to(assessment: EndPointAssessment) -> Response:
    return redirect(url_for("adjustments.show", assessment_id=assessment.id), 303)
