"""The page of figures, and the same as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.figures import queries
from epa.figures.rules import GroupedBy, Row, Table, bars, counts_shown, figures, heat_maps
from epa.lifecycle.rules import STAGE_TITLES
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.settings import queries as settings
from epa.web.access import access
from epa.web.exports import Cell, Export, answer
from epa.web.transaction import writes_on_read

bp = Blueprint("figures", __name__)
_TITLES: Final = {
    GroupedBy.EMPLOYER: "employer",
    GroupedBy.PROVIDER: "training provider",
    GroupedBy.PERIOD: "quarter of release",
}
# The rates: their name in a row, their title, and what a chart of them says.
_RATES: Final = (
    ("in_time", "In time"),
    ("at_first", "Passed at first"),
    ("distinctions", "Distinction"),
)
_LEFT_OUT: Final = "left out"


@bp.get("/figures")
@access(Permission.VIEW_FIGURES)
def show() -> ResponseReturnValue:
    """Numbers by stage, and rates by employer, provider or period."""
    person, by = signed_in_person(), _grouped_by()
    threshold = settings.value("small_cells_below")
    counts = queries.by_stage(person)
    table = figures(queries.finished(person), by, threshold)
    return render_template(
        "epa/figures/show.html",
        today=london_date(utc_now()),
        threshold=threshold,
        stages=counts_shown({STAGE_TITLES[stage]: n for stage, n in counts.items()}, threshold),
        by=by,
        groupings=_TITLES,
        table=table,
        rates=_RATES,
        heat=heat_maps(queries.judged(person), by, table, threshold),
        charts=[(name, title, bars(table, name)) for name, title in _RATES],
    )


@bp.get("/figures.csv", defaults={"ending": "csv"})
@bp.get("/figures.xlsx", defaults={"ending": "xlsx"})
@access(Permission.VIEW_FIGURES)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The rates as a file for a spreadsheet, with the same left out."""
    person, by = signed_in_person(), _grouped_by()
    table = figures(queries.finished(person), by, settings.value("small_cells_below"))
    note_export(person, "figures", ending=ending, rows=len(table.rows) + 1, at=utc_now())
    head = (by.value, "finished", "in_time", "passed_at_first", "distinction")
    return answer(Export(f"figures-by-{by.value}", head, _exported(table)), ending)


def _exported(table: Table) -> Iterator[tuple[Cell, ...]]:
    for row in (*table.rows, table.total):
        yield row.title, *(_LEFT_OUT if cell is None else cell for cell in _numbers(row))


def _numbers(row: Row) -> tuple[int | None, ...]:
    return row.number, row.in_time, row.at_first, row.distinctions


def _grouped_by() -> GroupedBy:
    text = request.args.get("by")
    return next((one for one in GroupedBy if one.value == text), GroupedBy.EMPLOYER)
