"""The EPA periods under way within reach, as columns: their days, and what is open in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from epa.clock import london_date
from epa.database import db
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import (
    Allocation,
    Apprenticeship,
    BreakInLearning,
    EndPointAssessment,
    MethodAttempt,
)
from epa.lifecycle.period import Break, Period, epa_period
from epa.lifecycle.rules import Duty, Stage
from epa.lifecycle.scope import assessments
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.rules import Permission
from epa.resits.models import ResitRequest
from epa.resits.rules import OPEN_STAGES, UNDER_WAY, MethodState, method_state
from frameworks import AssessmentPlan
from frameworks.assessment_plan import Clock


@dataclass(frozen=True)
class OpenAttempt:
    """An attempt without a grade: its method, its date, and the duties that nobody has.

    ``closes_on`` is its own last day for exceptional circumstances, None without any.
    """

    attempt_id: UUID
    method_code: str
    scheduled_at: datetime | None
    closes_on: date | None
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """An assessment in its period or with its results to come, and its open attempts.

    The period is that of the attempt which may be taken longest, as `periods_of` has it.
    """

    assessment_id: UUID
    name: str
    plan: AssessmentPlan
    stage: Stage
    period: Period
    attempts: list[OpenAttempt] = field(default_factory=list)

    def last_day_for(self, one: OpenAttempt) -> date:
        """The last day of one attempt: only its own exceptional circumstances count."""
        return replace(self.period, extended_to=one.closes_on).ends_on


def cases_of(person: Person, permission: Permission) -> list[Case]:
    """The assessments on which this person may do this and that may still be taken or closed.

    Columns and no objects, with five queries: an organisation may have thousands of them.
    """
    within = (
        assessments(person, permission)
        .where(
            EndPointAssessment.stage.in_(OPEN_STAGES), EndPointAssessment.epa_starts_on.is_not(None)
        )
        .with_only_columns(EndPointAssessment.id)
    )
    period_of, allocated = periods_within(within), _allocated(within)
    found: dict[UUID, Case] = {}
    for key, framework, version, stage, starts_on, *names in _under_way(within):
        plan = definition(framework, version)
        period = period_of(key, starts_on, plan.clock)
        found[key] = Case(key, full_name(*names), plan, stage, period)
    for attempt, key, code, scheduled_at, closes_on in _open_ones(within):
        case, has = found[key], allocated.get(attempt, set())
        lacking = tuple(duty for duty in case.plan.methods[code].duties if duty not in has)
        case.attempts.append(OpenAttempt(attempt, code, scheduled_at, closes_on, lacking))
    return list(found.values())


def periods_within(within: Select[Any]) -> Callable[[UUID, date, Clock], Period]:
    """What tells the EPA period of each of some assessments, with two queries for all of them.

    Args:
        within: the assessments' ids.

    Returns:
        The period by an assessment's id, its first day and its plan's clock; the last day is that
        of the attempt which may be taken longest.
    """
    days, breaks = _days(within), _breaks(within)

    def period_of(key: UUID, starts_on: date, clock: Clock) -> Period:
        first_on, extended_to = days.get(key, (None, None))
        period = epa_period(starts_on, clock, first_on, breaks.get(key, ()))
        return replace(period, extended_to=extended_to)

    return period_of


def states_of(ids: Collection[UUID], today: date) -> dict[UUID, dict[str, MethodState]]:
    """How each method's newest attempt stands, by assessment and by method, with one query."""
    rows = db.session.execute(
        select(
            MethodAttempt.assessment_id,
            MethodAttempt.method_code,
            MethodAttempt.grade,
            MethodAttempt.number,
            MethodAttempt.released_at,
            MethodAttempt.scheduled_at,
        )
        .where(MethodAttempt.assessment_id.in_(ids))
        .order_by(MethodAttempt.number)
    )
    found: dict[UUID, dict[str, MethodState]] = {key: {} for key in ids}
    for key, code, grade, number, released_at, scheduled_at in rows:
        found[key][code] = method_state(
            grade,
            number=number,
            is_released=released_at is not None,
            scheduled_on=london_date(scheduled_at) if scheduled_at else None,
            today=today,
        )
    return found


def with_requests(ids: Collection[UUID]) -> set[UUID]:
    """Those of these assessments where another attempt is asked for and not decided."""
    query = (
        select(MethodAttempt.assessment_id)
        .join(ResitRequest, ResitRequest.attempt_id == MethodAttempt.id)
        .where(MethodAttempt.assessment_id.in_(ids), ResitRequest.status.in_(UNDER_WAY))
    )
    return set(db.session.scalars(query))


def _under_way(within: Select[Any]) -> Iterable[Sequence[Any]]:
    return db.session.execute(
        select(
            EndPointAssessment.id,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            EndPointAssessment.stage,
            EndPointAssessment.epa_starts_on,
            Person.given_names,
            Person.family_name,
        )
        .join(Apprenticeship, Apprenticeship.id == EndPointAssessment.apprenticeship_id)
        .join(Person, Person.id == Apprenticeship.person_id)
        .where(EndPointAssessment.id.in_(within))
    )


def _open_ones(within: Select[Any]) -> Iterable[Sequence[Any]]:
    return db.session.execute(
        select(
            MethodAttempt.id,
            MethodAttempt.assessment_id,
            MethodAttempt.method_code,
            MethodAttempt.scheduled_at,
            MethodAttempt.closes_on,
        ).where(MethodAttempt.assessment_id.in_(within), MethodAttempt.grade.is_(None))
    )


def _days(within: Select[Any]) -> dict[UUID, tuple[date | None, date | None]]:
    """When the first method was started, and the last exceptional last day, by assessment."""
    has_either = or_(MethodAttempt.held_on.is_not(None), MethodAttempt.closes_on.is_not(None))
    rows = db.session.execute(
        select(
            MethodAttempt.assessment_id,
            func.min(MethodAttempt.held_on),
            func.max(MethodAttempt.closes_on),
        )
        .where(MethodAttempt.assessment_id.in_(within), has_either)
        .group_by(MethodAttempt.assessment_id)
    )
    return {key: (first_on, extended_to) for key, first_on, extended_to in rows}


def _breaks(within: Select[Any]) -> dict[UUID, list[Break]]:
    """The breaks in learning, by assessment."""
    of = EndPointAssessment.apprenticeship_id == BreakInLearning.apprenticeship_id
    rows = db.session.execute(
        select(EndPointAssessment.id, BreakInLearning.started_on, BreakInLearning.ended_on)
        .join(BreakInLearning, of)
        .where(EndPointAssessment.id.in_(within))
    )
    found: dict[UUID, list[Break]] = {}
    for key, started_on, ended_on in rows:
        found.setdefault(key, []).append(Break(started_on, ended_on))
    return found


def _allocated(within: Select[Any]) -> dict[UUID, set[Duty]]:
    """The duties that somebody has, by open attempt."""
    rows = db.session.execute(
        select(Allocation.attempt_id, Allocation.duty)
        .join(MethodAttempt, MethodAttempt.id == Allocation.attempt_id)
        .where(MethodAttempt.assessment_id.in_(within), MethodAttempt.grade.is_(None))
    )
    found: dict[UUID, set[Duty]] = {}
    for key, duty in rows:
        found.setdefault(key, set()).add(duty)
    return found
