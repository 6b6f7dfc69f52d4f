"""Every failed method within reach, as a list: its state, its last day, what it waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from epa.clock import london_date
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import periods_of
from epa.lifecycle.rules import (
    ATTEMPT_TITLES,
    ENDED,
    GRADE_TITLES,
    STAGE_TITLES,
    AttemptKind,
    Grade,
    Stage,
)
from epa.lifecycle.scope import attempts
from epa.people.models import Organisation, Person
from epa.people.names import search_form
from epa.people.rules import Permission
from epa.resits import rules
from epa.resits.models import ResitRequest
from epa.resits.queries import preparation_of
from epa.resits.rules import Awaited, FailState, ResitStatus

_NEXT: Final = aliased(MethodAttempt)
_EMPLOYER: Final = aliased(Organisation)
_APPRENTICE: Final = aliased(Person)
_OVER: Final = (*ENDED, Stage.WITHDRAWN)
# The period's last day is worked out, not stored: the earliest period mostly ends first.
ORDERS: Final[dict[str, Any]] = {
    "period": EndPointAssessment.epa_starts_on,
    "name": _APPRENTICE.search_name,
    "employer": _EMPLOYER.search_name,
    "failed": MethodAttempt.released_at,
}


@dataclass(frozen=True)
class FailRow:
    """One line of the list.

    Attributes:
        attempt: the failed attempt.
        method_title: the method's short title.
        kind: what is asked for or was opened; None while nobody has asked.
        last_day: the last day on which it may be taken again; None once it is over.
        days_left: whole days to it, negative after it; they stand still in a break.
        awaited: what it waits for; empty once it is over.
        became: what became of it, once it is over.
    """

    attempt: MethodAttempt
    method_title: str
    state: FailState
    kind: AttemptKind | None
    last_day: date | None
    days_left: int | None
    awaited: tuple[Awaited, ...]
    became: str

    @property
    def kind_title(self) -> str:
        """What is asked for or was opened, in words; empty while nobody has asked."""
        return ATTEMPT_TITLES[self.kind] if self.kind else ""


def fails(
    person: Person, state: FailState, words: str, order: str = "period", *, descending: bool = False
) -> Select[MethodAttempt]:
    """The attempts with a released Fail in one state, by words of a name, ULN or employer."""
    query = (
        attempts(person, Permission.RELEASE_RESULTS)
        .join(_APPRENTICE, Apprenticeship.person_id == _APPRENTICE.id)
        .join(_EMPLOYER, Apprenticeship.employer_id == _EMPLOYER.id)
        .where(MethodAttempt.grade == Grade.FAIL, MethodAttempt.released_at.is_not(None))
        .where(_stands(state))
    )
    for word in search_form(words).split():
        query = query.where(
            or_(
                _APPRENTICE.search_name.contains(word, autoescape=True),
                _EMPLOYER.search_name.contains(word, autoescape=True),
                Apprenticeship.uln.contains(word, autoescape=True),
            )
        )
    column = ORDERS[order]
    first = column.desc() if descending else column
    return query.order_by(first, _APPRENTICE.search_name, MethodAttempt.id)


def count(person: Person, state: FailState) -> int:
    """How many failed methods within a person's reach are in one state."""
    ids = fails(person, state, "").order_by(None).with_only_columns(MethodAttempt.id)
    return db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def rows(found: Sequence[MethodAttempt], state: FailState, today: date) -> list[FailRow]:
    """The lines of the list for one part of what was found."""
    asked, followed = _newest_requests(found), _attempts_after(found)
    periods = periods_of([one.assessment for one in found])
    listed = []
    for attempt in found:
        request, later = asked.get(attempt.id), followed.get(attempt.id)
        if state is FailState.TO_ASK:
            request = None  # those that came to nothing do not count
        kind = later.kind if later else request.kind if request else None
        period = periods[attempt.assessment_id]
        closes_on = later.closes_on if later else request.closes_on if request else None
        period = replace(period, extended_to=closes_on)
        is_over = state is FailState.OVER
        listed.append(
            FailRow(
                attempt=attempt,
                method_title=framework_of(attempt.assessment)
                .methods[attempt.method_code]
                .short_title,
                state=state,
                kind=kind,
                last_day=None if is_over else period.ends_on,
                days_left=None if is_over else period.days_left(today),
                awaited=() if is_over else _awaited(attempt, request, later, period.ends_on, today),
                became=_became(attempt, later) if is_over else "",
            )
        )
    return listed


def _stands(state: FailState) -> ColumnElement[bool]:
    """Whether an attempt that was failed is in this state."""
    under_way = EndPointAssessment.stage.not_in(_OVER)
    following = and_(
        _NEXT.assessment_id == MethodAttempt.assessment_id,
        _NEXT.method_code == MethodAttempt.method_code,
        _NEXT.number == MethodAttempt.number + 1,
    )
    followed = exists().where(following)
    decided = exists().where(following, _NEXT.released_at.is_not(None))

    def asked(*statuses: ResitStatus) -> ColumnElement[bool]:
        return exists().where(
            ResitRequest.attempt_id == MethodAttempt.id, ResitRequest.status.in_(statuses)
        )

    conditions: dict[FailState, ColumnElement[bool]] = {
        FailState.TO_ASK: and_(under_way, ~followed, ~asked(*rules.UNDER_WAY)),
        FailState.ASKED: and_(under_way, asked(ResitStatus.ASKED)),
        FailState.AGREED: and_(under_way, asked(ResitStatus.AGREED)),
        FailState.OPENED: and_(under_way, followed, ~decided),
        FailState.OVER: or_(not_(under_way), decided),
    }
    return conditions[state]


def _newest_requests(found: Sequence[MethodAttempt]) -> dict[UUID, ResitRequest]:
    query = (
        select(ResitRequest)
        .where(ResitRequest.attempt_id.in_([one.id for one in found]))
        .order_by(ResitRequest.number)
    )
    return {one.attempt_id: one for one in db.session.scalars(query)}


def _attempts_after(found: Sequence[MethodAttempt]) -> dict[UUID, MethodAttempt]:
    """The attempt that followed each, by the failed one."""
    query = select(MethodAttempt).where(
        MethodAttempt.assessment_id.in_({one.assessment_id for one in found}),
        MethodAttempt.number > 1,
    )
    later = {
        (one.assessment_id, one.method_code, one.number): one for one in db.session.scalars(query)
    }
    keys = {one.id: (one.assessment_id, one.method_code, one.number + 1) for one in found}
    return {attempt_id: later[key] for attempt_id, key in keys.items() if key in later}


def _awaited(
    attempt: MethodAttempt,
    request: ResitRequest | None,
    later: MethodAttempt | None,
    last_day: date,
    today: date,
) -> tuple[Awaited, ...]:
    if attempt.assessment.stage is Stage.PAUSED:
        return (Awaited.RETURN,)
    if later is not None:
        scheduled_on = london_date(later.scheduled_at) if later.scheduled_at else None
        return rules.awaited_of_attempt(later.grade, scheduled_on, today)
    if request is not None:
        return rules.awaited_of_request(preparation_of(request, last_day), today)
    return (Awaited.REQUEST if today <= last_day else Awaited.LATE_REQUEST,)


def _became(attempt: MethodAttempt, later: MethodAttempt | None) -> str:
    if later is not None and later.grade is not None and later.released_at is not None:
        return f"{ATTEMPT_TITLES[later.kind]}: {GRADE_TITLES[later.grade]}"
    return STAGE_TITLES[attempt.assessment.stage]
