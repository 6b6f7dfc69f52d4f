"""The pages on which a table of apprentices is uploaded, looked over and stored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from flask import (
    Blueprint,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.database import db
from epa.errors import RuleBroken
from epa.imports import previews, progress, queries, tables
from epa.imports.forms import ImportForm
from epa.imports.models import ApprenticeImport, ImportLine
from epa.imports.rules import FATE_TITLES, Fate, Reading, understood
from epa.imports.services import Report
from epa.imports.tables import Unreadable
from epa.people.models import Organisation
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.registration.queries import registering_for
from epa.settings import queries as settings
from epa.web.access import access
from epa.web.exports import ROWS_AT_ONCE, Export, answer
from epa.web.filters import plural
from epa.web.pagination import count_of, page_of
from epa.web.transaction import step, writes_in_steps, writes_on_read

bp = Blueprint("imports", __name__, url_prefix="/apprentices/imports")

_MAY: Final = Permission.REGISTER_APPRENTICE
_TO_LOOK_AT: Final = "to_look_at"
_COLUMNS: Final = ("row", "name", "fate", "columns", "problems", "to_look_at")
_KINDS: Final = {
    Fate.CREATED: "done",
    Fate.UPDATED: "waiting",
    Fate.UNCHANGED: "neutral",
    Fate.REJECTED: "stopped",
}


@bp.route("", methods=["GET", "POST"])
@access(_MAY)
@writes_in_steps
def upload() -> ResponseReturnValue:
    """Take a table and check it; what would become of each row is the next page."""
    person, form = signed_in_person(), ImportForm()
    form.offer(registering_for(person))
    if form.validate_on_submit() and (reading := _read(form)) and (kept := _kept(form, reading)):
        return redirect(url_for("imports.show", table_id=kept), 303)
    page = render_template(
        "epa/imports/upload.html",
        form=form,
        columns=tables.COLUMNS,
        required=tables.REQUIRED,
        chooses_epao=len(form.epao.choices) > 1,
        earlier=queries.earlier(person, _MAY),
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/<uuid:table_id>")
@access(_MAY, table=queries.import_for)
def show(table: ApprenticeImport) -> ResponseReturnValue:
    """What would become of each row, or became of it."""
    return render_template(
        "epa/imports/show.html",
        table=table,
        page=page_of(db.session(), _lines(table), request.args),
        chosen=request.args.get("fate", ""),
        titles=FATE_TITLES,
        kinds=_KINDS,
        is_storing=progress.heard(_folder(), table.id) is not None,
        days_kept=settings.value("import_table_days"),
    )


@bp.get("/<uuid:table_id>/rows.csv", defaults={"ending": "csv"})
@bp.get("/<uuid:table_id>/rows.xlsx", defaults={"ending": "xlsx"})
@access(_MAY, table=queries.import_for)
@writes_on_read
def rows(table: ApprenticeImport, ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person, found = signed_in_person(), _lines(table)
    number = count_of(db.session(), found)
    note_export(person, "rows of an import", ending=ending, rows=number, at=utc_now())
    name = f"{Path(table.file.name).stem if table.file else 'import'}, rows"
    listed = db.session.scalars(found.execution_options(yield_per=ROWS_AT_ONCE))
    return answer(Export(name, _COLUMNS, map(_exported, listed)), ending)


@bp.get("/<uuid:table_id>/progress")
@access(_MAY, table=queries.import_for)
def so_far(table: ApprenticeImport) -> ResponseReturnValue:
    """How many rows are stored so far, for the bar on the page."""
    heard = progress.heard(_folder(), table.id)
    done, whole = heard or (0, 0)
    return jsonify({"done": done, "whole": whole, "is_storing": heard is not None})


@bp.post("/<uuid:table_id>/store")
@access(_MAY, table=queries.import_for)
@writes_in_steps
def store(table: ApprenticeImport) -> ResponseReturnValue:
    """Store the table, whole or not at all, with or without the rows that are rejected."""
    table_id, at = table.id, utc_now()
    try:
        _store(table_id, at, skip_rejected=request.form.get("skip_rejected") == "yes")
    except RuleBroken as broken:
        _tell_of_end(table_id, None, started_at=at)
        flash(f"{broken.message} Nothing was stored.", "bad")
    return redirect(url_for("imports.show", table_id=table_id), 303)


def _lines(table: ApprenticeImport) -> Select[ImportLine]:
    """The rows of the table that the address asks for."""
    chosen = request.args.get("fate", "")
    fate = Fate(chosen) if chosen in set(Fate) else None
    return queries.lines(table, fate, only_to_look_at=chosen == _TO_LOOK_AT)


def _read(form: ImportForm) -> Reading | None:
    """The table's rows; None, with the form saying why, if there are none."""
    assert form.table.checked is not None, "a valid form has a checked file"
    try:
        found = tables.read(form.table.checked)
    except Unreadable as fault:
        form.say(fault.faults)
        return None
    return understood(found, today=london_date(utc_now()))


def _kept(form: ImportForm, reading: Reading) -> UUID | None:
    """The id of the import that is kept; None, with the form saying why, if it is not."""
    made: list[ApprenticeImport] = []

    def keep() -> None:
        upload = form.table.checked
        assert upload is not None, "a valid form has a checked file"
        epao = db.session.get_one(Organisation, form.epao.data)
        made.append(
            previews.keep(upload, reading, epao=epao, actor=signed_in_person(), at=utc_now())
        )

    with step():
        return made[0].id if form.applied(keep) else None


def _store(table_id: UUID, at: datetime, *, skip_rejected: bool) -> None:
    """Read the table again, and store it in a step of its own; say how it ended."""
    with progress.telling(_folder(), table_id) as told:
        reading = previews.read_again(db.session.get_one(ApprenticeImport, table_id), at=at)
        with step():
            report = previews.store_kept(
                db.session.get_one(ApprenticeImport, table_id),
                reading,
                actor=signed_in_person(),
                at=at,
                skip_rejected=skip_rejected,
                told=told,
            )
    _tell_of_end(table_id, report, started_at=at)
    if report.is_stored:
        new, changed = plural(report.created, "apprentice"), f"{report.updated:,} changed"
        flash(f"{new} registered, {changed}.", "done")
    else:
        count = len({one.row for one in report.rejected})
        said = f"{plural(count, 'row')} cannot be stored as {'it is' if count == 1 else 'they are'}"
        flash(f"{said}. Nothing was stored.", "care")


def _tell_of_end(table_id: UUID, report: Report | None, *, started_at: datetime) -> None:
    """A mail, in a step of its own, to who started what took long."""
    with step():
        table = db.session.get_one(ApprenticeImport, table_id)
        previews.tell_of_end(
            table, report, actor=signed_in_person(), started_at=started_at, at=utc_now()
        )


def _folder() -> Path:
    folder: Path = current_app.config["DATA_FOLDER"]
    return folder / "progress"


def _exported(line: ImportLine) -> tuple[str, ...]:
    def said(pairs: list[list[str]]) -> str:
        return "; ".join(": ".join(filter(None, pair)) for pair in pairs)

    return (
        str(line.row),
        line.name,
        line.fate.value,
        ", ".join(line.changed),
        said(line.problems),
        said(line.warnings),
    )
