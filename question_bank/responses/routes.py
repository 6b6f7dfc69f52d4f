"""The pages of figures: a question, a bank, a test, a paper; and where answers are brought in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from epa.clock import utc_now
from epa.database import db
from epa.errors import RuleBroken
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.exports import ENDINGS, Cell, Export, answer
from epa.web.forms import PlumblineForm
from epa.web.pagination import page_of, page_of_rows
from epa.web.transaction import writes, writes_on_read
from question_bank.interchange.faults import Unreadable
from question_bank.interchange.table_files import csv_rows, sheet_rows
from question_bank.items import pages as item_pages
from question_bank.items import queries as items
from question_bank.items import reviewing
from question_bank.items.models import BankItem, QuestionBank
from question_bank.items.rules import STATUS_TITLES
from question_bank.papers.models import Paper
from question_bank.papers.queries import paper_for
from question_bank.papers.rules import PURPOSE_TITLES, PaperPurpose
from question_bank.responses import documents, pages, queries, services
from question_bank.responses.forms import AnswersForm, LeaveOutForm, StoreForm
from question_bank.responses.matrix import MAXIMUM_ROW, Fault, Reading, read_answers
from question_bank.responses.models import AnswerFile
from question_bank.responses.rules import (
    FATE_TITLES,
    FEWEST,
    FLAG_TITLES,
    FLAG_WORDS,
    ScriptFate,
    WholeFigures,
)
from question_bank.statistics.flags import Flag

bp = Blueprint("responses", __name__)

_PDF: Final = "pdf"
_FATE_TAGS: Final = {
    ScriptFate.NEW: "done",
    ScriptFate.CHANGED: "waiting",
    ScriptFate.SAME: "neutral",
}


@bp.get("/questions/<uuid:item_id>/statistics")
@access(Permission.VIEW_ITEMS, item=items.item_for)
@writes_on_read
def item(item: BankItem) -> ResponseReturnValue:
    """How a question behaved: in the version asked for, and over its versions."""
    rows = queries.version_figures(item)
    number = request.args.get("version", rows[-1].version.number if rows else None, int)
    shown = next((one for one in rows if one.version.number == number), None)
    if shown is None and "version" in request.args:
        abort(404)
    version = shown.version if shown else items.newest(item)
    actor, at = signed_in_person(), utc_now()
    reviewing.note_viewing(item, version=version.number, actor=actor, at=at, how="statistics")
    return render_template(
        "question_bank/responses/item.html",
        item=item,
        version=version,
        rows=rows,
        figures=shown.figures if shown else None,
        **_item_words(item, rows, shown),
    )


def _item_words(
    item: BankItem, rows: list[queries.VersionFigures], shown: queries.VersionFigures | None
) -> dict[str, Any]:
    """The figures of a question in words and drawn, for its page."""
    words = {
        "share": pages.share,
        "spread": pages.spread,
        "figure": pages.figure,
        "statuses": STATUS_TITLES,
        "flag_titles": FLAG_TITLES,
        "flag_words": FLAG_WORDS,
        "fewest": FEWEST,
    }
    if shown is None:
        return words
    return words | {
        "facts": pages.item_facts(shown.figures, shown.version, queries.uses_of(item)),
        "options": item_pages.of_version(shown.version).options,
        "mark_bars": pages.mark_bars(shown.figures),
        "version_bars": pages.version_bars(rows),
    }


@bp.get("/questions/banks/<uuid:bank_id>/statistics")
@access(Permission.VIEW_ITEMS, bank=items.bank_for)
def bank(bank: QuestionBank) -> ResponseReturnValue:
    """How the questions of a bank behaved, what calls for a look first."""
    asked = next((one for one in Flag if one.value == request.args.get("flag")), None)
    page = page_of(db.session(), queries.measured(bank, asked), request.args)
    return render_template(
        "question_bank/responses/bank.html",
        bank=bank,
        page=page,
        rows=[pages.row_of(one.version, one) for one in page.rows],
        asked=asked,
        counts=queries.flag_counts(bank),
        flag_titles=FLAG_TITLES,
        fewest=FEWEST,
        may_manage=signed_in_person().may(Permission.MANAGE_BANK),
    )


@bp.get("/questions/banks/<uuid:bank_id>/statistics/report.<ending>")
@access(Permission.VIEW_ITEMS, bank=items.bank_for)
@writes_on_read
def report(bank: QuestionBank, ending: str) -> ResponseReturnValue:
    """The report on a bank's questions for the yearly review; it holds no question's text."""
    if ending not in {_PDF, *ENDINGS}:
        abort(404)
    services.note_report(bank, ending=ending, actor=signed_in_person(), at=utc_now())
    if ending == _PDF:
        return documents.report_pdf(bank, utc_now())
    return documents.report_list(bank, ending)


@bp.get("/questions/banks/<uuid:bank_id>/tests")
@access(Permission.MANAGE_BANK, bank=items.bank_for)
@writes_on_read
def test(bank: QuestionBank) -> ResponseReturnValue:
    """How the live tests of a bank came out, papers of one blueprint together."""
    services.note_test(bank, actor=signed_in_person(), at=utc_now())
    return render_template(
        "question_bank/responses/test.html",
        bank=bank,
        tests=[(one, _whole(one.figures)) for one in queries.tests_of(bank) if one.figures.n],
    )


@bp.get("/questions/banks/<uuid:bank_id>/tests.<ending>")
@access(Permission.MANAGE_BANK, bank=items.bank_for)
@writes_on_read
def test_report(bank: QuestionBank, ending: str) -> ResponseReturnValue:
    """The figures of a bank's tests, to take away."""
    if ending not in {_PDF, *ENDINGS}:
        abort(404)
    services.note_test(bank, ending=ending, actor=signed_in_person(), at=utc_now())
    if ending == _PDF:
        return documents.tests_pdf(bank, utc_now())
    return documents.tests_list(bank, ending)


def _whole(figures: WholeFigures) -> dict[str, Any]:
    """The figures of a test in words and drawn."""
    return {
        "facts": pages.whole_facts(figures),
        "title": pages.whole_title(figures) if figures.n else "",
        "charts": [pages.histogram(figures, width) for width in (pages.WIDE, pages.NARROW)]
        if figures.n
        else [],
        "grade_titles": pages.GRADE_TITLES,
        "share": pages.share,
        "figure": pages.figure,
        "fewest": FEWEST,
    }


# ---------------------------------------------------------------------------------------- a paper


@bp.get("/questions/papers/<uuid:paper_id>/results")
@access(Permission.MANAGE_BANK, paper=paper_for)
@writes_on_read
def paper(paper: Paper) -> ResponseReturnValue:
    """How a paper came out."""
    services.note_results(paper, actor=signed_in_person(), at=utc_now())
    figures = queries.paper_figures(paper)
    return render_template(
        "question_bank/responses/paper.html",
        paper=paper,
        figures=figures,
        words=_whole(figures),
        purposes=PURPOSE_TITLES,
        is_live=paper.purpose is PaperPurpose.LIVE,
    )


@bp.get("/questions/papers/<uuid:paper_id>/results/blank.<ending>")
@access(Permission.MANAGE_BANK, paper=paper_for)
def blank(paper: Paper, ending: str) -> ResponseReturnValue:
    """An empty table for the answers to a paper."""
    if ending not in ENDINGS:
        abort(404)
    asked = queries.asked_on(paper)
    head = ("candidate", *(str(one.number) for one in asked))
    rows: list[Sequence[Cell]] = [(MAXIMUM_ROW, *(max(one.marks) for one in asked))]
    return answer(Export(f"{paper.bank.code} paper {paper.number} answers", head, rows), ending)


@bp.route("/questions/papers/<uuid:paper_id>/results/upload", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK, paper=paper_for)
@writes
def upload(paper: Paper) -> ResponseReturnValue:
    """Read a table of answers; nothing counts yet."""
    form = AnswersForm()
    faults: list[Fault] = []
    kept: list[AnswerFile] = []
    if form.validate_on_submit() and form.applied(
        lambda: _looked_through(paper, form, kept, faults, signed_in_person(), utc_now())
    ):
        return redirect(url_for("responses.show", answers_id=kept[0].id), 303)
    return _page("upload", form, paper=paper, faults=faults)


def _looked_through(
    paper: Paper,
    form: AnswersForm,
    kept: list[AnswerFile],
    faults: list[Fault],
    actor: Person,
    at: datetime,
) -> None:
    """Read what was uploaded: its answers are kept aside, or its faults named."""
    reading = _reading(paper, form.file.data)
    faults += reading.faults
    if faults:
        raise RuleBroken("answers-at-fault", "Put the table right and choose it again.", "file")
    name = form.file.data.filename or ""
    kept.append(services.keep_file(paper, reading.scripts, name=name, actor=actor, at=at))


def _reading(paper: Paper, upload: FileStorage) -> Reading:
    formulas: dict[int, str] = {}
    name = (upload.filename or "").lower()
    rows = (
        sheet_rows(upload.stream, formulas, "answers")
        if name.endswith("xlsx")
        else csv_rows(upload.stream)
    )
    try:
        with closing(rows):
            return read_answers(rows, queries.asked_on(paper), formulas)
    except Unreadable as fault:
        message = f"The table cannot be read: {fault}."
        raise RuleBroken("table-unreadable", message, "file") from fault


@bp.route("/questions/answers/<uuid:answers_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK, answers=queries.file_for)
@writes
def show(answers: AnswerFile) -> ResponseReturnValue:
    """What a table would bring, candidate by candidate; sent, all of it is stored or nothing."""
    form, actor, kept = StoreForm(), signed_in_person(), []
    if form.validate_on_submit() and form.applied(
        lambda: kept.append(
            services.store_file(answers, form.reason.data or "", actor=actor, at=utc_now())
        )
    ):
        flash(f"The answers of {kept[0]:,} candidates count from now on.", "done")
        return redirect(url_for("responses.paper", paper_id=answers.paper_id), 303)
    return _shown(answers, form)


def _shown(file: AnswerFile, form: StoreForm) -> ResponseReturnValue:
    scripts = [] if file.stored_at else queries.scripts_in(file)
    fates = queries.fates(file.paper, scripts)
    page = render_template(
        "question_bank/responses/show.html",
        file=file,
        form=form,
        page=page_of_rows(list(zip(scripts, fates, strict=True)), request.args),
        fact_rows=[
            {"label": title, "value": f"{fates.count(fate):,}"}
            for fate, title in FATE_TITLES.items()
        ],
        is_change=ScriptFate.CHANGED in fates,
        can_store=any(one is not ScriptFate.SAME for one in fates),
        fates=FATE_TITLES,
        fate_tags=_FATE_TAGS,
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/questions/papers/<uuid:paper_id>/results/leave-out", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK, paper=paper_for)
@writes
def leave_out(paper: Paper) -> ResponseReturnValue:
    """Take answers out of every figure."""
    form, actor = LeaveOutForm(), signed_in_person()
    if form.validate_on_submit() and form.applied(
        lambda: services.leave_out(
            paper, form.candidate.data or "", form.reason.data, actor=actor, at=utc_now()
        )
    ):
        flash("They count no longer.", "done")
        return redirect(url_for("responses.paper", paper_id=paper.id), 303)
    return _page("leave_out", form, paper=paper)


def _page(view: str, form: PlumblineForm, **values: Any) -> ResponseReturnValue:
    page = render_template(f"question_bank/responses/{view}.html", form=form, **values)
    return page, 422 if request.method == "POST" else 200
