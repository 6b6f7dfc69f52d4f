"""What an assessor does on the day: start and stop the clock, write questions down, attach a recording.

The clock and the questions are logs that are only added to; they stay out of the audit chain until
the sheet is signed, when its digest takes them in. A recording is in the chain at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from epa.audit.services import Actor, record
from epa.clock import LONDON, london_date
from epa.conduct import queries
from epa.conduct.clock import ClockEntry, must_be_possible, reckoned
from epa.conduct.models import AskedQuestion, DayRecording, TimerEntry
from epa.conduct.rules import PromptName, QuestionFields, must_be_a_question
from epa.database import db
from epa.errors import ChangedMeanwhile, NotAllowed, RuleBroken
from epa.files.models import StoredFile
from epa.in_transaction import lock
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Duty, Stage
from epa.people.models import Person


def must_be_the_assessor(attempt: MethodAttempt, actor: Actor) -> None:
    """Refuse everybody but the assessor allocated to the attempt.

    Raises:
        NotAllowed: it is somebody else.
    """
    assessor = attempt.allocated(Duty.ASSESSOR)
    must_be(assessor.id if assessor else None, actor)


def must_be(assessor_id: UUID | None, actor: Actor) -> None:
    """The same where no more is known of the attempt's assessor than who it is."""
    if assessor_id != actor.id:
        raise NotAllowed("Only the assessor allocated to this attempt keeps its mark sheet.")


def must_be_under_way(attempt: MethodAttempt) -> None:
    """Refuse an attempt that is graded, or whose assessment is not in the stage of being judged.

    Raises:
        RuleBroken: it is one of these.
    """
    if attempt.grade is not None or attempt.assessment.stage is not Stage.ASSESSMENT:
        raise RuleBroken("not-under-way", "This cannot be judged now: it is not under way.")


def enter(
    attempt: MethodAttempt,
    entry: ClockEntry,
    *,
    actor: Person,
    at: datetime,
    token: str | None = None,
) -> TimerEntry:
    """Start, pause, go on with, end or lengthen one part.

    Args:
        attempt: one under way.
        entry: what was done; its instant may lie before now when the page was offline.
        actor: the attempt's assessor.
        at: now.
        token: the browser's name for this save: the same one again is kept once.

    Returns:
        The entry; the one kept already when the same save comes again.

    Raises:
        RuleBroken: the clock does not allow it now, a pause has no reason, it is another day.
    """
    _must_be_open(attempt, actor)
    entries = queries.timer_entries(attempt)
    if token and (kept := [one for one in entries if one.token == token]):
        return kept[0]
    last = entries[-1].happened_at if entries else None
    happened = reckoned(entry.at, last=last, now=at)
    must_be_possible(
        queries.method_of(attempt),
        queries.clocks_from(attempt, entries),
        entry,
        held_on=london_date(entries[0].happened_at) if entries else None,
        today=london_date(happened),
    )
    kept_entry = TimerEntry(
        attempt_id=attempt.id,
        sequence=len(entries) + 1,
        part=entry.part,
        action=entry.action,
        reason=entry.reason,
        words=entry.words.strip(),
        happened_at=happened,
        received_at=at,
        entered_by_id=actor.id,
        token=token,
    )
    db.session.add(kept_entry)
    db.session.flush()
    return kept_entry


def write_question(
    attempt: MethodAttempt,
    fields: QuestionFields,
    *,
    actor: Person,
    at: datetime,
    seen: int | None = None,
    prompt: PromptName | None = None,
) -> AskedQuestion | None:
    """Write down a question and its answer, or a new version of one.

    Args:
        attempt: one under way.
        fields: what was asked and answered; nothing in either takes it back.
        actor: the attempt's assessor.
        at: now.
        seen: the version that the assessor saw last, 0 for none; None when nobody else can have
            written meanwhile.
        prompt: the prompt of the bank that it was drawn as; None for one that arose.

    Returns:
        The version that counts now: the one there already when it says the same. None when
        nothing was there and nothing is said.

    Raises:
        ChangedMeanwhile: there is a newer version than ``seen``, and it says something else.
        RuleBroken: no such question, an answer without a question, a text too long, a KSB of
            another method.
    """
    _must_be_open(attempt, actor)
    ksbs = framework_of(attempt.assessment).ksbs_of(attempt.method_code)
    must_be_a_question(fields, ksbs)
    versions = _versions(attempt, fields)
    newest = versions[-1] if versions else None
    if newest is None and fields.is_empty:
        return None
    if newest is not None:
        if _is_kept(versions, fields):
            return newest
        if seen is not None and seen != newest.version:
            raise ChangedMeanwhile(_written_words(newest, actor), newest)
    written = AskedQuestion(
        attempt_id=attempt.id,
        number=fields.number,
        follow_up=fields.follow_up,
        version=newest.version + 1 if newest else 1,
        question=fields.question.strip(),
        answer=fields.answer.strip(),
        ksbs=[code for code in ksbs if code in fields.ksbs],
        prompt_reference=prompt.reference if prompt else None,
        prompt_version=prompt.version if prompt else None,
        asked_at=newest.asked_at if newest else at,
        written_at=at,
        written_by_id=actor.id,
        token=fields.token,
    )
    db.session.add(written)
    db.session.flush()
    return written


def attach_recording(
    attempt: MethodAttempt, file: StoredFile, *, actor: Person, at: datetime
) -> DayRecording:
    """Attach a recording of the day; it may still come after the sheet is signed, until release.

    Raises:
        RuleBroken: the grade is released.
    """
    must_be_the_assessor(attempt, actor)
    lock(attempt)
    if attempt.released_at is not None:
        raise RuleBroken("released-already", "The grade is released: nothing is added any more.")
    attached = DayRecording(
        attempt=attempt,
        number=len(queries.recordings_of(attempt)) + 1,
        file=file,
        attached_at=at,
        attached_by_id=actor.id,
    )
    db.session.add(attached)
    db.session.flush()
    record(actor, "recording attached", attempt, at=at, number=attached.number, file=str(file.id))
    return attached


def fetch_recording(recording: DayRecording, *, actor: Person, at: datetime) -> StoredFile:
    """Write down that somebody fetches a recording, and give its file."""
    record(actor, "recording fetched", recording.attempt, at=at, number=recording.number)
    return recording.file


def _must_be_open(attempt: MethodAttempt, actor: Person) -> None:
    must_be_the_assessor(attempt, actor)
    lock(attempt)
    must_be_under_way(attempt)


def _versions(attempt: MethodAttempt, fields: QuestionFields) -> Sequence[AskedQuestion]:
    query = select(AskedQuestion).where(
        AskedQuestion.attempt_id == attempt.id,
        AskedQuestion.number == fields.number,
        AskedQuestion.follow_up == fields.follow_up,
    )
    return db.session.scalars(query.order_by(AskedQuestion.version)).all()


def _is_kept(versions: Sequence[AskedQuestion], fields: QuestionFields) -> bool:
    """Whether this very save came before, or the newest version says the same."""
    if fields.token is not None and fields.token in {one.token for one in versions}:
        return True
    newest = versions[-1]
    said = (newest.question, newest.answer, set(newest.ksbs))
    return said == (fields.question.strip(), fields.answer.strip(), set(fields.ksbs))


def _written_words(newest: AskedQuestion, actor: Person) -> str:
    who = "You, in another window," if newest.written_by is actor else newest.written_by.name
    return f"{who} wrote this question at {newest.written_at.astimezone(LONDON):%H:%M:%S}."
