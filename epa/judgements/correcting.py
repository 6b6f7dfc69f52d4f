"""Correcting a signed sheet: a new version with a reason, and a second person who lets it count."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from epa.audit.services import record
from epa.conduct.services import must_be_the_assessor
from epa.database import db
from epa.errors import RuleBroken
from epa.in_transaction import lock
from epa.judgements import queries
from epa.judgements.models import (
    CorrectionDecision,
    EvidenceNote,
    Judgement,
    MarkSheet,
    SheetFeedback,
)
from epa.judgements.signing import result_of
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADING_DUTIES
from epa.lifecycle.services import correct_grade
from epa.people.models import Person


def open_correction(
    attempt: MethodAttempt, reason: str, *, actor: Person, at: datetime
) -> MarkSheet:
    """Open a new version of a signed sheet, with everything that stands on the one it corrects.

    Raises:
        RuleBroken: nothing is signed, a correction is under way, no reason, the grade is released.
    """
    must_be_the_assessor(attempt, actor)
    lock(attempt)
    standing = queries.standing_sheet(attempt)
    if standing is None:
        raise RuleBroken("not-signed", "A sheet that is not signed is changed, not corrected.")
    if queries.correction_of(attempt) is not None:
        raise RuleBroken("correction-open", "A correction of this sheet is under way already.")
    _must_not_be_released(attempt)
    if not reason.strip():
        raise RuleBroken("reason-missing", "Say what was wrong on the signed sheet", "reason")
    correction = MarkSheet(
        attempt=attempt,
        version=queries.sheets_of(attempt)[0].version + 1,
        corrects=standing,
        reason=reason.strip(),
        opened_at=at,
        opened_by=actor,
        conduct=dict(standing.conduct),
        wording_pack=standing.wording_pack,
        wording_digest=standing.wording_digest,
    )
    db.session.add(correction)
    db.session.flush()
    _copy(standing, correction)
    _copy_feedback(standing, correction)
    record(
        actor,
        "correction opened",
        correction,
        at=at,
        version=correction.version,
        corrects=standing.version,
    )
    return correction


def decide(
    correction: MarkSheet, *, is_approved: bool, reason: str, actor: Person, at: datetime
) -> CorrectionDecision:
    """Let a signed correction count, with the grade that follows from it, or refuse it.

    Args:
        correction: a signed version that corrects another.
        is_approved: whether it counts from now on.
        reason: why not, when it does not.
        actor: somebody who had no part in the grade.
        at: when.

    Raises:
        RuleBroken: it is not signed or decided on already, the person had a part in it, a refusal
            has no reason, or the grade was released meanwhile.
    """
    attempt = correction.attempt
    lock(attempt)
    if correction.signed_at is None or not queries.is_pending(correction):
        raise RuleBroken("not-to-decide", "There is no signed correction here to decide on.")
    if actor.id in involved_in(correction):
        raise RuleBroken(
            "second-person",
            "You had a part in this sheet. Somebody who had none decides on its correction.",
        )
    _must_not_be_released(attempt)
    if not is_approved and not reason.strip():
        raise RuleBroken("reason-missing", "Say why the correction does not count", "reason")
    decision = CorrectionDecision(
        sheet=correction,
        is_approved=is_approved,
        reason=reason.strip() or None,
        decided_at=at,
        decided_by=actor,
    )
    db.session.add(decision)
    db.session.flush()
    db.session.expire(correction, ["decision"])
    action = "correction approved" if is_approved else "correction refused"
    record(actor, action, correction, at=at, version=correction.version)
    if is_approved:
        correct_grade(attempt, **result_of(correction), actor=actor, at=at)
    return decision


def involved_in(correction: MarkSheet) -> set[UUID | None]:
    """Everybody who had a part in a corrected sheet or in its grade."""
    attempt = correction.attempt
    held = {one.person_id for one in attempt.allocations if one.duty in GRADING_DUTIES}
    return {*held, attempt.graded_by_id, correction.opened_by_id, correction.signed_by_id}


def _must_not_be_released(attempt: MethodAttempt) -> None:
    if attempt.released_at is not None:
        raise RuleBroken(
            "released-already",
            "The grade is released. A released grade is changed by a decision on an appeal only.",
        )


def _copy(standing: MarkSheet, correction: MarkSheet) -> None:
    """Put what counts on the signed version onto the new one, with who wrote it and when."""
    newest: dict[str, Judgement] = {}
    for judgement in db.session.scalars(
        select(Judgement).where(Judgement.sheet_id == standing.id).order_by(Judgement.sequence)
    ):
        newest[judgement.ksb_code] = judgement
    for one in newest.values():
        db.session.add(
            Judgement(
                sheet_id=correction.id,
                sequence=1,
                ksb_code=one.ksb_code,
                grade=one.grade,
                judged_at=one.judged_at,
                judged_by_id=one.judged_by_id,
            )
        )
    oldest_first = reversed(queries.current_notes(standing))
    for sequence, note in enumerate(oldest_first, start=1):
        db.session.add(
            EvidenceNote(
                id=uuid4(),
                sheet_id=correction.id,
                sequence=sequence,
                version=1,
                ksbs=list(note.ksbs),
                source=note.source,
                service_user=note.service_user,
                piece=note.piece,
                text=note.text,
                noted_at=note.noted_at,
                noted_by_id=note.noted_by_id,
            )
        )
    db.session.flush()


def _copy_feedback(standing: MarkSheet, correction: MarkSheet) -> None:
    if told := queries.feedback_of(standing):
        db.session.add(
            SheetFeedback(
                sheet_id=correction.id,
                version=1,
                overall=told.overall,
                went_well=told.went_well,
                work_on=told.work_on,
                written_at=told.written_at,
                written_by_id=told.written_by_id,
            )
        )
        db.session.flush()
