"""Ending a test session: closed with every sitting recorded, cancelled, or over for one candidate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from epa.audit.services import record
from epa.booking import services as booking
from epa.booking.states import Absent
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.invigilation import queries
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.rules import (
    INCIDENT_TITLES,
    SAT,
    Attendance,
    EventStatus,
    missing_to_close,
)
from epa.invigilation.services import refuse_unless_planned
from epa.knowledge_test import queries as tests
from epa.knowledge_test import services as knowledge_test
from epa.knowledge_test.rules import SittingFacts
from epa.people.models import Person
from epa.web.filters import plural
from question_bank.sittings import queries as sittings
from question_bank.sittings.rules import LIVE


def close_event(event: InvigilatedEvent, *, actor: Person, at: datetime) -> None:
    """Close a session once everything is recorded.

    For everybody who sat on paper, the sitting is recorded with the minutes that were theirs, where the actor may
    record it and it is not recorded yet; a longer one is recorded on its own page first. Whoever
    did not come can be booked again.

    Raises:
        RuleBroken: something is still to be recorded, somebody sits a test on a screen, or it has
            not begun.
    """
    refuse_unless_planned(event)
    if at < event.starts_at:
        raise RuleBroken("not-begun", "The session has not begun yet.")
    _refuse_open(event.candidates)
    standing = [(it.attendance, it.identity_document is not None) for it in event.candidates]
    if missing := missing_to_close(standing, room_checked=event.is_suitable):
        raise RuleBroken("not-whole", " ".join(missing))
    for one in event.candidates:
        if one.attendance in SAT:
            _record_sitting(event, one, actor=actor, at=at)
        elif one.attendance is Attendance.ABSENT and one.attempt.scheduled_at is not None:
            booking.note_no_show(
                one.attempt, Absent.APPRENTICE, "Did not come to the test.", actor=actor, at=at
            )
    event.status, event.ended_at = EventStatus.CLOSED, at
    db.session.flush()
    record(actor, "test session closed", event, at=at, candidates=len(event.candidates))


def cancel_event(event: InvigilatedEvent, reason: str, *, actor: Person, at: datetime) -> None:
    """Cancel a session with the dates of all its candidates.

    Raises:
        RuleBroken: it is over, somebody sits a test in it, or no reason is given.
    """
    refuse_unless_planned(event)
    _refuse_open(event.candidates)
    if not reason.strip():
        raise RuleBroken("reason-missing", "Enter why the session is cancelled", "reason")
    for one in event.candidates:
        booking.cancel(one.attempt, reason, actor=actor, at=at)
        one.removed_at = at
    event.status, event.ended_at, event.reason = EventStatus.CANCELLED, at, reason.strip()
    db.session.flush()
    record(actor, "test session cancelled", event, at=at)


def remove_candidate(
    candidate: EventCandidate, reason: str, *, actor: Person, at: datetime
) -> None:
    """Take a candidate out of a session; the date is cancelled.

    Raises:
        RuleBroken: the session is over, their test is let in on a screen, or no reason is given.
    """
    refuse_unless_planned(candidate.event)
    _refuse_open([candidate])
    booking.cancel(candidate.attempt, reason, actor=actor, at=at)
    candidate.removed_at = at
    db.session.flush()
    record(actor, "candidate taken out", candidate.event, at=at, attempt=str(candidate.attempt_id))


def _refuse_open(candidates: Sequence[EventCandidate]) -> None:
    """A session does not end over a test that may be started, or that somebody is writing."""
    found = sittings.of_attempts([one.attempt_id for one in candidates])
    count = sum(one.state in LIVE for one in found.values())
    if count:
        raise RuleBroken(
            "still-open",
            f"{plural(count, 'test')} let in and not handed in yet. Wait for it, or void the paper.",
        )


def _record_sitting(
    event: InvigilatedEvent, candidate: EventCandidate, *, actor: Person, at: datetime
) -> None:
    attempt = candidate.attempt
    if tests.is_on_screen(attempt) or tests.sitting_of(attempt) is not None:
        return  # a test on a screen keeps its own record, and may be graded by now
    if not tests.may_record_sitting(attempt, actor):
        return
    happened = [
        f"{INCIDENT_TITLES[one.kind]}: {one.words}"
        for one in queries.incidents(event)
        if one.candidate_id in {None, candidate.id}
    ]
    facts = SittingFacts(
        held_on=london_date(event.starts_at),
        minutes=tests.method_of(attempt).minutes,
        identity_checked=True,
        venue_checked=True,
        adjustment="",
        incidents="\n".join(happened),
    )
    knowledge_test.record_sitting(attempt, facts, actor=actor, at=at)
