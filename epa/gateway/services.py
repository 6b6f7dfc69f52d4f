"""Supplying for the gateway, confirming, advising, and deciding requirement by requirement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.files.models import StoredFile
from epa.gateway import checks, queries, rules
from epa.gateway.models import GatewayAdvice, GatewayDecision, GatewayRequirement, GatewayReview
from epa.gateway.rules import Check, Finding, Readiness, RequirementDecision
from epa.gateway.supplies import SUPPLIES, Values
from epa.lifecycle import services as lifecycle
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import EndPointAssessment
from epa.lifecycle.rules import Stage
from epa.people.models import Organisation, Person
from epa.portfolio import services as portfolio
from epa.portfolio.rules import PortfolioStatus


def open_review(assessment: EndPointAssessment, *, actor: Person, at: datetime) -> GatewayReview:
    """The assessment's review, with a row for every requirement of its definition.

    One that is open already is returned as it is. The stage changes when the first thing is
    supplied, not here.

    Raises:
        RuleBroken: the gateway is decided, or the apprentice is paused or withdrawn.
    """
    if review := queries.review_of(assessment):
        return review
    checks.stage_must_be_open(assessment)
    review = GatewayReview(
        assessment=assessment,
        opened_at=at,
        opened_by_id=actor.id,
        changed_at=at,
        changed_by=actor,
        changed_what="opened the gateway",
        requirements=[
            GatewayRequirement(code=one.code, position=position)
            for position, one in enumerate(framework_of(assessment).gateway.requirements, start=1)
        ],
    )
    db.session.add(review)
    db.session.flush()  # each requirement counts from its column's default on
    record(actor, "gateway opened", review, at=at)
    return review


# ------------------------------------------------------------------------------------- supplying


def supply(
    requirement: GatewayRequirement,
    values: Values,
    *,
    actor: Person,
    at: datetime,
    file: StoredFile | None = None,
    seen: int | None = None,
) -> None:
    """Keep what somebody shows for a requirement; a rejected one is open again.

    Args:
        requirement: one that is not accepted.
        values: by kind of requirement. Time: ``break_from``, ``break_to``, ``break_reason``, all
            optional, add a break in learning. Off the job: ``percent``, or ``hours`` and what they
            are held against, as ``epa.gateway.off_the_job.finding`` takes them. Qualifications: a level for each subject, ``has_bsl``, ``evidence``
            (where it was seen), and perhaps ``ehc_plan``, ``legacy_statement`` and ``opted_in``,
            which then count in the place of the registration's. Permission: ``given``.
        actor: somebody whom the definition lets supply this.
        at: when.
        file: evidence, already stored.
        seen: the review's version that the person had before them, if they had a page.

    Raises:
        NotAllowed: somebody else supplies this.
        RuleBroken: the row is locked, or the values say nothing.
        Conflict: somebody changed the review since.
    """
    review, definition = requirement.review, queries.definition_of(requirement)
    checks.must_be_supplier(requirement, actor)
    checks.must_be_open(review, seen)
    checks.must_be_unlocked(requirement)
    keep = SUPPLIES.get(rules.check_of(definition))
    if keep is None:
        raise RuleBroken("supplied-elsewhere", f"{definition.title} is supplied on its own page.")
    _keep_supply(requirement, keep(requirement, values, file), actor=actor, at=at)
    requirement.file = file
    _changed(review, f"supplied for “{definition.title}”", actor=actor, at=at)


def _keep_supply(
    requirement: GatewayRequirement, said: dict[str, Any], *, actor: Person, at: datetime
) -> None:
    requirement.supplied, requirement.supplied_at = said, at
    requirement.supplied_by = actor
    requirement.number += 1
    _reopen(requirement)
    _at_the_gateway(requirement.review.assessment, actor=actor, at=at)
    record(
        actor,
        "gateway requirement supplied",
        requirement,
        at=at,
        code=requirement.code,
        number=requirement.number,
    )


# ------------------------------------------------------------------- the employer's confirmation


def confirm_readiness(
    review: GatewayReview,
    answer: Readiness,
    *,
    actor: Person,
    at: datetime,
    organisation: Organisation,
    seen: int | None = None,
) -> None:
    """Keep the employer's own answer, which nobody else can give.

    It decides occupational competence; the EPAO only takes it in, and cannot give or change it.

    Raises:
        NotAllowed: the person does not speak for the apprentice's employer.
        RuleBroken: the date will not do, or a "not yet" has no reason.
        Conflict: somebody changed the review since.
    """
    requirement = queries.confirmation_of(review)
    checks.must_be_supplier(requirement, actor)
    if organisation.id != review.assessment.apprenticeship.employer_id:
        raise NotAllowed(f"Only {review.assessment.apprenticeship.employer.name} can confirm this.")
    checks.must_be_open(review, seen)
    checks.must_be_unlocked(requirement)
    started = review.assessment.apprenticeship.learning_start_on
    fault = rules.decision_date_fault(answer.decided_on, started=started, today=london_date(at))
    if fault:
        raise RuleBroken("decision-date", fault, "decided_on")
    if not answer.is_ready and not answer.reason:
        raise RuleBroken("not-yet-why", "Say what is still missing", "reason")
    said = {
        "is_ready": answer.is_ready,
        "decided_on": answer.decided_on.isoformat(),
        "reason": answer.reason,
        "organisation": organisation.name,
        "organisation_id": str(organisation.id),
    }
    _keep_supply(requirement, said, actor=actor, at=at)
    what = "confirmed that the apprentice is ready" if answer.is_ready else "said “not yet”"
    _changed(review, what, actor=actor, at=at)


def withdraw_confirmation(
    review: GatewayReview, *, actor: Person, at: datetime, seen: int | None = None
) -> None:
    """Take the employer's answer back, even an accepted one, until the gateway is decided.

    Raises:
        NotAllowed: the person does not speak for the apprentice's employer.
        RuleBroken: the gateway is decided, or there is nothing to take back.
        Conflict: somebody changed the review since.
    """
    requirement = queries.confirmation_of(review)
    checks.must_be_supplier(requirement, actor)
    checks.must_be_open(review, seen)
    if not requirement.supplied:
        raise RuleBroken("nothing-supplied", "There is no confirmation to take back.")
    requirement.supplied, requirement.supplied_at, requirement.supplied_by = None, None, None
    _reopen(requirement)
    record(
        actor,
        "employer's confirmation withdrawn",
        requirement,
        at=at,
        number=requirement.number,
    )
    _changed(review, "took the employer’s confirmation back", actor=actor, at=at)


def lapse_confirmation(
    assessment: EndPointAssessment, *, actor: Person | None, at: datetime
) -> bool:
    """Take back what the former employer confirmed: the new one is asked from the beginning.

    Once the gateway is decided the confirmation has done its work and stays.

    Returns:
        Whether there was a confirmation, so that it has lapsed.
    """
    review = queries.review_of(assessment)
    requirement = queries.confirmation_of(review) if review else None
    if review is None or requirement is None or not requirement.supplied:
        return False
    if assessment.gateway_accepted_at is not None:
        return False
    requirement.supplied, requirement.supplied_at, requirement.supplied_by = None, None, None
    _reopen(requirement)
    record(actor, "employer's confirmation lapsed", requirement, at=at, number=requirement.number)
    # What the system does nobody did: the page goes on naming the last person who did something.
    if actor is not None:
        _changed(review, "changed the employer", actor=actor, at=at)
    return True


def advise(
    review: GatewayReview,
    text: str,
    *,
    actor: Person,
    at: datetime,
    in_favour: bool | None = None,
    seen: int | None = None,
) -> GatewayAdvice:
    """Add a training provider's advice; earlier advice stays, and none of it decides.

    Raises:
        NotAllowed: the person is not among those who may advise.
        RuleBroken: the gateway is decided, or the advice is empty.
        Conflict: somebody changed the review since.
    """
    checks.must_be_adviser(review.assessment, actor)
    checks.must_be_open(review, seen)
    if not text.strip():
        raise RuleBroken("advice-empty", "Enter your advice", "text")
    advice = GatewayAdvice(
        review=review, text=text, is_in_favour=in_favour, given_at=at, given_by=actor
    )
    db.session.add(advice)
    record(actor, "gateway advice given", advice, at=at, in_favour=in_favour)
    _changed(review, "gave advice", actor=actor, at=at)
    return advice


def note_file_read(
    requirement: GatewayRequirement, *, actor: Person, at: datetime
) -> StoredFile | None:
    """Write down that somebody reads a requirement's evidence, and give the file; None without."""
    if requirement.file is not None:
        record(actor, "gateway evidence read", requirement, at=at, code=requirement.code)
    return requirement.file


# -------------------------------------------------------------------------------------- deciding


def accept(
    requirement: GatewayRequirement, *, actor: Person, at: datetime, seen: int | None = None
) -> None:
    """Accept a requirement, which locks it; the last one starts the EPA period today.

    Raises:
        NotAllowed: the person does not decide for this EPAO.
        RuleBroken: it is locked, not supplied, or not met, with by how much; or it is the
            employer's confirmation, and the person gave it.
        Conflict: somebody changed the review since.
    """
    review, definition = requirement.review, queries.definition_of(requirement)
    checks.must_be_decider(review, actor)
    checks.must_be_open(review, seen)
    checks.must_be_unlocked(requirement)
    checks.must_not_accept_own_confirmation(requirement, actor)
    finding = queries.finding_of(requirement, london_date(at))
    checks.must_be_met(requirement, finding)
    is_last = queries.is_last_open(requirement)
    if is_last:
        checks.must_have_own_uln(review.assessment)
    if rules.check_of(definition) is Check.PORTFOLIO:
        version = queries.submitted_portfolio(review.assessment)
        if version is not None and version.status is PortfolioStatus.SUBMITTED:
            portfolio.accept(version, actor=actor, at=at)
    _decide(requirement, RequirementDecision.ACCEPTED, finding, actor=actor, at=at)
    _changed(review, f"accepted “{definition.title}”", actor=actor, at=at)
    if is_last:
        lifecycle.accept_gateway(review.assessment, starts_on=london_date(at), actor=actor, at=at)


def reject(
    requirement: GatewayRequirement,
    reason: str,
    *,
    actor: Person,
    at: datetime,
    seen: int | None = None,
) -> None:
    """Reject what was supplied, with a reason; a new supply opens the row again.

    Raises:
        NotAllowed: the person does not decide for this EPAO.
        RuleBroken: it is locked, nothing was supplied, or there is no reason.
        Conflict: somebody changed the review since.
    """
    review, definition = requirement.review, queries.definition_of(requirement)
    checks.must_be_decider(review, actor)
    checks.must_be_open(review, seen)
    checks.must_be_unlocked(requirement)
    if not reason.strip():
        raise RuleBroken("rejected-why", "Say why, so that it can be put right", "reason")
    checks.must_be_supplied(requirement)
    finding = queries.finding_of(requirement, london_date(at))
    if rules.check_of(definition) is Check.PORTFOLIO:
        version = queries.submitted_portfolio(review.assessment)
        if version is not None and version.status is PortfolioStatus.SUBMITTED:
            portfolio.return_for(version, reason, actor=actor, at=at)
    requirement.reason = reason
    _decide(requirement, RequirementDecision.REJECTED, finding, actor=actor, at=at)
    _changed(review, f"rejected “{definition.title}”", actor=actor, at=at)


def _decide(
    requirement: GatewayRequirement,
    decision: RequirementDecision,
    finding: Finding,
    *,
    actor: Person,
    at: datetime,
) -> None:
    rejected = decision is RequirementDecision.REJECTED
    requirement.reason = requirement.reason if rejected else None
    requirement.decision, requirement.decided_at = decision, at
    requirement.decided_by = actor
    requirement.shown = None if rejected else finding.shown
    _at_the_gateway(requirement.review.assessment, actor=actor, at=at)
    db.session.add(
        GatewayDecision(
            requirement=requirement,
            number=requirement.number,
            supplied=requirement.supplied,
            shown=finding.shown,
            decision=decision,
            reason=requirement.reason,
            decided_at=at,
            decided_by=actor,
        )
    )
    record(
        actor,
        f"gateway requirement {decision}",
        requirement,
        at=at,
        code=requirement.code,
        number=requirement.number,
    )


# ------------------------------------------------------------------------------------ book-keeping


def _reopen(requirement: GatewayRequirement) -> None:
    requirement.decision = RequirementDecision.PENDING
    requirement.reason, requirement.shown = None, None
    requirement.decided_at, requirement.decided_by = None, None


def _at_the_gateway(assessment: EndPointAssessment, *, actor: Person, at: datetime) -> None:
    if assessment.stage is Stage.ON_PROGRAMME:
        lifecycle.advance(assessment, to=Stage.GATEWAY, actor=actor, at=at)


def _changed(review: GatewayReview, what: str, *, actor: Person, at: datetime) -> None:
    """Count the review's version up, with who did what: its requirements' rows do not do so."""
    review.changed_at, review.changed_by, review.changed_what = at, actor, what
    flag_modified(review, "changed_at")
