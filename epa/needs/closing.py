"""What an EPA period needs before it ends: people, a date, and somebody to look when it is near."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

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
from epa.lifecycle.period import Break, epa_period
from epa.lifecycle.rules import Duty, Stage
from epa.lifecycle.scope import assessments
from epa.needs.dates import held_by_now
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission, full_name
from epa.settings import queries as settings
from epa.web.filters import listed, weekday_date
from frameworks import AssessmentPlan


@dataclass(frozen=True)
class _Open:
    """An attempt without a grade: its method, its date, and the duties that nobody has."""

    attempt_id: UUID
    method_code: str
    scheduled_at: datetime | None
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class _Case:
    """An assessment in its period, its last day, and its open attempts."""

    assessment_id: UUID
    name: str
    plan: AssessmentPlan
    ends_on: date
    attempts: list[_Open] = field(default_factory=list)


def needs_of_periods(person: Person, at: datetime) -> Iterator[Need]:
    """Methods to book or allocate, and periods that are about to close though all is booked."""
    held = held_by_now(person, Permission.BOOK, at)
    last = london_date(at) + timedelta(days=settings.value("urgent_days"))
    for case in _cases(person):
        for one in case.attempts:
            if one.attempt_id not in held and (one.scheduled_at is None or one.lacking):
                yield _to_book(case, one)
        is_ready = all(one.scheduled_at and not one.lacking for one in case.attempts)
        if case.ends_on < last and is_ready:
            yield _closing(case)


def _to_book(case: _Case, one: _Open) -> Need:
    method = case.plan.methods[one.method_code]
    nobody = len(one.lacking) == len(method.duties)
    title = method.short_title.lower()
    what, text, action = f"Allocate the {title}", "Somebody is missing.", "Allocate"
    if one.scheduled_at is None:
        what, action = f"Book the {title}", "Allocate" if nobody else "Book a date"
        text = (
            f"{'Nobody is allocated' if nobody else 'No date'} yet. "
            f"The period ends {weekday_date(case.ends_on)}."
        )
    return Need(
        what=what,
        who=case.name,
        text=text,
        action=action,
        place="booking.book",
        assessment_id=case.assessment_id,
        due_on=case.ends_on,
        parameters={"attempt_id": one.attempt_id},
    )


def _closing(case: _Case) -> Need:
    codes = {one.method_code for one in case.attempts}
    titles = [one.short_title for code, one in case.plan.methods.items() if code in codes]
    return Need(
        what="The period closes",
        who=case.name,
        text=f"Last day {weekday_date(case.ends_on)}. No grade yet: {listed(titles).lower()}.",
        action="See the record",
        place="record.show",
        assessment_id=case.assessment_id,
        due_on=case.ends_on,
        parameters={"assessment_id": case.assessment_id},
    )


def _cases(person: Person) -> Sequence[_Case]:
    """Assessments in their period with an attempt that has no grade.

    Columns and no objects, with four queries: an organisation may have thousands of them.
    """
    within = (
        assessments(person, Permission.BOOK)
        .where(
            EndPointAssessment.stage == Stage.ASSESSMENT,
            EndPointAssessment.epa_starts_on.is_not(None),
        )
        .with_only_columns(EndPointAssessment.id)
    )
    first_on, breaks, allocated = _first_days(within), _breaks(within), _allocated(within)
    found: dict[UUID, _Case] = {}
    for attempt, code, at, key, framework, version, starts_on, *names in _open_ones(within):
        case = found.get(key)
        if case is None:
            plan = definition(framework, version)
            period = epa_period(starts_on, plan.clock, first_on.get(key), breaks.get(key, ()))
            case = found[key] = _Case(key, full_name(*names), plan, period.ends_on)
        has = allocated.get(attempt, set())
        lacking = tuple(duty for duty in case.plan.methods[code].duties if duty not in has)
        case.attempts.append(_Open(attempt, code, at, lacking))
    return list(found.values())


def _open_ones(within: Select[Any]) -> Iterable[Sequence[Any]]:
    return db.session.execute(
        select(
            MethodAttempt.id,
            MethodAttempt.method_code,
            MethodAttempt.scheduled_at,
            EndPointAssessment.id,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            EndPointAssessment.epa_starts_on,
            Person.given_names,
            Person.family_name,
        )
        .join(EndPointAssessment, EndPointAssessment.id == MethodAttempt.assessment_id)
        .join(Apprenticeship, Apprenticeship.id == EndPointAssessment.apprenticeship_id)
        .join(Person, Person.id == Apprenticeship.person_id)
        .where(EndPointAssessment.id.in_(within), MethodAttempt.grade.is_(None))
    )


def _first_days(within: Select[Any]) -> dict[UUID, date]:
    """The day on which the first method was started, by assessment."""
    rows = db.session.execute(
        select(MethodAttempt.assessment_id, func.min(MethodAttempt.held_on))
        .where(MethodAttempt.assessment_id.in_(within), MethodAttempt.held_on.is_not(None))
        .group_by(MethodAttempt.assessment_id)
    )
    return {key: day for key, day in rows if day is not None}


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
