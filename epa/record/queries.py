"""The list of apprentices within a person's reach, and what one apprentice's record shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Select, Uuid, bindparam, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager

from epa.clock import london_date
from epa.database import Columns, ask, db, prepared
from epa.gateway.models import GatewayReview
from epa.grading.queries import Results, visible_results
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.period import Period, presentation_due_on
from epa.lifecycle.queries import current_attempts, may_on, period_of
from epa.lifecycle.rules import Stage
from epa.lifecycle.scope import assessments
from epa.people.models import Organisation, Person
from epa.people.names import full_name, in_pattern, search_form
from epa.people.readers import NamedReader, named, within
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


class Listed(NamedTuple):
    """One line of the list."""

    assessment_id: UUID
    given_names: str
    family_name: str
    uln: str
    employer: str
    learning_start_on: date
    stage: Stage

    @property
    def name(self) -> str:
        """The apprentice's whole name."""
        return full_name(self.given_names, self.family_name)


def lines(
    person: Person, filters: Filters, order: str, *, descending: bool
) -> tuple[Columns, dict[str, Any]]:
    """What finds the lines of the list for this person, and what it is to be asked with.

    Returns:
        A prepared statement whose rows are each a `Listed`, and its values.
    """
    reader, given = named(person)
    words = search_form(filters.words).split()
    values = {f"word_{place}": in_pattern(word) for place, word in enumerate(words)}
    by_stage = filters.stage is not None
    return (
        _lines(reader, len(words), order, by_stage=by_stage, descending=descending),
        {**given, **values, **({"stage": filters.stage} if by_stage else {})},
    )


@prepared
def _lines(
    reader: NamedReader, words: int, order: str, *, by_stage: bool, descending: bool
) -> Columns:
    asked: list[BindParameter[str]] = [bindparam(f"word_{place}") for place in range(words)]
    stage: BindParameter[Stage] | None = bindparam("stage") if by_stage else None
    reach = assessments(reader, Permission.LIST_ASSESSMENTS)
    query = _narrowed(reach, asked, stage, order, descending=descending)
    return query.with_only_columns(
        EndPointAssessment.id,
        _APPRENTICE.given_names,
        _APPRENTICE.family_name,
        Apprenticeship.uln,
        _EMPLOYER.name,
        Apprenticeship.learning_start_on,
        EndPointAssessment.stage,
    )


def listed(
    person: Person, filters: Filters, order: str, *, descending: bool
) -> Select[EndPointAssessment]:
    """The assessments this person may see, narrowed and ordered, with what a table says of each."""
    reach = assessments(person, Permission.LIST_ASSESSMENTS)
    words = [in_pattern(word) for word in search_form(filters.words).split()]
    query = _narrowed(reach, words, filters.stage, order, descending=descending)
    return query.options(
        _JOINED.contains_eager(Apprenticeship.person.of_type(_APPRENTICE)),
        _JOINED.contains_eager(Apprenticeship.employer.of_type(_EMPLOYER)),
    )


def _narrowed(
    reach: Select[EndPointAssessment],
    words: Iterable[Any],
    stage: Any,
    order: str,
    *,
    descending: bool,
) -> Select[EndPointAssessment]:
    """Narrowed by words, whose signs of a pattern are escaped, and by a stage if there is one."""
    query = reach.join(_APPRENTICE, Apprenticeship.person_id == _APPRENTICE.id)
    query = query.join(_EMPLOYER, Apprenticeship.employer_id == _EMPLOYER.id)
    if stage is not None:
        query = query.where(EndPointAssessment.stage == stage)
    for word in words:
        query = query.where(
            or_(
                _APPRENTICE.search_name.contains(word, escape="/"),
                _EMPLOYER.search_name.contains(word, escape="/"),
                Apprenticeship.uln.contains(word, escape="/"),
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
    ids = within(person, _last_ones).scalars().all()
    return ids[0] if len(ids) == 1 else None


@prepared
def _last_ones(reader: NamedReader) -> Select[UUID]:
    followed = exists().where(_NEXT.previous_id == EndPointAssessment.id)
    query = assessments(reader, Permission.LIST_ASSESSMENTS).where(~followed)
    return query.with_only_columns(EndPointAssessment.id).limit(2)


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
        return may_on(person, permission, assessment.id)

    attempts = current_attempts(assessment)
    gateway = may(Permission.VIEW_GATEWAY)
    # An assessor of another method sees the record, but neither file nor portfolio.
    presented = attempts.get(framework_of(assessment).clock.presentation_method)
    presentation = presented is not None and bool(
        presentation_queries.attempt_for(person, Permission.VIEW_PRESENTATION, presented.id)
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


_OF_IT: Final = bindparam("assessment", type_=Uuid())
_REVIEW: Final = select(GatewayReview).where(GatewayReview.assessment_id == _OF_IT)
_PORTFOLIO: Final = (
    select(PortfolioVersion)
    .where(PortfolioVersion.assessment_id == _OF_IT)
    .order_by(PortfolioVersion.number.desc())
    .limit(1)
)
_SHARED: Final = (
    select(PortfolioShare.shared_at)
    .join(PortfolioShare.version)
    .where(PortfolioVersion.assessment_id == _OF_IT)
    .order_by(PortfolioShare.shared_at.desc())
    .limit(1)
)
_FILE: Final = (
    select(PresentationSubmission)
    .where(PresentationSubmission.attempt_id.in_(bindparam("attempts", expanding=True)))
    .order_by(PresentationSubmission.version.desc())
    .limit(1)
)


def _review(assessment: EndPointAssessment) -> GatewayReview | None:
    return db.session.scalar(_REVIEW, {"assessment": assessment.id})


def _portfolio(assessment: EndPointAssessment) -> PortfolioVersion | None:
    return db.session.scalar(_PORTFOLIO, {"assessment": assessment.id})


def _shared_on(assessment: EndPointAssessment) -> date | None:
    shared_at = ask(_SHARED, {"assessment": assessment.id}).scalar()
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
    return db.session.scalar(_FILE, {"attempts": [one.id for one in attempts.values()]})
