"""Reading an assessor's day: its method with adjustments, its clock, its questions, its recordings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import func, select

from epa.allowances.queries import allowance_of
from epa.allowances.rules import adjusted
from epa.clock import LONDON, london_date
from epa.conduct.clock import ClockEntry, PartClock, clocks_of
from epa.conduct.models import AskedQuestion, DayRecording, TimerEntry
from epa.conduct.rules import Measured, counted_questions
from epa.database import db
from epa.in_transaction import Kept
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import MethodAttempt
from frameworks import JudgedMethod

Row = TypeVar("Row", TimerEntry, AskedQuestion)

_timed: Final[Kept[list[TimerEntry]]] = Kept(TimerEntry, holds_rows=True)
_asked: Final[Kept[list[AskedQuestion]]] = Kept(AskedQuestion, holds_rows=True)


def method_of(attempt: MethodAttempt) -> JudgedMethod:
    """The attempt's method as its plan has it, with the time that was granted.

    The one place where adjustments come into the day: its limits, its pages and its printed sheet
    ask here.
    """
    plan = framework_of(attempt.assessment)
    return adjusted(plan.judged_method(attempt.method_code), allowance_of(attempt))


def timer_entries(attempt: MethodAttempt) -> Sequence[TimerEntry]:
    """Everything that was done to the clock, in order."""
    return _timed.of([attempt.id], _timed_by_attempt)[attempt.id]


def _timed_by_attempt(ids: Collection[UUID]) -> dict[UUID, list[TimerEntry]]:
    query = select(TimerEntry).where(TimerEntry.attempt_id.in_(ids))
    return _by_attempt(ids, db.session.scalars(query.order_by(TimerEntry.sequence)))


def clocks_from(attempt: MethodAttempt, entries: Sequence[TimerEntry]) -> dict[str, PartClock]:
    """The clock of each part after these entries."""
    done = [
        ClockEntry(one.part, one.action, one.happened_at, one.reason, one.words) for one in entries
    ]
    return clocks_of(method_of(attempt), done)


def questions_of(attempt: MethodAttempt) -> list[AskedQuestion]:
    """The newest version of every question and follow-up that stands, in order."""
    return [one for one in newest_questions(attempt) if one.question]


def newest_questions(attempt: MethodAttempt) -> list[AskedQuestion]:
    """The newest version of each, those taken back as well."""
    asked = _asked.of([attempt.id], _asked_by_attempt)[attempt.id]
    return list({(one.number, one.follow_up): one for one in asked}.values())


def _asked_by_attempt(ids: Collection[UUID]) -> dict[UUID, list[AskedQuestion]]:
    query = select(AskedQuestion).where(AskedQuestion.attempt_id.in_(ids))
    ordered = query.order_by(AskedQuestion.number, AskedQuestion.follow_up, AskedQuestion.version)
    return _by_attempt(ids, db.session.scalars(ordered))


def _by_attempt(ids: Collection[UUID], rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {one: [] for one in ids}
    for row in rows:
        found[row.attempt_id].append(row)
    return found


def recordings_of(attempt: MethodAttempt) -> Sequence[DayRecording]:
    """The recordings attached, in order."""
    query = select(DayRecording).where(DayRecording.attempt_id == attempt.id)
    return db.session.scalars(query.order_by(DayRecording.number)).all()


def recording_of(attempt: MethodAttempt, number: int | None) -> DayRecording | None:
    """One of them by its number, the newest by default; None when there is no such one."""
    there = recordings_of(attempt)
    if number is None:
        return there[-1] if there else None
    return next((one for one in there if one.number == number), None)


def measured(attempt: MethodAttempt, at: datetime) -> Measured:
    """What the clock, the questions and the files say of the day so far."""
    method = method_of(attempt)
    clocks = clocks_from(attempt, timer_entries(attempt))
    main, last = clocks[method.parts[0].code], clocks[method.questions.part]
    asked = [(one.number, one.follow_up) for one in questions_of(attempt)]
    return Measured(
        **_hours(main),
        main_minutes=main.minutes(at) if main.sections else None,
        main_added=main.extended_at is not None,
        question_minutes=last.minutes(at) if last.sections else None,
        questions_added=last.extended_at is not None,
        questions_asked=counted_questions(method, asked) if asked else None,
        recordings=_count(attempt),
    )


def _hours(clock: PartClock) -> dict[str, Any]:
    """The day of the main part, its start and, once it ended, its end: breaks included."""
    if not clock.sections:
        return {}
    began, ended = clock.sections[0].began_at, clock.sections[-1].ended_at
    end = ended.astimezone(LONDON).time().replace(second=0, microsecond=0) if ended else None
    start = began.astimezone(LONDON).time().replace(second=0, microsecond=0)
    return {"held_on": london_date(began), "started": start, "ended": end}


def _count(attempt: MethodAttempt) -> int:
    query = select(func.count()).where(DayRecording.attempt_id == attempt.id)
    return db.session.scalar(query) or 0
