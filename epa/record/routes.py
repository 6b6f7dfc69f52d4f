"""The list of apprentices, and one apprentice's record: clock, facts and the way through."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.booking import queries as booking
from epa.clock import london_date, utc_now
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.lifecycle.rules import STAGE_TITLES, Stage
from epa.needs.queries import needs_of
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.record import queries
from epa.record.entries import entries_of
from epa.record.rules import in_order
from epa.web.access import access
from epa.web.pagination import Sorting, page_of
from epa.web.ruler import Clock, clock_of

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
    person, at = signed_in_person(), utc_now()
    shown = queries.record_of(person, assessment)
    needs = [
        need
        for need in needs_of(person, at)
        if need.assessment_id == assessment.id and need.place != "record.show"
    ]
    return render_template(
        "epa/record/show.html",
        assessment=assessment,
        plan=framework_of(assessment),
        record=shown,
        clock=_clock(shown, at),
        way=in_order(entries_of(shown, at), london_date(at)),
        needs=needs,
        stage=STAGE_TITLES[assessment.stage],
        has_ended=assessment.stage in {Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED},
        can_book=person.may(Permission.BOOK),
        dates=booking.reached(person, Permission.VIEW_DATE, list(shown.attempts.values())),
        is_own=assessment.apprenticeship.person_id == person.id,
    )


def _filters() -> queries.Filters:
    stage = request.args.get("stage", "")
    return queries.Filters(
        words=request.args.get("words", "").replace("\x00", "")[:100],
        stage=Stage(stage) if stage in set(Stage) else None,
    )


def _clock(shown: queries.Record, at: datetime) -> Clock | None:
    period, plan = shown.period, framework_of(shown.assessment)
    if period is None or shown.assessment.stage is Stage.COMPLETE:
        return None
    dated = [
        (plan.methods[code].short_title, london_date(attempt.scheduled_at))
        for code, attempt in shown.attempts.items()
        if attempt.scheduled_at
    ]
    inside = [(name, day) for name, day in dated if period.starts_on <= day <= period.ends_on]
    return clock_of(
        period.starts_on,
        period.ends_on,
        london_date(at),
        methods=inside,
        deadlines=[
            ("Presentation file due", period.presentation_due_on),
            ("Material due", period.material_due_on),
        ],
    )
