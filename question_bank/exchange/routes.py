"""The pages of imports and exports: every item looked at first, and two people to take a bank out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile, SpooledTemporaryFile
from typing import IO, Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.database import db
from epa.errors import RuleBroken
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.attachments import attachment
from epa.web.forms import PlumblineForm
from epa.web.pagination import page_of
from epa.web.transaction import writes, writes_on_read
from question_bank.exchange import queries, services
from question_bank.exchange.forms import DecideExportForm, ExportForm, ImportForm
from question_bank.exchange.models import BankExport, FileEntry, ItemFile
from question_bank.exchange.rules import (
    EXPORT_TITLES,
    OUTCOME_TITLES,
    ExportStatus,
    Outcome,
    from_record,
)
from question_bank.interchange.faults import Unreadable
from question_bank.interchange.outcome import judged
from question_bank.interchange.reading import opened
from question_bank.interchange.template import EXAMPLES
from question_bank.interchange.writing import ExportFormat, write
from question_bank.items import pages as item_pages
from question_bank.items import queries as items
from question_bank.items.models import QuestionBank

bp = Blueprint("exchange", __name__)

_SHOWN: Final = 10
_IN_MEMORY: Final = 4_000_000
_PIECE: Final = 65_536
_TABLES: Final = (ExportFormat.CSV, ExportFormat.XLSX)
_OUTCOME_TAGS: Final = {
    Outcome.READY: "done",
    Outcome.DRAFT: "waiting",
    Outcome.REFUSED: "stopped",
    Outcome.DUPLICATE: "neutral",
}
_EXPORT_TAGS: Final = {
    ExportStatus.WAITING: "waiting",
    ExportStatus.APPROVED: "done",
    ExportStatus.REFUSED: "stopped",
}
_ENDINGS: Final = {
    ExportFormat.QTI_3: ("zip", "application/zip"),
    ExportFormat.QTI_2: ("zip", "application/zip"),
    ExportFormat.MOODLE_XML: ("xml", "application/xml"),
    ExportFormat.GIFT: ("gift.txt", "text/plain"),
    ExportFormat.CSV: ("csv", "text/csv"),
    ExportFormat.XLSX: (
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


@bp.route("/questions/banks/<uuid:bank_id>/import", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK, bank=items.bank_for)
@writes
def upload(bank: QuestionBank) -> ResponseReturnValue:
    """Read a file of items; nothing is stored in the bank yet."""
    form, actor, kept = ImportForm(), signed_in_person(), []
    if form.validate_on_submit() and form.applied(
        lambda: kept.append(_looked_through(bank, form, actor, utc_now()))
    ):
        return redirect(url_for("exchange.show", file_id=kept[0].id), 303)
    return _page("upload", form, bank=bank)


def _looked_through(bank: QuestionBank, form: ImportForm, actor: Person, at: datetime) -> ItemFile:
    """Read what was uploaded; the file itself is not kept."""
    method, plan = items.method_of(bank), items.plan_of(bank.framework_code)
    codes = frozenset(one.code for one in plan.criteria)
    with NamedTemporaryFile() as copy:
        form.file.data.save(copy)
        copy.flush()
        try:
            with opened(Path(copy.name)) as (found, entries):
                return services.keep_file(
                    bank,
                    judged(entries, method, codes),
                    name=form.file.data.filename or "",
                    form=found.value,
                    actor=actor,
                    at=at,
                )
        except Unreadable as fault:
            said = str(fault)
            message = f"The file cannot be read: {said}."
            raise RuleBroken("file-unreadable", message, "file") from fault


@bp.get("/questions/banks/template.<ending>")
@access(Permission.MANAGE_BANK)
def template(ending: str) -> ResponseReturnValue:
    """A table to fill in, with an example of each kind."""
    chosen = next((one for one in _TABLES if one.value == ending), None)
    if chosen is None:
        abort(404)
    out = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed when it is sent)
    write(EXAMPLES, chosen, out, len(EXAMPLES[0].options))
    return _file(out, chosen, "questions")


@bp.get("/questions/imports/<uuid:file_id>")
@access(Permission.MANAGE_BANK, file=queries.file_for)
@writes_on_read
def show(file: ItemFile) -> ResponseReturnValue:
    """What a file would bring: every item, and what becomes of it."""
    asked = next((one for one in Outcome if one.value == request.args.get("outcome")), None)
    page = page_of(db.session(), queries.entries_of(file, asked), request.args, _SHOWN)
    services.note_preview(file, actor=signed_in_person(), at=utc_now(), count=len(page.rows))
    counts = queries.counts_of(file)
    return render_template(
        "question_bank/exchange/show.html",
        file=file,
        page=page,
        asked=asked,
        shown={row.place: _shown(row) for row in page.rows},
        fact_rows=[
            {"label": OUTCOME_TITLES[one], "value": f"{count:,}"} for one, count in counts.items()
        ],
        can_store=bool(counts[Outcome.READY] + counts[Outcome.DRAFT]),
        outcomes=OUTCOME_TITLES,
        outcome_tags=_OUTCOME_TAGS,
    )


def _shown(row: FileEntry) -> Any:
    return None if row.content is None else item_pages.of_preview(from_record(row.content))


@bp.post("/questions/imports/<uuid:file_id>/store")
@access(Permission.MANAGE_BANK, file=queries.file_for)
@writes
def store(file: ItemFile) -> ResponseReturnValue:
    """Store what a file brings, all of it or nothing."""
    count = services.store_file(file, actor=signed_in_person(), at=utc_now())
    flash(f"{count:,} questions are stored." if count != 1 else "1 question is stored.", "done")
    return redirect(url_for("items.index", bank=file.bank_id), 303)


# ----------------------------------------------------------------------------------------- exports


@bp.get("/questions/exports")
@access(Permission.APPROVE_BANK_EXPORT)
def exports() -> ResponseReturnValue:
    """Every request to take a bank out, the latest first."""
    person = signed_in_person()
    found = queries.exports(person, Permission.APPROVE_BANK_EXPORT)
    return render_template(
        "question_bank/exchange/exports.html",
        page=page_of(db.session(), found, request.args),
        banks=db.session.scalars(items.banks(person, Permission.MANAGE_BANK)).all(),
        me=person,
        states=EXPORT_TITLES,
        state_tags=_EXPORT_TAGS,
    )


@bp.route("/questions/banks/<uuid:bank_id>/export", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK, bank=items.bank_for)
@writes
def ask(bank: QuestionBank) -> ResponseReturnValue:
    """Ask for a bank to be exported."""
    form, actor = ExportForm(), signed_in_person()
    if form.validate_on_submit() and form.applied(
        lambda: services.ask_for_export(
            bank, form.format.data, form.reason.data, actor=actor, at=utc_now()
        )
    ):
        flash("You have asked for the export. Somebody else decides on it.", "done")
        return redirect(url_for("exchange.exports"), 303)
    return _page("ask", form, bank=bank)


@bp.route("/questions/exports/<uuid:export_id>/decide", methods=["GET", "POST"])
@access(Permission.APPROVE_BANK_EXPORT, export=queries.export_for)
@writes
def decide(export: BankExport) -> ResponseReturnValue:
    """Approve or refuse an export that somebody else asked for."""
    form, actor = DecideExportForm(), signed_in_person()
    if form.validate_on_submit() and form.applied(
        services.decide_export, export, form.decision.data, actor=actor, at=utc_now()
    ):
        flash("Your decision is recorded.", "done")
        return redirect(url_for("exchange.exports"), 303)
    is_own = export.asked_by_id == actor.id
    return _page("decide", form, export=export, is_own=is_own, states=EXPORT_TITLES)


@bp.post("/questions/exports/<uuid:export_id>/file")
@access(Permission.MANAGE_BANK, export=queries.export_for)
@writes
def fetch(export: BankExport) -> ResponseReturnValue:
    """The file of an approved export, for the one who asked."""
    if export.status is not ExportStatus.APPROVED or export.asked_by_id != signed_in_person().id:
        raise RuleBroken("not-yours", "Who asked for an export fetches it, once it is approved.")
    out = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 (closed when it is sent)
    try:
        services.fetch_export(export, out, actor=signed_in_person(), at=utc_now())
    except BaseException:
        out.close()
        raise
    return _file(out, export.format, f"{export.bank.code} export {export.number}")


def _file(out: IO[bytes], chosen: ExportFormat, name: str) -> ResponseReturnValue:
    """What was written, as a file in its format; it is closed when it is sent."""
    size = out.tell()
    out.seek(0)
    ending, content_type = _ENDINGS[chosen]
    return attachment(_pieces(out), name=f"{name}.{ending}", content_type=content_type, size=size)


def _pieces(out: IO[bytes]) -> Iterator[bytes]:
    """The file's bytes; it is closed when they are sent, and at once where none are asked for."""
    if request.method == "HEAD":
        out.close()
        return iter(())
    return _sent(out)


def _sent(out: IO[bytes]) -> Iterator[bytes]:
    with out:
        while piece := out.read(_PIECE):
            yield piece


def _page(view: str, form: PlumblineForm, **values: Any) -> ResponseReturnValue:
    page = render_template(f"question_bank/exchange/{view}.html", form=form, **values)
    return page, 422 if request.method == "POST" else 200
