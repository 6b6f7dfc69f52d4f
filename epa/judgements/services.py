"""Opening a mark sheet, judging and noting KSB by KSB, the facts of the day.

Judgements and notes are an append-only log of their own; the audit chain holds the opening, the
facts and, at signing, a digest over every version of everything on the sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID, uuid4

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from epa.audit.services import Actor, record
from epa.clock import LONDON
from epa.conduct.facts import Conduct
from epa.conduct.services import must_be, must_be_the_assessor, must_be_under_way
from epa.database import db
from epa.errors import ChangedMeanwhile, Conflict, RuleBroken
from epa.in_transaction import lock
from epa.judgements import log, queries
from epa.judgements.log import Judged, Noted
from epa.judgements.models import EvidenceNote, Judgement, MarkSheet
from epa.judgements.open_sheets import OpenSheet
from epa.judgements.rules import Entry, NoteFields, must_be_a_grade, must_be_a_note
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES, Grade
from epa.people.models import Person
from epa.wording.queries import shown_pack, wording_of

# Plain statements: as an object each row would cost as much again, and a sheet has hundreds.
_JUDGEMENT: Final = insert(cast("Table", Judgement.__table__))
_NOTES: Final = cast("Table", EvidenceNote.__table__)
_NOTE: Final = insert(_NOTES)
_NOTE_IF_NEW: Final = {
    dialect: insert_there(_NOTES).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for dialect, insert_there in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


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
    sheet: MarkSheet | OpenSheet,
    ksb: str,
    grade: Grade | None,
    *,
    actor: Actor,
    at: datetime,
    seen: int | None = None,
) -> Judged:
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
        The judgement that counts now: the one that stood already when it says the same, without a
        number where an unjudged KSB is left unjudged.

    Raises:
        ChangedMeanwhile: there is a newer judgement than ``seen``, and it says something else.
        RuleBroken: no such KSB here, a grade that the plan does not describe, a signed sheet.
    """
    held = _held(sheet, actor)
    must_be_a_grade(held.plan, held.method_code, ksb, grade)
    newest = log.newest_on(held.id, ksb)
    if newest.grade is grade:
        return log.with_before(held.id, newest)
    if newest.sequence and seen is not None and seen != newest.sequence:
        raise ChangedMeanwhile(_judged_words(newest, actor), newest)
    judged = Judged(ksb, newest.sequence + 1, grade, at, actor.id, newest.grade)
    row = {"id": uuid4(), "sheet_id": held.id, **judged._asdict()}
    del row["before"]
    db.session.connection().execute(_JUDGEMENT, row)
    return judged


def note(
    sheet: MarkSheet | OpenSheet,
    ksb: str,
    fields: NoteFields,
    *,
    actor: Actor,
    at: datetime,
    pieces: Collection[int] = (),
) -> Noted:
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
    sheet: MarkSheet | OpenSheet,
    ksbs: Sequence[str],
    fields: NoteFields,
    *,
    actor: Actor,
    at: datetime,
    pieces: Collection[int] = (),
) -> Noted:
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
    sheet: MarkSheet | OpenSheet,
    fields: NoteFields,
    tied: Callable[[Sequence[str]], Sequence[str]],
    *,
    actor: Actor,
    at: datetime,
    pieces: Collection[int],
) -> Noted:
    held = _held(sheet, actor)
    # A new note that was kept already stands in its own way. What refers to something is looked for
    # first: that may have changed since it was kept.
    refers = fields.replaces is not None or fields.piece is not None
    about = (
        log.notes_about(held.id, fields.replaces, fields.token)
        if refers or held.noted is None
        else []
    )
    if kept := next((one for one in about if fields.token and one.token == fields.token), None):
        return kept
    replaced = _note_to_replace(about, fields.replaces, actor)
    wanted = tied(replaced.ksbs if replaced else ())
    must_be_a_note(held.plan, held.method_code, wanted, fields, pieces)
    written = Noted(
        id=uuid4(),
        sequence=(log.highest_number(held.id) if held.noted is None else held.noted) + 1,
        version=replaced.version + 1 if replaced else 1,
        ksbs=[code for code in held.plan.ksbs_of(held.method_code) if code in wanted],
        **_columns(fields),
        noted_at=at,
        noted_by_id=actor.id,
    )
    if not _is_added(held, written):
        unsure = replace(held, noted=None)
        return _write(unsure, fields, tied, actor=actor, at=at, pieces=pieces)
    return written


def _is_added(sheet: OpenSheet, written: Noted) -> bool:
    """Add a note; not where it is there already, or others came while this one waited."""
    connection, row = db.session.connection(), {"sheet_id": sheet.id, **written._asdict()}
    if sheet.noted is None:
        connection.execute(_NOTE, row)
        return True
    return connection.execute(_NOTE_IF_NEW[connection.dialect.name], row).rowcount == 1


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
        written = EvidenceNote(
            id=uuid4(),
            sheet_id=sheet.id,
            sequence=number,
            version=1,
            ksbs=[entry.ksb],
            **_columns(entry.note),
            noted_at=at,
            noted_by_id=actor.id,
        )
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


def read(sheet: MarkSheet, *, actor: Person, at: datetime) -> None:
    """Write into the log that somebody looked at a sheet; once for each page shown."""
    record(actor, "mark sheet read", sheet, at=at)


_SIGNED_AT: Final = (
    select(MarkSheet.signed_at).where(MarkSheet.id == bindparam("sheet")).with_for_update()
)


def must_be_writable(sheet: MarkSheet, actor: Actor) -> None:
    """Lock the sheet for this transaction, and refuse when it is signed or somebody else's."""
    attempt = sheet.attempt
    must_be_the_assessor(attempt, actor)
    lock(attempt)
    if db.session.scalar(_SIGNED_AT, {"sheet": sheet.id}) is not None:
        raise RuleBroken("signed-already", "This mark sheet is signed. It cannot be changed.")
    if sheet.corrects_id is None:
        must_be_under_way(attempt)


def _held(sheet: MarkSheet | OpenSheet, actor: Actor) -> OpenSheet:
    """A sheet that may be written on, locked; as it was found, or as `must_be_writable` leaves it."""
    if isinstance(sheet, OpenSheet):
        must_be(sheet.assessor_id, actor)
        return sheet
    must_be_writable(sheet, actor)
    return OpenSheet(
        id=sheet.id,
        attempt_id=sheet.attempt_id,
        assessor_id=actor.id,
        method_code=sheet.attempt.method_code,
        plan=queries.plan_of(sheet),
        wording_pack_id=sheet.wording_pack_id,
    )


def _note_to_replace(about: Sequence[Noted], replaces: UUID | None, actor: Actor) -> Noted | None:
    if replaces is None:
        return None
    replaced = next((one for one in about if one.id == replaces), None)
    if replaced is None:
        raise RuleBroken("unknown-note", "There is no such note to replace.")
    newer = next((one for one in about if one.replaces_id == replaces), None)
    if newer is not None:
        what = "rewrote this note" if newer.text else "took this note back"
        words = f"{_who(newer.noted_by_id, actor)} {what} at {_clock(newer.noted_at)}."
        raise ChangedMeanwhile(words, newer)
    return replaced


def _columns(fields: NoteFields) -> dict[str, Any]:
    """What was written, by the columns in which it is kept."""
    return {
        "source": fields.source,
        "service_user": fields.service_user,
        "piece": fields.piece,
        "text": fields.text.strip(),
        "replaces_id": fields.replaces,
        "token": fields.token,
    }


def _judged_words(newest: Judged, actor: Actor) -> str:
    assert newest.judged_at is not None, "it has a number"
    grade = GRADE_TITLES[newest.grade] if newest.grade else "not judged"
    return (
        f"{_who(newest.judged_by_id, actor)} set {newest.ksb_code} to {grade}"
        f" at {_clock(newest.judged_at)}."
    )


def _who(person_id: UUID | None, actor: Actor) -> str:
    if person_id == actor.id:
        return "You, in another window,"
    return db.session.get_one(Person, person_id).name


def _clock(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M:%S}"
