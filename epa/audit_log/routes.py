"""The log's pages: reading it, and verifying its chain."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from epa.audit.queries import verified
from epa.audit.rules import Verdict
from epa.audit_log import forms, queries, services
from epa.clock import utc_now
from epa.database import db
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.pagination import page_of
from epa.web.transaction import writes_on_read

bp = Blueprint("audit_log", __name__)

_READ = Permission.READ_AUDIT_LOG


@bp.get("/audit")
@access(_READ)
@writes_on_read
def index() -> ResponseReturnValue:
    """The entries within reach, the latest first."""
    reader = signed_in_person()
    reached = queries.entries(reader, _READ)
    form = forms.EntryFilterForm(request.args, meta={"csrf": False})
    form.offer(queries.actions(reached), queries.subjects(reached))
    if not form.validate():
        return make_response(render_template("epa/audit_log/index.html", form=form, page=None), 422)
    found = queries.narrowed_entries(reached, form.chosen, reader, _READ)
    page = page_of(db.session(), found, request.args)
    narrowed_by = sorted(name for name, value in vars(form.chosen).items() if value)
    services.note_reading(reader, narrowed_by=narrowed_by, page=page.number, at=utc_now())
    names = queries.names({entry.actor_id for entry in page.rows})
    return make_response(
        render_template("epa/audit_log/index.html", form=form, page=page, names=names)
    )


@bp.get("/audit/verification")
@access(_READ)
@writes_on_read
def verification() -> ResponseReturnValue:
    """Walk the whole chain and say whether it is intact."""
    return render_template("epa/audit_log/verification.html", verdict=_verified(), at=utc_now())


@bp.get("/audit/head.txt")
@access(_READ)
@writes_on_read
def head() -> ResponseReturnValue:
    """The head of the chain as text, to keep somewhere else."""
    verdict, at = _verified(), utc_now()
    state = "intact" if verdict.intact else f"broken at row {verdict.first_broken}"
    text = f"head {verdict.head}\nrows {verdict.rows}\nstate {state}\nread {at.isoformat()}\n"
    return Response(
        text,
        mimetype="text/plain",
        headers={"Content-Disposition": 'attachment; filename="audit-head.txt"'},
    )


def _verified() -> Verdict:
    verdict = verified(current_app.config["AUDIT_KEY"])
    services.note_verification(signed_in_person(), verdict, at=utc_now())
    return verdict
