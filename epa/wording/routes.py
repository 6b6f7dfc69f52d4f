"""Wording packs: which there are, what one says beside our own wording, loading and ending one."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.lifecycle.definitions import any_definition, every_definition
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.attachments import disposition
from epa.web.transaction import writes
from epa.wording import queries, services
from epa.wording.forms import LoadPackForm
from epa.wording.models import WordingPack
from epa.wording.rules import blank_rows, columns_of, from_rows, lacking, places_of

bp = Blueprint("wording", __name__)


@bp.get("/wording")
@access(Permission.MANAGE_WORDING)
def index() -> ResponseReturnValue:
    """Every pack within reach, the newest first."""
    packs = queries.packs_seen(signed_in_person(), Permission.MANAGE_WORDING)
    return render_template(
        "epa/wording/index.html",
        packs=packs,
        shown=queries.shown_of(packs),
        definitions=every_definition(),
    )


@bp.route("/wording/load", methods=["GET", "POST"])
@access(Permission.MANAGE_WORDING)
@writes
def load() -> ResponseReturnValue:
    """Load a file of texts, or say of each row what is wrong with it."""
    form = _form(signed_in_person())
    if form.validate_on_submit() and form.applied(_load, form, signed_in_person(), utc_now()):
        flash("The pack is loaded. What is opened from now on shows its texts.", "done")
        return redirect(url_for("wording.index"))
    page = render_template("epa/wording/load.html", form=form, definitions=every_definition())
    return page, 422 if form.is_submitted() else 200


@bp.get("/wording/<uuid:pack_id>")
@access(Permission.MANAGE_WORDING, pack=queries.pack_for)
def show(pack: WordingPack) -> ResponseReturnValue:
    """What a pack says, beside our own wording."""
    framework = any_definition(pack.framework_code, pack.framework_version)
    texts = from_rows(pack.texts)
    return render_template(
        "epa/wording/show.html",
        pack=pack,
        framework=framework,
        rows=[(place, own, texts.get(place, "")) for place, own in places_of(framework).items()],
        lacking=lacking(texts, framework),
    )


@bp.post("/wording/<uuid:pack_id>/end")
@access(Permission.MANAGE_WORDING, pack=queries.pack_for)
@writes
def end(pack: WordingPack) -> ResponseReturnValue:
    """Show a pack no longer from now on."""
    services.end_pack(pack, actor=signed_in_person(), at=utc_now())
    flash("The pack is ended. What shows its texts keeps them.", "done")
    return redirect(url_for("wording.index"))


@bp.get("/wording/blank.csv")
@access(Permission.MANAGE_WORDING)
def blank() -> ResponseReturnValue:
    """A table of every place for a text in one definition, to be filled in."""
    there = {f"{one.code} {one.version}": one for one in every_definition()}
    found = there.get(request.args.get("definition", next(iter(there)))) or abort(404)
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(columns_of(found))
    writer.writerows(blank_rows(found))
    name = f"wording {found.code} {found.version}.csv"
    head = {"Content-Disposition": disposition(name)}
    return Response(table.getvalue(), mimetype="text/csv", headers=head)


def _form(person: Person) -> LoadPackForm:
    form = LoadPackForm()
    epaos = queries.epaos_of(person, Permission.MANAGE_WORDING)
    form.epao.choices = [(one.id, one.name) for one in epaos]
    form.definition.choices = [
        (f"{one.code} {one.version}", f"{one.title}, version {one.version}")
        for one in every_definition()
    ]
    return form


def _load(form: LoadPackForm, actor: Person, at: datetime) -> None:
    assert form.file.checked  # the form is valid
    code, _, version = form.definition.data.partition(" ")
    epaos = queries.epaos_of(actor, Permission.MANAGE_WORDING)
    services.load_pack(
        next(one for one in epaos if one.id == form.epao.data),
        any_definition(code, version),
        form.file.checked.content.read(),
        name=form.name.data,
        actor=actor,
        at=at,
    )
