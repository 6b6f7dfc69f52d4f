"""Everything on a sheet as one digest: what is signed is what was read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from epa.conduct import queries as days
from epa.database import db
from epa.judgements.models import EvidenceNote, Judgement, MarkSheet, SheetFeedback
from epa.judgements.rules import digest
from epa.lifecycle.models import MethodAttempt


def content_digest(sheet: MarkSheet) -> str:
    """SHA-256 over everything on the sheet: every version of every judgement and note, the facts.

    It is the same for the same content on every database, before and after signing.
    """
    attempt = sheet.attempt
    return digest(
        {
            "sheet": str(sheet.id),
            "attempt": str(attempt.id),
            "version": sheet.version,
            "corrects": str(sheet.corrects_id) if sheet.corrects_id else None,
            "reason": sheet.reason,
            "method": attempt.method_code,
            "framework": [
                attempt.assessment.framework_code,
                attempt.assessment.framework_version,
            ],
            "wording": [
                str(sheet.wording_pack_id) if sheet.wording_pack_id else None,
                sheet.wording_digest,
            ],
            "opened": [_instant(sheet.opened_at), str(sheet.opened_by_id)],
            "conduct": sheet.conduct,
            "clock": [
                [
                    one.sequence,
                    one.part,
                    one.action,
                    one.reason,
                    one.words,
                    _instant(one.happened_at),
                ]
                for one in days.timer_entries(attempt)
            ],
            "questions": _question_rows(attempt),
            "judgements": _judgement_rows(sheet),
            "notes": _note_rows(sheet),
            **_feedback_rows(sheet),
        }
    )


def _question_rows(attempt: MethodAttempt) -> list[list[Any]]:
    return [
        [
            *(one.number, one.follow_up, one.version, one.question, one.answer, one.ksbs),
            *((one.prompt.reference, one.prompt.version) if one.prompt else ()),
        ]
        for one in days.newest_questions(attempt)
    ]


def _judgement_rows(sheet: MarkSheet) -> list[list[Any]]:
    rows = db.session.scalars(select(Judgement).where(Judgement.sheet_id == sheet.id))
    return [
        [one.ksb_code, one.sequence, one.grade, _instant(one.judged_at), str(one.judged_by_id)]
        for one in sorted(rows, key=lambda row: (row.ksb_code, row.sequence))
    ]


def _note_rows(sheet: MarkSheet) -> list[list[Any]]:
    rows = db.session.scalars(
        select(EvidenceNote)
        .where(EvidenceNote.sheet_id == sheet.id)
        .order_by(EvidenceNote.sequence)
    )
    return [
        [
            *(note.sequence, note.ksbs, note.source, note.service_user, note.piece, note.text),
            *(_instant(note.noted_at), str(note.noted_by_id)),
            str(note.replaces_id) if note.replaces_id else None,
        ]
        for note in rows
    ]


def _feedback_rows(sheet: MarkSheet) -> dict[str, Any]:
    """Nothing where none was written: a sheet of before has the digest it was signed with."""
    rows = db.session.scalars(
        select(SheetFeedback)
        .where(SheetFeedback.sheet_id == sheet.id)
        .order_by(SheetFeedback.version)
    ).all()
    said = [
        [one.version, *one.fields.texts, _instant(one.written_at), str(one.written_by_id)]
        for one in rows
    ]
    return {"feedback": said} if said else {}


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
