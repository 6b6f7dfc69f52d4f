"""What the figures are made of: released results within the reader's reach, and counts by stage."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from epa.clock import london_date
from epa.database import db
from epa.figures.rules import Judged, Result
from epa.grading.models import OverallGrade
from epa.lifecycle.definitions import definition, framework_of
from epa.lifecycle.models import (
    Apprenticeship,
    BreakInLearning,
    EndPointAssessment,
    MethodAttempt,
)
from epa.lifecycle.period import Break, epa_period
from epa.lifecycle.rules import Grade, Stage
from epa.lifecycle.scope import assessments
from epa.people.models import Organisation, Person
from epa.people.rules import Permission

_EMPLOYER = aliased(Organisation)
_PROVIDER = aliased(Organisation)


def finished(person: Person) -> list[Result]:
    """Every assessment with a released overall grade that this person counts; four queries.

    Nothing that is not released is looked at, so that no figure moves before a release does.
    """
    reach = assessments(person, Permission.VIEW_FIGURES).with_only_columns(EndPointAssessment.id)
    rows = db.session.execute(
        select(EndPointAssessment, OverallGrade.grade, OverallGrade.released_at, _PROVIDER.name)
        .join(OverallGrade, OverallGrade.assessment_id == EndPointAssessment.id)
        .join(Apprenticeship, Apprenticeship.id == EndPointAssessment.apprenticeship_id)
        .outerjoin(_PROVIDER, _PROVIDER.id == Apprenticeship.provider_id)
        .where(EndPointAssessment.id.in_(reach))
    ).all()
    firsts = _first_grades(reach)
    held, breaks = _days_held(reach), _breaks(reach)
    found = []
    for row, overall, released_at, provider in rows:
        first_on, last_on = held.get(row.id, (None, None))
        clock = framework_of(row).clock
        away = breaks.get(row.apprenticeship_id, ())
        period = epa_period(row.epa_starts_on, clock, first_on, away) if row.epa_starts_on else None
        found.append(
            Result(
                employer=row.apprenticeship.employer.name,
                provider=provider or "None",
                released_on=london_date(released_at),
                overall=overall,
                first_grades=firsts.get(row.id, ()),
                last_held_on=last_on,
                ends_on=period.ends_on if period else None,
            )
        )
    return found


def judged(person: Person) -> list[Judged]:
    """The first sheet of each judged method of the same assessments; one query."""
    reach = assessments(person, Permission.VIEW_FIGURES).with_only_columns(EndPointAssessment.id)
    rows = db.session.execute(
        select(
            _EMPLOYER.name,
            _PROVIDER.name,
            OverallGrade.released_at,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            MethodAttempt.method_code,
            MethodAttempt.scoring_input,
        )
        .select_from(MethodAttempt)
        .join(EndPointAssessment, EndPointAssessment.id == MethodAttempt.assessment_id)
        .join(OverallGrade, OverallGrade.assessment_id == EndPointAssessment.id)
        .join(Apprenticeship, Apprenticeship.id == EndPointAssessment.apprenticeship_id)
        .join(_EMPLOYER, _EMPLOYER.id == Apprenticeship.employer_id)
        .outerjoin(_PROVIDER, _PROVIDER.id == Apprenticeship.provider_id)
        .where(
            EndPointAssessment.id.in_(reach),
            MethodAttempt.number == 1,
            MethodAttempt.released_at.is_not(None),
        )
    )
    return [
        Judged(
            employer=employer,
            provider=provider or "None",
            released_on=london_date(released_at),
            method=definition(code, version).methods[method].short_title,
            ratings=given["ratings"],
        )
        for employer, provider, released_at, code, version, method, given in rows
        if given and "ratings" in given
    ]


def _first_grades(reach: Select[Any]) -> dict[UUID, tuple[Grade, ...]]:
    rows = db.session.execute(
        select(MethodAttempt.assessment_id, MethodAttempt.grade).where(
            MethodAttempt.assessment_id.in_(reach),
            MethodAttempt.number == 1,
            MethodAttempt.released_at.is_not(None),
        )
    )
    found: dict[UUID, tuple[Grade, ...]] = {}
    for assessment_id, grade in rows:
        if grade is not None:
            found[assessment_id] = (*found.get(assessment_id, ()), grade)
    return found


def _days_held(reach: Select[Any]) -> dict[UUID, tuple[date | None, date | None]]:
    rows = db.session.execute(
        select(
            MethodAttempt.assessment_id,
            func.min(MethodAttempt.held_on),
            func.max(MethodAttempt.held_on),
        )
        .where(MethodAttempt.assessment_id.in_(reach), MethodAttempt.released_at.is_not(None))
        .group_by(MethodAttempt.assessment_id)
    )
    return {assessment_id: (first, last) for assessment_id, first, last in rows}


def _breaks(reach: Select[Any]) -> dict[UUID, tuple[Break, ...]]:
    """Breaks in learning by apprenticeship: the clock stands still in them."""
    rows = db.session.execute(
        select(
            BreakInLearning.apprenticeship_id, BreakInLearning.started_on, BreakInLearning.ended_on
        )
        .join(
            EndPointAssessment,
            EndPointAssessment.apprenticeship_id == BreakInLearning.apprenticeship_id,
        )
        .where(EndPointAssessment.id.in_(reach))
        .distinct()
    )
    found: dict[UUID, tuple[Break, ...]] = {}
    for apprenticeship_id, started_on, ended_on in rows:
        found[apprenticeship_id] = (
            *found.get(apprenticeship_id, ()),
            Break(started_on, ended_on),
        )
    return found


def by_stage(person: Person) -> dict[Stage, int]:
    """How many assessments that this person counts stand at each stage; every stage is there."""
    reach = assessments(person, Permission.VIEW_FIGURES).with_only_columns(EndPointAssessment.id)
    rows = db.session.execute(
        select(EndPointAssessment.stage, func.count())
        .where(EndPointAssessment.id.in_(reach))
        .group_by(EndPointAssessment.stage)
    )
    return dict.fromkeys(Stage, 0) | dict(rows.all())
