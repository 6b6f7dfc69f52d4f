"""Finding a mark sheet, and reading it: KSB by KSB, its count, what is left before signing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, bindparam, cast, exists, or_, select
from sqlalchemy.orm import aliased, joinedload, lazyload

from epa.clock import london_date
from epa.conduct import queries as days
from epa.conduct.clock import ClockState
from epa.conduct.facts import Conduct, Missing, day_in_order
from epa.conduct.models import AskedQuestion
from epa.conduct.rules import Measured
from epa.database import db
from epa.judgements.log import Judged
from epa.judgements.models import (
    CorrectionDecision,
    EvidenceNote,
    Judgement,
    MarkSheet,
    SheetFeedback,
)
from epa.judgements.open_sheets import OpenSheet
from epa.judgements.rules import Tally, gaps, tally
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.queries import attempt_for, attempt_to_change
from epa.lifecycle.rules import Duty, Grade, Stage
from epa.people.models import Person
from epa.people.rules import Permission
from frameworks import AssessmentPlan, JudgedMethod


@dataclass(frozen=True)
class KsbEntry:
    """What a sheet holds on one KSB: its newest judgement, the one before, its current notes.

    ``notes`` are newest first; ``answers`` are the questions whose answers are evidence for it.
    """

    code: str
    judgement: Judgement | None = None
    before: Grade | None = None
    notes: Sequence[EvidenceNote] = ()
    answers: Sequence[AskedQuestion] = ()

    @property
    def grade(self) -> Grade | None:
        """The grade that counts; None while it is not judged."""
        return self.judgement.grade if self.judgement else None

    @property
    def judged(self) -> Judged:
        """The newest judgement as a plain row."""
        one = self.judgement
        if one is None:
            return Judged(self.code)
        return Judged(
            self.code, one.sequence, one.grade, one.judged_at, one.judged_by_id, self.before
        )

    @property
    def has_evidence(self) -> bool:
        """Whether a note or an answer stands behind it."""
        return bool(self.notes or self.answers)

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


def attempt_at(method_code: str, *, to_change: bool = False) -> Any:
    """A loader of attempts at one method; see ``epa.web.access``.

    Args:
        method_code: the method.
        to_change: whether the attempt is locked from the first look at it.
    """
    find = attempt_to_change if to_change else attempt_for

    def load(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
        attempt = find(person, permission, attempt_id)
        is_here = attempt is not None and attempt.method_code == method_code
        return attempt if attempt is not None and is_here and _is_judged(attempt) else None

    return load


def _is_judged(attempt: MethodAttempt) -> bool:
    methods = framework_of(attempt.assessment).methods
    return isinstance(methods.get(attempt.method_code), JudgedMethod)


def plan_of(sheet: MarkSheet | OpenSheet) -> AssessmentPlan:
    """The definition that the sheet's apprentice is pinned to."""
    return sheet.plan if isinstance(sheet, OpenSheet) else framework_of(sheet.attempt.assessment)


def sheets_of(attempt: MethodAttempt) -> Sequence[MarkSheet]:
    """Every version of an attempt's sheet, the newest first, each with its decision."""
    return db.session.scalars(
        select(MarkSheet)
        .where(MarkSheet.attempt_id == attempt.id)
        .options(joinedload(MarkSheet.decision))
        .order_by(MarkSheet.version.desc())
    ).all()


def sheet_of(attempt: MethodAttempt) -> MarkSheet | None:
    """The newest version that was not refused; None while no sheet is open yet."""
    return db.session.scalar(_SHEET, {"attempt": attempt.id})


_SHEET: Final = (
    select(MarkSheet)
    .outerjoin(MarkSheet.decision)
    .options(lazyload(MarkSheet.attempt))  # it is here already
    .where(
        MarkSheet.attempt_id == bindparam("attempt"),
        or_(CorrectionDecision.is_approved.is_(None), CorrectionDecision.is_approved.is_(True)),
    )
    .order_by(MarkSheet.version.desc())
    .limit(1)
)


def standing_sheet(attempt: MethodAttempt) -> MarkSheet | None:
    """The version that the grade follows from: the newest one signed and, if it corrects, approved."""
    counts = (one for one in sheets_of(attempt) if one.signed_at and not is_pending(one))
    return next((one for one in counts if one.decision is None or one.decision.is_approved), None)


def is_pending(sheet: MarkSheet) -> bool:
    """Whether a version is a correction on which nobody has decided yet."""
    return sheet.corrects_id is not None and sheet.decision is None


def correction_of(attempt: MethodAttempt) -> MarkSheet | None:
    """The correction under way, signed or not; None when there is none."""
    newest = sheet_of(attempt)
    return newest if newest is not None and is_pending(newest) else None


def corrections_under_way(attempt_ids: Collection[UUID]) -> dict[UUID, MarkSheet]:
    """The correction on which nobody has decided yet, by attempt; in one query."""
    rows = db.session.scalars(
        select(MarkSheet)
        .outerjoin(MarkSheet.decision)
        .where(
            MarkSheet.attempt_id.in_(attempt_ids),
            MarkSheet.corrects_id.is_not(None),
            CorrectionDecision.id.is_(None),
        )
    )
    return {one.attempt_id: one for one in rows}


def may_judge(attempt: MethodAttempt, person: Person) -> bool:
    """Whether this person is the attempt's assessor, and there is a sheet for them to work on."""
    if attempt.allocated(Duty.ASSESSOR) is not person:
        return False
    if attempt.grade is None:
        return attempt.assessment.stage is Stage.ASSESSMENT
    correction = correction_of(attempt)
    return correction is not None and correction.signed_at is None


def entries_of(sheet: MarkSheet) -> dict[str, KsbEntry]:
    """Everything on a sheet, by KSB code in the plan's order; three queries, however many rows."""
    judgements: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in _judgements(sheet):
        judgements[judgement.ksb_code].append(judgement)
    notes: dict[str, list[EvidenceNote]] = defaultdict(list)
    for note in current_notes(sheet):
        for code in note.ksbs:
            notes[code].append(note)
    asked = days.questions_of(sheet.attempt)
    return {
        code: _entry(code, judgements[code], notes[code], asked)
        for code in plan_of(sheet).ksbs_of(sheet.attempt.method_code)
    }


def entry_of(sheet: MarkSheet, ksb: str) -> KsbEntry:
    """What a sheet holds on one KSB."""
    notes = current_notes(sheet, ksb)
    return _entry(ksb, _judgements(sheet, ksb), notes, days.questions_of(sheet.attempt))


def current_notes(sheet: MarkSheet, ksb: str | None = None) -> Sequence[EvidenceNote]:
    """The notes that stand, newest first: all of a sheet, or those of one KSB."""
    newer = aliased(EvidenceNote)
    query = (
        select(EvidenceNote)
        .where(
            EvidenceNote.sheet_id == sheet.id,
            EvidenceNote.text != "",
            ~exists().where(newer.replaces_id == EvidenceNote.id),
        )
        .options(joinedload(EvidenceNote.noted_by))
    )
    if ksb is not None:
        # A list of codes is stored as JSON: ["K6", "S10"].
        query = query.where(cast(EvidenceNote.ksbs, Text).contains(f'"{ksb}"', autoescape=True))
    return db.session.scalars(query.order_by(EvidenceNote.sequence.desc())).all()


def feedback_of(sheet: MarkSheet) -> SheetFeedback | None:
    """What the assessor tells the apprentice, in the version that counts; None before the first."""
    return db.session.scalar(
        select(SheetFeedback)
        .where(SheetFeedback.sheet_id == sheet.id)
        .options(joinedload(SheetFeedback.written_by))
        .order_by(SheetFeedback.version.desc())
        .limit(1)
    )


def _judgements(sheet: MarkSheet, ksb: str | None = None) -> list[Judgement]:
    query = _JUDGEMENTS if ksb is None else _JUDGEMENTS_ON
    return list(db.session.scalars(query, {"sheet": sheet.id, "ksb": ksb}))


_JUDGEMENTS: Final = (
    select(Judgement)
    .where(Judgement.sheet_id == bindparam("sheet"))
    .options(joinedload(Judgement.judged_by))
    .order_by(Judgement.sequence)
)
_JUDGEMENTS_ON: Final = _JUDGEMENTS.where(Judgement.ksb_code == bindparam("ksb"))


def _entry(
    code: str,
    judgements: list[Judgement],
    notes: Sequence[EvidenceNote],
    asked: Sequence[AskedQuestion],
) -> KsbEntry:
    newest = judgements[-1] if judgements else None
    others = [one.grade for one in judgements if newest and one.grade is not newest.grade]
    answers = [one for one in asked if code in one.ksbs]
    return KsbEntry(code, newest, others[-1] if others else None, notes, answers)


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


def measured_of(sheet: MarkSheet, at: datetime) -> Measured:
    """What the clock, the questions and the files say of the sheet's day."""
    return days.measured(sheet.attempt, at)


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
    attempt = sheet.attempt
    measured = measured_of(sheet, at)
    held_on = conduct.completed(measured).held_on
    starts_on = attempt.assessment.epa_starts_on
    with_evidence = [code for code, entry in entries.items() if entry.has_evidence]
    return [
        *_still_running(attempt),
        *conduct.missing(days.method_of(attempt), measured),
        *day_in_order(held_on, starts_on=starts_on, today=london_date(at)),
        *gaps(plan_of(sheet).ksbs_of(attempt.method_code), ratings_of(entries), with_evidence),
    ]


def _still_running(attempt: MethodAttempt) -> list[Missing]:
    method = days.method_of(attempt)
    clocks = days.clocks_from(attempt, days.timer_entries(attempt))
    going_on = (ClockState.RUNNING, ClockState.PAUSED)
    return [
        Missing("clock-running", f"{part.title}: the clock was not ended yet.", field="clock")
        for part in method.parts
        if clocks[part.code].state in going_on
    ]
