"""The gateway's pages: the rows, supplying, the employer's confirmation, advice, decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.files.services import opened, store
from epa.gateway import backdating, checks, queries, rules, services
from epa.gateway.forms import (
    AdviceForm,
    ConfirmationForm,
    DecisionForm,
    GatewayForm,
    StartDecisionForm,
    StartForm,
    supply_form,
)
from epa.gateway.models import GatewayRequirement
from epa.gateway.pages import page_of, unbroken
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.period import epa_period
from epa.lifecycle.queries import assessment_for, period_of
from epa.lifecycle.rules import Stage
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.forms import PlumblineForm
from epa.web.transaction import writes, writes_on_read
from epa.web.versioned import VersionedForm

bp = Blueprint("gateway", __name__)


@bp.get("/apprentices/<uuid:assessment_id>/gateway")
@access(Permission.VIEW_GATEWAY, assessment=assessment_for)
def show(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Requirement by requirement: what was shown, what was decided, what the reader can do."""
    person, today = signed_in_person(), london_date(utc_now())
    review = queries.review_of(assessment)
    judged_on = assessment.epa_starts_on or today
    return render_template(
        "epa/gateway/show.html",
        assessment=assessment,
        review=review,
        page=page_of(assessment, review, person, judged_on),
        period=period_of(assessment),
        breaks=queries.breaks_of(assessment),
        policy=rules.policy_in_force(queries.qualification_policies(), judged_on),
        training=queries.training_terms(assessment, judged_on),
        is_own=person.id == assessment.apprenticeship.person_id,
        starts=queries.starts_of(assessment),
        may_move=assessment.stage is Stage.ASSESSMENT
        and "administrator" in queries.parts_of(person, assessment),
    )


@bp.post("/apprentices/<uuid:assessment_id>/gateway/begin")
@access(Permission.SUPPLY_GATEWAY, assessment=assessment_for)
@writes
def begin(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Open the review, so that something can be supplied."""
    services.open_review(assessment, actor=signed_in_person(), at=utc_now())
    return _back_to(assessment)


@bp.route("/gateway/requirements/<uuid:requirement_id>/supply", methods=["GET", "POST"])
@access(Permission.SUPPLY_GATEWAY, requirement=queries.requirement_for)
@writes
def supply(requirement: GatewayRequirement) -> ResponseReturnValue:
    """Supply for a requirement."""
    person, check = signed_in_person(), rules.check_of(queries.definition_of(requirement))
    checks.must_be_supplier(requirement, person)
    checks.must_be_unlocked(requirement)
    if check in {rules.Check.PORTFOLIO, rules.Check.CONFIRMATION}:
        abort(404)
    terms = queries.training_terms(requirement.review.assessment, london_date(utc_now()))
    form = supply_form(requirement, check, terms)
    if form.validate_on_submit() and form.applied(_supply, requirement, form, person, utc_now()):
        flash("It is supplied, and waits for a decision.", "done")
        return _back_to(requirement.review.assessment)
    return _requirement_page("supply", requirement, form)


@bp.get("/gateway/requirements/<uuid:requirement_id>/file")
@access(Permission.VIEW_GATEWAY, requirement=queries.requirement_for)
@writes_on_read
def evidence(requirement: GatewayRequirement) -> ResponseReturnValue:
    """Give the file that was supplied, and write down who fetched it."""
    file = services.note_file_read(requirement, actor=signed_in_person(), at=utc_now())
    if file is None:
        abort(404)
    return attachment(opened(file), name=file.name, content_type=file.content_type, size=file.size)


@bp.route("/gateway/requirements/<uuid:requirement_id>/decide", methods=["GET", "POST"])
@access(Permission.DECIDE_GATEWAY, requirement=queries.requirement_for)
@writes
def decide(requirement: GatewayRequirement) -> ResponseReturnValue:
    """Accept or reject a requirement; the last acceptance starts the EPA period."""
    checks.must_be_unlocked(requirement)
    person, form = signed_in_person(), DecisionForm(requirement.review)
    if form.validate_on_submit() and form.applied(_decide, requirement, form, person, utc_now()):
        word = "accepted" if form.accepts.data else "rejected"
        flash(f"“{queries.definition_of(requirement).title}” is {word}.", "done")
        return _back_to(requirement.review.assessment)
    return _requirement_page("decide", requirement, form)


@bp.route("/apprentices/<uuid:assessment_id>/gateway/confirmation", methods=["GET", "POST"])
@access(Permission.CONFIRM_READINESS, assessment=assessment_for)
@writes
def confirm(assessment: EndPointAssessment) -> ResponseReturnValue:
    """The employer's own confirmation."""
    checks.stage_must_be_open(assessment)
    person, review = signed_in_person(), queries.review_of(assessment)
    form = _confirmation_form(assessment)
    if form.validate_on_submit() and form.applied(_confirm, assessment, form, person, utc_now()):
        flash("Your confirmation is sent. Thank you.", "done")
        return _back_to(assessment)
    page = render_template(
        "epa/gateway/confirm.html",
        form=form,
        assessment=assessment,
        advice=review.advice[-1] if review and review.advice else None,
        given=_given(assessment),
    )
    return page, form.status


@bp.post("/apprentices/<uuid:assessment_id>/gateway/confirmation/withdrawal")
@access(Permission.CONFIRM_READINESS, assessment=assessment_for)
@writes
def withdraw(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Take the employer's confirmation back."""
    review = queries.review_of(assessment)
    if review is None:
        abort(404)
    services.withdraw_confirmation(review, actor=signed_in_person(), at=utc_now())
    flash("Your confirmation is taken back.", "done")
    return _back_to(assessment)


@bp.route("/apprentices/<uuid:assessment_id>/gateway/advice", methods=["GET", "POST"])
@access(Permission.SUPPLY_GATEWAY, assessment=assessment_for)
@writes
def advise(assessment: EndPointAssessment) -> ResponseReturnValue:
    """The training provider's advice, which decides nothing."""
    person, form = signed_in_person(), AdviceForm(queries.review_of(assessment))
    checks.must_be_adviser(assessment, person)
    checks.stage_must_be_open(assessment)
    if form.validate_on_submit() and form.applied(_advise, assessment, form, person, utc_now()):
        flash("Your advice is added.", "done")
        return _back_to(assessment)
    page = render_template("epa/gateway/advise.html", form=form, assessment=assessment)
    return page, form.status


@bp.route("/apprentices/<uuid:assessment_id>/gateway/start", methods=["GET", "POST"])
@access(Permission.DECIDE_GATEWAY, assessment=assessment_for)
@writes
def propose_start(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Propose that the EPA period began earlier."""
    checks.must_be_in_period(assessment)
    form = StartForm()
    if form.validate_on_submit() and form.applied(
        backdating.propose,
        assessment,
        form.to_on.data,
        form.reason.data,
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("It is proposed. A second person decides.", "done")
        return _back_to(assessment)
    return _start_page("propose_start", assessment, form)


@bp.route("/apprentices/<uuid:assessment_id>/gateway/start/decision", methods=["GET", "POST"])
@access(Permission.DECIDE_GATEWAY, assessment=assessment_for)
@writes
def decide_start(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Agree to an earlier start, or not, as the second person."""
    proposed = backdating.must_be_proposed(assessment)
    form = StartDecisionForm(len(queries.starts_of(assessment)))
    if form.validate_on_submit() and form.applied(
        backdating.decide,
        proposed,
        is_agreed=form.agrees.data,
        answer=form.answer.data or "",
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("Your decision is kept.", "done")
        return _back_to(assessment)
    return _start_page("decide_start", assessment, form, proposed=proposed)


@bp.post("/apprentices/<uuid:assessment_id>/gateway/start/withdrawal")
@access(Permission.DECIDE_GATEWAY, assessment=assessment_for)
@writes
def withdraw_start(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Take the proposal of an earlier start back."""
    proposed = backdating.must_be_proposed(assessment)
    backdating.withdraw(proposed, actor=signed_in_person(), at=utc_now())
    flash("The proposal is taken back.", "done")
    return _back_to(assessment)


def _start_page(
    view: str, assessment: EndPointAssessment, form: PlumblineForm, **shown: Any
) -> ResponseReturnValue:
    page = render_template(
        f"epa/gateway/{view}.html",
        form=form,
        assessment=assessment,
        period=period_of(assessment),
        earliest=backdating.earliest_start(assessment),
        reader=signed_in_person(),
        **shown,
    )
    if isinstance(form, VersionedForm):
        return page, form.status
    return page, 422 if form.errors or form.form_errors else 200


def _back_to(assessment: EndPointAssessment) -> ResponseReturnValue:
    return redirect(url_for("gateway.show", assessment_id=assessment.id))


def _supply(
    requirement: GatewayRequirement,
    form: GatewayForm,
    person: Person,
    at: datetime,
    *,
    seen: int,
) -> None:
    upload = form["file"].checked if "file" in form else None
    file = store(upload, actor=person, at=at) if upload else None
    services.supply(requirement, form.values, actor=person, at=at, file=file, seen=seen)


def _decide(
    requirement: GatewayRequirement, form: DecisionForm, person: Person, at: datetime, *, seen: int
) -> None:
    if form.accepts.data:
        services.accept(requirement, actor=person, at=at, seen=seen)
    else:
        services.reject(requirement, form.reason.data or "", actor=person, at=at, seen=seen)


def _confirm(
    assessment: EndPointAssessment,
    form: ConfirmationForm,
    person: Person,
    at: datetime,
    *,
    seen: int,
) -> None:
    services.confirm_readiness(
        services.open_review(assessment, actor=person, at=at),
        form.answer,
        actor=person,
        at=at,
        organisation=assessment.apprenticeship.employer,
        seen=seen,
    )


def _advise(
    assessment: EndPointAssessment, form: AdviceForm, person: Person, at: datetime, *, seen: int
) -> None:
    services.advise(
        services.open_review(assessment, actor=person, at=at),
        form.text.data,
        actor=person,
        at=at,
        in_favour=form.in_favour.data,
        seen=seen,
    )


def _given(assessment: EndPointAssessment) -> GatewayRequirement | None:
    """The employer's confirmation, if it was given."""
    review = queries.review_of(assessment)
    row = queries.confirmation_of(review) if review else None
    return row if row is not None and row.supplied else None


def _confirmation_form(assessment: EndPointAssessment) -> ConfirmationForm:
    apprenticeship = assessment.apprenticeship
    provider = apprenticeship.provider
    return ConfirmationForm(
        queries.review_of(assessment),
        given_names=apprenticeship.person.given_names,
        employer=apprenticeship.employer.name,
        told=provider.name if provider else assessment.epao.name,
    )


def _requirement_page(
    view: str, requirement: GatewayRequirement, form: GatewayForm
) -> ResponseReturnValue:
    assessment, today = requirement.review.assessment, london_date(utc_now())
    context: dict[str, Any] = {}
    if view == "decide" and queries.is_last_open(requirement):
        context["period"] = epa_period(today, framework_of(assessment).clock)
    page = render_template(
        f"epa/gateway/{view}.html",
        form=form,
        assessment=assessment,
        requirement=requirement,
        definition=queries.definition_of(requirement),
        check=rules.check_of(queries.definition_of(requirement)),
        finding=(finding := queries.finding_of(requirement, today)),
        shown=unbroken(finding.shown),
        supply=queries.supply_of(requirement),
        breaks=queries.breaks_of(assessment),
        grounds=queries.grounds_of(requirement) if view == "decide" else (),
        training=queries.training_terms(assessment, today),
        rejected=[one for one in requirement.decisions if one.reason],
        **context,
    )
    return page, form.status
