"""Letting a candidate start a test on a screen: every gate that the plan and the session set before it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from epa.allowances.queries import allowance_of
from epa.errors import RuleBroken
from epa.in_transaction import lock
from epa.invigilation import queries
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.rules import Attendance
from epa.invigilation.services import note_candidate
from epa.knowledge_test.queries import method_of
from epa.people.models import Person
from epa.web.filters import moment, plural, time_of_day
from question_bank.sittings import queries as sittings
from question_bank.sittings import services as overseeing
from question_bank.sittings.clock import WindowTooShort
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import LIVE, SittingState
from question_bank.sittings.services import SittingTerms

_MINUTE: Final = timedelta(minutes=1)


def terms_of(candidate: EventCandidate) -> SittingTerms:
    """What a candidate's test takes: the plan's time with what is granted now, and the session's end."""
    attempt = candidate.attempt
    return SittingTerms(
        attempt.id,
        timedelta(minutes=method_of(attempt).minutes),
        timedelta(minutes=allowance_of(attempt).break_minutes),
        candidate.event.closes_at,
        candidate.event.asks_safe_browser,
    )


def admit(candidate: EventCandidate, sitting: Sitting, *, actor: Person, at: datetime) -> None:
    """Let a candidate start, with the time that is granted by now.

    Source: the plan's method 3, identity and venue are checked before the test starts, and an
    invigilator has at most so many candidates.

    Raises:
        RuleBroken: the identity or the room is not checked, the session is not open or admits nobody
            any more, its end would cut the time short, or those on shift have as many as they may.
    """
    event = candidate.event
    lock(event)  # two who let somebody in at once are counted one after the other
    if candidate.identity_document is None:
        raise RuleBroken("identity", "Check the identity first.")
    if not event.is_suitable:
        raise RuleBroken("room", "Say first that the room is suitable.")
    _refuse_outside(event, at)
    overseeing.renew_terms(sitting, terms_of(candidate), actor=actor, at=at)
    _refuse_cut(sitting, at)
    if sitting.state not in LIVE:
        _refuse_one_more(event)
    if candidate.attendance is Attendance.EXPECTED:
        document = candidate.identity_document
        note_candidate(candidate, document, Attendance.PRESENT, actor=actor, at=at)
    if sitting.state is SittingState.ISSUED:
        overseeing.check_identity(sitting, actor=actor, at=at)
    overseeing.unlock(sitting, actor=actor, at=at)


def _refuse_outside(event: InvigilatedEvent, at: datetime) -> None:
    if at < event.starts_at:
        raise RuleBroken("not-open", f"The session opens on {moment(event.starts_at)}.")
    if event.admits_until is not None and at > event.admits_until:
        raise RuleBroken(
            "admission-over",
            f"The last admission was at {time_of_day(event.admits_until)}. Let the session admit"
            " later, or book another date.",
        )


def _refuse_cut(sitting: Sitting, at: datetime) -> None:
    """Nobody begins whose whole time does not fit any more."""
    try:
        sitting.clock.started(at)
    except WindowTooShort as short:
        minutes = -(-short.missing // _MINUTE)
        raise RuleBroken(
            "too-late-to-start",
            f"The session closes {minutes} min too soon for the whole time. Let it close later, or"
            " book another date.",
        ) from short


def _refuse_one_more(event: InvigilatedEvent) -> None:
    found = sittings.of_attempts([one.attempt_id for one in event.candidates])
    live = sum(one.state in LIVE for one in found.values())
    on_shift = sum(one.accepted_at is not None for one in event.shifts)
    most = queries.most_each(event)
    if live >= on_shift * most:
        raise RuleBroken(
            "invigilators",
            f"{plural(live, 'candidate')} let in, and {on_shift} who accepted the shift with"
            f" {most} each: the next can start when somebody has handed in.",
        )
