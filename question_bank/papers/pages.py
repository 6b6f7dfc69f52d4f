"""Papers for the page and for print: questions in their order, options as they were mixed."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from epa.files.services import opened
from epa.pdf import document_css, render_pdf
from epa.web.attachments import disposition
from question_bank.drawing.explaining import explanation
from question_bank.items import queries as items
from question_bank.items.models import ItemVersion
from question_bank.items.pages import ShownItem, shown_item
from question_bank.papers import queries
from question_bank.papers.models import Paper
from question_bank.papers.queries import Question
from question_bank.papers.rules import DOCUMENT_TITLES, PaperDocument, from_record

_LONGEST_SECONDS: Final = 60
# How many lines an answer booklet gives for each mark of an open question.
_LINES_A_MARK: Final = 4


@dataclass(frozen=True)
class ShownQuestion:
    """A question as it stands on a paper."""

    number: int
    reference: str
    version: int
    ksb: str
    marks: int
    shown: ShownItem
    key_letter: str
    lines: range


@dataclass(frozen=True)
class Section:
    """The questions of one kind."""

    title: str
    marks: int
    questions: tuple[ShownQuestion, ...]


def sections_of(paper: Paper) -> tuple[Section, ...]:
    """A stored paper, built again, kind after kind."""
    method = items.method_of(paper.bank)
    questions = queries.questions_of(paper)
    return tuple(
        _section(method.question_type(kind).title, tuple(map(_shown, group)))
        for kind, group in groupby(questions, key=lambda one: one.content.type_code)
    )


def _section(title: str, questions: tuple[ShownQuestion, ...]) -> Section:
    return Section(title, sum(one.marks for one in questions), questions)


def _shown(question: Question) -> ShownQuestion:
    content = question.content
    mixed = replace(
        content,
        options=tuple(content.options[place] for place in question.order),
        key=None if content.key is None else question.order.index(content.key),
    )
    pictures = dict(_pictures(question.version))
    shown = shown_item(mixed, pictures.get)
    return ShownQuestion(
        number=question.number,
        reference=content.reference,
        version=question.version.number,
        ksb=question.ksb,
        marks=question.marks,
        shown=shown,
        key_letter=next((one.letter for one in shown.options if one.is_key), ""),
        lines=range(0 if shown.options else question.marks * _LINES_A_MARK),
    )


def _pictures(version: ItemVersion) -> Iterator[tuple[str, str]]:
    """Pictures inside the document: neither engine fetches any."""
    for one in version.pictures:
        data = base64.b64encode(b"".join(opened(one.file))).decode()
        yield one.name, f"data:{one.file.content_type};base64,{data}"


def explained(paper: Paper) -> tuple[str, ...]:
    """How a paper came about, one sentence for each rule."""
    return explanation(queries.drawn(paper), from_record(paper.blueprint))


def printed(paper: Paper, document: PaperDocument) -> ResponseReturnValue:
    """One of a paper's documents as a PDF to take away."""
    method = items.method_of(paper.bank)
    title = f"{DOCUMENT_TITLES[document]} {paper.number}"
    html = render_template(
        _TEMPLATES[document],
        paper=paper,
        title=title,
        sections=sections_of(paper),
        minutes=method.minutes,
        marks_max=sum(one.marks for one in queries.drawn(paper).items),
        standard=items.plan_of(paper.bank.framework_code).title,
        is_large=document is PaperDocument.LARGE_PRINT,
        document_css=Markup(document_css()),  # noqa: S704 (our own stylesheet, read from disk)
    )
    footer = f"{paper.bank.code}, paper {paper.number}, {DOCUMENT_TITLES[document].lower()}"
    pdf = render_pdf(
        html,
        title=title,
        engine=current_app.config["PDF_ENGINE"],
        footer=footer,
        timeout=_LONGEST_SECONDS,
    )
    name = disposition(f"{paper.bank.code} paper {paper.number} {document.value}.pdf")
    return Response(pdf, mimetype="application/pdf", headers={"Content-Disposition": name})


_TEMPLATES: Final = {
    PaperDocument.QUESTION_PAPER: "question_bank/papers/question_paper.html",
    PaperDocument.LARGE_PRINT: "question_bank/papers/question_paper.html",
    PaperDocument.ANSWER_BOOKLET: "question_bank/papers/answer_booklet.html",
    PaperDocument.MARKING_GUIDE: "question_bank/papers/marking_guide.html",
}
