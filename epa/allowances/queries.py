"""What is in force for an attempt, for many attempts at once, and every version of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import select

from epa.allowances.models import ReasonableAdjustment
from epa.allowances.rules import NOTHING, Allowance, as_allowance, in_force
from epa.database import db
from epa.in_transaction import Kept
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt

_Versions = Mapping[str, list[ReasonableAdjustment]]
_kept: Final[Kept[_Versions]] = Kept(ReasonableAdjustment, holds_rows=True)


def allowance_of(attempt: MethodAttempt) -> Allowance:
    """The adjustments in force for an attempt; nothing where none is granted.

    Limits, bookings, pages and printed sheets all ask here, some of them often: each assessment is
    asked of the database once in a transaction.
    """
    return allowances_of([attempt])[attempt.id]


def allowances_of(attempts: Iterable[MethodAttempt]) -> dict[UUID, Allowance]:
    """The same for many attempts, by their ids, with one query."""
    listed = list(attempts)
    versions = _versions_of({one.assessment_id for one in listed})
    return {one.id: _allowance(one, versions[one.assessment_id]) for one in listed}


def _allowance(attempt: MethodAttempt, versions: _Versions) -> Allowance:
    version = in_force(versions.get(attempt.method_code, []), attempt.held_on)
    if version is None:
        return NOTHING
    method = framework_of(attempt.assessment).methods[attempt.method_code]
    return as_allowance(version.granted, method)


def versions_of(assessment: EndPointAssessment) -> _Versions:
    """Every version of what is granted, by method, the oldest first."""
    return _versions_of({assessment.id})[assessment.id]


def decisions_on(attempts: Iterable[MethodAttempt]) -> dict[UUID, int]:
    """How often it was decided what is granted for the methods of these attempts, by attempt."""
    listed = list(attempts)
    versions = _versions_of({one.assessment_id for one in listed})
    return {one.id: len(versions[one.assessment_id].get(one.method_code, ())) for one in listed}


def _versions_of(ids: set[UUID]) -> dict[UUID, _Versions]:
    return _kept.of(ids, _asked)


def _asked(ids: Collection[UUID]) -> dict[UUID, _Versions]:
    query = (
        select(ReasonableAdjustment)
        .where(ReasonableAdjustment.assessment_id.in_(ids))
        .order_by(ReasonableAdjustment.number)
    )
    found: dict[UUID, dict[str, list[ReasonableAdjustment]]] = {one: {} for one in ids}
    for row in db.session.scalars(query):
        found[row.assessment_id].setdefault(row.method_code, []).append(row)
    return dict(found)
