"""The list of apprentices, and one apprentice's record: clock, facts and the way through."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.database import db
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.lifecycle.rules import STAGE_TITLES, Stage
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.record import queries
from epa.record.pages import way_through
from epa.web.access import access
from epa.web.pagination import Sorting, page_of

bp = Blueprint("record", __name__, url_prefix="/apprentices")


@bp.get("")
@access(Permission.LIST_ASSESSMENTS)
def index() -> ResponseReturnValue:
    """The apprentices whom the reader may see."""
    person, filters = signed_in_person(), _filters()
    if (own := queries.only_record_of(person)) is not None:
        return redirect(url_for("record.show", assessment_id=own))
    sorting = Sorting.from_args(request.args, list(queries.ORDERS))
    query = queries.listed(person, filters, sorting.key, descending=sorting.descending)
    return render_template(
        "epa/record/index.html",
        page=page_of(db.session(), query, request.args),
        filters=filters,
        sorting=sorting,
        stages=STAGE_TITLES,
        can_register=person.may(Permission.REGISTER_APPRENTICE),
    )


@bp.get("/<uuid:assessment_id>")
@access(Permission.VIEW_ASSESSMENT, assessment=assessment_for)
def show(assessment: EndPointAssessment) -> ResponseReturnValue:
    """One apprentice's record, as the reader may see it."""
    person = signed_in_person()
    return render_template(
        "epa/record/show.html",
        **way_through(person, assessment, utc_now()),
        has_ended=assessment.stage in {Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED},
        is_own=assessment.apprenticeship.person_id == person.id,
    )


def _filters() -> queries.Filters:
    stage = request.args.get("stage", "")
    return queries.Filters(
        words=request.args.get("words", "").replace("\x00", "")[:100],
        stage=Stage(stage) if stage in set(Stage) else None,
    )
