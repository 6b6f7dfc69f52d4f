"""Reading the log is itself an entry."""

from __future__ import annotations

from datetime import datetime

from epa.audit.rules import Verdict
from epa.audit.services import record
from epa.people.models import Person


def note_reading(reader: Person, *, narrowed_by: list[str], page: int, at: datetime) -> None:
    """Record that somebody read a page of the log, and by what it was narrowed (not the words)."""
    record(reader, "audit log read", reader, at=at, narrowed_by=narrowed_by, page=page)


def note_verification(reader: Person, verdict: Verdict, *, at: datetime) -> None:
    """Record that somebody had the chain verified, and what was found."""
    record(
        reader,
        "audit log verified",
        reader,
        at=at,
        rows=verdict.rows,
        first_broken=verdict.first_broken,
    )
