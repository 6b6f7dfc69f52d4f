"""What is in force for an attempt, for many attempts at once, and every version of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import func, select

from epa.allowances.models import ReasonableAdjustment
from epa.allowances.rules import NOTHING, Allowance, as_allowance, in_force
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt

_Versions = Mapping[tuple[UUID, str], list[ReasonableAdjustment]]


def allowance_of(attempt: MethodAttempt) -> Allowance:
    """The adjustments in force for an attempt; nothing where none is granted."""
    return allowances_of([attempt])[attempt.id]


def allowances_of(attempts: Iterable[MethodAttempt]) -> dict[UUID, Allowance]:
    """The same for many attempts, by their ids, with one query."""
    listed = list(attempts)
    versions = _versions_of({one.assessment_id for one in listed})
    return {one.id: _allowance(one, versions) for one in listed}


def _allowance(attempt: MethodAttempt, versions: _Versions) -> Allowance:
    found = versions.get((attempt.assessment_id, attempt.method_code), [])
    version = in_force(found, attempt.held_on)
    if version is None:
        return NOTHING
    method = framework_of(attempt.assessment).methods[attempt.method_code]
    return as_allowance(version.granted, method)


def versions_of(assessment: EndPointAssessment) -> dict[str, list[ReasonableAdjustment]]:
    """Every version of what is granted, by method, the oldest first."""
    found = _versions_of({assessment.id})
    return {method: versions for (_assessment, method), versions in found.items()}


def decisions_on(attempts: Iterable[MethodAttempt]) -> dict[UUID, int]:
    """How often it was decided what is granted for the methods of these attempts, by attempt."""
    listed = list(attempts)
    query = (
        select(
            ReasonableAdjustment.assessment_id,
            ReasonableAdjustment.method_code,
            func.max(ReasonableAdjustment.number),
        )
        .where(ReasonableAdjustment.assessment_id.in_({one.assessment_id for one in listed}))
        .group_by(ReasonableAdjustment.assessment_id, ReasonableAdjustment.method_code)
    )
    found = {(row[0], row[1]): row[2] for row in db.session.execute(query)}
    return {one.id: found.get((one.assessment_id, one.method_code), 0) for one in listed}


def _versions_of(ids: Iterable[UUID]) -> _Versions:
    query = (
        select(ReasonableAdjustment)
        .where(ReasonableAdjustment.assessment_id.in_(list(ids)))
        .order_by(ReasonableAdjustment.number)
    )
    found: dict[tuple[UUID, str], list[ReasonableAdjustment]] = {}
    for row in db.session.scalars(query):
        found.setdefault((row.assessment_id, row.method_code), []).append(row)
    return found
