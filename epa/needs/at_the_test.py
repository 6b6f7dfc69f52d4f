"""What a test on screens needs on its day: the candidate's way in, the board, papers, late answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import joinedload, selectinload

from epa.clock import london_date
from epa.database import ask, prepared
from epa.invigilation import queries
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.rules import Delivery, EventStatus
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.readers import NamedReader, rows_within
from epa.people.rules import Permission
from epa.web.filters import plural, time_of_day, weekday_date
from question_bank.sittings.models import LateBatch, Sitting
from question_bank.sittings.rules import BEFORE_START, RUNNING, SittingState

_DAY: Final = timedelta(days=1)
_WITH_SHIFTS: Final = select(InvigilatedEvent).options(selectinload(InvigilatedEvent.shifts))
_WITH_NAMES: Final = select(LateBatch).options(
    joinedload(LateBatch.sitting).joinedload(Sitting.candidate)
)
_ISSUED: Final = (
    select(
        Sitting.attempt_id,
        Sitting.id,
        Sitting.state,
        InvigilatedEvent.starts_at,
        InvigilatedEvent.place,
    )
    .join(EventCandidate, EventCandidate.attempt_id == Sitting.attempt_id)
    .join(InvigilatedEvent, InvigilatedEvent.id == EventCandidate.event_id)
    .where(
        Sitting.candidate_id == bindparam("candidate"),
        Sitting.state.in_(BEFORE_START | RUNNING),
        EventCandidate.removed_at.is_(None),
        InvigilatedEvent.status == EventStatus.PLANNED,
        InvigilatedEvent.delivery == Delivery.ONLINE,
    )
)


@dataclass(frozen=True)
class IssuedTest:
    """A test on screens that somebody is to sit or is sitting, with when and where it begins."""

    attempt_id: UUID
    sitting_id: UUID
    state: SittingState
    starts_at: datetime
    place: str


def issued_tests(person: Person, at: datetime) -> dict[UUID, IssuedTest]:
    """The tests on screens that somebody sits today or later, or is sitting, by the attempt."""
    if not person.may(Permission.SIT_TEST):
        return {}
    found = (IssuedTest(*row) for row in ask(_ISSUED, {"candidate": person.id}))
    return {
        one.attempt_id: one
        for one in found
        if one.state in RUNNING or london_date(one.starts_at) >= london_date(at)
    }


def way_in(need: Need, test: IssuedTest, at: datetime) -> Need:
    """The way into a test: back to what is being sat, to its waiting room, before the day to practice.

    Args:
        need: about the attempt, called as its method is.
        test: that is issued for it.
        at: now.
    """
    title = need.what
    where, when = f"{time_of_day(test.starts_at)}, {test.place}.", london_date(test.starts_at)
    need = replace(
        need,
        what=f"Your {title.lower()} is today",
        text=f"{where} Wait there until your invigilator lets you start.",
        action="Go to the waiting room",
        place="sittings.show",
        due_on=london_date(at),
        parameters={"sitting_id": test.sitting_id},
    )
    if test.state in RUNNING:
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
    near = rows_within(person, _WITH_SHIFTS, _near, start=at - _DAY, end=at + _DAY)
    found = [one for one in near if london_date(one.starts_at) == today]
    found.sort(key=lambda one: (one.starts_at, one.id))
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


@prepared
def _near(reader: NamedReader) -> Select[UUID]:
    """The planned sessions within reach that start about now."""
    return (
        queries.events(reader, Permission.RUN_TEST_SESSION)
        .where(
            InvigilatedEvent.status == EventStatus.PLANNED,
            InvigilatedEvent.starts_at.between(bindparam("start"), bindparam("end")),
        )
        .with_only_columns(InvigilatedEvent.id)
    )


def late_answers_to_decide(person: Person, _at: datetime) -> Iterator[Need]:
    """What came after the end of a test and counts only if somebody decides so."""
    for batch in rows_within(person, _WITH_NAMES, _late):
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


@prepared
def _late(reader: NamedReader) -> Select[UUID]:
    return queries.late_to_decide(reader, Permission.DECIDE_LATE_ANSWERS).with_only_columns(
        LateBatch.id
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
