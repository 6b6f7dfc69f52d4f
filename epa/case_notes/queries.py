"""The notes on an assessment, as those may read them who work at its EPAO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select

from epa.case_notes.models import CaseNote
from epa.database import db
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.scope import assessments
from epa.people.models import Person
from epa.people.rules import Permission


@dataclass(frozen=True)
class Noted:
    """A note as it stands now, with what it said before it was corrected, the latest first."""

    note: CaseNote
    before: tuple[CaseNote, ...]


def _reached(person: Person, permission: Permission) -> Select[CaseNote]:
    reach = assessments(person, permission).with_only_columns(EndPointAssessment.id)
    return select(CaseNote).where(CaseNote.assessment_id.in_(reach))


def note_for(person: Person, permission: Permission, note_id: UUID) -> CaseNote | None:
    """A note that stands, if this person may do this to it; one that was corrected is not there."""
    later = select(CaseNote.corrects_id).where(CaseNote.corrects_id.is_not(None))
    query = _reached(person, permission).where(CaseNote.id == note_id, CaseNote.id.not_in(later))
    return db.session.scalar(query)


def notes_on(person: Person, assessment: EndPointAssessment) -> Sequence[Noted]:
    """Every note on an assessment that this person may read, the latest contact first."""
    query = _reached(person, Permission.VIEW_CASE_NOTES).where(
        CaseNote.assessment_id == assessment.id
    )
    rows = {row.id: row for row in db.session.scalars(query)}
    corrected = {row.corrects_id for row in rows.values()}
    standing = [row for row in rows.values() if row.id not in corrected]
    standing.sort(key=lambda row: (row.happened_on, row.written_at, row.id), reverse=True)
    return [Noted(row, tuple(_before(row, rows))) for row in standing]


def _before(row: CaseNote, rows: dict[UUID, CaseNote]) -> list[CaseNote]:
    found = []
    while row.corrects_id is not None:
        row = rows[row.corrects_id]
        found.append(row)
    return found
