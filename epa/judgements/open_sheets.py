"""An open mark sheet as a save finds it: one plain row, and who asks, in one statement.

Assessors save every few seconds for hours, so nothing is read that a save does not need, and no
object is made of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from epa.judgements.models import EvidenceNote, MarkSheet
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Allocation, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Duty, Stage
from epa.lifecycle.scope import reaches_by_duty
from epa.people.models import RoleAssignment
from epa.people.rules import GRANTS, Permission, Role
from epa.sign_in.models import SignInSession
from epa.sign_in.queries import BEARER, Bearer, bearer_among, rows_for
from frameworks import AssessmentPlan, JudgedMethod


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A sheet on which its assessor may write, its attempt locked until the transaction ends.

    ``noted`` is the highest number of its notes, 0 before the first; None where nobody looked.
    PostgreSQL looks before it waits for the lock: of notes that cross, the later ones count short.
    """

    id: UUID
    attempt_id: UUID
    assessor_id: UUID
    method_code: str
    plan: AssessmentPlan
    wording_pack_id: UUID | None
    noted: int | None = None


_Finder = Callable[[str, datetime, UUID], tuple[Bearer, OpenSheet] | None]


@dataclass(frozen=True)
class _HeldByBearer:
    """A role of whoever bears the token, by the columns that say so."""

    role: Role
    person_id: Any
    organisation_id: Any


def _judges() -> ColumnElement[bool]:
    """By the scope of attempts: a role that may judge reaches one of which its holder is assessor."""
    whose, where = SignInSession.person_id, RoleAssignment.organisation_id
    judging = [
        _HeldByBearer(role, whose, where) for role in Role if Permission.JUDGE in GRANTS[role]
    ]
    return or_(
        false(),
        *(
            and_(RoleAssignment.role == held.role, reaches_by_duty(held, Duty.ASSESSOR))
            for held in judging
        ),
    )


def _is_under_way() -> ColumnElement[bool]:
    """A correction is of an attempt that is graded."""
    first = and_(MethodAttempt.grade.is_(None), EndPointAssessment.stage == Stage.ASSESSMENT)
    return or_(MarkSheet.corrects_id.is_not(None), first)


def _is_newest() -> ColumnElement[bool]:
    """No version comes after one that is not signed; one that is refused was signed before."""
    newer = aliased(MarkSheet)
    after = exists().where(
        newer.attempt_id == MarkSheet.attempt_id, newer.version > MarkSheet.version
    )
    return and_(MarkSheet.signed_at.is_(None), ~after)


def _noted() -> ColumnElement[int]:
    highest = select(func.max(EvidenceNote.sequence)).where(EvidenceNote.sheet_id == MarkSheet.id)
    return func.coalesce(highest.correlate(MarkSheet).scalar_subquery(), 0)


# Made once: to put a statement together costs more than to run it. The sheet is locked as well as
# its attempt: PostgreSQL, if it had to wait, looks anew at what it locks and at nothing else.
_WITH_BEARER: Final[Select[*tuple[Any, ...]]] = (
    BEARER.join(Allocation, Allocation.person_id == SignInSession.person_id)
    .join(MethodAttempt, MethodAttempt.id == Allocation.attempt_id)
    .join(EndPointAssessment, EndPointAssessment.id == MethodAttempt.assessment_id)
    .join(MarkSheet, MarkSheet.attempt_id == MethodAttempt.id)
    .where(
        MethodAttempt.id == bindparam("attempt"),
        MethodAttempt.method_code == bindparam("method"),
        Allocation.duty == Duty.ASSESSOR,
        _judges(),
        _is_under_way(),
        _is_newest(),
    )
    .add_columns(
        *(MarkSheet.id, MarkSheet.attempt_id, MarkSheet.wording_pack_id),
        *(EndPointAssessment.framework_code, EndPointAssessment.framework_version),
        _noted().label("noted"),
    )
    .with_for_update(of=(MethodAttempt, MarkSheet))
)


def open_sheet_at(method_code: str) -> _Finder:
    """A finder of sheets of one method; see ``found_together`` in ``epa.web.access``.

    It gives who bears a token with the sheet on which they may write; None where they may not.
    Why not, the ordinary way finds out: the page of such a sheet sends no saves.
    """

    def find(token: str, at: datetime, attempt_id: UUID) -> tuple[Bearer, OpenSheet] | None:
        found = rows_for(_WITH_BEARER, token, attempt=attempt_id, method=method_code)
        bearer = bearer_among(found, at)
        sheet = _sheet(found, method_code) if bearer else None
        return (bearer, sheet) if bearer and sheet else None

    return find


def _sheet(found: Sequence[Row[Any]], method_code: str) -> OpenSheet | None:
    row = found[0]
    plan = definition(row.framework_code, row.framework_version)
    if not isinstance(plan.methods.get(method_code), JudgedMethod):
        return None
    return OpenSheet(
        id=row.id,
        attempt_id=row.attempt_id,
        assessor_id=row.person_id,
        method_code=method_code,
        plan=plan,
        wording_pack_id=row.wording_pack_id,
        noted=row.noted,
    )
