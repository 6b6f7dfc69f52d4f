"""Results: what waits for release, an apprentice's results, and the two releases."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.grading import queries, services
from epa.grading.forms import ReleaseFailForm, ReleaseForm
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import assessment_for, attempt_for
from epa.lifecycle.rules import GRADE_TITLES, Grade
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.transaction import writes_on_read

bp = Blueprint("grading", __name__)

_LATELY = 20


@bp.get("/results")
@access(Permission.RELEASE_RESULTS)
@writes_on_read
def index() -> ResponseReturnValue:
    """What waits for a second person, oldest first, and what was released lately."""
    person = signed_in_person()
    lately = queries.released_lately(person, _LATELY)
    services.note_list_read(lately, actor=person, at=utc_now())
    return render_template(
        "epa/grading/index.html",
        methods=[
            (attempt, _method_title(attempt), _may_release(person, attempt))
            for attempt in queries.attempts_to_release(person)
        ],
        overall=queries.assessments_to_release(person),
        lately=lately,
        grades=GRADE_TITLES,
    )


@bp.get("/apprentices/<uuid:assessment_id>/results")
@access(Permission.VIEW_RESULTS, assessment=assessment_for)
@writes_on_read
def results(assessment: EndPointAssessment) -> ResponseReturnValue:
    """The results of one apprentice, as the reader may see them."""
    person = signed_in_person()
    shown = queries.visible_results(person, assessment)
    services.note_reading(assessment, shown, actor=person, at=utc_now())
    releases = assessment_for(person, Permission.RELEASE_RESULTS, assessment.id) is not None
    return render_template(
        "epa/grading/results.html",
        assessment=assessment,
        results=shown,
        grades=GRADE_TITLES,
        can_release=releases,
        can_release_overall=releases
        and not shown.overall
        and queries.overall_now(assessment) is not None,
    )


@bp.route("/attempts/<uuid:attempt_id>/release", methods=["GET", "POST"])
@access(Permission.RELEASE_RESULTS, attempt=attempt_for)
@writes_on_read
def release_method(attempt: MethodAttempt) -> ResponseReturnValue:
    """Release one method's grade."""
    person, form = signed_in_person(), ReleaseForm()
    back = url_for("grading.results", assessment_id=attempt.assessment_id)
    if form.validate_on_submit() and form.applied(
        services.release_method, attempt, actor=person, at=utc_now()
    ):
        flash(f"The grade of the {_method_title(attempt).lower()} is released.")
        return redirect(back)
    services.note_grade_read(attempt, actor=person, at=utc_now())
    page = render_template(
        "epa/grading/release_method.html",
        form=form,
        attempt=attempt,
        method=_method_title(attempt),
        grade=GRADE_TITLES[attempt.grade] if attempt.grade else "",
        may_release=_may_release(person, attempt),
        back=back,
    )
    return page, 422 if form.errors else 200


@bp.route("/apprentices/<uuid:assessment_id>/release", methods=["GET", "POST"])
@access(Permission.RELEASE_RESULTS, assessment=assessment_for)
@writes_on_read
def release_overall(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Release the overall grade."""
    person, outcome = signed_in_person(), queries.overall_now(assessment)
    failed = outcome is not None and outcome.grade is Grade.FAIL
    form = ReleaseFailForm() if failed else ReleaseForm()
    back = url_for("grading.results", assessment_id=assessment.id)
    if form.validate_on_submit() and form.applied(
        services.release_overall,
        assessment,
        actor=person,
        at=utc_now(),
        no_resit_reason=form.no_resit_reason.data if failed else None,
    ):
        flash("The overall grade is released.")
        return redirect(back)
    shown = queries.visible_results(person, assessment)
    services.note_reading(assessment, shown, actor=person, at=utc_now())
    page = render_template(
        "epa/grading/release_overall.html",
        form=form,
        assessment=assessment,
        outcome=outcome,
        grades=GRADE_TITLES,
        failed=failed,
        results=shown,
        back=back,
    )
    return page, 422 if form.errors else 200


def _method_title(attempt: MethodAttempt) -> str:
    return framework_of(attempt.assessment).methods[attempt.method_code].short_title


def _may_release(person: Person, attempt: MethodAttempt) -> bool:
    return person.id not in queries.involved_in(attempt)
