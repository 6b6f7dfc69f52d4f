"""The list of apprentices, and one apprentice's record: clock, facts and the way through."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.adjustments.queries import adjusted_methods
from epa.audit.services import note_export
from epa.booking import queries as booking
from epa.case_notes.queries import notes_on
from epa.case_notes.rules import CHANNEL_TITLES
from epa.changes.queries import history
from epa.changes.rules import CHANGE_TITLES
from epa.clock import london_date, utc_now
from epa.database import db
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for, assessments_beside, may_on
from epa.lifecycle.rules import ENDED, STAGE_TITLES, Stage
from epa.needs.queries import needs_of
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.record import queries
from epa.record.pages import way_through
from epa.record.rules import STOPPED
from epa.resits.ending import may_start_again
from epa.resits.queries import closing_of
from epa.web.access import access
from epa.web.exports import ROWS_AT_ONCE, Export, answer
from epa.web.pagination import Sorting, count_of, page_asked
from epa.web.transaction import writes_on_read

bp = Blueprint("record", __name__, url_prefix="/apprentices")
_COLUMNS: Final = (
    *("family_name", "given_names", "uln", "employer", "provider", "standard_reference"),
    *("learning_start", "stage", "stage_since", "period_starts"),
)


@bp.get("")
@access(Permission.LIST_ASSESSMENTS)
def index() -> ResponseReturnValue:
    """The apprentices whom the reader may see."""
    person, filters = signed_in_person(), _filters()
    if (own := queries.only_record_of(person)) is not None:
        return redirect(url_for("record.show", assessment_id=own))
    sorting = Sorting.from_args(request.args, list(queries.ORDERS))
    lines = queries.lines(person, filters, sorting.key, descending=sorting.descending)
    page = page_asked(*lines, request.args)
    return render_template(
        "epa/record/index.html",
        page=page,
        rows=map(queries.Listed._make, page.rows),
        filters=filters,
        sorting=sorting,
        stages=STAGE_TITLES,
        can_register=person.may(Permission.REGISTER_APPRENTICE),
    )


@bp.get("/list.csv", defaults={"ending": "csv"})
@bp.get("/list.xlsx", defaults={"ending": "xlsx"})
@access(Permission.LIST_ASSESSMENTS)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The same list as a file for a spreadsheet."""
    person = signed_in_person()
    sorting = Sorting.from_args(request.args, list(queries.ORDERS))
    found = queries.listed(person, _filters(), sorting.key, descending=sorting.descending)
    number = count_of(db.session(), found)
    note_export(person, "apprentices", ending=ending, rows=number, at=utc_now())
    rows = db.session.scalars(
        queries.with_provider(found).execution_options(yield_per=ROWS_AT_ONCE)
    )
    return answer(Export("apprentices", _COLUMNS, map(_exported, rows)), ending)


def _exported(row: EndPointAssessment) -> tuple[str, ...]:
    about = row.apprenticeship
    return (
        about.person.family_name,
        about.person.given_names,
        about.uln,
        about.employer.name,
        about.provider.name if about.provider else "",
        about.standard_reference,
        about.learning_start_on.isoformat(),
        STAGE_TITLES[row.stage],
        london_date(row.stage_since).isoformat(),
        row.epa_starts_on.isoformat() if row.epa_starts_on else "",
    )


@bp.get("/<uuid:assessment_id>")
@access(Permission.VIEW_ASSESSMENT, assessment=assessment_for)
def show(assessment: EndPointAssessment) -> ResponseReturnValue:
    """One apprentice's record, as the reader may see it."""
    person, at = signed_in_person(), utc_now()
    return render_template(
        "epa/record/show.html",
        **way_through(person, assessment, needs_of(person, at), at),
        has_ended=assessment.stage in STOPPED,
        dates=booking.reached(person, Permission.VIEW_DATE, assessment.attempts),
        is_own=assessment.apprenticeship.person_id == person.id,
        noted=notes_on(person, assessment),
        may_see_material=person.may(Permission.VIEW_MATERIAL),
        may_see_notes=person.may(Permission.VIEW_CASE_NOTES),
        may_write_notes=person.may(Permission.WRITE_CASE_NOTES),
        channels=CHANNEL_TITLES,
        **_adjustments(person, assessment),
        **_beside(person, assessment),
        **_changes(person, assessment),
    )


def _adjustments(person: Person, assessment: EndPointAssessment) -> dict[str, Any]:
    """For which methods adjustments are in force, for those who may see what they are."""
    if not may_on(person, Permission.VIEW_ADJUSTMENTS, assessment.id):
        return {"can_see_adjustments": False}
    return {"can_see_adjustments": True, "adjusted": adjusted_methods(assessment)}


def _beside(person: Person, assessment: EndPointAssessment) -> dict[str, Any]:
    """The assessment before this one and after it, how it was closed, whether a new one may begin."""

    def reached(other: EndPointAssessment | None) -> EndPointAssessment | None:
        return assessment_for(person, Permission.VIEW_ASSESSMENT, other.id) if other else None

    before, after = assessments_beside(assessment)
    return {
        "previous": reached(before),
        "following": reached(after),
        "closing": closing_of(assessment) if assessment.stage is Stage.CLOSED else None,
        "can_start_again": assessment.stage in ENDED
        and person.may(Permission.REGISTER_APPRENTICE)
        and may_start_again(assessment),
    }


def _changes(person: Person, assessment: EndPointAssessment) -> dict[str, Any]:
    """The history with its reasons, for those alone who may read them."""
    if not may_on(person, Permission.VIEW_CHANGES, assessment.id):
        return {"can_see_changes": False}
    return {
        "can_see_changes": True,
        "changes": history(assessment),
        "change_titles": CHANGE_TITLES,
        "can_change": person.may(Permission.CHANGE_APPRENTICESHIP),
    }


def _filters() -> queries.Filters:
    stage = request.args.get("stage", "")
    return queries.Filters(
        words=request.args.get("words", "").replace("\x00", "")[:100],
        stage=Stage(stage) if stage in set(Stage) else None,
    )
