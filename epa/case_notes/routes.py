"""The pages of an apprentice's notes and contacts, for the EPAO's own people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from epa.case_notes import queries, services
from epa.case_notes.forms import NoteForm
from epa.case_notes.models import CaseNote
from epa.case_notes.rules import CHANNEL_TITLES
from epa.clock import london_date, utc_now
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.web.access import access
from epa.web.exports import Cell, Export, answer
from epa.web.transaction import writes, writes_on_read

bp = Blueprint("case_notes", __name__)

_COLUMNS: Final = ("date", "what", "with_whom", "text", "written_by", "written_on", "stands")


@bp.get("/apprentices/<uuid:assessment_id>/notes")
@access(Permission.VIEW_CASE_NOTES, assessment=assessment_for)
@writes_on_read
def index(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Every note and contact, the latest first."""
    person, at = signed_in_person(), utc_now()
    noted = queries.notes_on(person, assessment)
    services.note_reading(assessment, actor=person, at=at, count=len(noted))
    return render_template(
        "epa/case_notes/index.html",
        assessment=assessment,
        noted=noted,
        channels=CHANNEL_TITLES,
        may_write=assessment_for(person, Permission.WRITE_CASE_NOTES, assessment.id) is not None,
    )


@bp.get("/apprentices/<uuid:assessment_id>/notes.csv", defaults={"ending": "csv"})
@bp.get("/apprentices/<uuid:assessment_id>/notes.xlsx", defaults={"ending": "xlsx"})
@access(Permission.VIEW_CASE_NOTES, assessment=assessment_for)
@writes_on_read
def export(assessment: EndPointAssessment, ending: str) -> ResponseReturnValue:
    """The same as a file: each note, and under it what it said before it was corrected."""
    person = signed_in_person()
    rows = [row for one in queries.notes_on(person, assessment) for row in _exported(one)]
    services.note_export(assessment, actor=person, at=utc_now(), ending=ending, count=len(rows))
    return answer(Export("notes-and-contacts", _COLUMNS, rows), ending)


def _exported(noted: queries.Noted) -> Iterator[tuple[Cell, ...]]:
    for note in (noted.note, *noted.before):
        yield (
            note.happened_on.isoformat(),
            CHANNEL_TITLES[note.channel],
            note.with_whom,
            note.text,
            note.written_by.name,
            london_date(note.written_at).isoformat(),
            "yes" if note is noted.note else "no, corrected",
        )


@bp.route("/apprentices/<uuid:assessment_id>/notes/new", methods=["GET", "POST"])
@access(Permission.WRITE_CASE_NOTES, assessment=assessment_for)
@writes
def write(assessment: EndPointAssessment) -> ResponseReturnValue:
    """Write a note or a contact down."""
    at = utc_now()
    form = NoteForm(data={"happened_on": london_date(at)})
    if form.validate_on_submit() and form.applied(
        lambda: services.write_note(assessment, form.fields, actor=signed_in_person(), at=at)
    ):
        flash("The note is kept.", "done")
        return redirect(url_for("case_notes.index", assessment_id=assessment.id), 303)
    return _page("write", form, assessment)


@bp.route("/notes/<uuid:note_id>/correct", methods=["GET", "POST"])
@access(Permission.WRITE_CASE_NOTES, note=queries.note_for)
@writes
def correct(note: CaseNote) -> ResponseReturnValue:
    """Write a note anew in the place of one; that one can still be read under it."""
    form, assessment = NoteForm(obj=note), note.assessment
    if form.validate_on_submit() and form.applied(
        lambda: services.write_note(
            assessment, form.fields, actor=signed_in_person(), at=utc_now(), corrects=note
        )
    ):
        flash("The note is corrected.", "done")
        return redirect(url_for("case_notes.index", assessment_id=assessment.id), 303)
    return _page("correct", form, assessment)


def _page(view: str, form: NoteForm, assessment: EndPointAssessment) -> ResponseReturnValue:
    page = render_template(f"epa/case_notes/{view}.html", form=form, assessment=assessment)
    return page, 422 if request.method == "POST" else 200
