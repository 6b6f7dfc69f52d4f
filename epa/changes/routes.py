"""The pages on which an administrator changes something about an apprenticeship."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.changes import forms, rules, services
from epa.changes.rules import CHANGE_TITLES, ChangeKind
from epa.clock import london_date, utc_now
from epa.database import db
from epa.errors import RuleBroken
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.lifecycle.rules import STAGE_TITLES
from epa.people.models import Organisation
from epa.people.rules import OrganisationKind, Permission
from epa.people.signed_in import signed_in_person
from epa.registration.queries import organisations_of
from epa.web.access import access
from epa.web.transaction import writes

bp = Blueprint("changes", __name__, url_prefix="/apprentices/<uuid:assessment_id>/changes")

_MAY: Final = Permission.CHANGE_APPRENTICESHIP
# Where each change is made.
PLACES: Final[dict[ChangeKind, str]] = {
    ChangeKind.WITHDRAWN: "changes.withdraw",
    ChangeKind.PAUSED: "changes.pause",
    ChangeKind.REINSTATED: "changes.reinstate",
    ChangeKind.EMPLOYER: "changes.change_employer",
    ChangeKind.PROVIDER: "changes.change_provider",
    ChangeKind.NAME: "changes.correct_name",
    ChangeKind.ULN: "changes.correct_uln",
}


@bp.get("")
@access(_MAY, assessment=assessment_for)
def index(assessment: EndPointAssessment) -> ResponseReturnValue:
    """What can be changed now."""
    return render_template(
        "epa/changes/index.html",
        assessment=assessment,
        stage=STAGE_TITLES[assessment.stage],
        offered=[(kind.value, PLACES[kind]) for kind in rules.offered(assessment.stage)],
    )


@bp.route("/withdraw", methods=["GET", "POST"])
@access(_MAY, assessment=assessment_for)
@writes
def withdraw(assessment: EndPointAssessment) -> ResponseReturnValue:
    """End an apprentice's way here."""
    form = forms.LeaveForm()
    return _answer(ChangeKind.WITHDRAWN, assessment, form, services.withdraw)


@bp.route("/pause", methods=["GET", "POST"])
@access(_MAY, assessment=assessment_for)
@writes
def pause(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Begin a break in learning."""
    return _answer(ChangeKind.PAUSED, assessment, forms.LeaveForm(), services.pause)


@bp.route("/reinstate", methods=["GET", "POST"])
@access(_MAY, assessment=assessment_for)
@writes
def reinstate(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Let a paused or withdrawn apprentice go on."""
    return _answer(ChangeKind.REINSTATED, assessment, forms.ReturnForm(), services.reinstate)


@bp.route("/employer", methods=["GET", "POST"])
@access(_MAY, assessment=assessment_for)
@writes
def change_employer(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Move an apprentice to another employer."""
    form, now = forms.EmployerForm(), assessment.apprenticeship.employer
    form.offer(organisations_of(OrganisationKind.EMPLOYER), now)

    def change(*given: Any, **who_and_when: Any) -> object:
        chosen = db.session.get_one(Organisation, form.employer.data)
        return services.change_employer(given[0], chosen, given[1], **who_and_when)

    return _answer(ChangeKind.EMPLOYER, assessment, form, change)


@bp.route("/provider", methods=["GET", "POST"])
@access(_MAY, assessment=assessment_for)
@writes
def change_provider(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Move an apprentice to another training provider, or to none."""
    form, now = forms.ProviderForm(), assessment.apprenticeship.provider
    form.offer(organisations_of(OrganisationKind.TRAINING_PROVIDER), now)

    def change(*given: Any, **who_and_when: Any) -> object:
        chosen_id = form.provider.data
        chosen = db.session.get_one(Organisation, chosen_id) if chosen_id else None
        return services.change_provider(given[0], chosen, given[1], **who_and_when)

    return _answer(ChangeKind.PROVIDER, assessment, form, change)


@bp.route("/name", methods=["GET", "POST"])
@access(_MAY, assessment=assessment_for)
@writes
def correct_name(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Put an apprentice's name right."""
    form = forms.NameForm()
    form.begin_with_name(assessment.apprenticeship.person)

    def change(*given: Any, **who_and_when: Any) -> object:
        name = (form.given_names.data, form.family_name.data)
        return services.correct_name(given[0], name, given[1], **who_and_when)

    return _answer(ChangeKind.NAME, assessment, form, change)


@bp.route("/uln", methods=["GET", "POST"])
@access(_MAY, assessment=assessment_for)
@writes
def correct_uln(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Put an apprentice's unique learner number right."""
    form = forms.ULNForm()

    def change(*given: Any, **who_and_when: Any) -> object:
        return services.correct_uln(given[0], form.uln.data, given[1], **who_and_when)

    return _answer(ChangeKind.ULN, assessment, form, change)


def _answer(
    kind: ChangeKind,
    assessment: EndPointAssessment,
    form: forms.ChangeForm,
    change: Callable[..., object],
) -> ResponseReturnValue:
    """Make a change that was asked for and go to the record; else show its form.

    Raises:
        RuleBroken: it makes no sense at the stage, so that there is no form to show either.
    """
    if kind not in rules.offered(assessment.stage):
        stage = STAGE_TITLES[assessment.stage]
        raise RuleBroken("stage-order", f"This cannot be done while the apprentice is “{stage}”.")
    form.begin_with(london_date(utc_now()))
    if form.validate_on_submit() and form.applied(
        lambda: change(assessment, form.why, actor=signed_in_person(), at=utc_now())
    ):
        flash(f"{CHANGE_TITLES[kind]}. What it led to stands in the history below.", "done")
        return redirect(url_for("record.show", assessment_id=assessment.id), 303)
    page = render_template(
        "epa/changes/change.html", form=form, assessment=assessment, kind=kind.value
    )
    return page, 422 if form.is_submitted() else 200
