"""What people make of what a candidate's page told of itself: with a reason, and never by itself."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken
from epa.invigilation.models import EventCandidate, IntegrityFinding
from epa.invigilation.rules import Disposition
from epa.people.models import Person
from question_bank.sittings import queries as sittings


def find(
    candidate: EventCandidate,
    disposition: Disposition,
    words: str,
    *,
    actor: Person,
    at: datetime,
) -> IntegrityFinding:
    """Say what is made of everything that a candidate's page told until now.

    Raises:
        RuleBroken: it told nothing, or nothing says why.
    """
    if not words.strip():
        raise RuleBroken("reason-missing", "Enter why", "words")
    sitting = sittings.of_attempts([candidate.attempt_id]).get(candidate.attempt_id)
    events = len(sittings.integrity_of(sitting.id)) if sitting else 0
    if not events:
        raise RuleBroken("nothing-told", "There is nothing to decide about.")
    finding = IntegrityFinding(
        candidate=candidate,
        events=events,
        disposition=disposition,
        words=words.strip(),
        found_at=at,
        found_by=actor,
    )
    db.session.add(finding)
    db.session.flush()
    record(
        actor,
        "integrity events looked at",
        candidate.event,
        at=at,
        attempt=str(candidate.attempt_id),
        events=events,
        disposition=disposition,
    )
    return finding
