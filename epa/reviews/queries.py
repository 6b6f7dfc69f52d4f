"""Which reviews somebody reaches and in which part; its framework, and the days of its steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from epa.clock import london_date
from epa.database import db
from epa.lifecycle.definitions import any_definition, every_definition
from epa.people.models import Person, RoleAssignment
from epa.people.names import search_form
from epa.people.queries import people
from epa.people.readers import Held, Reader
from epa.people.rules import GRANTS, OrganisationKind, Permission, Role
from epa.reviews import rules
from epa.reviews.models import ProviderReview, ReviewAssessor
from epa.reviews.rules import ReviewStatus, Side
from epa.wording.queries import Wording, wording_of
from frameworks import QualityFramework
from frameworks.schema import as_kind


def _of_organisation(held: Held) -> ColumnElement[bool]:
    return ProviderReview.organisation_id == held.organisation_id


def _of_provider(held: Held) -> ColumnElement[bool]:
    return ProviderReview.provider_id == held.organisation_id


def _allocated(held: Held) -> ColumnElement[bool]:
    mine = exists().where(
        ReviewAssessor.review_id == ProviderReview.id,
        ReviewAssessor.person_id == held.person_id,
        ReviewAssessor.ended_at.is_(None),
    )
    return and_(_of_organisation(held), mine)


def _moderated(held: Held) -> ColumnElement[bool]:
    return and_(_of_organisation(held), ProviderReview.moderator_id == held.person_id)


_REACH: Final[dict[Role, Callable[[Held], ColumnElement[bool]]]] = {
    Role.ADMINISTRATOR: _of_organisation,
    Role.INTERNAL_QUALITY_ASSURER: _of_organisation,
    Role.AUDITOR: _of_organisation,
    Role.PROVIDER_QUALITY_LEAD: _of_provider,
    Role.PROVIDER_QUALITY_ASSESSOR: _allocated,
    Role.REVIEW_MODERATOR: _moderated,
}


def reviews(person: Reader, permission: Permission) -> Select[ProviderReview]:
    """The reviews on which this person may do this, by the role that grants it."""
    granting = [held for held in person.current_roles if permission in GRANTS[held.role]]
    reached = [_REACH[held.role](held) for held in granting if held.role in _REACH]
    return select(ProviderReview).where(or_(false(), *reached))


def review_ids(person: Reader, permission: Permission) -> Select[UUID]:
    """The identifiers of these reviews, to narrow what belongs to one."""
    return reviews(person, permission).with_only_columns(ProviderReview.id)


def review_for(person: Person, permission: Permission, review_id: UUID) -> ProviderReview | None:
    """One review, if this person may do this on it; None as for an unknown id."""
    return db.session.scalar(reviews(person, permission).where(ProviderReview.id == review_id))


def newest_first(query: Select[ProviderReview]) -> Select[ProviderReview]:
    """A list of reviews: those under way first, then by when they were opened."""
    return query.options(
        selectinload(ProviderReview.steps), selectinload(ProviderReview.allocated)
    ).order_by(
        ProviderReview.status.in_(rules.OVER), ProviderReview.opened_at.desc(), ProviderReview.id
    )


@dataclass(frozen=True)
class Part:
    """In which parts somebody meets one review."""

    is_provider: bool
    is_assessor: bool
    is_lead: bool
    is_moderator: bool
    oversees: bool


def part_of(person: Person, review: ProviderReview) -> Part:
    """Which parts a person has in a review within their reach."""
    held = {(one.role, one.organisation_id) for one in person.current_roles}
    mine = [one for one in review.assessors if one.person_id == person.id]
    here = review.organisation_id
    return Part(
        is_provider=(Role.PROVIDER_QUALITY_LEAD, review.provider_id) in held,
        is_assessor=bool(mine) and (Role.PROVIDER_QUALITY_ASSESSOR, here) in held,
        is_lead=any(one.is_lead for one in mine),
        is_moderator=review.moderator_id == person.id and (Role.REVIEW_MODERATOR, here) in held,
        oversees=any(
            (role, here) in held
            for role in (Role.ADMINISTRATOR, Role.INTERNAL_QUALITY_ASSURER, Role.AUDITOR)
        ),
    )


def sees(review: ProviderReview, part: Part, side: Side) -> bool:
    """Whether somebody is shown a side's ratings.

    The provider's own become the assessors' to read when they are handed in; the assessors' become
    the provider's at the feedback after the last day. A moderator reads what was handed in to them.
    """
    if part.oversees:
        return True
    is_handed_in = review.status not in {ReviewStatus.OPEN, ReviewStatus.WITHDRAWN}
    if side is Side.PROVIDER:
        return part.is_provider or (is_handed_in and (part.is_assessor or _moderates(review, part)))
    if part.is_assessor or _moderates(review, part):
        return True
    told = step_days(review)
    return part.is_provider and (review.status in rules.SENT or rules.SUMMATIVE in told)


def _moderates(review: ProviderReview, part: Part) -> bool:
    began = {ReviewStatus.OPEN, ReviewStatus.SUBMITTED, ReviewStatus.WITHDRAWN}
    return part.is_moderator and review.status not in began


def framework_of(review: ProviderReview) -> QualityFramework:
    """The framework in the version that the review is pinned to."""
    framework = any_definition(review.framework_code, review.framework_version)
    return as_kind(framework, QualityFramework)


def wording_shown(review: ProviderReview) -> Wording:
    """The texts of criteria and levels that everybody in a review is shown."""
    return wording_of(framework_of(review), review.wording_pack)


def frameworks_on_offer() -> list[QualityFramework]:
    """The newest version of every quality framework that loads, by title."""
    newest = {
        one.code: one for one in every_definition() if isinstance(one, QualityFramework)
    }  # versions come oldest first
    return sorted(newest.values(), key=lambda one: one.title)


def criteria_of(review: ProviderReview) -> tuple[str, ...]:
    """The codes of the criteria that are reviewed: of one party, where a framework has several."""
    return tuple(
        one.code
        for one in framework_of(review).criteria
        if review.party is None or getattr(one, "party", None) == review.party
    )


def codes_in(review: ProviderReview, section: str) -> tuple[str, ...]:
    """The criteria of a section that this review looks at; none for a section it does not know."""
    wanted = set(criteria_of(review))
    return tuple(
        one for one in framework_of(review).codes_by_section.get(section, ()) if one in wanted
    )


def step_days(review: ProviderReview) -> dict[str, date]:
    """The London day on which each step was taken last."""
    days = {code: london_date(at) for code, at in taken_with_clients(review).items()}
    return days | {one.code: london_date(one.happened_at) for one in review.steps}


def taken_with_clients(review: ProviderReview) -> dict[str, datetime]:
    """When the steps that are taken on the pages of client lists were, if the cycle has them."""
    taken = {rules.CLIENT_LIST: review.list_stored_at, rules.SAMPLE: review.sample_drawn_at}
    cycle = {one.code for one in framework_of(review).cycle.steps}
    return {code: at for code, at in taken.items() if at is not None and code in cycle}


def due_days(review: ProviderReview) -> dict[str, date]:
    """The last day of every step that has one so far."""
    known = step_days(review)
    if review.first_on is not None and review.last_on is not None:
        known |= {rules.FIRST_DAY: review.first_on, rules.LAST_DAY: review.last_on}
    return rules.due_days(framework_of(review).cycle, known)


def upkeep_due_on(review: ProviderReview) -> date | None:
    """The day of the next yearly upkeep; None before the first can be counted, or after the last.

    Years count from the step that the framework names, and end with the award.
    """
    cycle = framework_of(review).cycle
    steps = {one.code: one for one in cycle.steps}
    step = steps.get(rules.UPKEEP)
    if step is None or step.due is None or step.every is None:
        return None
    anchor = step_days(review).get(step.due.of)
    if anchor is None:
        return None
    number = sum(one.code == rules.UPKEEP for one in review.steps) + 1
    years = cycle.award.years if cycle.award else None
    if years is not None and rules.is_beyond(number, step.every, years):
        return None
    return rules.months_after(anchor, step.every * number)


def is_awarding_body(review: ProviderReview) -> bool:
    """Whether the organisation that runs the review is recorded as its framework's awarding body."""
    award = framework_of(review).cycle.award
    runs = review.organisation
    return (
        award is not None
        and OrganisationKind.AWARDING_BODY in runs.kinds
        and runs.search_name == search_form(award.awarding_body)
    )


def leads_to_choose(person: Person) -> Sequence[RoleAssignment]:
    """Everybody who leads on quality at an organisation that may be reviewed, within reach; by name."""
    reached = people(person, Permission.MANAGE_REVIEW).with_only_columns(Person.id)
    return db.session.scalars(
        select(RoleAssignment)
        .join(Person, Person.id == RoleAssignment.person_id)
        .where(
            RoleAssignment.role == Role.PROVIDER_QUALITY_LEAD,
            RoleAssignment.ended_at.is_(None),
            Person.disabled_at.is_(None),
            Person.id.in_(reached),
        )
        .options(joinedload(RoleAssignment.person))
        .order_by(Person.search_name, RoleAssignment.id)
    ).all()


def people_with(role: Role, organisation_id: UUID) -> Sequence[Person]:
    """Who holds a role at an organisation now, by name."""
    held = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.role == role,
        RoleAssignment.organisation_id == organisation_id,
        RoleAssignment.ended_at.is_(None),
    )
    return db.session.scalars(
        select(Person)
        .where(held, Person.disabled_at.is_(None))
        .order_by(Person.search_name, Person.id)
    ).all()


def before(review: ProviderReview) -> Sequence[ProviderReview]:
    """Earlier reviews of the same provider against the same framework, the newest first.

    One that was withdrawn is not among them.
    """
    same = (
        ProviderReview.provider_id == review.provider_id,
        ProviderReview.organisation_id == review.organisation_id,
        ProviderReview.framework_code == review.framework_code,
        func.coalesce(ProviderReview.party, "") == (review.party or ""),
        ProviderReview.opened_at < review.opened_at,
        ProviderReview.status != ReviewStatus.WITHDRAWN,
    )
    return db.session.scalars(
        select(ProviderReview).where(*same).order_by(ProviderReview.opened_at.desc())
    ).all()
