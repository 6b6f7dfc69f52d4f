"""The end of an EPA that was not passed, and the new one that may follow: linked both ways."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.grading import queries as grading
from epa.grading.services import release_overall
from epa.in_transaction import lock
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.queries import assessments_beside
from epa.lifecycle.rules import Grade, Stage
from epa.lifecycle.services import advance
from epa.people.models import Person
from epa.resits import queries, rules
from epa.resits.models import Closing


def close_as_failed(
    assessment: EndPointAssessment, reason: str, *, actor: Person, at: datetime
) -> Closing:
    """Close an EPA that is not passed; where a method was failed, its overall Fail is released.

    Args:
        assessment: one whose period is over, or whose every method is released, one of them failed.
        reason: why there is no other attempt.
        actor: somebody who had no part in any of its grades.
        at: when.

    Raises:
        RuleBroken: something waits, the period runs, there is no reason, or the person had a part
            in a grade or has a conflict of interest with the case.
    """
    if fault := queries.closing_fault(assessment, london_date(at)):
        raise RuleBroken(fault.code, fault.message, fault.field)
    if not reason.strip():
        raise RuleBroken("reason", "Write why there is no other attempt", "reason")
    states = queries.method_states(assessment, london_date(at)).values()
    if not rules.KNOWN_FAILS.isdisjoint(states):
        release_overall(
            assessment, actor=actor, at=at, no_resit_reason=reason, is_without_resit=True
        )
    else:
        advance(assessment, to=Stage.CLOSED, actor=actor, at=at)
    closing = Closing(assessment=assessment, reason=reason.strip(), closed_at=at, closed_by=actor)
    db.session.add(closing)
    db.session.flush()
    record(actor, "assessment closed as failed", assessment, at=at)
    return closing


def may_start_again(assessment: EndPointAssessment) -> bool:
    """Whether the whole EPA may be taken again: it was not passed, and no other has begun."""
    overall = grading.overall_of(assessment)
    failed = assessment.stage is Stage.CLOSED or (
        overall is not None and overall.grade is Grade.FAIL
    )
    return failed and assessments_beside(assessment)[1] is None


def start_again(
    assessment: EndPointAssessment, *, actor: Person, at: datetime
) -> EndPointAssessment:
    """Begin a new EPA for the same apprenticeship: nothing is carried over, the old one is linked.

    Raises:
        RuleBroken: the old one did not end as failed, or a new one has begun already.
    """
    lock(assessment)
    if not may_start_again(assessment):
        raise RuleBroken("not-to-repeat", "A new one starts once, after one that was not passed.")
    plan = latest(assessment.framework_code)
    new = EndPointAssessment(
        apprenticeship=assessment.apprenticeship,
        epao=assessment.epao,
        number=assessment.number + 1,
        previous_id=assessment.id,
        framework_code=plan.code,
        framework_version=plan.version,
        stage=Stage.ON_PROGRAMME,
        stage_since=at,
    )
    db.session.add(new)
    db.session.flush()
    record(actor, "assessment started again", new, at=at, number=new.number, version=plan.version)
    return new
