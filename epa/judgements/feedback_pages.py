"""The page on which an assessor writes what the apprentice is told once the grade is released."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.judgements import board, feedback, queries
from epa.judgements.answering import sheet_to_work_on
from epa.judgements.forms import FeedbackForm
from epa.lifecycle.models import MethodAttempt
from epa.people.signed_in import signed_in_person
from epa.personal_data.remarks import remark_in_words


def write(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Ask for the feedback on one method, and keep it with the sheet."""
    sheet = sheet_to_work_on(method, attempt)
    form = FeedbackForm.of(queries.feedback_of(sheet))
    if form.validate_on_submit() and form.applied(
        feedback.write_feedback, sheet, form.fields, actor=signed_in_person(), at=utc_now()
    ):
        if said := remark_in_words(*form.fields.texts):
            flash(said, "care")
        flash("The feedback is kept with the sheet.", "done")
        return redirect(method.address("sheet", attempt), 303)
    page = render_template(
        "epa/judgements/feedback.html",
        form=form,
        stands=board.feedback_rows(sheet) if form.changed else [],
        **board.about(method, attempt),
    )
    return page, form.status
