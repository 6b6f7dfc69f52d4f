"""Opening a mark sheet, judging and noting KSB by KSB, the facts of the day, signing.

Judgements and notes are an append-only log of their own; the audit chain holds the opening, the
facts and, at signing, a digest over every version of everything on the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, select

from epa.audit.services import record
from epa.clock import LONDON
from epa.conduct.facts import Conduct
from epa.conduct.services import must_be_the_assessor, must_be_under_way
from epa.database import db
from epa.errors import ChangedMeanwhile, Conflict, RuleBroken
from epa.in_transaction import lock
from epa.judgements import queries
from epa.judgements.contents import content_digest
from epa.judgements.models import EvidenceNote, Judgement, MarkSheet
from epa.judgements.rules import Entry, NoteFields, must_be_a_grade, must_be_a_note
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES, Grade
from epa.lifecycle.services import record_grade
from epa.people.models import Person
from epa.wording.queries import shown_pack, wording_of
from frameworks import grade_method


def open_sheet(attempt: MethodAttempt, *, actor: Person, at: datetime) -> MarkSheet:
    """Open the mark sheet of an attempt; the one that is open already is given back.

    Raises:
        NotAllowed: somebody else is the attempt's assessor.
        RuleBroken: the attempt has no date yet, is graded, or its assessment is not under way.
    """
    must_be_the_assessor(attempt, actor)
    if sheet := queries.sheet_of(attempt):
        return sheet
    if attempt.scheduled_at is None:
        raise RuleBroken("not-scheduled", "The mark sheet opens once there is a date.")
    must_be_under_way(attempt)
    plan = framework_of(attempt.assessment)
    pack = shown_pack(attempt.assessment.epao_id, plan)
    sheet = MarkSheet(
        attempt=attempt,
        version=1,
        opened_at=at,
        opened_by=actor,
        conduct={},
        wording_pack=pack,
        wording_digest=wording_of(plan, pack).digest,
    )
    db.session.add(sheet)
    db.session.flush()
    record(
        actor,
        "mark sheet opened",
        sheet,
        at=at,
        method=attempt.method_code,
        wording=sheet.wording_digest,
        pack=str(pack.id) if pack else None,
    )
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
    must_be_writable(sheet, actor)
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
    sheet: MarkSheet,
    ksb: str,
    fields: NoteFields,
    *,
    actor: Person,
    at: datetime,
    pieces: Collection[int] = (),
) -> EvidenceNote:
    """Write an evidence note for one KSB, or a new version of one.

    A note that is evidence for several KSBs stays so: they are changed in the stream of notes.

    Returns:
        The note; the one kept already when the same save comes again.

    Raises:
        ChangedMeanwhile: the note to replace has a newer version.
        RuleBroken: no such KSB or source here, no text, a text too long, a signed sheet.
    """
    return _write(
        sheet, fields, lambda replaced: replaced or (ksb,), actor=actor, at=at, pieces=pieces
    )


def note_in_stream(
    sheet: MarkSheet,
    ksbs: Sequence[str],
    fields: NoteFields,
    *,
    actor: Person,
    at: datetime,
    pieces: Collection[int] = (),
) -> EvidenceNote:
    """Write a note that is evidence for no KSB yet, for one or for several; or tie one anew.

    Args:
        sheet: an open sheet.
        ksbs: the codes of the KSBs; none leaves it in the stream alone.
        fields: the note; with ``replaces`` a new version of that one.
        actor: the attempt's assessor.
        at: when.
        pieces: the numbers of the pieces of the portfolio that a note may refer to.

    Raises:
        ChangedMeanwhile: the note to replace has a newer version.
        RuleBroken: as for ``note``.
    """
    return _write(sheet, fields, lambda _replaced: tuple(ksbs), actor=actor, at=at, pieces=pieces)


def _write(
    sheet: MarkSheet,
    fields: NoteFields,
    tied: Callable[[Sequence[str]], Sequence[str]],
    *,
    actor: Person,
    at: datetime,
    pieces: Collection[int],
) -> EvidenceNote:
    must_be_writable(sheet, actor)
    if fields.token and (kept := _note_named(sheet, fields.token)):
        return kept
    replaced = _note_to_replace(sheet, fields.replaces, actor)
    plan, method = queries.plan_of(sheet), sheet.attempt.method_code
    wanted = tied(replaced.ksbs if replaced else ())
    must_be_a_note(plan, method, wanted, fields, pieces)
    counted = (
        select(func.count()).select_from(EvidenceNote).where(EvidenceNote.sheet_id == sheet.id)
    )
    written = _note(sheet, wanted, fields, sequence=(db.session.scalar(counted) or 0) + 1)
    written.version = replaced.version + 1 if replaced else 1
    written.ksbs = [code for code in plan.ksbs_of(method) if code in wanted]
    written.noted_at, written.noted_by_id = at, actor.id
    db.session.add(written)
    db.session.flush()
    return written


def fill(sheet: MarkSheet, entries: Sequence[Entry], *, actor: Person, at: datetime) -> None:
    """Enter a whole sheet at once, as from one kept on paper: a grade and a note on each KSB.

    Raises:
        RuleBroken: something is on the sheet already, or as for ``judge`` and ``note``.
    """
    must_be_writable(sheet, actor)
    begun = db.session.scalar(
        select(func.count()).select_from(Judgement).where(Judgement.sheet_id == sheet.id)
    )
    if begun:
        raise RuleBroken("sheet-begun", "There are judgements on this sheet already.")
    plan, method = queries.plan_of(sheet), sheet.attempt.method_code
    noted = len(queries.current_notes(sheet))
    for number, entry in enumerate(entries, start=noted + 1):
        must_be_a_grade(plan, method, entry.ksb, Grade(entry.grade))
        must_be_a_note(plan, method, [entry.ksb], entry.note)
        written = _note(sheet, [entry.ksb], entry.note, sequence=number)
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
    must_be_writable(sheet, actor)
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
    """Sign a sheet: it is final, its digest enters the audit chain, the method has its grade.

    A correction gives no grade yet: it waits for a second person (``epa.judgements.correcting``).

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
    must_be_writable(sheet, actor)
    entries = queries.entries_of(sheet)
    missing = queries.missing_from(sheet, conduct, entries, at=at)
    if missing:
        things = "1 thing is" if len(missing) == 1 else f"{len(missing)} things are"
        raise RuleBroken("sheet-unfinished", f"This cannot be signed yet: {things} missing.")
    if seen is not None and seen != content_digest(sheet):
        raise Conflict("Something on this sheet was changed since you looked it over.")
    whole = conduct.completed(queries.measured_of(sheet, at))
    sheet.conduct = whole.model_dump(mode="json")
    digest = content_digest(sheet)
    sheet.signed_at, sheet.signed_by, sheet.digest = at, actor, digest
    if sheet.corrects_id is None:
        sheet.attempt.held_on = whole.held_on
    db.session.flush()
    record(actor, "mark sheet signed", sheet, at=at, digest=digest, version=sheet.version)
    if sheet.corrects_id is None:
        record_grade(sheet.attempt, **result_of(sheet), actor=actor, at=at)


def result_of(sheet: MarkSheet) -> dict[str, Any]:
    """What a whole sheet comes to: the grade, what it follows from, and why, as the attempt keeps it."""
    ratings = queries.ratings_on(sheet)
    outcome = grade_method(queries.plan_of(sheet), sheet.attempt.method_code, ratings)
    assert outcome.grade is not None, "nothing is missing, so there is a grade"
    return {
        "grade": outcome.grade,
        "scoring_input": {"ratings": ratings},
        "explanation": list(outcome.reasons),
    }


def read(sheet: MarkSheet, *, actor: Person, at: datetime) -> None:
    """Write into the log that somebody looked at a sheet; once for each page shown."""
    record(actor, "mark sheet read", sheet, at=at)


_SIGNED_AT: Final = (
    select(MarkSheet.signed_at).where(MarkSheet.id == bindparam("sheet")).with_for_update()
)


def must_be_writable(sheet: MarkSheet, actor: Person) -> None:
    """Lock the sheet for this transaction, and refuse when it is signed or somebody else's."""
    attempt = sheet.attempt
    must_be_the_assessor(attempt, actor)
    lock(attempt)
    if db.session.scalar(_SIGNED_AT, {"sheet": sheet.id}) is not None:
        raise RuleBroken("signed-already", "This mark sheet is signed. It cannot be changed.")
    if sheet.corrects_id is None:
        must_be_under_way(attempt)


def _note_named(sheet: MarkSheet, token: str) -> EvidenceNote | None:
    query = select(EvidenceNote).where(
        EvidenceNote.sheet_id == sheet.id, EvidenceNote.token == token
    )
    return db.session.scalar(query)


def _note_to_replace(sheet: MarkSheet, replaces: UUID | None, actor: Person) -> EvidenceNote | None:
    if replaces is None:
        return None
    on_sheet = select(EvidenceNote).where(EvidenceNote.sheet_id == sheet.id)
    replaced = db.session.scalar(on_sheet.where(EvidenceNote.id == replaces))
    if replaced is None:
        raise RuleBroken("unknown-note", "There is no such note to replace.")
    newer = db.session.scalar(on_sheet.where(EvidenceNote.replaces_id == replaces))
    if newer is not None:
        what = "rewrote this note" if newer.text else "took this note back"
        words = f"{_who(newer.noted_by, actor)} {what} at {_clock(newer.noted_at)}."
        raise ChangedMeanwhile(words, newer)
    return replaced


def _note(
    sheet: MarkSheet, ksbs: Sequence[str], fields: NoteFields, *, sequence: int
) -> EvidenceNote:
    return EvidenceNote(
        id=uuid4(),
        sheet_id=sheet.id,
        sequence=sequence,
        version=1,
        ksbs=list(ksbs),
        source=fields.source,
        service_user=fields.service_user,
        piece=fields.piece,
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
