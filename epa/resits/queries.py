"""Failed methods and what is asked for them, within a person's reach; how far a request has come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import aliased

from epa.clock import london_date
from epa.database import db
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment, MethodAttempt
from epa.lifecycle.queries import attempt_for, current_attempts, period_of
from epa.lifecycle.rules import Grade
from epa.lifecycle.scope import attempts
from epa.people.models import Person
from epa.people.readers import Reader
from epa.people.rules import Permission
from epa.resits import rules
from epa.resits.models import Closing, PlannedAction, ResitRequest
from epa.resits.rules import OPEN_STAGES, UNDER_WAY, Failing, MethodState, Preparation
from epa.settings import queries as settings
from frameworks import JudgedMethod

_LATER: Final = aliased(MethodAttempt)


def _is_failed() -> ColumnElement[bool]:
    return (MethodAttempt.grade == Grade.FAIL) & MethodAttempt.released_at.is_not(None)


def failed_for(person: Person, permission: Permission, attempt_id: UUID) -> MethodAttempt | None:
    """An attempt with a released Fail, if this person may do this to it; else None."""
    attempt = attempt_for(person, permission, attempt_id)
    if attempt is None or attempt.grade is not Grade.FAIL or attempt.released_at is None:
        return None
    return attempt


def resit_for(person: Person, permission: Permission, resit_id: UUID) -> ResitRequest | None:
    """A request for another attempt, if this person may do this to it; else None."""
    within = attempts(person, permission).with_only_columns(MethodAttempt.id)
    return db.session.scalar(
        select(ResitRequest).where(ResitRequest.id == resit_id, ResitRequest.attempt_id.in_(within))
    )


def action_for(person: Person, permission: Permission, action_id: UUID) -> PlannedAction | None:
    """An action of a plan, if this person may do this to it; else None."""
    within = attempts(person, permission).with_only_columns(MethodAttempt.id)
    return db.session.scalar(
        select(PlannedAction)
        .join(PlannedAction.request)
        .where(PlannedAction.id == action_id, ResitRequest.attempt_id.in_(within))
    )


def failed_now(person: Reader, permission: Permission) -> Select[MethodAttempt]:
    """The attempts within reach with a released Fail that no later attempt follows, under way."""
    later = exists().where(
        _LATER.assessment_id == MethodAttempt.assessment_id,
        _LATER.method_code == MethodAttempt.method_code,
        _LATER.number > MethodAttempt.number,
    )
    return attempts(person, permission).where(
        _is_failed(), EndPointAssessment.stage.in_(OPEN_STAGES), ~later
    )


def requests_of(attempt: MethodAttempt) -> Sequence[ResitRequest]:
    """Every request for another attempt after this one, the newest first."""
    query = select(ResitRequest).where(ResitRequest.attempt_id == attempt.id)
    return db.session.scalars(query.order_by(ResitRequest.number.desc())).all()


def requests_under_way(attempt_ids: Iterable[UUID]) -> dict[UUID, ResitRequest]:
    """The request that somebody is still to do something about, by the failed attempt."""
    rows = db.session.scalars(
        select(ResitRequest).where(
            ResitRequest.attempt_id.in_(list(attempt_ids)), ResitRequest.status.in_(UNDER_WAY)
        )
    )
    return {one.attempt_id: one for one in rows}


def has_request(assessment: EndPointAssessment) -> bool:
    """Whether another attempt at any method of an assessment is asked for and not decided."""
    return bool(requests_under_way([one.id for one in assessment.attempts]))


def failing_of(attempt: MethodAttempt) -> Failing:
    """What decides whether another attempt may be asked for."""
    newest = current_attempts(attempt.assessment)[attempt.method_code]
    return Failing(
        grade=attempt.grade,
        is_released=attempt.released_at is not None,
        is_newest=newest is attempt,
        stage=attempt.assessment.stage,
        has_request=attempt.id in requests_under_way([attempt.id]),
        attempts_made=newest.number,
        attempts_max=attempts_limit(attempt),
    )


def attempts_limit(attempt: MethodAttempt) -> int | None:
    """How often the attempt's method may be taken in all; None without a limit."""
    plan = framework_of(attempt.assessment)
    return rules.attempts_limit(plan.resits.attempts_max, settings.value("attempts_max"))


def not_passed(attempt: MethodAttempt) -> tuple[str, ...]:
    """The KSBs of a judged attempt that were not met, in the plan's order; none for a test."""
    ratings = (attempt.scoring_input or {}).get("ratings", {})
    codes = framework_of(attempt.assessment).ksbs_of(attempt.method_code)
    return tuple(code for code in codes if ratings.get(code) == Grade.FAIL)


def to_plan_for(attempt: MethodAttempt) -> tuple[str, ...]:
    """The KSBs that an action may be for: those not met, or all of a test's."""
    plan = framework_of(attempt.assessment)
    if isinstance(plan.methods[attempt.method_code], JudgedMethod):
        return not_passed(attempt)
    return plan.ksbs_of(attempt.method_code)


def last_day_of(attempt: MethodAttempt) -> date:
    """The EPA period's last day, exceptional circumstances of other attempts left out."""
    period = period_of(attempt.assessment)
    assert period is not None, "a method was graded, so that the period has begun"
    return period.plan_ends_on


def preparation_of(request: ResitRequest, last_day: date | None = None) -> Preparation:
    """How far a request has come towards being opened.

    Args:
        request: the request.
        last_day: what `last_day_of` says, where the caller has asked for many at once.
    """
    asked = framework_of(request.attempt.assessment).resits
    planned = {one.ksb_code for one in request.actions}
    return Preparation(
        needs_agreement=asked.employer_agrees,
        is_agreed=request.agreed_at is not None,
        needs_plan=asked.action_plan,
        actions=len(request.actions),
        unplanned=rules.unplanned(not_passed(request.attempt), planned),
        within_period=asked.within_epa_period,
        last_day=last_day_of(request.attempt) if last_day is None else last_day,
        closes_on=request.closes_on,
    )


def method_states(assessment: EndPointAssessment, today: date) -> dict[str, MethodState]:
    """How each method's newest attempt stands, by method code."""
    return {
        code: rules.method_state(
            one.grade,
            number=one.number,
            is_released=one.released_at is not None,
            scheduled_on=london_date(one.scheduled_at) if one.scheduled_at else None,
            today=today,
        )
        for code, one in current_attempts(assessment).items()
    }


def closing_fault(assessment: EndPointAssessment, today: date) -> rules.Fault | None:
    """Why an assessment cannot be closed as failed; None when it can."""
    period = period_of(assessment)
    return rules.closing_fault(
        method_states(assessment, today).values(),
        stage=assessment.stage,
        is_over=period is not None and period.is_over(today),
        has_request=has_request(assessment),
    )


def closing_of(assessment: EndPointAssessment) -> Closing | None:
    """How an assessment was closed as failed; None when it was not."""
    return db.session.scalar(select(Closing).where(Closing.assessment_id == assessment.id))


def titles_of(attempt: MethodAttempt, codes: Iterable[str]) -> dict[str, str]:
    """The titles of KSBs, by code."""
    plan = framework_of(attempt.assessment)
    return {code: plan.criterion(code).title for code in codes}


def reached(person: Person, permission: Permission, ids: Iterable[UUID]) -> set[UUID]:
    """To which of these attempts this person may do this."""
    query: Select[Any] = attempts(person, permission).where(MethodAttempt.id.in_(list(ids)))
    return set(db.session.scalars(query.with_only_columns(MethodAttempt.id)))
