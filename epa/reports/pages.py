"""Each document's template, values, title and foot; the same paper as a page or printed as a PDF."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from flask import Response, current_app, render_template, url_for
from markupsafe import Markup

from epa.clock import utc_now
from epa.grading.queries import explanation_of
from epa.judgements import board, clock_board
from epa.judgements import queries as sheets
from epa.judgements.board import SheetMethod
from epa.judgements.models import MarkSheet
from epa.judgements.pad import note_rows
from epa.knowledge_test.queries import newest_entries, sitting_of
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import period_of
from epa.lifecycle.rules import ATTEMPT_TITLES, DUTY_TITLES, GRADE_TITLES
from epa.observation.forms import ObservationConductForm
from epa.observation.queries import prompts_of
from epa.observation.rules import METHOD as OBSERVATION
from epa.observation.rules import ObservationConduct
from epa.observation.services import sign as sign_observation
from epa.pdf import LONGEST_FOOTER, document_css, render_pdf
from epa.presentation.forms import PresentationConductForm
from epa.presentation.rules import METHOD as PRESENTATION
from epa.presentation.rules import PresentationConduct
from epa.presentation.services import sign as sign_presentation
from epa.reports import queries
from epa.resits.models import ResitRequest
from epa.resits.pages import owners_of
from epa.resits.queries import last_day_of, titles_of
from epa.settings import queries as settings
from epa.web.attachments import disposition
from frameworks import MarkedMethod

_LONGEST_SECONDS: Final = 60
_SHEETS: Final = {
    OBSERVATION: SheetMethod(
        OBSERVATION,
        ObservationConduct,
        ObservationConductForm,
        sign_observation,
        prompts=prompts_of,
    ),
    PRESENTATION: SheetMethod(
        PRESENTATION, PresentationConduct, PresentationConductForm, sign_presentation
    ),
}


@dataclass(frozen=True)
class Paper:
    """A document before it is shown.

    ``back`` and ``pdf`` are where its page leads; ``name`` is what the file is called.
    """

    template: str
    title: str
    foot: str
    name: str
    back: tuple[str, str]
    pdf: str
    values: dict[str, Any] = field(default_factory=dict)


def as_page(paper: Paper) -> str:
    """The document as a page."""
    return _html(paper)


def as_pdf(paper: Paper) -> Response:
    """The document printed."""
    css = Markup(document_css())  # noqa: S704 (our own stylesheet, read from disk)
    pdf = render_pdf(
        _html(paper, document_css=css),
        title=paper.title,
        engine=current_app.config["PDF_ENGINE"],
        footer=paper.foot,
        timeout=_LONGEST_SECONDS,
    )
    name = disposition(f"{paper.name}.pdf")
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": name})


def _html(paper: Paper, **more: Any) -> str:
    template = paper.template
    return render_template(
        f"epa/reports/{template}.html",
        title=paper.title,
        foot=paper.foot,
        back=paper.back,
        pdf=paper.pdf,
        **paper.values,
        **more,
    )


def statement(assessment: EndPointAssessment, shown: queries.Statement) -> Paper:
    """The statement of results."""
    line = f"{shown.number}. To check this statement, give this number to {{}}."
    named = line.format(shown.epao)
    # A name too long for the line stands at the top of the page.
    foot = named if len(named) <= LONGEST_FOOTER else line.format("the organisation named above")
    return Paper(
        "statement",
        f"Statement of results {shown.number}",
        foot,
        shown.number,
        ("Back to the results", url_for("grading.results", assessment_id=assessment.id)),
        url_for("reports.statement_pdf", assessment_id=assessment.id),
        {"statement": shown},
    )


def feedback(attempt: MethodAttempt) -> Paper:
    """The feedback on one method, for the apprentice, the employer and the provider."""
    plan = framework_of(attempt.assessment)
    method = plan.methods[attempt.method_code]
    explanation = explanation_of(attempt, sees_all=False)
    boundaries = (
        queries.boundaries_of(method) if isinstance(method, MarkedMethod) and explanation else []
    )
    return _paper(
        "feedback",
        f"Feedback: {method.short_title.lower()}",
        attempt.assessment,
        "reports.feedback",
        {
            "attempt": attempt,
            "grade": GRADE_TITLES[attempt.grade] if attempt.grade else "",
            "kind": ATTEMPT_TITLES[attempt.kind],
            "explanation": explanation,
            "lines": queries.feedback_lines(attempt),
            "told": board.feedback_rows(sheet) if (sheet := sheets.standing_sheet(attempt)) else [],
            "ksbs": titles_of(attempt, plan.ksbs_of(attempt.method_code)),
            "boundaries": boundaries,
        },
        back=("Back to the results", _results(attempt.assessment)),
        attempt_id=attempt.id,
    )


def mark_sheet(attempt: MethodAttempt, sheet: MarkSheet) -> Paper:
    """A signed mark sheet."""
    method = _SHEETS[attempt.method_code]
    desk = board.Desk.of(method, sheet)
    entries = sheets.entries_of(sheet)
    return _paper(
        "mark_sheet",
        f"Mark sheet: {desk.judged.short_title.lower()}",
        attempt.assessment,
        "reports.mark_sheet",
        {
            "attempt": attempt,
            "sheet": sheet,
            "grade": GRADE_TITLES[attempt.grade] if attempt.grade else "",
            "told": board.feedback_rows(sheet),
            "conduct": board.conduct_facts(desk, method.conduct.model_validate(sheet.conduct)),
            "history": clock_board.history(attempt),
            "answers": clock_board.answers_to_read(attempt),
            "passed_over": desk.prompts.passed_over if desk.prompts else (),
            "ksbs": [board.as_read(desk, one) for one in entries.values()],
            "notes": note_rows(desk, [one for one in sheets.current_notes(sheet) if not one.ksbs]),
        },
        back=("Back to the sheet", method.address("sheet", attempt)),
        attempt_id=attempt.id,
    )


def marks(attempt: MethodAttempt) -> Paper:
    """The marks of a test on which two people agree."""
    method = framework_of(attempt.assessment).methods[attempt.method_code]
    entries = newest_entries(attempt)
    return _paper(
        "marks",
        f"Mark sheet: {method.short_title.lower()}",
        attempt.assessment,
        "reports.marks",
        {
            "attempt": attempt,
            "grade": GRADE_TITLES[attempt.grade] if attempt.grade else "",
            "sitting": sitting_of(attempt),
            "entries": [(DUTY_TITLES[duty], entry) for duty, entry in entries.items()],
            "marks": queries.agreed_marks(attempt),
        },
        back=("Back to the test", url_for("knowledge_test.show", attempt_id=attempt.id)),
        attempt_id=attempt.id,
    )


def declaration(assessment: EndPointAssessment) -> Paper:
    """What the gateway was accepted on."""
    return _paper(
        "declaration",
        f"{settings.labels()['gateway'].capitalize()} declaration",
        assessment,
        "reports.declaration",
        {
            "assessment": assessment,
            "lines": queries.requirement_lines(assessment),
            "period": period_of(assessment),
        },
        back=("Back", url_for("gateway.show", assessment_id=assessment.id)),
        assessment_id=assessment.id,
    )


def action_plan(request: ResitRequest) -> Paper:
    """What supports another attempt."""
    attempt = request.attempt
    codes = [one.ksb_code for one in request.actions]
    method = framework_of(attempt.assessment).methods[attempt.method_code].short_title
    return _paper(
        "action_plan",
        f"Action plan: {method.lower()}",
        attempt.assessment,
        "reports.action_plan",
        {
            "attempt": attempt,
            "request": request,
            "kind": ATTEMPT_TITLES[request.kind],
            "owners": owners_of(attempt.assessment),
            "ksbs": titles_of(attempt, codes),
            "last_day": request.closes_on or last_day_of(attempt),
        },
        back=("Back", url_for("resits.show", attempt_id=attempt.id)),
        resit_id=request.id,
    )


def _results(assessment: EndPointAssessment) -> str:
    return url_for("grading.results", assessment_id=assessment.id)


def _paper(
    template: str,
    title: str,
    assessment: EndPointAssessment,
    endpoint: str,
    values: dict[str, Any],
    back: tuple[str, str],
    **record: Any,
) -> Paper:
    plan = framework_of(assessment)
    about = assessment.apprenticeship
    foot = f"{title}, {plan.standard_reference} version {plan.version}, ULN {about.uln}"
    return Paper(
        template,
        title,
        foot,
        title.replace(":", ""),
        back,
        url_for(endpoint, form="pdf", **record),
        {"about": about, "assessment": assessment, "plan": plan, "printed_at": utc_now(), **values},
    )
