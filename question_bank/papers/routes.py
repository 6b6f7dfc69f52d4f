"""The pages of papers: blueprints, the draw, a paper explained and printed, how far a bank reaches."""

from __future__ import annotations

import secrets
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import london_date, utc_now
from epa.database import db
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.forms import PlumblineForm
from epa.web.pagination import page_of
from epa.web.transaction import writes, writes_on_read
from question_bank.drawing.loading import differences
from question_bank.drawing.paper import DrawBlueprint
from question_bank.items import queries as items
from question_bank.items.models import QuestionBank
from question_bank.items.rules import KIND_TITLES
from question_bank.papers import pages, queries, services
from question_bank.papers.forms import DrawForm, blueprint_form, cell_name
from question_bank.papers.models import Paper, PaperBlueprint
from question_bank.papers.rules import (
    DOCUMENT_TITLES,
    PURPOSE_TITLES,
    PaperDocument,
    from_record,
)

bp = Blueprint("papers", __name__)

_SEEDS: Final = 10**12


@bp.get("/questions/papers")
@access(Permission.MANAGE_BANK)
def index() -> ResponseReturnValue:
    """Every drawn paper within reach, the latest first."""
    person = signed_in_person()
    found = queries.papers(person, Permission.MANAGE_BANK)
    return render_template(
        "question_bank/papers/index.html",
        page=page_of(db.session(), found, request.args),
        banks=db.session.scalars(items.banks(person, Permission.MANAGE_BANK)).all(),
        purposes=PURPOSE_TITLES,
    )


@bp.get("/questions/banks/<uuid:bank_id>/adequacy")
@access(Permission.VIEW_ITEMS, bank=items.bank_for)
def adequacy(bank: QuestionBank) -> ResponseReturnValue:
    """How many papers and re-sits a bank supports, and what to write next."""
    known = queries.known_blueprints(bank)
    name = request.args.get("blueprint", next(iter(known), ""))
    blueprint = known.get(name)
    today = london_date(utc_now())
    return render_template(
        "question_bank/papers/adequacy.html",
        bank=bank,
        names=list(known),
        name=name,
        reach=queries.adequacy(bank, blueprint, today) if blueprint else None,
        kinds={kind.value: title for kind, title in KIND_TITLES.items()},
        may_manage=signed_in_person().may(Permission.MANAGE_BANK),
    )


# --------------------------------------------------------------------------------------- blueprints


@bp.get("/questions/banks/<uuid:bank_id>/blueprints")
@access(Permission.MANAGE_BANK, bank=items.bank_for)
def blueprints(bank: QuestionBank) -> ResponseReturnValue:
    """The blueprints of a bank, and where they are not what the plan asks for."""
    rows = [
        (row, from_record(row.record), _differences(bank, from_record(row.record)))
        for row in queries.blueprints(bank)
    ]
    return render_template(
        "question_bank/papers/blueprints.html",
        bank=bank,
        rows=rows,
        standard=queries.standard_blueprint(bank),
    )


def _differences(bank: QuestionBank, blueprint: DrawBlueprint) -> list[str]:
    plan = items.plan_of(bank.framework_code)
    return differences(blueprint, plan, items.method_of(bank).code)


@bp.route("/questions/banks/<uuid:bank_id>/blueprints/new", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK, bank=items.bank_for)
@writes
def add_blueprint(bank: QuestionBank) -> ResponseReturnValue:
    """Add a blueprint, beginning from the one that comes with the standard."""
    return _blueprint_page(bank, queries.standard_blueprint(bank))


@bp.route("/questions/blueprints/<uuid:blueprint_id>/edit", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK, blueprint=queries.blueprint_for)
@writes
def edit_blueprint(blueprint: PaperBlueprint) -> ResponseReturnValue:
    """Change a blueprint; papers drawn before keep theirs."""
    return _blueprint_page(blueprint.bank, from_record(blueprint.record), blueprint)


def _blueprint_page(
    bank: QuestionBank, shown: DrawBlueprint | None, stored: PaperBlueprint | None = None
) -> ResponseReturnValue:
    plan, method = items.plan_of(bank.framework_code), items.method_of(bank)
    codes = plan.ksbs_of(method.code)
    kinds = {kind.code: kind.title for kind in method.question_types}
    form = blueprint_form(codes, kinds, shown)

    def keep() -> None:
        wanted = form.wanted(codes, list(kinds))
        services.keep_blueprint(bank, wanted, stored=stored, actor=signed_in_person(), at=utc_now())

    if form.validate_on_submit() and form.applied(keep):
        flash("The blueprint is kept.", "done")
        return redirect(url_for("papers.blueprints", bank_id=bank.id), 303)
    cells = [
        (code, plan.criterion(code).title, [form[cell_name(code, kind)] for kind in kinds])
        for code in codes
    ]
    return _page("edit_blueprint", form, bank=bank, cells=cells, stored=stored)


# ------------------------------------------------------------------------------------------- papers


@bp.route("/questions/banks/<uuid:bank_id>/papers/draw", methods=["GET", "POST"])
@access(Permission.MANAGE_BANK, bank=items.bank_for)
@writes
def draw(bank: QuestionBank) -> ResponseReturnValue:
    """Draw a paper."""
    form, known = DrawForm(), queries.known_blueprints(bank)
    form.offer(known)
    drawn: list[Paper] = []
    if form.validate_on_submit() and form.applied(
        lambda: drawn.append(_drawn(bank, form, known, signed_in_person()))
    ):
        flash("The paper is drawn.", "done")
        return redirect(url_for("papers.show", paper_id=drawn[0].id), 303)
    return _page("draw", form, bank=bank)


def _drawn(
    bank: QuestionBank, form: DrawForm, known: dict[str, DrawBlueprint], actor: Person
) -> Paper:
    seed = form.seed.data if form.seed.data is not None else secrets.randbelow(_SEEDS)
    return services.draw_paper(
        bank,
        known[form.blueprint.data],
        seed=seed,
        purpose=form.purpose.data,
        without=form.papers_left_out,
        actor=actor,
        at=utc_now(),
    )


@bp.get("/questions/papers/<uuid:paper_id>")
@access(Permission.MANAGE_BANK, paper=queries.paper_for)
@writes_on_read
def show(paper: Paper) -> ResponseReturnValue:
    """A paper: how it came about, and its questions as they stand on it."""
    services.note_reading(paper, actor=signed_in_person(), at=utc_now())
    return render_template(
        "question_bank/papers/show.html",
        paper=paper,
        drawn=queries.drawn(paper),
        explained=pages.explained(paper),
        kinds={kind.value: title for kind, title in KIND_TITLES.items()},
        parts=pages.sections_of(paper),
        is_unchanged=queries.is_unchanged(paper),
        purposes=PURPOSE_TITLES,
        documents=DOCUMENT_TITLES,
    )


@bp.get("/questions/papers/<uuid:paper_id>/<document>.pdf")
@access(Permission.MANAGE_BANK, paper=queries.paper_for)
@writes_on_read
def document(paper: Paper, document: str) -> ResponseReturnValue:
    """A paper's question paper, answer booklet or marking guide as a PDF."""
    asked = next((one for one in PaperDocument if one.value == document), None) or abort(404)
    services.note_document(paper, asked, actor=signed_in_person(), at=utc_now())
    return pages.printed(paper, asked)


def _page(view: str, form: PlumblineForm, **values: Any) -> ResponseReturnValue:
    page = render_template(f"question_bank/papers/{view}.html", form=form, **values)
    return page, 422 if request.method == "POST" else 200
