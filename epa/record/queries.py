"""The list of apprentices within a person's reach, and what one apprentice's record shows them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager

from epa.clock import london_date
from epa.database import db
from epa.gateway.models import GatewayReview
from epa.grading.queries import Results, visible_results
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.period import Period, presentation_due_on
from epa.lifecycle.queries import assessment_for, current_attempts, period_of
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import assessments
from epa.people.models import Organisation, Person
from epa.people.names import search_form
from epa.people.rules import Permission, Role
from epa.portfolio import queries as portfolio_queries
from epa.portfolio.models import PortfolioShare, PortfolioVersion
from epa.presentation import queries as presentation_queries
from epa.presentation.models import PresentationSubmission

_EMPLOYER = aliased(Organisation)
_APPRENTICE = aliased(Person)
_NEXT = aliased(EndPointAssessment)
# What is joined to search and to sort by is what is shown: nothing is joined a second time.
_JOINED: Final = contains_eager(EndPointAssessment.apprenticeship)
ORDERS: Final[dict[str, Any]] = {
    "name": _APPRENTICE.search_name,
    "employer": _EMPLOYER.search_name,
    "stage": EndPointAssessment.stage_since,
    "start": Apprenticeship.learning_start_on,
}


@dataclass(frozen=True)
class Filters:
    """What narrows the list: words in a name, a ULN or an employer's name, and a stage."""

    words: str = ""
    stage: Stage | None = None


def listed(
    person: Person, filters: Filters, order: str, *, descending: bool
) -> Select[EndPointAssessment]:
    """The assessments this person may see, narrowed and ordered."""
    query = (
        assessments(person, Permission.LIST_ASSESSMENTS)
        .join(_APPRENTICE, Apprenticeship.person_id == _APPRENTICE.id)
        .join(_EMPLOYER, Apprenticeship.employer_id == _EMPLOYER.id)
        .options(_JOINED.contains_eager(Apprenticeship.person.of_type(_APPRENTICE)))
        .options(_JOINED.contains_eager(Apprenticeship.employer.of_type(_EMPLOYER)))
    )
    if filters.stage:
        query = query.where(EndPointAssessment.stage == filters.stage)
    for word in search_form(filters.words).split():
        query = query.where(
            or_(
                _APPRENTICE.search_name.contains(word, autoescape=True),
                _EMPLOYER.search_name.contains(word, autoescape=True),
                Apprenticeship.uln.contains(word, autoescape=True),
            )
        )
    column = ORDERS[order]
    first = column.desc() if descending else column
    return query.order_by(first, _APPRENTICE.search_name, EndPointAssessment.id)


def with_provider(query: Select[EndPointAssessment]) -> Select[EndPointAssessment]:
    """The same assessments with their training providers, for a list that names them."""
    return query.options(_JOINED.joinedload(Apprenticeship.provider))


def only_record_of(person: Person) -> UUID | None:
    """The one assessment of somebody who is an apprentice and nothing else; None otherwise.

    Of one that was closed and the one that followed it, the later.
    """
    if person.roles != {Role.APPRENTICE}:
        return None
    followed = exists().where(_NEXT.previous_id == EndPointAssessment.id)
    query = assessments(person, Permission.LIST_ASSESSMENTS).where(~followed)
    ids = db.session.scalars(query.with_only_columns(EndPointAssessment.id).limit(2)).all()
    return ids[0] if len(ids) == 1 else None


@dataclass(frozen=True)
class Record:
    """What one person may see of one assessment; what they may not is None or empty."""

    assessment: EndPointAssessment
    attempts: dict[str, MethodAttempt]
    period: Period | None
    results: Results | None
    review: GatewayReview | None
    portfolio: PortfolioVersion | None
    portfolio_shared_on: date | None
    presentation: PresentationSubmission | None
    file_due_on: date | None
    can_see_gateway: bool
    can_see_portfolio: bool
    can_see_presentation: bool


def record_of(person: Person, assessment: EndPointAssessment) -> Record:
    """The record as this person may see it; each part asks for its own permission."""

    def may(permission: Permission) -> bool:
        return assessment_for(person, permission, assessment.id) is not None

    attempts = current_attempts(assessment)
    gateway = may(Permission.VIEW_GATEWAY)
    # An assessor of another method sees the record, but neither file nor portfolio.
    presentation = any(
        presentation_queries.attempt_for(person, Permission.VIEW_PRESENTATION, one.id)
        for one in attempts.values()
    )
    portfolio = portfolio_queries.assessment_for(person, Permission.VIEW_PORTFOLIO, assessment.id)
    period = period_of(assessment)
    return Record(
        assessment=assessment,
        attempts=attempts,
        period=period,
        file_due_on=_file_due_on(assessment, attempts, period),
        results=visible_results(person, assessment) if may(Permission.VIEW_RESULTS) else None,
        review=_review(assessment) if gateway else None,
        portfolio=_portfolio(assessment),
        portfolio_shared_on=_shared_on(assessment),
        presentation=_presentation(attempts) if presentation else None,
        can_see_gateway=gateway,
        can_see_portfolio=portfolio is not None,
        can_see_presentation=presentation,
    )


def _review(assessment: EndPointAssessment) -> GatewayReview | None:
    return db.session.scalar(
        select(GatewayReview).where(GatewayReview.assessment_id == assessment.id)
    )


def _portfolio(assessment: EndPointAssessment) -> PortfolioVersion | None:
    return db.session.scalar(
        select(PortfolioVersion)
        .where(PortfolioVersion.assessment_id == assessment.id)
        .order_by(PortfolioVersion.number.desc())
        .limit(1)
    )


def _shared_on(assessment: EndPointAssessment) -> date | None:
    shared_at = db.session.scalar(
        select(PortfolioShare.shared_at)
        .join(PortfolioShare.version)
        .where(PortfolioVersion.assessment_id == assessment.id)
        .order_by(PortfolioShare.shared_at.desc())
        .limit(1)
    )
    return london_date(shared_at) if shared_at else None


def _file_due_on(
    assessment: EndPointAssessment, attempts: dict[str, MethodAttempt], period: Period | None
) -> date | None:
    clock = framework_of(assessment).clock
    attempt = attempts.get(clock.presentation_method)
    if period is None or attempt is None:
        return None
    own = replace(period, extended_to=attempt.closes_on)
    return presentation_due_on(own, clock, london_date(attempt.opened_at), attempt.number)


def _presentation(attempts: dict[str, MethodAttempt]) -> PresentationSubmission | None:
    return db.session.scalar(
        select(PresentationSubmission)
        .where(PresentationSubmission.attempt_id.in_([one.id for one in attempts.values()]))
        .order_by(PresentationSubmission.version.desc())
        .limit(1)
    )
