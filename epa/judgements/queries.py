"""Finding a mark sheet, and reading it: KSB by KSB, its count, what is left before signing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from epa.clock import london_date
from epa.database import db
from epa.judgements.models import EvidenceNote, Judgement, MarkSheet
from epa.judgements.rules import Conduct, Missing, Tally, day_in_order, digest, gaps, tally
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import attempt_for
from epa.lifecycle.rules import Duty, Grade, Stage
from epa.people.models import Person
from epa.people.rules import Permission
from frameworks import AssessmentPlan, JudgedMethod


@dataclass(frozen=True)
class KsbEntry:
    """What a sheet holds on one KSB: its newest judgement, the one before, its current notes.

    ``notes`` are newest first; ``versions`` counts how often each was written.
    """

    code: str
    judgement: Judgement | None = None
    before: Grade | None = None
    notes: Sequence[EvidenceNote] = ()
    versions: dict[UUID, int] = field(default_factory=dict)

    @property
    def grade(self) -> Grade | None:
        """The grade that counts; None while it is not judged."""
        return self.judgement.grade if self.judgement else None

    @property
    def sequence(self) -> int:
        """The number of the newest judgement, 0 before the first."""
        return self.judgement.sequence if self.judgement else 0


def attempt_at_judged_method(
    person: Person, permission: Permission, attempt_id: UUID
) -> MethodAttempt | None:
    """The attempt, if this person may do this to it and its method is judged KSB by KSB."""
    attempt = attempt_for(person, permission, attempt_id)
    return attempt if attempt is not None and _is_judged(attempt) else None


def attempt_at(method_code: str) -> Any:
    """A loader of attempts at one method; see ``epa.web.access``."""

    def load(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
        attempt = attempt_at_judged_method(person, permission, attempt_id)
        return attempt if attempt is not None and attempt.method_code == method_code else None

    return load


def _is_judged(attempt: MethodAttempt) -> bool:
    methods = framework_of(attempt.assessment).methods
    return isinstance(methods.get(attempt.method_code), JudgedMethod)


def plan_of(sheet: MarkSheet) -> AssessmentPlan:
    """The definition that the sheet's apprentice is pinned to."""
    return framework_of(sheet.attempt.assessment)


def sheet_of(attempt: MethodAttempt) -> MarkSheet | None:
    """The newest version of an attempt's mark sheet; None while it is not open yet."""
    return db.session.scalar(
        select(MarkSheet)
        .where(MarkSheet.attempt_id == attempt.id)
        .order_by(MarkSheet.version.desc())
        .limit(1)
    )


def may_judge(attempt: MethodAttempt, person: Person) -> bool:
    """Whether this person is the attempt's assessor, and it is in the stage of being judged."""
    return (
        attempt.allocated(Duty.ASSESSOR) is person
        and attempt.assessment.stage is Stage.ASSESSMENT
        and attempt.grade is None
    )


def entries_of(sheet: MarkSheet) -> dict[str, KsbEntry]:
    """Everything on a sheet, by KSB code in the plan's order; two queries, however many rows."""
    judgements: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in _in_order(Judgement, Judgement.judged_by, sheet):
        judgements[judgement.ksb_code].append(judgement)
    notes: dict[str, list[EvidenceNote]] = defaultdict(list)
    for note in _in_order(EvidenceNote, EvidenceNote.noted_by, sheet):
        notes[note.ksb_code].append(note)
    return {
        code: _entry(code, judgements[code], notes[code])
        for code in plan_of(sheet).ksbs_of(sheet.attempt.method_code)
    }


def entry_of(sheet: MarkSheet, ksb: str) -> KsbEntry:
    """What a sheet holds on one KSB."""
    judgements = _in_order(Judgement, Judgement.judged_by, sheet, ksb)
    return _entry(ksb, judgements, _in_order(EvidenceNote, EvidenceNote.noted_by, sheet, ksb))


def _in_order(model: Any, by: Any, sheet: MarkSheet, ksb: str | None = None) -> list[Any]:
    query = select(model).where(model.sheet_id == sheet.id).options(joinedload(by))
    if ksb is not None:
        query = query.where(model.ksb_code == ksb)
    return list(db.session.scalars(query.order_by(model.sequence)))


def _entry(code: str, judgements: list[Judgement], notes: list[EvidenceNote]) -> KsbEntry:
    newest = judgements[-1] if judgements else None
    others = [one.grade for one in judgements if newest and one.grade is not newest.grade]
    replaced = {note.replaces_id for note in notes}
    written: dict[UUID, int] = {}
    for note in notes:
        written[note.id] = 1 + (written.get(note.replaces_id, 0) if note.replaces_id else 0)
    current = [note for note in notes if note.id not in replaced and note.text]
    return KsbEntry(code, newest, others[-1] if others else None, current[::-1], written)


def ratings_of(entries: dict[str, KsbEntry]) -> dict[str, str]:
    """The ratings by KSB code, as ``frameworks.grade_method`` takes them."""
    return {code: entry.grade.value for code, entry in entries.items() if entry.grade is not None}


def ratings_on(sheet: MarkSheet) -> dict[str, str]:
    """The same straight from the database, without the notes."""
    rows = db.session.execute(
        select(Judgement.ksb_code, Judgement.grade)
        .where(Judgement.sheet_id == sheet.id)
        .order_by(Judgement.sequence)
    )
    newest = {ksb: grade for ksb, grade in rows}  # noqa: C416 (rows, not pairs)
    return {ksb: grade.value for ksb, grade in newest.items() if grade is not None}


def tally_of(sheet: MarkSheet, ratings: dict[str, str]) -> Tally:
    """How far a sheet is."""
    return tally(plan_of(sheet), sheet.attempt.method_code, ratings)


def last_saved(sheet: MarkSheet, entries: dict[str, KsbEntry]) -> datetime:
    """When something was last saved on a sheet."""
    judged = [one.judgement.judged_at for one in entries.values() if one.judgement]
    noted = [note.noted_at for one in entries.values() for note in one.notes]
    return max([sheet.opened_at, *judged, *noted])


def missing_from(
    sheet: MarkSheet, conduct: Conduct, entries: dict[str, KsbEntry], *, at: datetime
) -> list[Missing]:
    """Everything that stands in the way of signing; nothing when it may be signed.

    Args:
        sheet: the sheet.
        conduct: its facts of the day, read by its method's rules.
        entries: what it holds, KSB by KSB.
        at: now, for the day that must have come.
    """
    plan = plan_of(sheet)
    starts_on = sheet.attempt.assessment.epa_starts_on
    noted = [code for code, entry in entries.items() if entry.notes]
    return [
        *conduct.missing(plan),
        *day_in_order(conduct.held_on, starts_on=starts_on, today=london_date(at)),
        *gaps(plan.ksbs_of(sheet.attempt.method_code), ratings_of(entries), noted),
    ]


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
            "method": attempt.method_code,
            "framework": [
                attempt.assessment.framework_code,
                attempt.assessment.framework_version,
            ],
            "opened": [_instant(sheet.opened_at), str(sheet.opened_by_id)],
            "conduct": sheet.conduct,
            "judgements": [
                [
                    one.ksb_code,
                    one.sequence,
                    one.grade,
                    _instant(one.judged_at),
                    str(one.judged_by_id),
                ]
                for one in _by_ksb(Judgement, sheet)
            ],
            "notes": [
                [
                    *(note.ksb_code, note.sequence, note.source, note.service_user, note.text),
                    *(_instant(note.noted_at), str(note.noted_by_id)),
                    str(note.replaces_id) if note.replaces_id else None,
                ]
                for note in _by_ksb(EvidenceNote, sheet)
            ],
        }
    )


def _by_ksb(model: Any, sheet: MarkSheet) -> Sequence[Any]:
    rows = db.session.scalars(select(model).where(model.sheet_id == sheet.id)).all()
    return sorted(rows, key=lambda row: (row.ksb_code, row.sequence))


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
