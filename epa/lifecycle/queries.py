"""Finding assessments and attempts within a person's scope, with their definition and clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select

from epa.database import Columns, ask, db, prepared
from epa.in_transaction import Kept, locked
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import BreakInLearning, EndPointAssessment, MethodAttempt
from epa.lifecycle.period import Break, Period, epa_period
from epa.lifecycle.rules import ENDED, Stage
from epa.lifecycle.scope import assessments, attempts
from epa.people.models import Person
from epa.people.readers import NamedReader, named, within
from epa.people.rules import Permission

_FIRSTS: Final = (
    select(
        MethodAttempt.assessment_id,
        func.min(MethodAttempt.held_on),
        func.max(MethodAttempt.closes_on),
    )
    .where(MethodAttempt.assessment_id.in_(bindparam("assessments", expanding=True)))
    .group_by(MethodAttempt.assessment_id)
)
_breaks: Final[Kept[list[Break]]] = Kept(BreakInLearning, holds_rows=False)


def assessment_for(
    person: Person, permission: Permission, assessment_id: UUID
) -> EndPointAssessment | None:
    """The assessment, if this person may do this to it; else None, as for an unknown id."""
    reader, given = named(person)
    return db.session.scalar(_assessment(reader, permission), {**given, "wanted": assessment_id})


def may_on(person: Person, permission: Permission, assessment_id: UUID) -> bool:
    """Whether this person may do this to an assessment, where the row itself is not needed."""
    return within(person, _assessment_id, permission, wanted=assessment_id).first() is not None


def attempt_for(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
    """The attempt, if this person may do this to it; else None, as for an unknown id."""
    reader, given = named(person)
    return db.session.scalar(_attempt(reader, permission), {**given, "wanted": attempt_id})


def attempt_to_change(
    person: Person, permission: Permission, attempt_id: UUID
) -> MethodAttempt | None:
    """The same, locked from the first look at it until the transaction ends."""
    reader, given = named(person)
    return locked(_attempt_to_change(reader, permission), {**given, "wanted": attempt_id})


@prepared
def _assessment(reader: NamedReader, permission: Permission) -> Select[EndPointAssessment]:
    reach = assessments(reader, permission)
    return reach.where(EndPointAssessment.id == bindparam("wanted"))


@prepared
def _assessment_id(reader: NamedReader, permission: Permission) -> Select[UUID]:
    return _assessment(reader, permission).with_only_columns(EndPointAssessment.id)


@prepared
def _attempt(reader: NamedReader, permission: Permission) -> Select[MethodAttempt]:
    return attempts(reader, permission).where(MethodAttempt.id == bindparam("wanted"))


@prepared
def _attempt_to_change(reader: NamedReader, permission: Permission) -> Select[MethodAttempt]:
    return _attempt(reader, permission).with_for_update(of=MethodAttempt)


def current_attempts(assessment: EndPointAssessment) -> dict[str, MethodAttempt]:
    """The newest attempt at each method, by method code, in the definition's order."""
    newest = {attempt.method_code: attempt for attempt in assessment.attempts}
    return {code: newest[code] for code in framework_of(assessment).methods if code in newest}


def period_of(assessment: EndPointAssessment) -> Period | None:
    """The EPA period with the date that binds; None before the gateway is accepted."""
    return periods_of([assessment]).get(assessment.id)


def period_for(attempt: MethodAttempt) -> Period | None:
    """The EPA period as it holds for one attempt: only its own exceptional circumstances count."""
    period = period_of(attempt.assessment)
    return replace(period, extended_to=attempt.closes_on) if period else None


def periods_of(rows: Iterable[EndPointAssessment]) -> dict[UUID, Period]:
    """The EPA periods of many assessments, by id, with two queries; those without one left out.

    The last day is that of the attempt which may be taken longest.
    """
    started = {row.id: row for row in rows if row.epa_starts_on is not None}
    if not started:
        return {}
    firsts = ask(_FIRSTS, {"assessments": list(started)})
    days = {key: (first_on, extended_to) for key, first_on, extended_to in firsts}
    breaks = _breaks.of({row.apprenticeship_id for row in started.values()}, _breaks_of)
    found = {}
    for key, row in started.items():
        assert row.epa_starts_on is not None, "those without a start are left out"
        first_on, extended_to = days.get(key, (None, None))
        period = epa_period(
            row.epa_starts_on,
            framework_of(row).clock,
            first_on,
            breaks[row.apprenticeship_id],
        )
        found[key] = replace(period, extended_to=extended_to)
    return found


def assessments_beside(
    assessment: EndPointAssessment,
) -> tuple[EndPointAssessment | None, EndPointAssessment | None]:
    """The assessment of the same apprenticeship before this one, and the one after it."""
    before = (
        db.session.get(EndPointAssessment, assessment.previous_id)
        if assessment.previous_id
        else None
    )
    if assessment.stage not in ENDED:
        return before, None
    query = select(EndPointAssessment).where(EndPointAssessment.previous_id == assessment.id)
    return before, db.session.scalar(query)


def _breaks_of(apprenticeships: Collection[UUID]) -> dict[UUID, list[Break]]:
    found: dict[UUID, list[Break]] = {one: [] for one in apprenticeships}
    rows = db.session.execute(
        select(
            BreakInLearning.apprenticeship_id, BreakInLearning.started_on, BreakInLearning.ended_on
        ).where(BreakInLearning.apprenticeship_id.in_(apprenticeships))
    )
    for key, started_on, ended_on in rows:
        found[key].append(Break(started_on, ended_on))
    return found


def counts_by_stage(person: Person) -> dict[Stage, int]:
    """How many assessments this person may see stand at each stage."""
    rows = within(person, _stages)
    found: dict[Stage, int] = {stage: number for stage, number in rows}  # noqa: C416 (a row is no pair to a type checker)
    return {stage: found[stage] for stage in Stage if stage in found}


@prepared
def _stages(reader: NamedReader) -> Columns:
    reach = assessments(reader, Permission.LIST_ASSESSMENTS)
    return reach.with_only_columns(EndPointAssessment.stage, func.count()).group_by(
        EndPointAssessment.stage
    )
