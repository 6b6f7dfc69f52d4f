"""Supporting material of one assessment: the list, asking, supplying, letting in late."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.files.forms import sent_to_be_kept
from epa.files.services import opened, store
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.material import queries, services
from epa.material.forms import AskForm, LateForm, SupplyForm
from epa.material.models import SupportingMaterial
from epa.material.pages import material_page, supplier_titles
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("material", __name__)


@bp.get("/apprentices/<uuid:assessment_id>/material")
@access(Permission.VIEW_MATERIAL, assessment=assessment_for)
def index(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Everything asked for, by when, and what came."""
    person, at = signed_in_person(), utc_now()
    page = material_page(person, assessment, london_date(at))
    return render_template("epa/material/index.html", assessment=assessment, page=page)


@bp.route("/apprentices/<uuid:assessment_id>/material/new", methods=["GET", "POST"])
@access(Permission.ASK_FOR_MATERIAL, assessment=assessment_for)
@writes
def ask(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Ask for something."""
    form = AskForm(supplier_titles())
    if sent_to_be_kept(form, utc_now()) and form.applied(
        services.ask,
        assessment,
        form.title.data,
        form.asked_of.data,
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash(f"“{form.title.data}” is asked for.", "done")
        return redirect(url_for("material.index", assessment_id=assessment.id))
    page = render_template("epa/material/ask.html", assessment=assessment, form=form)
    return page, 422 if form.error_list else 200


@bp.route("/material/<uuid:material_id>", methods=["GET", "POST"])
@access(Permission.SUPPLY_MATERIAL, material=queries.material_for)
@writes
def supply(material: SupportingMaterial) -> ResponseReturnValue:
    """Supply it, or something newer in its place."""
    due, form = services.require_open(material), SupplyForm()
    if sent_to_be_kept(form, utc_now()) and form.applied(
        _supply, material, form, signed_in_person(), utc_now()
    ):
        flash(f"“{material.title}” is supplied.", "done")
        return redirect(url_for("material.index", assessment_id=material.assessment_id))
    page = render_template("epa/material/supply.html", material=material, form=form, due_on=due)
    return page, 422 if form.error_list else 200


@bp.route("/material/<uuid:material_id>/late", methods=["GET", "POST"])
@access(Permission.ACCEPT_LATE_MATERIAL, material=queries.material_for)
@writes
def accept_late(material: SupportingMaterial) -> ResponseReturnValue:
    """Let it in after its last day, with a reason."""
    due, form = services.require_open(material), LateForm()
    if sent_to_be_kept(form, utc_now()) and form.applied(
        _accept_late, material, form, signed_in_person(), utc_now()
    ):
        flash(f"“{material.title}” is accepted late.", "done")
        return redirect(url_for("material.index", assessment_id=material.assessment_id))
    page = render_template(
        "epa/material/accept_late.html", material=material, form=form, due_on=due
    )
    return page, 422 if form.error_list else 200


@bp.post("/material/<uuid:material_id>/drop")
@access(Permission.ASK_FOR_MATERIAL, material=queries.material_for)
@writes
def drop(material: SupportingMaterial) -> ResponseReturnValue:
    """Say that it is no longer needed; the page offers to ask for it again."""
    services.drop(material, actor=signed_in_person(), at=utc_now())
    flash(f"“{material.title}” is no longer asked for. You can ask for it again below.", "done")
    return redirect(url_for("material.index", assessment_id=material.assessment_id))


@bp.post("/material/<uuid:material_id>/again")
@access(Permission.ASK_FOR_MATERIAL, material=queries.material_for)
@writes
def take_up_again(material: SupportingMaterial) -> ResponseReturnValue:
    """Ask for it again."""
    services.take_up_again(material, actor=signed_in_person(), at=utc_now())
    flash(f"“{material.title}” is asked for again.", "done")
    return redirect(url_for("material.index", assessment_id=material.assessment_id))


@bp.get("/material/<uuid:material_id>/file")
@access(Permission.VIEW_MATERIAL, material=queries.material_for)
@writes_on_read
def file(material: SupportingMaterial) -> ResponseReturnValue:
    """Give one version of the file, the newest by default, and write down who fetched it."""
    delivery = queries.delivery_of(material, request.args.get("version", type=int))
    if delivery is None or delivery.file is None:
        abort(404)
    services.note_file_read(delivery, actor=signed_in_person(), at=utc_now())
    kept = delivery.file
    return attachment(opened(kept), name=kept.name, content_type=kept.content_type, size=kept.size)


def _matter(form: SupplyForm, actor: Person, at: datetime) -> services.Matter:
    upload = form.file.checked
    stored = store(upload, actor=actor, at=at) if upload else None
    return services.Matter(stored, form.note.data or "")


def _supply(material: SupportingMaterial, form: SupplyForm, actor: Person, at: datetime) -> None:
    services.supply(material, _matter(form, actor, at), actor=actor, at=at)


def _accept_late(material: SupportingMaterial, form: LateForm, actor: Person, at: datetime) -> None:
    matter = _matter(form, actor, at)
    services.accept_late(material, matter, form.reason.data, actor=actor, at=at)
