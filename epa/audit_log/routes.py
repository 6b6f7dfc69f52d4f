"""The log's pages: reading it, and verifying its chain."""

from __future__ import annotations

import json
from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from epa.audit.models import AuditEntry
from epa.audit.queries import verified
from epa.audit.rules import Verdict
from epa.audit.services import note_export
from epa.audit_log import forms, queries, services
from epa.audit_log.rules import detail_words, record_words
from epa.clock import utc_now
from epa.database import db
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.settings import queries as settings
from epa.web.access import access
from epa.web.exports import ROWS_AT_ONCE, Export, answer
from epa.web.pagination import count_of, page_of
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
    form.offer(queries.actions(reached), _kinds(queries.subjects(reached)))
    if not form.validate():
        return make_response(render_template("epa/audit_log/index.html", form=form, page=None), 422)
    found = queries.narrowed_entries(reached, form.chosen, reader, _READ)
    page = page_of(db.session(), found, request.args)
    narrowed_by = sorted(name for name, value in vars(form.chosen).items() if value)
    services.note_reading(reader, narrowed_by=narrowed_by, page=page.number, at=utc_now())
    names = queries.names({entry.actor_id for entry in page.rows})
    subjects = queries.subjects_of(page.rows, reader, _READ)
    known = {str(key): about.words for key, about in subjects.items()}
    return make_response(
        render_template(
            "epa/audit_log/index.html",
            form=form,
            page=page,
            names=names,
            kinds=_kinds({entry.subject_type for entry in page.rows}),
            subjects=subjects,
            said=lambda value: detail_words(value, known),
        )
    )


@bp.get("/audit.csv", defaults={"ending": "csv"})
@bp.get("/audit.xlsx", defaults={"ending": "xlsx"})
@access(_READ)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The entries within reach, narrowed as on the page, as a file for a spreadsheet."""
    reader = signed_in_person()
    reached = queries.entries(reader, _READ)
    form = forms.EntryFilterForm(request.args, meta={"csrf": False})
    form.offer(queries.actions(reached), _kinds(queries.subjects(reached)))
    if not form.validate():
        return make_response(render_template("epa/audit_log/index.html", form=form, page=None), 422)
    found = queries.narrowed_entries(reached, form.chosen, reader, _READ)
    number = count_of(db.session(), found)
    note_export(reader, "audit entries", ending=ending, rows=number, at=utc_now())
    names = queries.names(queries.actor_ids(found))
    rows = db.session.scalars(found.execution_options(yield_per=ROWS_AT_ONCE))
    head = ("row", "at", "who", "action", "record", "record_id", "details", "from")
    return answer(Export("audit-log", head, (_exported(row, names) for row in rows)), ending)


def _kinds(subjects: Iterable[str]) -> dict[str, str]:
    """What kinds of record are called, by the log's name for them."""
    labels = settings.labels()
    return {one: record_words(one, labels) for one in subjects}


def _exported(row: AuditEntry, names: dict[UUID, str]) -> tuple[str | int, ...]:
    who = names.get(row.actor_id, "The system") if row.actor_id else "The system"
    at, of = row.at.isoformat(timespec="seconds"), str(row.subject_id or "")
    details = json.dumps(row.details, ensure_ascii=False, sort_keys=True) if row.details else ""
    return row.row or 0, at, who, row.action, row.subject_type, of, details, row.source or ""


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
