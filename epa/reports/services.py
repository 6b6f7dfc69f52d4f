"""Writing down that a document with results was taken away."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person


def note_statement_read(
    assessment: EndPointAssessment, *, actor: Person, at: datetime, form: str
) -> None:
    """A statement of results was read as a page, or taken away as a PDF."""
    record(actor, "statement read", assessment, at=at, form=form)
