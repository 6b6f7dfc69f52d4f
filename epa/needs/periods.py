"""The EPA periods under way within reach, as columns: their days, and what is open in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from epa.clock import london_date
from epa.database import Columns, ask, prepared
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
from epa.people.readers import NamedReader, within
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
    period_of = periods_within(person, _ids, permission)
    allocated = _allocated(person, permission)
    found: dict[UUID, Case] = {}
    for key, framework, version, stage, starts_on, *names in within(person, _under_way, permission):
        plan = definition(framework, version)
        period = period_of(key, starts_on, plan.clock)
        found[key] = Case(key, full_name(*names), plan, stage, period)
    for attempt, key, code, scheduled_at, closes_on in within(person, _open_ones, permission):
        case, has = found[key], allocated.get(attempt, set())
        lacking = tuple(duty for duty in case.plan.methods[code].duties if duty not in has)
        case.attempts.append(OpenAttempt(attempt, code, scheduled_at, closes_on, lacking))
    return list(found.values())


def periods_within(
    person: Person, ids: Callable[..., Columns], *kind: Hashable
) -> Callable[[UUID, date, Clock], Period]:
    """What tells the EPA period of each of some assessments, with two queries for all of them.

    Args:
        person: who asks.
        ids: writes what finds the assessments' ids, for whoever has this person's roles.
        *kind: what else decides how it is written.

    Returns:
        The period by an assessment's id, its first day and its plan's clock; the last day is that
        of the attempt which may be taken longest.
    """
    days = {key: rest for key, *rest in within(person, _days, ids, *kind)}
    breaks: dict[UUID, list[Break]] = {}
    for key, started_on, ended_on in within(person, _breaks, ids, *kind):
        breaks.setdefault(key, []).append(Break(started_on, ended_on))

    def period_of(key: UUID, starts_on: date, clock: Clock) -> Period:
        first_on, extended_to = days.get(key, (None, None))
        period = epa_period(starts_on, clock, first_on, breaks.get(key, ()))
        return replace(period, extended_to=extended_to)

    return period_of


def states_of(ids: Collection[UUID], today: date) -> dict[UUID, dict[str, MethodState]]:
    """How each method's newest attempt stands, by assessment and by method, with one query."""
    rows = ask(_STATES, {"ids": list(ids)})
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
    return set(ask(_ASKED, {"ids": list(ids)}).scalars())


_IDS: Final = MethodAttempt.assessment_id.in_(bindparam("ids", expanding=True))
_STATES: Final = (
    select(
        MethodAttempt.assessment_id,
        MethodAttempt.method_code,
        MethodAttempt.grade,
        MethodAttempt.number,
        MethodAttempt.released_at,
        MethodAttempt.scheduled_at,
    )
    .where(_IDS)
    .order_by(MethodAttempt.number)
)
_ASKED: Final = (
    select(MethodAttempt.assessment_id)
    .join(ResitRequest, ResitRequest.attempt_id == MethodAttempt.id)
    .where(_IDS, ResitRequest.status.in_(UNDER_WAY))
)


def _ids(reader: NamedReader, permission: Permission) -> Columns:
    return (
        assessments(reader, permission)
        .where(
            EndPointAssessment.stage.in_(OPEN_STAGES), EndPointAssessment.epa_starts_on.is_not(None)
        )
        .with_only_columns(EndPointAssessment.id)
    )


@prepared
def _under_way(reader: NamedReader, permission: Permission) -> Columns:
    return (
        _ids(reader, permission)
        .join(Person, Person.id == Apprenticeship.person_id)
        .with_only_columns(
            EndPointAssessment.id,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            EndPointAssessment.stage,
            EndPointAssessment.epa_starts_on,
            Person.given_names,
            Person.family_name,
        )
    )


@prepared
def _open_ones(reader: NamedReader, permission: Permission) -> Columns:
    return select(
        MethodAttempt.id,
        MethodAttempt.assessment_id,
        MethodAttempt.method_code,
        MethodAttempt.scheduled_at,
        MethodAttempt.closes_on,
    ).where(
        MethodAttempt.assessment_id.in_(_ids(reader, permission)), MethodAttempt.grade.is_(None)
    )


@prepared
def _days(reader: NamedReader, ids: Callable[..., Columns], *kind: Hashable) -> Columns:
    """When the first method was started, and the last exceptional last day, by assessment."""
    has_either = or_(MethodAttempt.held_on.is_not(None), MethodAttempt.closes_on.is_not(None))
    return (
        select(
            MethodAttempt.assessment_id,
            func.min(MethodAttempt.held_on),
            func.max(MethodAttempt.closes_on),
        )
        .where(MethodAttempt.assessment_id.in_(ids(reader, *kind)), has_either)
        .group_by(MethodAttempt.assessment_id)
    )


@prepared
def _breaks(reader: NamedReader, ids: Callable[..., Columns], *kind: Hashable) -> Columns:
    """The breaks in learning, by assessment."""
    of = EndPointAssessment.apprenticeship_id == BreakInLearning.apprenticeship_id
    return (
        select(EndPointAssessment.id, BreakInLearning.started_on, BreakInLearning.ended_on)
        .join(BreakInLearning, of)
        .where(EndPointAssessment.id.in_(ids(reader, *kind)))
    )


def _allocated(person: Person, permission: Permission) -> dict[UUID, set[Duty]]:
    """The duties that somebody has, by open attempt."""
    found: dict[UUID, set[Duty]] = {}
    for key, duty in within(person, _duties, permission):
        found.setdefault(key, set()).add(duty)
    return found


@prepared
def _duties(reader: NamedReader, permission: Permission) -> Columns:
    return (
        select(Allocation.attempt_id, Allocation.duty)
        .join(MethodAttempt, MethodAttempt.id == Allocation.attempt_id)
        .where(
            MethodAttempt.assessment_id.in_(_ids(reader, permission)), MethodAttempt.grade.is_(None)
        )
    )
