"""The statement of results, as a page and as a PDF: the same words through the same door."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from epa.clock import utc_now
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessment_for
from epa.pdf import LONGEST_FOOTER, document_css, render_pdf
from epa.people.rules import Permission
from epa.people.signed_in import signed_in_person
from epa.reports import queries, services
from epa.web.access import access
from epa.web.attachments import disposition
from epa.web.transaction import writes_on_read

bp = Blueprint("reports", __name__)


@bp.get("/apprentices/<uuid:assessment_id>/statement")
@access(Permission.VIEW_RESULTS, assessment=assessment_for)
@writes_on_read
def statement(assessment: EndPointAssessment) -> ResponseReturnValue:
    """The statement of results as a page; unknown until the overall grade is released."""
    shown = _statement(assessment)
    services.note_statement_read(assessment, actor=signed_in_person(), at=utc_now(), form="page")
    return render_template("epa/reports/statement.html", statement=shown, assessment=assessment)


@bp.get("/apprentices/<uuid:assessment_id>/statement.pdf")
@access(Permission.VIEW_RESULTS, assessment=assessment_for)
@writes_on_read
def statement_pdf(assessment: EndPointAssessment) -> ResponseReturnValue:
    """The same as a PDF to take away."""
    shown = _statement(assessment)
    title = f"Statement of results {shown.number}"
    html = render_template(
        "epa/reports/statement.html",
        statement=shown,
        document_css=Markup(document_css()),  # noqa: S704 (our own stylesheet, read from disk)
    )
    pdf = render_pdf(
        html,
        title=title,
        engine=current_app.config["PDF_ENGINE"],
        footer=_footer(shown),
    )
    services.note_statement_read(assessment, actor=signed_in_person(), at=utc_now(), form="pdf")
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": disposition(f"{shown.number}.pdf")},
    )


def _footer(shown: queries.Statement) -> str:
    """How to check the statement; a name too long for the line stands at the top of the page."""
    line = f"{shown.number}. To check this statement, give this number to {{}}."
    named = line.format(shown.epao)
    return named if len(named) <= LONGEST_FOOTER else line.format("the organisation named above")


def _statement(assessment: EndPointAssessment) -> queries.Statement:
    return queries.statement_of(assessment) or abort(404)
