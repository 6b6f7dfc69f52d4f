"""Finding reviews and requirements within scope, and what each requirement shows on a day."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from epa.clock import london_date
from epa.database import db
from epa.gateway import off_the_job, rules
from epa.gateway.models import EarlierStart, GatewayRequirement, GatewayReview
from epa.gateway.off_the_job import Terms, TrainingPolicy, policy_for, training_weeks
from epa.gateway.rules import Check, Finding, QualificationPolicy, RequirementDecision
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.period import Break
from epa.lifecycle.rules import Attainment
from epa.lifecycle.scope import assessments
from epa.people.models import Organisation, Person
from epa.people.rules import Permission, Role
from epa.portfolio.models import PortfolioVersion
from epa.portfolio.queries import current_version
from epa.portfolio.rules import PortfolioStatus
from epa.settings import queries as settings
from frameworks.assessment_plan import Requirement

_POLICIES: Final = Path(__file__).with_name("policies.toml")


@lru_cache(maxsize=1)
def qualification_policies() -> tuple[QualificationPolicy, ...]:
    """The policies on English and mathematics, as the data file has them."""
    return tuple(map(QualificationPolicy.model_validate, _entries("english_and_mathematics")))


@lru_cache(maxsize=1)
def training_policies() -> tuple[TrainingPolicy, ...]:
    """The policies on off-the-job training, as the data file has them."""
    return tuple(map(TrainingPolicy.model_validate, _entries("off_the_job")))


def _entries(table: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(_POLICIES.read_text(encoding="utf-8"))[table]
    return entries


def review_of(assessment: EndPointAssessment) -> GatewayReview | None:
    """The gateway review of an assessment that was fetched within scope; None before it began."""
    query = select(GatewayReview).where(GatewayReview.assessment_id == assessment.id)
    return db.session.scalar(query)


def requirement_for(
    person: Person, permission: Permission, requirement_id: UUID
) -> GatewayRequirement | None:
    """The requirement, if this person may do this to its assessment; else None."""
    within = assessments(person, permission).with_only_columns(EndPointAssessment.id)
    query = (
        select(GatewayRequirement)
        .join(GatewayRequirement.review)
        .where(GatewayRequirement.id == requirement_id, GatewayReview.assessment_id.in_(within))
    )
    return db.session.scalar(query)


def confirmation_of(review: GatewayReview) -> GatewayRequirement:
    """The row that the employer's own confirmation belongs to."""
    return next(
        row
        for row in review.requirements
        if rules.check_of(definition_of(row)) is Check.CONFIRMATION
    )


def definition_of(requirement: GatewayRequirement) -> Requirement:
    """What the assessment's definition says of a requirement."""
    return framework_of(requirement.review.assessment).gateway.requirement(requirement.code)


def parts_of(person: Person, assessment: EndPointAssessment) -> frozenset[str]:
    """What this person is to this assessment, in the definition's words for who supplies what."""
    apprenticeship = assessment.apprenticeship
    at: dict[Role, tuple[str, UUID | None]] = {
        Role.EMPLOYER: ("employer", apprenticeship.employer_id),
        Role.TRAINING_PROVIDER: ("training_provider", apprenticeship.provider_id),
        Role.ADMINISTRATOR: ("administrator", assessment.epao_id),
    }
    parts = {
        at[held.role][0]
        for held in person.current_roles
        if held.role in at and held.organisation_id == at[held.role][1]
    }
    if person.id == apprenticeship.person_id and Role.APPRENTICE in person.roles:
        parts.add("apprentice")
    return frozenset(parts)


def suppliers(definition: Requirement, assessment: EndPointAssessment) -> list[str]:
    """Who may supply a requirement, by name: a person or organisations."""
    apprenticeship = assessment.apprenticeship
    provider: Organisation | None = apprenticeship.provider
    names = {
        "apprentice": apprenticeship.person.given_names,
        "employer": apprenticeship.employer.name,
        "training_provider": provider.name if provider else "",
        "administrator": assessment.epao.name,
    }
    return [names[part] for part in definition.supplied_by if names[part]]


# ------------------------------------------------------------------------------------- findings


def breaks_of(assessment: EndPointAssessment) -> list[Break]:
    """The apprentice's breaks in learning."""
    return [Break(one.started_on, one.ended_on) for one in assessment.apprenticeship.breaks]


def _time(row: GatewayRequirement, on: date) -> Finding:
    assessment = row.review.assessment
    return rules.time_finding(
        assessment.apprenticeship.learning_start_on,
        on,
        breaks_of(assessment),
        framework_of(assessment).gateway.minimum_months_on_programme,
    )


def training_terms(assessment: EndPointAssessment, on: date) -> Terms:
    """What a declaration of off-the-job training is held against on a gateway date.

    Weeks are counted to the planned end, so that waiting for a gateway asks for no more; to the
    gateway date where no end was planned.
    """
    of = assessment.apprenticeship
    return Terms(
        policy=policy_for(training_policies(), started=of.original_start_on, on=on),
        percent=framework_of(assessment).gateway.off_the_job_percent,
        weeks=training_weeks(of.learning_start_on, of.planned_end_on or on, breaks_of(assessment)),
        published=settings.value("off_the_job_hours"),
    )


def _off_the_job(row: GatewayRequirement, on: date) -> Finding:
    return off_the_job.finding(row.supplied, training_terms(row.review.assessment, on))


def grounds_of(row: GatewayRequirement) -> frozenset[str]:
    """Why a lower level of English and mathematics is enough: as supplied, else as registered."""
    apprenticeship, said = row.review.assessment.apprenticeship, row.supplied or {}
    registered = {
        "ehc_plan": apprenticeship.has_ehc_plan,
        "legacy_statement": apprenticeship.has_legacy_statement,
    }
    return frozenset(code for code, applies in registered.items() if said.get(code, applies))


def _qualifications(row: GatewayRequirement, on: date) -> Finding:
    assessment = row.review.assessment
    apprenticeship = assessment.apprenticeship
    wanted = framework_of(assessment).gateway.qualifications
    said = row.supplied or {}
    opted_in = bool(said.get("opted_in", apprenticeship.opted_in_to_english_maths))
    learner = rules.Learner(
        age_at_original_start=rules.age_on(
            apprenticeship.date_of_birth, apprenticeship.original_start_on
        ),
        opted_in=opted_in,
        attained={subject: Attainment(said.get(subject, "none")) for subject in wanted.subjects},
        grounds=grounds_of(row),
        has_sign_language=bool(said.get("has_bsl")),
    )
    policy = rules.policy_in_force(qualification_policies(), on)
    return rules.qualifications_finding(learner, wanted, policy)


def _portfolio(row: GatewayRequirement, _on: date) -> Finding:
    version = submitted_portfolio(row.review.assessment)
    if version is None:
        return Finding("Not submitted yet", is_met=False)
    return rules.portfolio_finding(
        len(version.pieces),
        len({piece.service_user for piece in version.pieces if piece.service_user}),
        {activity for piece in version.pieces for activity in piece.activities},
        framework_of(row.review.assessment).portfolio,
    )


def _permission(row: GatewayRequirement, _on: date) -> Finding:
    if not row.supplied:
        return rules.NOTHING_YET
    return Finding(
        f"Given by {row.review.assessment.apprenticeship.person.given_names}", is_met=True
    )


def _confirmation(row: GatewayRequirement, _on: date) -> Finding:
    said = row.supplied
    if not said or row.supplied_by is None:
        return rules.NOTHING_YET
    who = f"{row.supplied_by.name} for {said['organisation']}"
    if said["organisation_id"] != str(row.review.assessment.apprenticeship.employer_id):
        return Finding(f"Lapsed: given by {who}, no longer the employer", is_met=False)
    if not said["is_ready"]:
        return Finding(f"Not yet, says {who}: {said['reason']}", is_met=False)
    decided = rules.day_words(date.fromisoformat(said["decided_on"]))
    return Finding(f"Given by {who}, decided on {decided}", is_met=True)


_FINDINGS: Final[dict[Check, Callable[[GatewayRequirement, date], Finding]]] = {
    Check.TIME: _time,
    Check.OFF_THE_JOB: _off_the_job,
    Check.QUALIFICATIONS: _qualifications,
    Check.PORTFOLIO: _portfolio,
    Check.PERMISSION: _permission,
    Check.CONFIRMATION: _confirmation,
}


def finding_of(row: GatewayRequirement, on: date) -> Finding:
    """What a requirement shows, judged on a London date; an accepted one as it was judged then."""
    if row.decision is RequirementDecision.ACCEPTED and row.shown is not None:
        return Finding(row.shown, is_met=True)
    return _FINDINGS[rules.check_of(definition_of(row))](row, on)


def submitted_portfolio(assessment: EndPointAssessment) -> PortfolioVersion | None:
    """The version that the intake check looks at: submitted, or accepted already."""
    version = current_version(assessment)
    looked_at = {PortfolioStatus.SUBMITTED, PortfolioStatus.ACCEPTED}
    return version if version is not None and version.status in looked_at else None


@dataclass(frozen=True)
class Supply:
    """When something was supplied, and by whom."""

    at: datetime
    by: str


def supply_of(row: GatewayRequirement) -> Supply | None:
    """The newest supply that no decision has rejected; a portfolio supplies itself by submission."""
    if rules.check_of(definition_of(row)) is Check.PORTFOLIO:
        version = submitted_portfolio(row.review.assessment)
        if version is None or version.submitted_at is None:
            return None
        return Supply(version.submitted_at, row.review.assessment.apprenticeship.person.name)
    if row.supplied_at is None or row.supplied_by is None:
        return None
    if row.decision is RequirementDecision.REJECTED:
        return None
    return Supply(row.supplied_at, row.supplied_by.name)


def decision_of(row: GatewayRequirement) -> RequirementDecision:
    """The decision that stands: a portfolio submitted again after a rejection is pending."""
    again = (
        row.decision is RequirementDecision.REJECTED
        and rules.check_of(definition_of(row)) is Check.PORTFOLIO
        and supply_of(row) is not None
    )
    return RequirementDecision.PENDING if again else row.decision


def everything_shown_on(review: GatewayReview, otherwise: date) -> date:
    """The first day on which every requirement had been shown, as the record has it.

    Args:
        review: one whose requirements are accepted.
        otherwise: the day on which it was accepted, where a break in learning still lasts.
    """
    assessment = review.assessment
    reached = rules.earliest_gateway(
        assessment.apprenticeship.learning_start_on,
        framework_of(assessment).gateway.minimum_months_on_programme,
        breaks_of(assessment),
    )
    supplied = [supply_of(row) for row in review.requirements]
    return max([reached or otherwise, *(london_date(one.at) for one in supplied if one)])


def starts_of(assessment: EndPointAssessment) -> Sequence[EarlierStart]:
    """The proposals of an earlier start, the latest first."""
    query = select(EarlierStart).where(EarlierStart.assessment_id == assessment.id)
    return db.session.scalars(query.order_by(EarlierStart.proposed_at.desc())).all()


def start_proposed(assessment: EndPointAssessment) -> EarlierStart | None:
    """The proposal that waits for a second person; None when none does."""
    waiting = (
        one for one in starts_of(assessment) if one.decided_at is None and one.withdrawn_at is None
    )
    return next(waiting, None)


def is_last_open(row: GatewayRequirement) -> bool:
    """Whether every other requirement is accepted, so that this one decides the gateway."""
    return all(
        one.decision is RequirementDecision.ACCEPTED
        for one in row.review.requirements
        if one is not row
    )
