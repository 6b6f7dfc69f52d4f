"""The pages of a correction: why a signed sheet is corrected, and the second person's decision."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.judgements import board, correcting, queries
from epa.judgements.answering import sheet_at
from epa.judgements.correction_forms import CorrectForm, DecideCorrectionForm
from epa.judgements.models import MarkSheet
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES, Grade
from epa.people.signed_in import signed_in_person


def correct(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Begin a correction of a signed sheet, with its reason."""
    sheet_at(attempt)
    form = CorrectForm()
    if form.validate_on_submit() and form.applied(
        correcting.open_correction,
        attempt,
        form.reason.data,
        actor=signed_in_person(),
        at=utc_now(),
    ):
        flash("Correct what is wrong, then sign the sheet again.", "done")
        return redirect(method.address("sheet", attempt), 303)
    page = render_template(
        "epa/judgements/correct.html",
        form=form,
        standing=queries.standing_sheet(attempt),
        **board.about(method, attempt),
    )
    return page, 422 if form.is_submitted() else 200


def decide_correction(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """Let a signed correction count, or refuse it with a reason."""
    form = DecideCorrectionForm()
    correction = queries.correction_of(attempt)
    if correction is None or correction.signed_at is None:
        flash("There is no signed correction of this sheet to decide on.", "care")
        return redirect(method.address("sheet", attempt), 303)
    if form.validate_on_submit() and form.applied(
        correcting.decide,
        correction,
        is_approved=form.is_approved.data,
        reason=form.reason.data or "",
        actor=signed_in_person(),
        at=utc_now(),
    ):
        approved = "The correction counts, and the grade follows from it."
        flash(approved if form.is_approved.data else "The correction does not count.", "done")
        return redirect(method.address("sheet", attempt), 303)
    page = render_template(
        "epa/judgements/decide_correction.html",
        form=form,
        correction=correction,
        changes=_changes(method, correction),
        version_url=method.address("sheet", attempt, version=correction.version),
        **board.about(method, attempt),
    )
    return page, 422 if form.is_submitted() else 200


def _changes(method: board.SheetMethod, correction: MarkSheet) -> list[dict[str, str]]:
    """What a correction changes, KSB by KSB, in words."""
    if correction.corrects is None:
        return []
    before, after = queries.entries_of(correction.corrects), queries.entries_of(correction)
    desk = board.Desk.of(method, correction)
    rows = []
    for code in desk.ksbs:
        grades = [_title(one[code].grade) for one in (before, after)]
        notes = [sorted(note.text for note in one[code].notes) for one in (before, after)]
        if grades[0] != grades[1] or notes[0] != notes[1]:
            rows.append(
                {
                    "ksb": f"{code} {desk.plan.criterion(code).title}",
                    "before": grades[0],
                    "after": grades[1],
                    "notes": "Changed" if notes[0] != notes[1] else "As before",
                }
            )
    return rows


def _title(grade: Grade | None) -> str:
    return GRADE_TITLES[grade] if grade else "Not judged"
