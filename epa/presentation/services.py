"""The presentation's file, submitted in time or late with a reason, and its signed sheet."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.files.models import StoredFile
from epa.in_transaction import lock
from epa.judgements import signing
from epa.judgements.models import MarkSheet
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import STAGE_TITLES, Stage
from epa.people.models import Person
from epa.presentation import queries
from epa.presentation.models import PresentationSubmission
from epa.presentation.rules import PresentationConduct

ENDINGS: Final = ("pdf", "pptx", "odp", "mp4")


def submit_file(
    attempt: MethodAttempt, file: StoredFile, *, actor: Person, at: datetime
) -> PresentationSubmission:
    """Submit the file, or a newer one in its place, up to the end of the day it is due on.

    Raises:
        RuleBroken: it is late, or the presentation was held already.
    """
    due = require_open(attempt)
    if london_date(at) > due:
        raise late(due)
    return _submit(attempt, file, actor=actor, at=at)


def submit_late(
    attempt: MethodAttempt, file: StoredFile, reason: str, *, actor: Person, at: datetime
) -> PresentationSubmission:
    """Accept a file after the day it was due on: the administrator's decision, with a reason.

    Raises:
        RuleBroken: it is not late, no reason is given, or the presentation was held already.
    """
    due = require_open(attempt)
    if london_date(at) <= due:
        raise RuleBroken(
            "presentation-not-late",
            f"The file is due on {_words(due)}: until then the apprentice submits it.",
        )
    if not reason.strip():
        raise RuleBroken("reason-missing", "Say why the late file is accepted", "reason")
    return _submit(attempt, file, actor=actor, at=at, late_reason=reason.strip())


def require_open(attempt: MethodAttempt) -> date:
    """Refuse unless a file may be submitted for this attempt at all; give the day it is due on.

    Raises:
        RuleBroken: the EPA period is not running, or the presentation was held.
    """
    due = queries.file_due_on(attempt)
    if due is None or attempt.assessment.stage is not Stage.ASSESSMENT:
        raise RuleBroken(
            "presentation-stage",
            "The file is submitted in the EPA period."
            f" The stage is now “{STAGE_TITLES[attempt.assessment.stage]}”.",
        )
    if attempt.held_on is not None:
        raise RuleBroken(
            "presentation-held",
            f"The presentation was held on {_words(attempt.held_on)}:"
            " its file can no longer be changed.",
        )
    return due


def closed_because(attempt: MethodAttempt) -> str:
    """Why no file may be submitted any more, in a sentence; empty while one may be."""
    try:
        require_open(attempt)
    except RuleBroken as broken:
        return broken.message
    return ""


def late(due: date) -> RuleBroken:
    """The refusal of a late file, with what to do."""
    return RuleBroken(
        "presentation-late",
        f"The file was due on {_words(due)}. Tell the administrator why it is late:"
        " they can accept it with a reason.",
        "file",
    )


def note_file_read(
    submission: PresentationSubmission, *, actor: Person, at: datetime
) -> StoredFile:
    """Write down that somebody fetches the file, and give it."""
    attempt = submission.attempt
    record(actor, "presentation file read", attempt, at=at, version=submission.version)
    return submission.file


def _submit(
    attempt: MethodAttempt,
    file: StoredFile,
    *,
    actor: Person,
    at: datetime,
    late_reason: str | None = None,
) -> PresentationSubmission:
    lock(attempt)
    newest = queries.newest_submission(attempt)
    submission = PresentationSubmission(
        attempt=attempt,
        version=newest.version + 1 if newest else 1,
        file=file,
        submitted_at=at,
        submitted_by_id=actor.id,
        allowed_late_by_id=actor.id if late_reason else None,
        late_reason=late_reason,
    )
    db.session.add(submission)
    db.session.flush()
    action = "late presentation file accepted" if late_reason else "presentation file submitted"
    record(actor, action, attempt, at=at, version=submission.version, file=str(file.id))
    return submission


def _words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def sign(sheet: MarkSheet, *, actor: Person, at: datetime, seen: str | None = None) -> None:
    """Sign the sheet; see ``epa.judgements.signing.sign``."""
    conduct = PresentationConduct.model_validate(sheet.conduct)
    signing.sign(sheet, conduct, actor=actor, at=at, seen=seen)
