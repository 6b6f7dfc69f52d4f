"""What a test on screens needs on its day: the candidate's way in, the board, papers, late answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from epa.clock import london_date
from epa.database import db
from epa.invigilation import queries
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.rules import Delivery, EventStatus
from epa.lifecycle.models import MethodAttempt
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission
from epa.web.filters import plural, time_of_day, weekday_date
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import BEFORE_START, RUNNING


@dataclass(frozen=True)
class IssuedTest:
    """A test on screens that somebody is to sit or is sitting, with when and where it begins."""

    sitting: Sitting
    starts_at: datetime
    place: str


def issued_tests(person: Person, at: datetime) -> dict[UUID, IssuedTest]:
    """The tests on screens that somebody sits today or later, or is sitting, by the attempt."""
    if not person.may(Permission.SIT_TEST):
        return {}
    query = (
        select(Sitting, InvigilatedEvent.starts_at, InvigilatedEvent.place)
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
    found = (IssuedTest(*row) for row in db.session.execute(query))
    return {
        one.sitting.attempt_id: one
        for one in found
        if one.sitting.state in RUNNING or london_date(one.starts_at) >= london_date(at)
    }


def way_in(attempt: MethodAttempt, test: IssuedTest, title: str, at: datetime) -> Need:
    """The way into a test: back to what is being sat, to its waiting room, before the day to practice."""
    where, when = f"{time_of_day(test.starts_at)}, {test.place}.", london_date(test.starts_at)
    need = Need(
        what=f"Your {title.lower()} is today",
        who=attempt.assessment.apprenticeship.person.name,
        text=f"{where} Wait there until your invigilator lets you start.",
        action="Go to the waiting room",
        place="sittings.show",
        assessment_id=attempt.assessment_id,
        due_on=london_date(at),
        parameters={"sitting_id": test.sitting.id},
    )
    if test.sitting.state in RUNNING:
        text = "Your answers are kept. The clock goes on."
        return replace(need, what=f"Go on with your {title.lower()}", text=text, action="Go on")
    if when == london_date(at):
        return need
    text = f"{weekday_date(when)}, {where} Try the page and your computer before then."
    return replace(
        need,
        what=f"Your {title.lower()}",
        text=text,
        action="Practise",
        place="sittings.practise",
        due_on=when,
        parameters={},
    )


def sessions_of_the_day(person: Person, at: datetime) -> Iterator[Need]:
    """The sessions of today: their board for those on shift, papers that are missing for who plans."""
    today = london_date(at)
    near = db.session.scalars(queries.about(person, Permission.RUN_TEST_SESSION, at)).all()
    found = [one for one in near if london_date(one.starts_at) == today]
    plans = person.may(Permission.PLAN_TEST_SESSIONS)
    online = [one for one in found if plans and one.delivery is Delivery.ONLINE]
    missing = queries.without_paper(online) if online else {}
    for event in found:
        when = f"{time_of_day(event.starts_at)}."
        if any(one.person_id == person.id for one in event.shifts):
            has_board = event.delivery is Delivery.ONLINE
            yield _need(
                event,
                "Run the test session",
                f"{when} {event.place}.",
                "Open the board" if has_board else "Open it",
                "invigilation.board" if has_board else "invigilation.show",
            )
        if count := missing.get(event.id):
            yield _need(
                event,
                "Issue the papers of a test session",
                f"{when} {plural(count, 'candidate')} without a paper.",
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
