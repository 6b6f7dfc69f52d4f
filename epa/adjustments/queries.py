"""Requests within a person's reach, the panel's queue, and what is granted as one may see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, select

from epa.adjustments.models import AdjustmentDecision, AdjustmentEvidence, AdjustmentRequest
from epa.adjustments.rules import RequestState
from epa.allowances.models import ReasonableAdjustment
from epa.allowances.queries import versions_of
from epa.allowances.rules import Granted, as_allowance
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import Allocation, EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import assessment_for
from epa.lifecycle.scope import assessments
from epa.people.models import Person, RoleAssignment
from epa.people.readers import Reader
from epa.people.rules import GRANTS, Permission


@dataclass(frozen=True)
class Version:
    """One version of what is granted for a method: sentences, none when nothing is; who and when.

    ``reason`` is empty for whoever may not read it.
    """

    sentences: tuple[str, ...]
    who: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Standing:
    """What is in force for one method, and what was before it, the latest first."""

    code: str
    title: str
    now: Version | None
    before: tuple[Version, ...]


def requests(person: Reader, permission: Permission) -> Select[AdjustmentRequest]:
    """The requests about the cases on which this person may do this.

    Whoever assesses, marks or invigilates an apprentice is not of their panel: they must not know
    why something was granted.
    """
    reach = assessments(person, permission).with_only_columns(EndPointAssessment.id)
    query = select(AdjustmentRequest).where(AdjustmentRequest.assessment_id.in_(reach))
    if permission is Permission.DECIDE_ADJUSTMENTS:
        query = query.where(~_has_a_duty(person))
    return query


def _has_a_duty(person: Reader) -> ColumnElement[bool]:
    return (
        exists()
        .where(
            Allocation.attempt_id == MethodAttempt.id,
            Allocation.person_id == person.id,
            MethodAttempt.assessment_id == AdjustmentRequest.assessment_id,
        )
        .correlate(AdjustmentRequest)
    )


def request_for(
    person: Person, permission: Permission, request_id: UUID
) -> AdjustmentRequest | None:
    """The request, if this person may do this to it; else None, as for an unknown id."""
    query = requests(person, permission).where(AdjustmentRequest.id == request_id)
    return db.session.scalar(query)


def evidence_for(
    person: Person, permission: Permission, evidence_id: UUID
) -> AdjustmentEvidence | None:
    """A file of a request that this person may decide on; else None."""
    reach = requests(person, permission).with_only_columns(AdjustmentRequest.id)
    query = select(AdjustmentEvidence).where(
        AdjustmentEvidence.id == evidence_id, AdjustmentEvidence.request_id.in_(reach)
    )
    return db.session.scalar(query)


def queue(person: Reader, state: RequestState) -> Select[AdjustmentRequest]:
    """The requests for this person to decide on in one state: who waits longest stands first."""
    waits = AdjustmentRequest.decided_at.is_(None) & AdjustmentRequest.withdrawn_at.is_(None)
    conditions: dict[RequestState, ColumnElement[bool]] = {
        RequestState.WAITING: waits,
        RequestState.DECIDED: AdjustmentRequest.decided_at.is_not(None),
        RequestState.WITHDRAWN: AdjustmentRequest.withdrawn_at.is_not(None),
    }
    order = AdjustmentRequest.requested_at
    return (
        requests(person, Permission.DECIDE_ADJUSTMENTS)
        .where(conditions[state])
        .order_by(order if state is RequestState.WAITING else order.desc(), AdjustmentRequest.id)
    )


def count(person: Person, state: RequestState) -> int:
    """How many requests there are in one state."""
    ids = queue(person, state).order_by(None).with_only_columns(AdjustmentRequest.id)
    return db.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def requests_of(assessment: EndPointAssessment) -> Sequence[AdjustmentRequest]:
    """Every request about an assessment that was fetched within scope, the latest first."""
    query = select(AdjustmentRequest).where(AdjustmentRequest.assessment_id == assessment.id)
    return db.session.scalars(query.order_by(AdjustmentRequest.number.desc())).all()


def last_number(assessment: EndPointAssessment) -> int:
    """The number of the newest request about an assessment; 0 before the first."""
    numbers = select(func.max(AdjustmentRequest.number))
    found = numbers.where(AdjustmentRequest.assessment_id == assessment.id)
    return db.session.scalar(found) or 0


def method_titles(assessment: EndPointAssessment) -> dict[str, str]:
    """The short titles of the plan's methods, by code."""
    return {code: one.short_title for code, one in framework_of(assessment).methods.items()}


def standings(assessment: EndPointAssessment, *, with_reasons: bool) -> list[Standing]:
    """What is granted for each method, version by version.

    Args:
        assessment: one that was fetched within scope.
        with_reasons: whether the reader may know why: the apprentice and the panel may.
    """
    versions, reasons = versions_of(assessment), _reasons(assessment) if with_reasons else {}
    found = []
    for code, title in method_titles(assessment).items():
        shown = [_version(row, reasons.get(row.id, "")) for row in reversed(versions.get(code, []))]
        found.append(Standing(code, title, shown[0] if shown else None, tuple(shown[1:])))
    return found


def before(assessment: EndPointAssessment) -> EndPointAssessment | None:
    """The assessment of the same apprentice that this one followed; None for a first one."""
    if assessment.previous_id is None:
        return None
    return db.session.get(EndPointAssessment, assessment.previous_id)


def to_carry(assessment: EndPointAssessment) -> dict[str, Granted]:
    """What was granted in the assessment before, by method, as far as nobody has spoken of it here.

    A new assessment carries nothing over: whoever needs it again says so, and the panel decides.
    """
    previous = before(assessment)
    if previous is None:
        return {}
    spoken_of = set(versions_of(assessment))
    spoken_of |= {code for one in requests_of(assessment) for code in one.methods}
    granted = _granted(previous)
    return {
        code: granted[code]
        for code in framework_of(assessment).methods
        if code in granted and code not in spoken_of
    }


def to_decide(asked: AdjustmentRequest) -> tuple[list[str], Granted]:
    """For which methods a decision form begins, and with what.

    What is still to be decided comes first; else what was decided, as far as it is the same. For a
    method of which nothing is decided here yet, it is what was granted in the assessment before.
    """
    decided = {one.adjustment.method_code for one in asked.decisions}
    methods = [one for one in asked.methods if one not in decided] or asked.methods
    previous = before(asked.assessment)
    known = _granted(previous) if previous is not None else {}
    known |= {code: rows[-1].granted for code, rows in versions_of(asked.assessment).items()}
    granted = {code: known[code] for code in methods if code in known}
    first = granted.get(methods[0], Granted())
    return [code for code in methods if granted.get(code, Granted()) == first], first


def adjusted_methods(assessment: EndPointAssessment) -> list[str]:
    """The titles of the methods for which something is granted."""
    versions, titles = versions_of(assessment), method_titles(assessment)
    return [
        title
        for code, title in titles.items()
        if code in versions and not versions[code][-1].granted.is_nothing
    ]


def in_words(assessment: EndPointAssessment, granted: Mapping[str, Granted]) -> list[str]:
    """What is granted, in a sentence for each method."""
    methods = framework_of(assessment).methods
    return [
        f"{methods[code].short_title}: {' '.join(as_allowance(one, methods[code]).in_words)}"
        for code, one in granted.items()
    ]


def _granted(assessment: EndPointAssessment) -> dict[str, Granted]:
    newest = {code: rows[-1].granted for code, rows in versions_of(assessment).items()}
    return {code: one for code, one in newest.items() if not one.is_nothing}


def _version(row: ReasonableAdjustment, reason: str) -> Version:
    method = framework_of(row.assessment).methods[row.method_code]
    sentences = as_allowance(row.granted, method).in_words
    return Version(sentences, row.decided_by.name, row.decided_at, reason)


def _reasons(assessment: EndPointAssessment) -> dict[UUID, str]:
    query = (
        select(AdjustmentDecision)
        .join(AdjustmentDecision.request)
        .where(AdjustmentRequest.assessment_id == assessment.id)
    )
    return {row.adjustment_id: row.reason for row in db.session.scalars(query)}


def is_of_panel(person: Person, assessment: EndPointAssessment) -> bool:
    """Whether somebody may decide here, and so may read why: never with a duty on the case."""
    has_duty = any(
        held.person_id == person.id for one in assessment.attempts for held in one.allocations
    )
    may = assessment_for(person, Permission.DECIDE_ADJUSTMENTS, assessment.id) is not None
    return may and not has_duty


def panel(request: AdjustmentRequest) -> list[Person]:
    """Those who may decide on a request, by name."""
    roles = [role for role, granted in GRANTS.items() if Permission.DECIDE_ADJUSTMENTS in granted]
    holds = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.organisation_id == request.assessment.epao_id,
        RoleAssignment.role.in_(roles),
        RoleAssignment.ended_at.is_(None),
    )
    duty = exists().where(
        Allocation.attempt_id == MethodAttempt.id,
        Allocation.person_id == Person.id,
        MethodAttempt.assessment_id == request.assessment_id,
    )
    query = select(Person).where(holds, ~duty, Person.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(Person.search_name, Person.id)))


def open_attempts(assessment: EndPointAssessment, method_code: str) -> list[MethodAttempt]:
    """The attempts at a method that are still to be held or are under way."""
    return [
        one
        for one in assessment.attempts
        if one.method_code == method_code and one.grade is None and one.held_on is None
    ]
