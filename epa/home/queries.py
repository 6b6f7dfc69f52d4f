"""How an employer's or a provider's apprentices stand: stage, next date, last day, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, exists
from sqlalchemy.orm import aliased

from epa.clock import london_date
from epa.database import Columns, prepared
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import assessments
from epa.needs.periods import periods_within
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.readers import NamedReader, within
from epa.people.rules import Permission

_UNDER_WAY: Final = (Stage.GATEWAY, Stage.ASSESSMENT, Stage.RESULTS, Stage.PAUSED)


class Next(NamedTuple):
    """One date to come."""

    at: datetime
    method_code: str


@dataclass(frozen=True)
class Standing:
    """One apprentice under way: what comes next and when, and the last day of their period."""

    assessment_id: UUID
    name: str
    stage: Stage
    next_title: str
    next_at: datetime | None
    ends_on: date | None
    days_left: int | None


def standing_of(person: Person, at: datetime, most: int) -> list[Standing]:
    """The apprentices within reach who are past the programme, the nearest last day first.

    Of a method only its date is said; nothing here changes with a grade that is not released.
    """
    coming: dict[UUID, list[Next]] = {}
    for key, code, when in within(person, _newest):
        if when is not None and when >= at:
            coming.setdefault(key, []).append(Next(when, code))
    period_of, today = periods_within(person, _ids), london_date(at)
    found = []
    for key, stage, framework, version, starts_on, *names in within(person, _under_way):
        plan = definition(framework, version)
        first = min(coming[key]) if key in coming else None
        ends_on = period_of(key, starts_on, plan.clock).ends_on if starts_on else None
        found.append(
            Standing(
                assessment_id=key,
                name=full_name(*names),
                stage=stage,
                next_title=plan.methods[first.method_code].short_title if first else "",
                next_at=first.at if first else None,
                ends_on=ends_on,
                days_left=(ends_on - today).days if ends_on else None,
            )
        )
    found.sort(key=lambda one: (one.ends_on or date.max, one.name))
    return found[:most]


def _reach(reader: NamedReader) -> Select[EndPointAssessment]:
    return assessments(reader, Permission.VIEW_ASSESSMENT).where(
        EndPointAssessment.stage.in_(_UNDER_WAY)
    )


def _ids(reader: NamedReader) -> Columns:
    return _reach(reader).with_only_columns(EndPointAssessment.id)


@prepared
def _under_way(reader: NamedReader) -> Columns:
    """Columns and no objects: a provider may have hundreds of apprentices under way."""
    return (
        _reach(reader)
        .join(Person, Person.id == Apprenticeship.person_id)
        .with_only_columns(
            EndPointAssessment.id,
            EndPointAssessment.stage,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            EndPointAssessment.epa_starts_on,
            Person.given_names,
            Person.family_name,
        )
    )


@prepared
def _newest(reader: NamedReader) -> Columns:
    """When the newest attempt at each method is."""
    later = aliased(MethodAttempt)
    follows = exists().where(
        later.assessment_id == MethodAttempt.assessment_id,
        later.method_code == MethodAttempt.method_code,
        later.number > MethodAttempt.number,
    )
    return (
        _reach(reader)
        .join(MethodAttempt, MethodAttempt.assessment_id == EndPointAssessment.id)
        .where(MethodAttempt.scheduled_at.is_not(None), ~follows)
        .with_only_columns(
            MethodAttempt.assessment_id, MethodAttempt.method_code, MethodAttempt.scheduled_at
        )
    )
