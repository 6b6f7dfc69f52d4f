"""What the gateway asks: of who decides, of the employer, and of those who supply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from epa.clock import london_date
from epa.database import db
from epa.gateway.models import EarlierStart, GatewayReview
from epa.gateway.queries import decision_of, supply_of
from epa.gateway.rules import OPEN_STAGES, RequirementDecision
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import assessments
from epa.needs.making import need_for
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission, Role

_CONFIRMATION: Final = "confirmation"


def gateways_to_decide(person: Person, _at: datetime) -> Iterator[Need]:
    """Reviews in which something was supplied that is not decided."""
    for review in _open_reviews(person, Permission.DECIDE_GATEWAY):
        supplied = [
            supply.at
            for one in review.requirements
            if decision_of(one) is RequirementDecision.PENDING and (supply := supply_of(one))
        ]
        if not supplied:
            continue
        done = sum(one.decision is RequirementDecision.ACCEPTED for one in review.requirements)
        yield need_for(
            review.assessment,
            "Decide the gateway",
            f"{len(supplied)} to decide; {done} of {len(review.requirements)} accepted.",
            "Decide",
            "gateway.show",
            since=london_date(min(supplied)),
        )


def starts_to_decide(person: Person, _at: datetime) -> Iterator[Need]:
    """Earlier starts that somebody else proposed: they need a second person."""
    within = assessments(person, Permission.DECIDE_GATEWAY).where(
        EndPointAssessment.stage == Stage.ASSESSMENT
    )
    query = select(EarlierStart).where(
        EarlierStart.assessment_id.in_(within.with_only_columns(EndPointAssessment.id)),
        EarlierStart.decided_at.is_(None),
        EarlierStart.withdrawn_at.is_(None),
        EarlierStart.proposed_by_id != person.id,
    )
    for one in db.session.scalars(query):
        yield need_for(
            one.assessment,
            "Decide on an earlier start",
            f"{one.proposed_by.name} proposes it; a second person decides.",
            "Decide",
            "gateway.decide_start",
            since=london_date(one.proposed_at),
        )


def readiness_to_confirm(person: Person, _at: datetime) -> Iterator[Need]:
    """The employer's own word, which nobody else can give."""
    for review in _open_reviews(person, Permission.CONFIRM_READINESS):
        evidence = framework_of(review.assessment).gateway
        for one in review.requirements:
            asked = evidence.requirement(one.code).evidence == _CONFIRMATION
            if asked and one.supplied_at is None:
                yield need_for(
                    review.assessment,
                    "Confirm readiness",
                    "Only you can say that this apprentice works at the level of the occupation.",
                    "Confirm",
                    "gateway.confirm",
                    since=london_date(review.opened_at),
                )


def gateway_to_supply(person: Person, _at: datetime) -> Iterator[Need]:
    """What the gateway asks of an apprentice or a provider: first what came back to them."""
    suppliers = {role.value for role in person.roles} - {Role.ADMINISTRATOR, Role.EMPLOYER}
    if not suppliers:
        return
    for review in _open_reviews(person, Permission.SUPPLY_GATEWAY):
        plan = framework_of(review.assessment).gateway
        mine = [
            one
            for one in review.requirements
            if suppliers & set(plan.requirement(one.code).supplied_by)
        ]
        returned = [one for one in mine if decision_of(one) is RequirementDecision.REJECTED]
        lacking = [one for one in mine if one not in returned and supply_of(one) is None]
        titles = {one.code: plan.requirement(one.code).title for one in mine}
        said = [
            f"{words}: {', '.join(titles[one.code] for one in rows)}."
            for words, rows in (("Returned to you", returned), ("Still open", lacking))
            if rows
        ]
        if said:
            yield need_for(
                review.assessment,
                "Supply again for the gateway" if returned else "Supply for the gateway",
                " ".join(said),
                "See the gateway",
                "gateway.show",
                since=london_date(review.opened_at),
            )


def _open_reviews(person: Person, permission: Permission) -> Sequence[GatewayReview]:
    """Reviews that were opened and are not decided: from then on everybody is asked for theirs."""
    reach = assessments(person, permission).where(EndPointAssessment.stage.in_(OPEN_STAGES))
    ids = reach.with_only_columns(EndPointAssessment.id)
    return db.session.scalars(
        select(GatewayReview).where(GatewayReview.assessment_id.in_(ids))
    ).all()
