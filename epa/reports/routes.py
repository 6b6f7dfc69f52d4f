"""Documents to take away, each as a page and as a PDF: the same words through the same door."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from epa.clock import utc_now
from epa.judgements.queries import standing_sheet
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import assessment_for
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.reports import pages, queries, services
from epa.reports.pages import Paper
from epa.resits.models import ResitRequest
from epa.resits.queries import resit_for
from epa.web.access import access
from epa.web.transaction import writes_on_read

bp = Blueprint("reports", __name__)


@bp.get("/apprentices/<uuid:assessment_id>/statement")
@access(Permission.VIEW_RESULTS, assessment=assessment_for)
@writes_on_read
def statement(assessment: EndPointAssessment) -> ResponseReturnValue:
    """The statement of results as a page; unknown until the overall grade is released."""
    paper = pages.statement(assessment, _statement(assessment))
    services.note_statement_read(assessment, actor=signed_in_person(), at=utc_now(), form="page")
    return pages.as_page(paper)


@bp.get("/apprentices/<uuid:assessment_id>/statement.pdf")
@access(Permission.VIEW_RESULTS, assessment=assessment_for)
@writes_on_read
def statement_pdf(assessment: EndPointAssessment) -> ResponseReturnValue:
    """The same as a PDF to take away."""
    paper = pages.statement(assessment, _statement(assessment))
    services.note_statement_read(assessment, actor=signed_in_person(), at=utc_now(), form="pdf")
    return pages.as_pdf(paper)


def _statement(assessment: EndPointAssessment) -> queries.Statement:
    return queries.statement_of(assessment) or abort(404)


@bp.get("/attempts/<uuid:attempt_id>/feedback", defaults={"form": "page"})
@bp.get("/attempts/<uuid:attempt_id>/feedback.pdf", defaults={"form": "pdf"})
@access(Permission.VIEW_RESULTS, attempt=queries.released_for)
@writes_on_read
def feedback(attempt: MethodAttempt, form: str) -> ResponseReturnValue:
    """What was judged, KSB by KSB; unknown until the grade is released."""
    services.note_feedback_read(attempt, actor=signed_in_person(), at=utc_now(), form=form)
    return _answer(pages.feedback(attempt), form)


@bp.get("/attempts/<uuid:attempt_id>/mark-sheet", defaults={"form": "page"})
@bp.get("/attempts/<uuid:attempt_id>/mark-sheet.pdf", defaults={"form": "pdf"})
@access(Permission.VIEW_MARK_SHEET, attempt=queries.signed_for)
@writes_on_read
def mark_sheet(attempt: MethodAttempt, form: str) -> ResponseReturnValue:
    """The signed mark sheet of a judged method, in the version that counts."""
    sheet = standing_sheet(attempt) or abort(404)
    services.note_sheet_read(sheet, actor=signed_in_person(), at=utc_now(), form=form)
    return _answer(pages.mark_sheet(attempt, sheet), form)


@bp.get("/attempts/<uuid:attempt_id>/marks", defaults={"form": "page"})
@bp.get("/attempts/<uuid:attempt_id>/marks.pdf", defaults={"form": "pdf"})
@access(Permission.VIEW_UNRELEASED_RESULTS, attempt=queries.marked_for)
@writes_on_read
def marks(attempt: MethodAttempt, form: str) -> ResponseReturnValue:
    """The agreed marks of a test, question by question; unknown until two people agree."""
    services.note_marks_read(attempt, actor=signed_in_person(), at=utc_now(), form=form)
    return _answer(pages.marks(attempt), form)


@bp.get("/apprentices/<uuid:assessment_id>/gateway/declaration", defaults={"form": "page"})
@bp.get("/apprentices/<uuid:assessment_id>/gateway/declaration.pdf", defaults={"form": "pdf"})
@access(Permission.VIEW_GATEWAY, assessment=queries.accepted_for)
@writes_on_read
def declaration(assessment: EndPointAssessment, form: str) -> ResponseReturnValue:
    """What the gateway was accepted on; unknown until it is accepted."""
    services.note_declaration_read(assessment, actor=signed_in_person(), at=utc_now(), form=form)
    return _answer(pages.declaration(assessment), form)


@bp.get("/resits/<uuid:resit_id>/action-plan", defaults={"form": "page"})
@bp.get("/resits/<uuid:resit_id>/action-plan.pdf", defaults={"form": "pdf"})
@access(Permission.VIEW_RESULTS, resit=resit_for)
@writes_on_read
def action_plan(resit: ResitRequest, form: str) -> ResponseReturnValue:
    """What supports another attempt: who does what by when."""
    services.note_plan_read(resit, actor=signed_in_person(), at=utc_now(), form=form)
    return _answer(pages.action_plan(resit), form)


def _answer(paper: Paper, form: str) -> ResponseReturnValue:
    return pages.as_pdf(paper) if form == "pdf" else pages.as_page(paper)
