"""What the gateway asks: of who decides, of the employer, and of those who supply."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import aliased

from epa.clock import london_date
from epa.database import Columns, prepared
from epa.gateway.models import EarlierStart, GatewayRequirement, GatewayReview
from epa.gateway.rules import OPEN_STAGES, Check, RequirementDecision, check_of
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import Apprenticeship, EndPointAssessment
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import assessments
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.readers import NamedReader, within
from epa.people.rules import Permission, Role
from epa.portfolio.models import PortfolioVersion
from epa.portfolio.rules import PortfolioStatus
from frameworks import AssessmentPlan

_CONFIRMATION: Final = "confirmation"
_LOOKED_AT: Final = frozenset({PortfolioStatus.SUBMITTED, PortfolioStatus.ACCEPTED})


@dataclass(frozen=True)
class _Asked:
    """One requirement: the decision that stands, when it was supplied, when its row was filled.

    ``supplied_at`` and ``decision`` say what `epa.gateway.queries` says of one row by itself: a
    rejected supply is none, and a portfolio supplies itself by its submission.
    """

    code: str
    decision: RequirementDecision
    supplied_at: datetime | None
    filled_at: datetime | None


@dataclass(frozen=True)
class _Gateway:
    """A review that was opened and is not decided, with its requirements in order."""

    assessment_id: UUID
    name: str
    plan: AssessmentPlan
    opened_at: datetime
    requirements: list[_Asked] = field(default_factory=list)

    def need(self, what: str, text: str, action: str, place: str, since: date) -> Need:
        """Something about this gateway that waits since a day."""
        return Need(
            what=what,
            who=self.name,
            text=text,
            action=action,
            place=place,
            assessment_id=self.assessment_id,
            since=since,
            parameters={"assessment_id": self.assessment_id},
        )


def gateways_to_decide(person: Person, _at: datetime) -> Iterator[Need]:
    """Reviews in which something was supplied that is not decided."""
    for gateway in _open_gateways(person, Permission.DECIDE_GATEWAY):
        supplied = [
            one.supplied_at
            for one in gateway.requirements
            if one.decision is RequirementDecision.PENDING and one.supplied_at
        ]
        if not supplied:
            continue
        done = sum(one.decision is RequirementDecision.ACCEPTED for one in gateway.requirements)
        yield gateway.need(
            "Decide the gateway",
            f"{len(supplied)} to decide; {done} of {len(gateway.requirements)} accepted.",
            "Decide",
            "gateway.show",
            london_date(min(supplied)),
        )


def starts_to_decide(person: Person, _at: datetime) -> Iterator[Need]:
    """Earlier starts that somebody else proposed: they need a second person."""
    for key, proposed_at, *names in within(person, _earlier_starts):
        yield Need(
            what="Decide on an earlier start",
            who=full_name(*names[:2]),
            text=f"{full_name(*names[2:])} proposes it; a second person decides.",
            action="Decide",
            place="gateway.decide_start",
            assessment_id=key,
            since=london_date(proposed_at),
            parameters={"assessment_id": key},
        )


@prepared
def _earlier_starts(reader: NamedReader) -> Columns:
    apprentice, proposer = aliased(Person), aliased(Person)
    return (
        assessments(reader, Permission.DECIDE_GATEWAY)
        .join(EarlierStart, EarlierStart.assessment_id == EndPointAssessment.id)
        .join(apprentice, apprentice.id == Apprenticeship.person_id)
        .join(proposer, proposer.id == EarlierStart.proposed_by_id)
        .where(
            EndPointAssessment.stage == Stage.ASSESSMENT,
            EarlierStart.decided_at.is_(None),
            EarlierStart.withdrawn_at.is_(None),
            EarlierStart.proposed_by_id != reader.id,
        )
        .with_only_columns(
            EndPointAssessment.id,
            EarlierStart.proposed_at,
            apprentice.given_names,
            apprentice.family_name,
            proposer.given_names,
            proposer.family_name,
        )
    )


def readiness_to_confirm(person: Person, _at: datetime) -> Iterator[Need]:
    """The employer's own word, which nobody else can give."""
    for gateway in _open_gateways(person, Permission.CONFIRM_READINESS):
        for one in gateway.requirements:
            asked = gateway.plan.gateway.requirement(one.code).evidence == _CONFIRMATION
            if asked and one.filled_at is None:
                yield gateway.need(
                    "Confirm readiness",
                    "Only you can say that this apprentice works at the level of the occupation.",
                    "Confirm",
                    "gateway.confirm",
                    london_date(gateway.opened_at),
                )


def gateway_to_supply(person: Person, _at: datetime) -> Iterator[Need]:
    """What the gateway asks of an apprentice or a provider: first what came back to them."""
    suppliers = {role.value for role in person.roles} - {Role.ADMINISTRATOR, Role.EMPLOYER}
    if not suppliers:
        return
    for gateway in _open_gateways(person, Permission.SUPPLY_GATEWAY):
        plan = gateway.plan.gateway
        mine = [
            one
            for one in gateway.requirements
            if suppliers & set(plan.requirement(one.code).supplied_by)
        ]
        returned = [one for one in mine if one.decision is RequirementDecision.REJECTED]
        lacking = [one for one in mine if one not in returned and one.supplied_at is None]
        titles = {one.code: plan.requirement(one.code).title for one in mine}
        said = [
            f"{words}: {', '.join(titles[one.code] for one in rows)}."
            for words, rows in (("Returned to you", returned), ("Still open", lacking))
            if rows
        ]
        if said:
            yield gateway.need(
                "Supply again for the gateway" if returned else "Supply for the gateway",
                " ".join(said),
                "See the gateway",
                "gateway.show",
                london_date(gateway.opened_at),
            )


def _open_gateways(person: Person, permission: Permission) -> Sequence[_Gateway]:
    """Reviews that were opened and are not decided: from then on everybody is asked for theirs.

    Columns and no objects, with two queries: an organisation may have a thousand of them open.
    """
    submitted = {
        key: at if status in _LOOKED_AT else None
        for key, status, at in within(person, _portfolios, permission)
    }
    found: dict[UUID, _Gateway] = {}
    for key, framework, version, opened_at, code, decision, filled_at, *names in within(
        person, _rows, permission
    ):
        gateway = found.get(key)
        if gateway is None:
            plan = definition(framework, version)
            gateway = found[key] = _Gateway(key, full_name(*names), plan, opened_at)
        check = check_of(gateway.plan.gateway.requirement(code))
        gateway.requirements.append(_asked(code, check, decision, filled_at, submitted.get(key)))
    return list(found.values())


@prepared
def _rows(reader: NamedReader, permission: Permission) -> Columns:
    return (
        _reviewed(reader, permission)
        .join(GatewayRequirement, GatewayRequirement.review_id == GatewayReview.id)
        .join(Person, Person.id == Apprenticeship.person_id)
        .order_by(GatewayRequirement.position)
        .with_only_columns(
            EndPointAssessment.id,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            GatewayReview.opened_at,
            GatewayRequirement.code,
            GatewayRequirement.decision,
            GatewayRequirement.supplied_at,
            Person.given_names,
            Person.family_name,
        )
    )


def _reviewed(reader: NamedReader, permission: Permission) -> Columns:
    """The assessments within reach whose gateway is open, joined to their reviews."""
    return (
        assessments(reader, permission)
        .join(GatewayReview, GatewayReview.assessment_id == EndPointAssessment.id)
        .where(EndPointAssessment.stage.in_(OPEN_STAGES))
    )


def _asked(
    code: str,
    check: Check,
    decision: RequirementDecision,
    filled_at: datetime | None,
    submitted_at: datetime | None,
) -> _Asked:
    is_rejected = decision is RequirementDecision.REJECTED
    if check is Check.PORTFOLIO:
        again = is_rejected and submitted_at is not None
        stands = RequirementDecision.PENDING if again else decision
        return _Asked(code, stands, submitted_at, filled_at)
    return _Asked(code, decision, None if is_rejected else filled_at, filled_at)


@prepared
def _portfolios(reader: NamedReader, permission: Permission) -> Columns:
    """The portfolios of those who stand at the gateway, the newest version last."""
    version = PortfolioVersion
    return (
        _reviewed(reader, permission)
        .join(version, version.assessment_id == EndPointAssessment.id)
        .order_by(version.number)
        .with_only_columns(version.assessment_id, version.status, version.submitted_at)
    )
