"""Opening a mark sheet, judging and noting KSB by KSB, the facts of the day, signing.

Judgements and notes are an append-only log of their own; the audit chain holds the opening, the
facts and, at signing, a digest over every version of everything on the sheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from epa.audit.services import record
from epa.clock import LONDON
from epa.database import db
from epa.errors import Conflict, NotAllowed, RuleBroken
from epa.judgements import queries
from epa.judgements.models import EvidenceNote, Judgement, MarkSheet
from epa.judgements.rules import (
    Conduct,
    Entry,
    NoteFields,
    must_be_a_grade,
    must_be_a_note,
)
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES, Duty, Grade, Stage
from epa.lifecycle.services import record_grade
from epa.people.models import Person
from frameworks import grade_method


class ChangedMeanwhile(Conflict):
    """A KSB was judged, or a note rewritten, since the one who saves last saw it.

    Args:
        message: who did what, and when.
        newest: what stands on the sheet now.
    """

    def __init__(self, message: str, newest: Judgement | EvidenceNote) -> None:
        super().__init__(message)
        self.newest = newest


def open_sheet(attempt: MethodAttempt, *, actor: Person, at: datetime) -> MarkSheet:
    """Open the mark sheet of an attempt; the one that is open already is given back.

    Raises:
        NotAllowed: somebody else is the attempt's assessor.
        RuleBroken: the attempt has no date yet, is graded, or its assessment is not under way.
    """
    _must_be_the_assessor(attempt, actor)
    if sheet := queries.sheet_of(attempt):
        return sheet
    if attempt.scheduled_at is None:
        raise RuleBroken("not-scheduled", "The mark sheet opens once there is a date.")
    _must_be_under_way(attempt)
    sheet = MarkSheet(attempt=attempt, version=1, opened_at=at, opened_by_id=actor.id, conduct={})
    db.session.add(sheet)
    db.session.flush()
    record(actor, "mark sheet opened", sheet, at=at, method=attempt.method_code)
    return sheet


def judge(
    sheet: MarkSheet,
    ksb: str,
    grade: Grade | None,
    *,
    actor: Person,
    at: datetime,
    seen: int | None = None,
) -> Judgement | None:
    """Judge one KSB, or take its judgement back.

    Args:
        sheet: an open sheet.
        ksb: the KSB's code.
        grade: the grade; None for not judged.
        actor: the attempt's assessor.
        at: when.
        seen: the sequence of the newest judgement that the assessor saw, 0 for none; None when
            nobody else can have judged meanwhile.

    Returns:
        The judgement that counts now: the one that stood already when it says the same. None when
        an unjudged KSB is left unjudged.

    Raises:
        ChangedMeanwhile: there is a newer judgement than ``seen``, and it says something else.
        RuleBroken: no such KSB here, a grade that the plan does not describe, a signed sheet.
    """
    _must_be_writable(sheet, actor)
    must_be_a_grade(queries.plan_of(sheet), sheet.attempt.method_code, ksb, grade)
    newest = db.session.scalar(
        select(Judgement)
        .where(Judgement.sheet_id == sheet.id, Judgement.ksb_code == ksb)
        .order_by(Judgement.sequence.desc())
        .limit(1)
    )
    stands = newest.grade if newest else None
    if stands is grade:
        return newest
    if newest is not None and seen is not None and seen != newest.sequence:
        raise ChangedMeanwhile(_judged_words(newest, actor), newest)
    judgement = Judgement(
        sheet_id=sheet.id,
        sequence=newest.sequence + 1 if newest else 1,
        ksb_code=ksb,
        grade=grade,
        judged_at=at,
        judged_by_id=actor.id,
    )
    db.session.add(judgement)
    db.session.flush()
    return judgement


def note(
    sheet: MarkSheet, ksb: str, fields: NoteFields, *, actor: Person, at: datetime
) -> EvidenceNote:
    """Write an evidence note for one KSB, or a new version of one.

    Returns:
        The note; the one kept already when the same save comes again.

    Raises:
        ChangedMeanwhile: the note to replace has a newer version.
        RuleBroken: no such KSB or source here, no text, a text too long, a signed sheet.
    """
    _must_be_writable(sheet, actor)
    must_be_a_note(queries.plan_of(sheet), sheet.attempt.method_code, ksb, fields)
    notes = db.session.scalars(
        select(EvidenceNote)
        .where(EvidenceNote.sheet_id == sheet.id, EvidenceNote.ksb_code == ksb)
        .order_by(EvidenceNote.sequence)
    ).all()
    if fields.token and (kept := [one for one in notes if one.token == fields.token]):
        return kept[0]
    if fields.replaces is not None:
        _must_be_newest(notes, fields.replaces, actor)
    written = _note(sheet, ksb, fields, sequence=len(notes) + 1)
    written.noted_at, written.noted_by_id = at, actor.id
    db.session.add(written)
    db.session.flush()
    return written


def fill(sheet: MarkSheet, entries: Sequence[Entry], *, actor: Person, at: datetime) -> None:
    """Enter a whole sheet at once, as from one kept on paper: a grade and a note on each KSB.

    Raises:
        RuleBroken: something is on the sheet already, or as for ``judge`` and ``note``.
    """
    _must_be_writable(sheet, actor)
    begun = db.session.scalar(
        select(func.count()).select_from(Judgement).where(Judgement.sheet_id == sheet.id)
    )
    if begun:
        raise RuleBroken("sheet-begun", "There are judgements on this sheet already.")
    plan, method = queries.plan_of(sheet), sheet.attempt.method_code
    for entry in entries:
        must_be_a_grade(plan, method, entry.ksb, Grade(entry.grade))
        must_be_a_note(plan, method, entry.ksb, entry.note)
        written = _note(sheet, entry.ksb, entry.note, sequence=1)
        written.noted_at, written.noted_by_id = at, actor.id
        judgement = Judgement(
            sheet_id=sheet.id,
            sequence=1,
            ksb_code=entry.ksb,
            grade=Grade(entry.grade),
            judged_at=at,
            judged_by_id=actor.id,
        )
        db.session.add_all([judgement, written])
    db.session.flush()


def set_conduct(
    sheet: MarkSheet, conduct: Conduct, *, actor: Person, at: datetime, seen: int | None = None
) -> None:
    """Keep the facts of the day, as far as they are known.

    Args:
        sheet: an open sheet.
        conduct: the facts, in the shape of the sheet's method.
        actor: the attempt's assessor.
        at: when.
        seen: the sheet's lock version that the assessor saw; None when nobody else can have
            changed the facts meanwhile.

    Raises:
        Conflict: the facts were changed since.
        RuleBroken: a signed sheet.
    """
    _must_be_writable(sheet, actor)
    values = conduct.model_dump(mode="json")
    changed = sorted(name for name in values if values[name] != sheet.conduct.get(name))
    if not changed:
        return
    if seen is not None and seen != sheet.lock_version:
        raise Conflict(
            "The facts of the day were changed in another window since you opened this page."
            f" Different there: {', '.join(changed)}."
        )
    sheet.conduct = values
    db.session.flush()
    record(actor, "facts of the day changed", sheet, at=at, changed=changed)


def sign(
    sheet: MarkSheet, conduct: Conduct, *, actor: Person, at: datetime, seen: str | None = None
) -> None:
    """Sign a sheet: it is final, the method has its grade, its digest enters the audit chain.

    Args:
        sheet: an open sheet with nothing missing.
        conduct: its facts of the day, read by its method's rules.
        actor: the attempt's assessor.
        at: when.
        seen: the content's digest that the assessor confirmed; None when it cannot have changed.

    Raises:
        Conflict: something was changed since the assessor looked it over.
        RuleBroken: something is missing, or over a limit without its reason.
    """
    _must_be_writable(sheet, actor)
    entries = queries.entries_of(sheet)
    missing = queries.missing_from(sheet, conduct, entries, at=at)
    if missing:
        things = "1 thing is" if len(missing) == 1 else f"{len(missing)} things are"
        raise RuleBroken("sheet-unfinished", f"This cannot be signed yet: {things} missing.")
    digest = queries.content_digest(sheet)
    if seen is not None and seen != digest:
        raise Conflict("Something on this sheet was changed since you looked it over.")
    ratings = queries.ratings_of(entries)
    outcome = grade_method(queries.plan_of(sheet), sheet.attempt.method_code, ratings)
    assert outcome.grade is not None, "nothing is missing, so there is a grade"
    sheet.signed_at, sheet.signed_by, sheet.digest = at, actor, digest
    sheet.attempt.held_on = conduct.held_on
    db.session.flush()
    record(actor, "mark sheet signed", sheet, at=at, digest=digest, version=sheet.version)
    record_grade(
        sheet.attempt,
        grade=Grade(outcome.grade.value),
        scoring_input={"ratings": ratings},
        explanation=list(outcome.reasons),
        actor=actor,
        at=at,
    )


def read(sheet: MarkSheet, *, actor: Person, at: datetime) -> None:
    """Write into the log that somebody looked at a sheet; once for each page shown."""
    record(actor, "mark sheet read", sheet, at=at)


def _must_be_the_assessor(attempt: MethodAttempt, actor: Person) -> None:
    if attempt.allocated(Duty.ASSESSOR) is not actor:
        raise NotAllowed("Only the assessor allocated to this attempt keeps its mark sheet.")


def _must_be_under_way(attempt: MethodAttempt) -> None:
    if attempt.grade is not None or attempt.assessment.stage is not Stage.ASSESSMENT:
        raise RuleBroken("not-under-way", "This cannot be judged now: it is not under way.")


def _must_be_writable(sheet: MarkSheet, actor: Person) -> None:
    """Lock the sheet for this transaction, and refuse when it is signed or somebody else's."""
    _must_be_the_assessor(sheet.attempt, actor)
    db.session.flush()
    locked = select(MarkSheet.signed_at).where(MarkSheet.id == sheet.id).with_for_update()
    if db.session.scalar(locked) is not None:
        raise RuleBroken("signed-already", "This mark sheet is signed. It cannot be changed.")
    _must_be_under_way(sheet.attempt)


def _must_be_newest(notes: Sequence[EvidenceNote], replaced: UUID, actor: Person) -> None:
    if replaced not in {one.id for one in notes}:
        raise RuleBroken("unknown-note", "There is no such note to replace.")
    for newer in notes:
        if newer.replaces_id == replaced:
            who = _who(newer.noted_by, actor)
            what = "rewrote this note" if newer.text else "took this note back"
            raise ChangedMeanwhile(f"{who} {what} at {_clock(newer.noted_at)}.", newer)


def _note(sheet: MarkSheet, ksb: str, fields: NoteFields, *, sequence: int) -> EvidenceNote:
    return EvidenceNote(
        id=uuid4(),
        sheet_id=sheet.id,
        sequence=sequence,
        ksb_code=ksb,
        source=fields.source,
        service_user=fields.service_user,
        text=fields.text.strip(),
        replaces_id=fields.replaces,
        token=fields.token,
    )


def _judged_words(newest: Judgement, actor: Person) -> str:
    grade = GRADE_TITLES[newest.grade] if newest.grade else "not judged"
    return (
        f"{_who(newest.judged_by, actor)} set {newest.ksb_code} to {grade}"
        f" at {_clock(newest.judged_at)}."
    )


def _who(person: Person, actor: Person) -> str:
    return "You, in another window," if person is actor else person.name


def _clock(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M:%S}"
