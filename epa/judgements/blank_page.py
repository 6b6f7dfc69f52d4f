"""A blank sheet as a PDF, for a place without a device: filled in by pen, entered afterwards."""

from __future__ import annotations

from typing import Final

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from epa.clock import utc_now
from epa.conduct import queries as days
from epa.conduct.rules import DayPrompts
from epa.judgements import board, queries
from epa.judgements.board import choices_of
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.pdf import document_css, render_pdf
from epa.people.signed_in import signed_in_person
from epa.web.attachments import disposition
from epa.wording.queries import shown_pack, wording_of

_LONGEST_SECONDS: Final = 60


def blank(method: board.SheetMethod, attempt: MethodAttempt) -> ResponseReturnValue:
    """The sheet of this attempt with nothing entered, in the wording that it shows."""
    about = board.about(method, attempt)
    plan = framework_of(attempt.assessment)
    sheet = queries.sheet_of(attempt)
    pack = sheet.wording_pack if sheet else shown_pack(attempt.assessment.epao_id, plan)
    wording = wording_of(plan, pack)
    title = f"{about['method_title']}: blank mark sheet"
    html = render_template(
        "epa/judgements/blank.html",
        plan=plan,
        method=days.method_of(attempt),
        needed=plan.distinctions_needed(method.code),
        ksbs=[
            {
                "code": code,
                "title": plan.criterion(code).title,
                "choices": choices_of(plan, wording, method.code, code),
            }
            for code in plan.ksbs_of(method.code)
        ],
        prompts=_prompts(method, attempt).standing,
        wording=wording,
        epao=attempt.assessment.epao.name,
        title=title,
        document_css=Markup(document_css()),  # noqa: S704 (our own stylesheet, read from disk)
        **about,
    )
    engine = current_app.config["PDF_ENGINE"]
    footer = f"{title}, {plan.standard_reference} version {plan.version}"
    pdf = render_pdf(html, title=title, engine=engine, footer=footer, timeout=_LONGEST_SECONDS)
    name = disposition(f"{method.code} blank sheet.pdf")
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": name})


def _prompts(method: board.SheetMethod, attempt: MethodAttempt) -> DayPrompts:
    """The prompts drawn so far, for the assessor's own copy alone; that they are seen is logged."""
    person = signed_in_person()
    if method.prompts is None or not queries.may_judge(attempt, person):
        return DayPrompts()
    method.note_prompts(attempt, actor=person, at=utc_now())
    return method.prompts(attempt)
