"""Writing a note, and correcting one; that they are read or taken away is written down too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from epa.audit.services import record
from epa.case_notes.models import CaseNote
from epa.case_notes.rules import NoteFields, fault_of
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.lifecycle.models import EndPointAssessment
from epa.people.models import Person


def write_note(
    assessment: EndPointAssessment,
    fields: NoteFields,
    *,
    actor: Person,
    at: datetime,
    corrects: CaseNote | None = None,
) -> CaseNote:
    """Write a note on an assessment, or one in the place of another.

    Raises:
        RuleBroken: the day is to come, nobody is named, or somebody else corrected it first.
    """
    if fault := fault_of(fields, london_date(at)):
        raise RuleBroken("case-note", fault[1], fault[0])
    if corrects is not None:
        other = db.session.scalar(select(CaseNote).where(CaseNote.corrects_id == corrects.id))
        if other is not None:
            raise RuleBroken(
                "corrected-already",
                f"{other.written_by.name} corrected this note meanwhile. Look at theirs first.",
            )
    note = CaseNote(
        assessment=assessment,
        channel=fields.channel,
        happened_on=fields.happened_on,
        with_whom=fields.with_whom,
        text=fields.text,
        written_at=at,
        written_by=actor,
        corrects_id=corrects.id if corrects else None,
    )
    db.session.add(note)
    db.session.flush()
    action = "case note corrected" if corrects else "case note written"
    record(actor, action, note, at=at, channel=fields.channel.value)
    return note


def note_reading(
    assessment: EndPointAssessment, *, actor: Person, at: datetime, count: int
) -> None:
    """Record that somebody read the notes on an assessment."""
    if count:
        record(actor, "case notes read", assessment, at=at, notes=count)


def note_export(
    assessment: EndPointAssessment, *, actor: Person, at: datetime, ending: str, count: int
) -> None:
    """Record that somebody took the notes on an assessment away as a file."""
    record(actor, "case notes exported", assessment, at=at, ending=ending, notes=count)
