"""What a test on screens needs on its day: the candidate's way in, the board, papers, late answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from epa.clock import london_date
from epa.database import db
from epa.invigilation import queries
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.online import papers_ready
from epa.invigilation.rules import Delivery, EventStatus
from epa.lifecycle.models import MethodAttempt
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission
from epa.web.filters import plural, time_of_day
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import BEFORE_START, RUNNING


def open_rooms(person: Person, at: datetime) -> dict[UUID, Sitting]:
    """The tests that a candidate sits today or is sitting, by the attempt: their rooms are open."""
    if not person.may(Permission.SIT_TEST):
        return {}
    query = (
        select(Sitting, InvigilatedEvent.starts_at)
        .join(EventCandidate, EventCandidate.attempt_id == Sitting.attempt_id)
        .join(InvigilatedEvent, InvigilatedEvent.id == EventCandidate.event_id)
        .where(
            Sitting.candidate_id == person.id,
            Sitting.state.in_(BEFORE_START | RUNNING),
            EventCandidate.removed_at.is_(None),
            InvigilatedEvent.status == EventStatus.PLANNED,
            InvigilatedEvent.delivery == Delivery.ONLINE,
        )
    )
    return {
        sitting.attempt_id: sitting
        for sitting, starts_at in db.session.execute(query)
        if sitting.state in RUNNING or london_date(starts_at) == london_date(at)
    }


def way_in(attempt: MethodAttempt, sitting: Sitting, title: str, at: datetime) -> Need:
    """The way into a test: to its waiting room, or back to what is being sat."""
    runs = sitting.state in RUNNING
    starts_at = attempt.scheduled_at or at
    return Need(
        what=f"Go on with your {title.lower()}" if runs else f"Your {title.lower()} is today",
        who=attempt.assessment.apprenticeship.person.name,
        text="Your answers are kept. The clock goes on."
        if runs
        else f"{time_of_day(starts_at)}, {attempt.place or 'online'}. Wait there until your"
        " invigilator lets you start.",
        action="Go on" if runs else "Go to the waiting room",
        place="sittings.show",
        assessment_id=attempt.assessment_id,
        due_on=london_date(at),
        parameters={"sitting_id": sitting.id},
    )


def sessions_of_the_day(person: Person, at: datetime) -> Iterator[Need]:
    """The sessions of today: their board for those on shift, papers that are missing for who plans."""
    today = london_date(at)
    for event in db.session.scalars(queries.about(person, Permission.RUN_TEST_SESSION, at)):
        if london_date(event.starts_at) != today:
            continue
        is_online = event.delivery is Delivery.ONLINE
        if any(one.person_id == person.id for one in event.shifts):
            yield _need(
                event,
                "Run the test session",
                f"{time_of_day(event.starts_at)}. {event.place}.",
                "Open the board" if is_online else "Open it",
                "invigilation.board" if is_online else "invigilation.show",
            )
        missing = len(event.candidates) - papers_ready(event) if is_online else 0
        if missing and person.may(Permission.PLAN_TEST_SESSIONS):
            yield _need(
                event,
                "Issue the papers of a test session",
                f"{time_of_day(event.starts_at)}. {plural(missing, 'candidate')} without a paper.",
                "Issue them",
                "invigilation.show",
            )


def late_answers_to_decide(person: Person, _at: datetime) -> Iterator[Need]:
    """What came after the end of a test and counts only if somebody decides so."""
    for batch in queries.late_to_decide(person, Permission.DECIDE_LATE_ANSWERS):
        yield Need(
            what="Decide on answers that came late",
            who=batch.sitting.candidate.name,
            text=f"{plural(len(batch.edits), 'change')} came after the end of the test.",
            action="Decide",
            place="invigilation.decide_late",
            assessment_id=None,
            since=london_date(batch.received_at),
            parameters={"batch_id": batch.id},
        )


def _need(event: InvigilatedEvent, what: str, text: str, action: str, place: str) -> Need:
    return Need(
        what=what,
        who="",
        text=text,
        action=action,
        place=place,
        assessment_id=None,
        due_on=london_date(event.starts_at),
        parameters={"event_id": event.id},
    )
