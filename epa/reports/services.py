"""Writing down that a document was read as a page, or taken away as a PDF."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.judgements.models import MarkSheet
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.people.models import Person
from epa.resits.models import ResitRequest


def note_statement_read(
    assessment: EndPointAssessment, *, actor: Person, at: datetime, form: str
) -> None:
    """A statement of results was read as a page, or taken away as a PDF."""
    record(actor, "statement read", assessment, at=at, form=form)


def note_feedback_read(attempt: MethodAttempt, *, actor: Person, at: datetime, form: str) -> None:
    """The feedback on one method was read or taken away."""
    record(actor, "feedback read", attempt, at=at, method=attempt.method_code, form=form)


def note_sheet_read(sheet: MarkSheet, *, actor: Person, at: datetime, form: str) -> None:
    """A signed mark sheet was read as a document or taken away."""
    record(actor, "mark sheet read", sheet, at=at, version=sheet.version, form=form)


def note_marks_read(attempt: MethodAttempt, *, actor: Person, at: datetime, form: str) -> None:
    """The agreed marks of a test were read as a document or taken away."""
    record(actor, "test marks read", attempt, at=at, form=form)


def note_declaration_read(
    assessment: EndPointAssessment, *, actor: Person, at: datetime, form: str
) -> None:
    """The gateway's declaration was read or taken away."""
    record(actor, "gateway declaration read", assessment, at=at, form=form)


def note_plan_read(request: ResitRequest, *, actor: Person, at: datetime, form: str) -> None:
    """An action plan was read or taken away."""
    record(actor, "action plan read", request, at=at, form=form)
