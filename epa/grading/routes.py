"""Results: what waits for release, an apprentice's results, and the two releases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.audit.services import note_export
from epa.clock import london_date, utc_now
from epa.database import db
from epa.grading import queries, services
from epa.grading.forms import ReleaseForm
from epa.grading.models import OverallGrade
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import assessment_for, attempt_for
from epa.lifecycle.rules import ATTEMPT_TITLES, GRADE_TITLES, Grade
from epa.people.models import Person
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.exports import Export, answer, in_parts
from epa.web.pagination import Sorting, count_of, page_of
from epa.web.transaction import writes_on_read

bp = Blueprint("grading", __name__)

_METHODS: Final = ("presentation", "observation", "knowledge_test")
_COLUMNS: Final = (
    *("family_name", "given_names", "uln", "employer", *_METHODS),
    *("overall", "statement_number", "released"),
)
# How each order is said, forwards and backwards.
_ORDER_WORDS: Final = {
    "released": ("The earliest first", "The latest first"),
    "name": ("Sorted by name, A first", "Sorted by name, Z first"),
    "statement": (
        "Sorted by statement, the lowest first",
        "Sorted by statement, the highest first",
    ),
}


@bp.get("/results")
@access(Permission.RELEASE_RESULTS)
@writes_on_read
def index() -> ResponseReturnValue:
    """What waits for a second person, oldest first, and what was released lately."""
    person, words, sorting = signed_in_person(), _words(), _sorting()
    found = queries.released(person, words, sorting.key, descending=sorting.descending)
    released = page_of(db.session(), found, request.args)
    services.note_list_read(released.rows, actor=person, at=utc_now())
    return render_template(
        "epa/grading/index.html",
        methods=[
            (attempt, _method_title(attempt), _may_release(person, attempt))
            for attempt in queries.attempts_to_release(person)
        ],
        overall=queries.assessments_to_release(person),
        released=released,
        words=words,
        sorting=sorting,
        order_words=_ORDER_WORDS[sorting.key][sorting.descending],
        grades=GRADE_TITLES,
    )


@bp.get("/results.csv", defaults={"ending": "csv"})
@bp.get("/results.xlsx", defaults={"ending": "xlsx"})
@access(Permission.RELEASE_RESULTS)
@writes_on_read
def export(ending: str) -> ResponseReturnValue:
    """The released results as a file for a spreadsheet."""
    person, sorting = signed_in_person(), _sorting()
    found = queries.released(person, _words(), sorting.key, descending=sorting.descending)
    number = count_of(db.session(), found)
    note_export(person, "results", ending=ending, rows=number, at=utc_now())
    return answer(Export("results", _COLUMNS, in_parts(db.session(), found, _exported)), ending)


def _exported(part: Sequence[OverallGrade]) -> Iterator[tuple[str, ...]]:
    of_methods = queries.released_grades(part)
    for one in part:
        about = one.assessment.apprenticeship
        grades = (of_methods.get((one.assessment_id, code)) for code in _METHODS)
        yield (
            about.person.family_name,
            about.person.given_names,
            about.uln,
            about.employer.name,
            *(GRADE_TITLES[grade] if grade else "" for grade in grades),
            GRADE_TITLES[one.grade],
            one.statement_number,
            london_date(one.released_at).isoformat(),
        )


def _words() -> str:
    return request.args.get("words", "")[:100].replace("\0", "")


def _sorting() -> Sorting:
    if "sort" not in request.args:
        return Sorting("released", descending=True)
    return Sorting.from_args(request.args, list(queries.RELEASED_ORDERS))


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
        can_release_overall=releases and not shown.overall and queries.is_to_release(assessment),
        kinds=ATTEMPT_TITLES,
    )


@bp.route("/attempts/<uuid:attempt_id>/release", methods=["GET", "POST"])
@access(Permission.RELEASE_RESULTS, attempt=attempt_for)
@writes_on_read
def release_method(attempt: MethodAttempt) -> ResponseReturnValue:
    """Release one method's grade."""
    person, form = signed_in_person(), ReleaseForm(attempt.lock_version)
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
    return page, form.status


@bp.route("/apprentices/<uuid:assessment_id>/release", methods=["GET", "POST"])
@access(Permission.RELEASE_RESULTS, assessment=assessment_for)
@writes_on_read
def release_overall(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Release the overall grade; what was failed has a page of its own, with what may follow."""
    person, outcome = signed_in_person(), queries.overall_now(assessment)
    if outcome is not None and outcome.grade is Grade.FAIL:
        return redirect(url_for("resits.close", assessment_id=assessment.id))
    form = ReleaseForm(queries.version_of(assessment))
    back = url_for("grading.results", assessment_id=assessment.id)
    if form.validate_on_submit() and form.applied(
        services.release_overall, assessment, actor=person, at=utc_now()
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
        results=shown,
        back=back,
    )
    return page, form.status


def _method_title(attempt: MethodAttempt) -> str:
    return framework_of(attempt.assessment).methods[attempt.method_code].short_title


def _may_release(person: Person, attempt: MethodAttempt) -> bool:
    return person.id not in queries.involved_in(attempt)
