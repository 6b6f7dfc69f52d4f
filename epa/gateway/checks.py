"""What must hold before anything is supplied or decided: one refusal each, with its reason."""

from __future__ import annotations

from epa.clock import LONDON
from epa.errors import Conflict, NotAllowed, RuleBroken
from epa.gateway import queries, rules
from epa.gateway.models import GatewayRequirement, GatewayReview
from epa.gateway.rules import Check, Finding, RequirementDecision
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import PLACEHOLDER_ULN, STAGE_TITLES, Stage
from epa.people.models import Person


def stage_must_be_open(assessment: EndPointAssessment) -> None:
    """The assessment is on programme or at the gateway; else RuleBroken."""
    if assessment.stage not in rules.OPEN_STAGES:
        stage = STAGE_TITLES[assessment.stage]
        raise RuleBroken("gateway-closed", f"The gateway is closed: the apprentice is “{stage}”.")


def must_be_open(review: GatewayReview, seen: int | None) -> None:
    """The gateway is open, and its version is the one the person saw; else RuleBroken, Conflict."""
    if seen is not None and seen != review.lock_version:
        when = review.changed_at.astimezone(LONDON)
        raise Conflict(
            f"{review.changed_by.name} {review.changed_what} on {rules.day_words(when.date())}"
            f" at {when:%H:%M}, after you opened this page."
        )
    stage_must_be_open(review.assessment)


def must_be_unlocked(requirement: GatewayRequirement) -> None:
    """The requirement is not accepted yet; else RuleBroken."""
    if requirement.decision is RequirementDecision.ACCEPTED:
        raise RuleBroken(
            "requirement-locked", f"{queries.definition_of(requirement).title} is accepted already."
        )


def must_be_supplier(requirement: GatewayRequirement, actor: Person) -> None:
    """The definition lets this person supply the requirement; else NotAllowed."""
    assessment, definition = requirement.review.assessment, queries.definition_of(requirement)
    if not queries.parts_of(actor, assessment) & set(definition.supplied_by):
        names = " or ".join(queries.suppliers(definition, assessment))
        raise NotAllowed(f"Only {names} can give this.")


def must_be_decider(review: GatewayReview, actor: Person) -> None:
    """The person decides for the assessment's EPAO; else NotAllowed."""
    if "administrator" not in queries.parts_of(actor, review.assessment):
        raise NotAllowed(f"Only {review.assessment.epao.name} decides the gateway.")


def must_be_supplied(requirement: GatewayRequirement) -> None:
    """There is something to decide on; else RuleBroken."""
    if queries.supply_of(requirement) is None:
        title = queries.definition_of(requirement).title
        raise RuleBroken("nothing-supplied", f"{title}: nothing has been supplied to decide on.")


def must_be_met(requirement: GatewayRequirement, finding: Finding) -> None:
    """Something was supplied, unless the policy asks for nothing, and it is enough; else RuleBroken."""
    if not finding.waived:
        must_be_supplied(requirement)
    if not finding.is_met:
        title = queries.definition_of(requirement).title
        raise RuleBroken("requirement-not-met", f"{title} cannot be accepted: {finding.shown}.")


def must_be_in_period(assessment: EndPointAssessment) -> None:
    """The EPA period has begun and is not over; else RuleBroken."""
    if assessment.stage is not Stage.ASSESSMENT:
        stage = STAGE_TITLES[assessment.stage]
        raise RuleBroken("no-period", f"There is no start to move: the apprentice is “{stage}”.")


def must_have_own_uln(assessment: EndPointAssessment) -> None:
    """The apprentice has a number of their own, not the placeholder; else RuleBroken."""
    if assessment.apprenticeship.uln == PLACEHOLDER_ULN:
        raise RuleBroken(
            "uln-placeholder",
            "This is the last requirement, and the ULN is still the placeholder"
            f" {PLACEHOLDER_ULN}. The gateway needs the apprentice’s own ULN.",
        )


def must_be_adviser(assessment: EndPointAssessment, actor: Person) -> None:
    """The definition lets this person advise; else NotAllowed."""
    if not queries.parts_of(actor, assessment) & set(framework_of(assessment).gateway.may_advise):
        raise NotAllowed("Only the apprentice’s training provider can advise here.")


def must_not_accept_own_confirmation(requirement: GatewayRequirement, actor: Person) -> None:
    """Refuse somebody of the EPAO who gave the employer's confirmation themselves.

    Raises:
        RuleBroken: they did; another person must accept it.
    """
    is_confirmation = rules.check_of(queries.definition_of(requirement)) is Check.CONFIRMATION
    if is_confirmation and requirement.supplied_by is actor:
        raise RuleBroken(
            "second-person",
            "You gave this confirmation for the employer. Somebody else must accept it.",
        )
