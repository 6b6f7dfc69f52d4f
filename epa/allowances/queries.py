"""What is in force for an attempt, for many attempts at once, and every version of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from epa.allowances.models import ReasonableAdjustment
from epa.allowances.rules import NOTHING, Allowance, as_allowance, in_force
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt

_Versions = Mapping[str, list[ReasonableAdjustment]]
_KEPT: Final = "reasonable_adjustments"


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
    kept: dict[UUID, dict[str, list[ReasonableAdjustment]]] = db.session.info.setdefault(_KEPT, {})
    if asked := ids - kept.keys():
        query = (
            select(ReasonableAdjustment)
            .where(ReasonableAdjustment.assessment_id.in_(asked))
            .order_by(ReasonableAdjustment.number)
        )
        # The query may flush, which forgets what was kept so far.
        rows = db.session.scalars(query).all()
        kept = db.session.info.setdefault(_KEPT, {})
        kept.update({key: {} for key in asked})
        for row in rows:
            kept[row.assessment_id].setdefault(row.method_code, []).append(row)
    return {key: kept.get(key, {}) for key in ids}


@event.listens_for(Session, "after_flush")
def _forget_after_a_decision(session: Session, _context: object) -> None:
    """What is kept no longer holds once a version was added."""
    if any(isinstance(row, ReasonableAdjustment) for row in session.new):
        session.info.pop(_KEPT, None)


@event.listens_for(Session, "after_transaction_end")
def _forget_with_the_transaction(session: Session, _transaction: object) -> None:
    """Nothing is kept longer than what it was read in, savepoints included."""
    session.info.pop(_KEPT, None)
