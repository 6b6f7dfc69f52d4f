"""The pages of client data: lists of a provider, what comes out of one, its sample and breakdown."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
from epa.client_data import pages, queries, receiving, services, tables
from epa.client_data.forms import (
    ListForm,
    PopulationForm,
    RemoveForm,
    ReplaceForm,
    SampleForm,
    population_form,
)
from epa.client_data.models import ClientRecords
from epa.client_data.receiving import ListRefused
from epa.client_data.rules import Period
from epa.client_data.services import Reading
from epa.clock import utc_now
from epa.database import db
from epa.errors import RuleBroken
from epa.people.models import Organisation
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.settings import queries as settings
from epa.web.access import access
from epa.web.exports import Export, answer
from epa.web.filters import plural
from epa.web.pagination import page_of, page_of_rows
from epa.web.transaction import step, writes, writes_in_steps, writes_on_read
from frameworks.kpis.report import sample_limits

bp = Blueprint("client_data", __name__)

_VIEW: Final = Permission.VIEW_CLIENT_DATA
_MANAGE: Final = Permission.MANAGE_CLIENT_DATA
_FIGURES: Final = (
    *("indicator", "title", "value", "counted", "of", "calculation", "marks", "most_marks"),
    "reason",
)


@bp.get("/client-data")
@access(_VIEW)
def index() -> ResponseReturnValue:
    """The providers whose lists this person may see."""
    found = queries.providers(signed_in_person(), _VIEW).order_by(
        Organisation.search_name, Organisation.id
    )
    return render_template(
        "epa/client_data/index.html", page=page_of(db.session(), found, request.args)
    )


@bp.get("/organisations/<uuid:provider_id>/client-lists")
@access(_VIEW, provider=queries.provider_for)
def of(provider: Organisation) -> ResponseReturnValue:
    """A provider's lists, the latest period first."""
    person = signed_in_person()
    return render_template(
        "epa/client_data/of.html",
        organisation=provider,
        lists=queries.lists_of(person, _VIEW, provider),
        may_manage=queries.provider_for(person, _MANAGE, provider.id) is not None,
    )


@bp.route("/organisations/<uuid:provider_id>/client-lists/new", methods=["GET", "POST"])
@access(_MANAGE, provider=queries.provider_for)
@writes_in_steps
def upload(provider: Organisation) -> ResponseReturnValue:
    """Take a list in: read it, then store it whole or not at all."""
    form = ListForm()
    epaos = queries.kept_for(signed_in_person(), _MANAGE)
    form.offer(epaos)
    if (
        form.validate_on_submit()
        and (reading := _read(form, form.period))
        and (kept := _kept(form, provider.id, reading))
    ):
        flash(f"The list of {plural(reading.worked.clients, 'client')} is kept.", "done")
        return redirect(url_for("client_data.show", records_id=kept), 303)
    return _page("upload", form, organisation=provider, chooses=len(epaos) > 1)


@bp.get("/client-lists/<uuid:records_id>")
@access(_VIEW, records=queries.list_for)
def show(records: ClientRecords) -> ResponseReturnValue:
    """The indicators with their calculation, the sample and the breakdown."""
    person, threshold = signed_in_person(), settings.value("small_cells_below")
    indicators = pages.indicators_of(records)
    return render_template(
        "epa/client_data/show.html",
        kept=records,
        indicators=indicators,
        gates=pages.gates_of(records),
        breakdowns=pages.breakdowns_of(records, threshold),
        not_listed=pages.not_listed(records),
        threshold=threshold,
        may_manage=queries.list_for(person, _MANAGE, records.id) is not None,
        may_draw=queries.list_for(person, Permission.DRAW_CLIENT_SAMPLE, records.id) is not None,
    )


@bp.get("/client-lists/<uuid:records_id>/left-out")
@access(_VIEW, records=queries.list_for)
def left_out(records: ClientRecords) -> ResponseReturnValue:
    """Who does not count somewhere, and why."""
    return render_template(
        "epa/client_data/left_out.html",
        kept=records,
        page=page_of_rows(records.left_out, request.args),
    )


@bp.route("/client-lists/<uuid:records_id>/replace", methods=["GET", "POST"])
@access(_MANAGE, records=queries.list_for)
@writes_in_steps
def replace(records: ClientRecords) -> ResponseReturnValue:
    """Put another list, other answers or another assessment date in its place."""
    form = ReplaceForm(data={"assessed_on": records.assessed_on})
    if form.validate_on_submit():
        period = Period(records.starts_on, records.ends_on, form.assessed_on.data)
        if (reading := _read(form, period, records)) and _replaced(form, records.id, reading):
            flash("What you gave is in its place, and everything is worked out anew.", "done")
            return redirect(url_for("client_data.show", records_id=records.id), 303)
    return _page("replace", form, kept=records)


@bp.route("/client-lists/<uuid:records_id>/remove", methods=["GET", "POST"])
@access(_MANAGE, records=queries.list_for)
@writes
def remove(records: ClientRecords) -> ResponseReturnValue:
    """Remove a list, after saying what that means."""
    form, provider_id = RemoveForm(), records.organisation_id
    if form.validate_on_submit() and form.applied(
        lambda: services.remove(records, actor=signed_in_person(), at=utc_now())
    ):
        flash("The list is removed.", "done")
        return redirect(url_for("client_data.of", provider_id=provider_id), 303)
    return _page("remove", form, kept=records)


@bp.route("/client-lists/<uuid:records_id>/sample", methods=["GET", "POST"])
@access(Permission.DRAW_CLIENT_SAMPLE, records=queries.list_for)
@writes
def draw(records: ClientRecords) -> ResponseReturnValue:
    """Draw a random sample of the clients."""
    form, limits = SampleForm(), sample_limits(queries.measures_of(records)[0])
    if limits is not None:
        form.offer(limits.least, limits.most)
    if form.validate_on_submit() and form.applied(
        lambda: services.draw_sample(
            records, form.size.data, actor=signed_in_person(), at=utc_now()
        )
    ):
        flash("The sample is drawn.", "done")
        return redirect(url_for("client_data.show", records_id=records.id, _anchor="sample"), 303)
    return _page("draw", form, kept=records, limits=limits)


@bp.route("/client-lists/<uuid:records_id>/population", methods=["GET", "POST"])
@access(_MANAGE, records=queries.list_for)
@writes
def population(records: ClientRecords) -> ResponseReturnValue:
    """Enter the local population's shares beside the clients."""
    form: PopulationForm = population_form(
        records.figures["groups"], records.population, records.population_source
    )
    if form.validate_on_submit() and form.applied(
        lambda: services.set_population(
            records, form.shares, form.source.data or "", actor=signed_in_person(), at=utc_now()
        )
    ):
        flash("The figures of the local population are kept.", "done")
        return redirect(url_for("client_data.show", records_id=records.id, _anchor="who"), 303)
    return _page("population", form, kept=records)


@bp.get("/client-lists/<uuid:records_id>/clients.csv", defaults={"ending": "csv"})
@bp.get("/client-lists/<uuid:records_id>/clients.xlsx", defaults={"ending": "xlsx"})
@access(_MANAGE, records=queries.list_for)
@writes_on_read
def clients(records: ClientRecords, ending: str) -> ResponseReturnValue:
    """The list as it is kept: what the command works out the same figures from."""
    note_export(signed_in_person(), "clients", ending=ending, rows=records.clients, at=utc_now())
    listed = tables.read_kept(records.content)
    name = f"clients-{records.starts_on}-to-{records.ends_on}"
    return answer(Export(name, tables.columns_of(listed), tables.rows_of(listed)), ending)


@bp.get("/client-lists/<uuid:records_id>/figures.csv", defaults={"ending": "csv"})
@bp.get("/client-lists/<uuid:records_id>/figures.xlsx", defaults={"ending": "xlsx"})
@access(_VIEW, records=queries.list_for)
@writes_on_read
def figures(records: ClientRecords, ending: str) -> ResponseReturnValue:
    """The indicators with their calculation as a file."""
    rows = [pages.exported(one) for one in pages.indicators_of(records)]
    note_export(signed_in_person(), "indicators", ending=ending, rows=len(rows), at=utc_now())
    return answer(Export(f"indicators-{records.assessed_on}", _FIGURES, rows), ending)


@bp.get("/client-data/client-list.csv", defaults={"ending": "csv"})
@bp.get("/client-data/client-list.xlsx", defaults={"ending": "xlsx"})
@access(_MANAGE)
def template(ending: str) -> ResponseReturnValue:
    """A client list with the columns that are read, and three invented rows."""
    return answer(Export("client-list", pages.TEMPLATE, pages.EXAMPLES), ending)


@bp.get("/client-data/satisfaction-answers.csv", defaults={"ending": "csv"})
@bp.get("/client-data/satisfaction-answers.xlsx", defaults={"ending": "xlsx"})
@access(_MANAGE)
def answers_template(ending: str) -> ResponseReturnValue:
    """A table of satisfaction answers, and two invented rows."""
    rows = (("employer", "4.5"), ("client", "4"))
    return answer(Export("satisfaction-answers", pages.ANSWERS, rows), ending)


def _read(
    form: ListForm | ReplaceForm, period: Period, kept: ClientRecords | None = None
) -> Reading | None:
    """What the files come to; None, with the form saying why, if they cannot be kept."""
    try:
        return receiving.read(period, form.clients.checked, form.answers.checked, kept)
    except ListRefused as refused:
        form.say(refused)
    except RuleBroken as broken:
        for one in broken.each:
            form.add_error(one.message, one.field)
    return None


def _kept(form: ListForm, provider_id: UUID, reading: Reading) -> UUID | None:
    """The id of the list that is kept; None, with the form saying why, if it is not."""
    made: list[ClientRecords] = []

    def keep() -> None:
        provider = db.session.get_one(Organisation, provider_id)
        epao = db.session.get_one(Organisation, form.epao.data)
        actor, at = signed_in_person(), utc_now()
        made.append(services.keep(provider, epao, reading, actor=actor, at=at))

    with step():
        return made[0].id if form.applied(keep) else None


def _replaced(form: ReplaceForm, list_id: UUID, reading: Reading) -> bool:
    with step():
        return form.applied(
            lambda: services.replace(
                db.session.get_one(ClientRecords, list_id),
                reading,
                actor=signed_in_person(),
                at=utc_now(),
            )
        )


def _page(view: str, form: Any, **values: Any) -> ResponseReturnValue:
    status = 422 if request.method == "POST" else 200
    return render_template(f"epa/client_data/{view}.html", form=form, **values), status
