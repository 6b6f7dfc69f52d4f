"""What is done to a review: opened, planned, given its people, taken a step further, withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken, RulesBroken
from epa.lifecycle.definitions import any_definition
from epa.people.models import Organisation, Person
from epa.people.queries import conflicts_between, epao_ids
from epa.people.rules import Permission, Role
from epa.reviews import queries, rules
from epa.reviews.models import ProviderReview, ReviewAssessor, ReviewStep
from epa.reviews.rules import ReviewStatus
from epa.wording.queries import shown_pack
from frameworks import NarrativeProgress, QualityFramework
from frameworks.schema import as_kind


@dataclass(frozen=True)
class NewReview:
    """What a review is of, and against which framework; ``party`` where it looks at one of several."""

    provider: Organisation
    framework_code: str
    framework_version: str
    service: str
    lead_contact: Person
    party: str | None = None


def open_review(new: NewReview, *, actor: Person, at: datetime) -> ProviderReview:
    """Open the review of a provider for the organisation whose administrator this is.

    Raises:
        RuleBroken: the lead contact is not one of the provider's, or the party is not one of the
            framework's.
        NotAllowed: nobody's administrator.
    """
    runs = sorted(epao_ids(actor, Permission.MANAGE_REVIEW))
    if not runs:
        raise NotAllowed("Reviews are opened by an administrator.")
    framework = as_kind(any_definition(new.framework_code, new.framework_version), QualityFramework)
    _check_lead_contact(new.provider, new.lead_contact)
    _check_party(framework, new.party)
    review = ProviderReview(
        organisation_id=runs[0],
        provider=new.provider,
        framework_code=framework.code,
        framework_version=framework.version,
        wording_pack=shown_pack(runs[0], framework),
        service=new.service.strip(),
        party=new.party,
        status=ReviewStatus.OPEN,
        status_since=at,
        lead_contact=new.lead_contact,
        opened_at=at,
        opened_by=actor,
    )
    db.session.add(review)
    db.session.flush()
    record(
        actor,
        "review opened",
        review,
        at=at,
        framework=framework.code,
        version=framework.version,
    )
    return review


def _check_lead_contact(provider: Organisation, person: Person) -> None:
    there = queries.people_with(Role.PROVIDER_QUALITY_LEAD, provider.id)
    if person not in there:
        raise RuleBroken(
            "review-lead-contact",
            f"{person.name} is not a provider quality lead of {provider.name}."
            " Give the role first, under People.",
            "lead_contact",
        )


def _check_party(framework: QualityFramework, party: str | None) -> None:
    has_parties = isinstance(framework, NarrativeProgress)
    parties = {one.code for one in framework.parties} if has_parties else set()  # type: ignore[attr-defined]  # has_parties says which kind it is
    if has_parties and party not in parties:
        raise RuleBroken("review-party", "Choose whose expectations are looked at", "party")
    if not has_parties and party is not None:
        raise RuleBroken("review-party", "This framework has no parties", "party")


def set_days(
    review: ProviderReview, first_on: date, last_on: date, *, actor: Person, at: datetime
) -> None:
    """Set the first and last day of the assessment, from which the other days count.

    Raises:
        RuleBroken: they are out of order or leave no room for the visit, or the review is over.
    """
    require(review, *(set(ReviewStatus) - rules.OVER - rules.SENT))
    visit = queries.framework_of(review).cycle.visit
    if fault := rules.dates_fault(first_on, last_on, visit.days if visit else 1):
        raise RuleBroken("review-days", fault, "last_on")
    review.first_on, review.last_on = first_on, last_on
    db.session.flush()
    record(
        actor,
        "review days set",
        review,
        at=at,
        first_on=first_on.isoformat(),
        last_on=last_on.isoformat(),
    )


def allocate(
    review: ProviderReview,
    assessors: Sequence[Person],
    lead: Person,
    moderator: Person,
    *,
    actor: Person,
    at: datetime,
) -> None:
    """Say who assesses, who of them leads, and who moderates; each without a conflict.

    Raises:
        RuleBroken: too few or too many, one person twice, a conflict of interest, or somebody who
            does not hold the role.
    """
    require(review, *(set(ReviewStatus) - rules.OVER - rules.SENT))
    visit = queries.framework_of(review).cycle.visit
    if visit is None:
        raise RuleBroken("review-no-visit", "This framework has no visit, and so nobody to send.")
    faults = [
        *_number_faults(visit.assessors, assessors, lead, moderator),
        *_role_faults(review, assessors, moderator),
        *_conflict_faults(review, [*assessors, moderator], london_date(at)),
    ]
    if faults:
        raise RulesBroken(faults)
    _replace(review, assessors, lead, actor=actor, at=at)
    review.moderator = moderator
    db.session.flush()
    ids = [str(one.id) for one in assessors]
    record(actor, "review allocated", review, at=at, assessors=ids, moderator=str(moderator.id))
    if rules.ASSESSORS_NAMED not in queries.step_days(review):
        take_step(review, rules.ASSESSORS_NAMED, actor=actor, at=at)


def _replace(
    review: ProviderReview,
    assessors: Sequence[Person],
    lead: Person,
    *,
    actor: Person,
    at: datetime,
) -> None:
    """End the parts of those who assessed until now, and begin the new ones; the lead stands first."""
    for one in review.assessors:
        one.ended_at = at
    db.session.flush()
    review.allocated += [
        ReviewAssessor(
            person=person, is_lead=person.id == lead.id, allocated_at=at, allocated_by_id=actor.id
        )
        for person in assessors
    ]


def _number_faults(
    needed: int, assessors: Sequence[Person], lead: Person, moderator: Person
) -> list[RuleBroken]:
    faults = []
    if len({one.id for one in assessors}) != needed:
        said = f"Choose {needed} different people"
        faults.append(RuleBroken("review-assessors", said, f"assessor_{needed}"))
    if lead not in assessors:
        said = "The lead is one of those who assess"
        faults.append(RuleBroken("review-lead", said, "assessor_1"))
    if moderator in assessors:
        said = f"{moderator.name} assesses. Somebody who does not has to moderate"
        faults.append(RuleBroken("review-moderator", said, "moderator"))
    return faults


def _role_faults(
    review: ProviderReview, assessors: Sequence[Person], moderator: Person
) -> list[RuleBroken]:
    may_assess = queries.people_with(Role.PROVIDER_QUALITY_ASSESSOR, review.organisation_id)
    may_moderate = queries.people_with(Role.REVIEW_MODERATOR, review.organisation_id)
    faults = [
        RuleBroken("review-role", f"{one.name} is no provider-quality assessor", f"assessor_{n}")
        for n, one in enumerate(assessors, start=1)
        if one not in may_assess
    ]
    if moderator not in may_moderate:
        said = f"{moderator.name} is no review moderator"
        faults.append(RuleBroken("review-role", said, "moderator"))
    return faults


def _conflict_faults(
    review: ProviderReview, people: Sequence[Person], today: date
) -> list[RuleBroken]:
    fields = [*(f"assessor_{n}" for n in range(1, len(people))), "moderator"]
    return [
        RuleBroken("review-conflict", f"{person.name}: {obstacle.reason}", field)
        for person, field in zip(people, fields, strict=True)
        for obstacle in conflicts_between(
            person,
            people_ids=[review.lead_contact_id],
            organisation_ids=[review.provider_id],
            on=today,
        )
    ]


def take_step(
    review: ProviderReview, code: str, *, actor: Person, at: datetime, words: str = ""
) -> ReviewStep:
    """Write down that a step of the cycle was taken."""
    step = ReviewStep(code=code, happened_at=at, by=actor, words=words.strip())
    review.steps.append(step)
    db.session.flush()
    record(actor, "review step taken", review, at=at, step=code)
    return step


def note_step(
    review: ProviderReview, code: str, words: str, *, actor: Person, at: datetime
) -> None:
    """Note by hand that a step was taken which Plumbline does not see, such as a yearly report.

    Raises:
        RuleBroken: there is no such step, or it is taken on a page of its own.
    """
    require(review, *(set(ReviewStatus) - {ReviewStatus.WITHDRAWN}))
    steps = {one.code for one in queries.framework_of(review).cycle.steps}
    if code not in steps - rules.DONE_HERE:
        raise RuleBroken("review-step", "Choose the step that was taken", "code")
    take_step(review, code, actor=actor, at=at, words=words)


def advance(review: ProviderReview, to: ReviewStatus, *, actor: Person, at: datetime) -> None:
    """Take a review on to its next state, and write it down."""
    was, review.status, review.status_since = review.status, to, at
    db.session.flush()
    record(actor, "review advanced", review, at=at, was=was.value, now=to.value)


def withdraw(review: ProviderReview, reason: str, *, actor: Person, at: datetime) -> None:
    """End a review without a report; what was written stays on record.

    Raises:
        RuleBroken: its report was sent, or it is over.
    """
    require(review, *(set(ReviewStatus) - rules.OVER - rules.SENT))
    take_step(review, "withdrawn", actor=actor, at=at, words=reason)
    advance(review, ReviewStatus.WITHDRAWN, actor=actor, at=at)


def require(review: ProviderReview, *allowed: ReviewStatus) -> None:
    """Refuse unless the review stands where this may be done.

    Raises:
        RuleBroken: it stands elsewhere.
    """
    if review.status not in allowed:
        raise RuleBroken(
            "review-status",
            f"The review stands at “{rules.STATUS_TITLES[review.status]}”: this cannot be done now.",
        )


def require_lead(review: ProviderReview, person: Person) -> None:
    """Refuse unless this person leads the assessment.

    Raises:
        RuleBroken: somebody else does.
    """
    lead = next((one.person for one in review.assessors if one.is_lead), None)
    if lead is None or lead.id != person.id:
        named = lead.name if lead else "the lead, once there is one"
        raise RuleBroken("review-not-lead", f"This is for {named} to do, who leads the assessment.")
