"""The pages of one test on paper: how it stands, its sitting, and each marker's own marks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from epa.allowances.queries import allowance_of
from epa.clock import utc_now
from epa.errors import NotAllowed
from epa.knowledge_test import queries, services
from epa.knowledge_test.forms import SittingForm, box_of, marks_form, marks_typed
from epa.knowledge_test.rules import MARKERS, marking_state
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import attempt_for
from epa.lifecycle.rules import DUTY_TITLES, GRADE_TITLES
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.transaction import writes_on_read
from question_bank.marking.rules import sections

bp = Blueprint("knowledge_test", __name__)


@bp.get("/attempts/<uuid:attempt_id>/test")
@access(Permission.VIEW_TEST_MARKS, attempt=queries.test_for)
@writes_on_read
def show(attempt: MethodAttempt) -> ResponseReturnValue:
    """How a test stands: its sitting, who has entered marks, where they differ, its grade."""
    person = signed_in_person()
    services.read_marks(attempt, actor=person, at=utc_now())
    sitting, different = queries.sitting_of(attempt), queries.differences(attempt)
    oversees = attempt_for(person, Permission.VIEW_UNRELEASED_RESULTS, attempt.id) is not None
    mine = queries.marker_duty(attempt, person)
    return _page(
        "show",
        attempt,
        sitting=sitting,
        on_screen=queries.is_on_screen(attempt),
        entries=[
            (DUTY_TITLES[duty], attempt.allocated(duty), queries.newest_entry(attempt, duty))
            for duty in MARKERS
        ],
        different=different,
        state=marking_state(
            is_sat=sitting is not None, is_graded=attempt.grade is not None, different=different
        ),
        mine=queries.newest_entry(attempt, mine) if mine else None,
        is_marker=mine is not None,
        sees_grade=oversees or mine is not None,
        oversees=oversees,
        can_record=queries.may_record_sitting(attempt, person),
    )


@bp.route("/attempts/<uuid:attempt_id>/test/sitting", methods=["GET", "POST"])
@access(Permission.RECORD_SITTING, attempt=queries.test_for)
@writes_on_read
def record_sitting(attempt: MethodAttempt) -> ResponseReturnValue:
    """Record that the candidate sat the paper, or put the record right."""
    person, sitting = signed_in_person(), queries.sitting_of(attempt)
    if not queries.may_record_sitting(attempt, person):
        raise NotAllowed("Only the invigilator of this test, or an administrator, records it.")
    form = (
        SittingForm(obj=sitting)
        if sitting
        else SittingForm(data={"minutes": queries.method_of(attempt).minutes})
    )
    if form.validate_on_submit() and form.applied(
        services.record_sitting, attempt, form.facts(), actor=person, at=utc_now()
    ):
        flash("The sitting is recorded. The two markers can enter their marks.", "done")
        return redirect(url_for("record.show", assessment_id=attempt.assessment_id))
    if sitting is not None and not form.is_submitted():
        services.read_sitting(attempt, actor=person, at=utc_now())
    shown = {"sitting": sitting, "adjustments": allowance_of(attempt).in_words}
    return _page("record_sitting", attempt, form=form, **shown), 422 if form.errors else 200


@bp.route("/attempts/<uuid:attempt_id>/test/marks", methods=["GET", "POST"])
@access(Permission.ENTER_TEST_MARKS, attempt=queries.test_for)
@writes_on_read
def enter_marks(attempt: MethodAttempt) -> ResponseReturnValue:
    """One marker's own marks for every question."""
    person = signed_in_person()
    duty = queries.marker_duty(attempt, person)
    if duty is None:
        raise NotAllowed("Marks are entered by the two markers of this test, each their own.")
    paper, entry = queries.paper_of(attempt), queries.newest_entry(attempt, duty)
    form = marks_form(paper, entry.marks if entry else None)
    if form.validate_on_submit() and form.applied(
        services.enter_marks,
        attempt,
        duty,
        marks_typed(form, paper),
        actor=person,
        at=utc_now(),
    ):
        flash(_news(attempt), "care" if queries.differences(attempt) else "done")
        return redirect(url_for("knowledge_test.show", attempt_id=attempt.id))
    if not form.is_submitted():
        services.read_marks(attempt, actor=person, at=utc_now())
    return _marks_page(attempt, form, entry, DUTY_TITLES[duty]), 422 if form.errors else 200


def _news(attempt: MethodAttempt) -> str:
    different = queries.differences(attempt)
    if different is None:
        return "Your marks are kept. They are compared when the other marker has entered theirs."
    if different:
        return "Your marks are kept. They differ from the other marker's, so there is no grade yet."
    return "Your marks are kept. They agree with the other marker's, so the test is graded."


def _marks_page(attempt: MethodAttempt, form: Any, entry: Any, duty_title: str) -> str:
    paper = queries.paper_of(attempt)
    return _page(
        "enter_marks",
        attempt,
        form=form,
        entry=entry,
        duty_title=duty_title,
        parts=[
            (section, [(question, box_of(form, question)) for question in section.questions])
            for section in sections(paper)
        ],
        count=len(paper),
        different=queries.differences(attempt) or (),
        is_open=attempt.grade is None and queries.sitting_of(attempt) is not None,
    )


def _page(view: str, attempt: MethodAttempt, **shown: Any) -> str:
    return render_template(
        f"epa/knowledge_test/{view}.html",
        attempt=attempt,
        apprentice=attempt.assessment.apprenticeship.person,
        method=queries.method_of(attempt),
        grade_title=GRADE_TITLES[attempt.grade] if attempt.grade else "",
        **shown,
    )
