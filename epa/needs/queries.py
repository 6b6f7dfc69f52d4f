"""Finding what a person can do now, within their reach: a fixed number of queries per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from epa.clock import london_date
from epa.database import Columns, prepared
from epa.knowledge_test.models import MarkEntry, PaperSitting
from epa.lifecycle.definitions import definition
from epa.lifecycle.models import (
    Allocation,
    Apprenticeship,
    EndPointAssessment,
    MethodAttempt,
)
from epa.lifecycle.rules import Duty, Stage
from epa.lifecycle.scope import assessments
from epa.needs.adjustments import (
    adjustments_from_before,
    adjustments_to_decide,
    dates_too_short,
)
from epa.needs.after_a_fail import needs_after_a_fail
from epa.needs.at_the_bank import questions_to_mend, questions_to_review
from epa.needs.at_the_gateway import (
    gateway_to_supply,
    gateways_to_decide,
    readiness_to_confirm,
    starts_to_decide,
)
from epa.needs.at_the_marking import (
    answers_to_mark,
    corrections_to_decide,
    markers_to_let_on,
)
from epa.needs.at_the_reviews import (
    marks_overdue,
    objections_to_answer,
    tasks_and_actions,
    turns_in_reviews,
)
from epa.needs.at_the_test import (
    issued_tests,
    late_answers_to_decide,
    sessions_of_the_day,
    way_in,
)
from epa.needs.closing import needs_of_periods
from epa.needs.conflicts import duties_in_conflict
from epa.needs.dates import needs_of_dates
from epa.needs.making import OpenAttempt, open_attempts
from epa.needs.releases import results_to_release
from epa.needs.rules import Need
from epa.needs.submissions import (
    late_material,
    late_presentations,
    material_to_supply,
    presentation_to_submit,
)
from epa.people.models import Person
from epa.people.names import full_name
from epa.people.readers import NamedReader, within
from epa.people.rules import Permission, Role, granted
from epa.portfolio.models import PortfolioVersion
from epa.portfolio.rules import PortfolioStatus
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import SittingState

_MARKERS: Final = (Duty.FIRST_MARKER, Duty.SECOND_MARKER)


def needs_of(person: Person, at: datetime) -> list[Need]:
    """Everything that this person can do now, in no order."""
    may = granted(person.roles)
    found = [
        need for permission, find in _FINDERS if permission in may for need in find(person, at)
    ]
    own = person.roles == {Role.APPRENTICE}
    return [replace(need, who="") for need in found] if own else found


def _portfolio_to_build(person: Person, _at: datetime) -> Iterator[Need]:
    met: dict[UUID, set[PortfolioStatus | None]] = {}
    about: dict[UUID, Sequence[Any]] = {}
    for key, status, *rest in within(person, _portfolios):
        met.setdefault(key, set()).add(status)
        about[key] = rest
    for key, (framework, version, stage_since, *names) in about.items():
        if met[key] & {PortfolioStatus.SUBMITTED, PortfolioStatus.ACCEPTED}:
            continue
        limits = definition(framework, version).portfolio
        came_back = PortfolioStatus.RETURNED in met[key]
        yield Need(
            what="Put the portfolio right" if came_back else "Build the portfolio",
            who=full_name(*names),
            text="It was returned. What has to be put right stands at its pieces."
            if came_back
            else f"{limits.pieces_min} to {limits.pieces_max} pieces from "
            f"{limits.service_users_min} to {limits.service_users_max} service users.",
            action="Open it",
            place="portfolio.show",
            assessment_id=key,
            since=london_date(stage_since),
            parameters={"assessment_id": key},
        )


@prepared
def _portfolios(reader: NamedReader) -> Columns:
    """The assessments to build a portfolio for, with the status of each of its versions."""
    version = PortfolioVersion
    return (
        assessments(reader, Permission.BUILD_PORTFOLIO)
        .join(Person, Person.id == Apprenticeship.person_id)
        .outerjoin(version, version.assessment_id == EndPointAssessment.id)
        .where(EndPointAssessment.stage.in_((Stage.ON_PROGRAMME, Stage.GATEWAY)))
        .with_only_columns(
            EndPointAssessment.id,
            version.status,
            EndPointAssessment.framework_code,
            EndPointAssessment.framework_version,
            EndPointAssessment.stage_since,
            Person.given_names,
            Person.family_name,
        )
    )


def _sheets_to_finish(person: Person, _at: datetime) -> Iterator[Need]:
    for one in OpenAttempt.found(within(person, _to_judge)):
        yield one.need(
            one.title,
            one.when_and_where,
            "Open the sheet",
            f"{one.method_code}.sheet",
            london_date(one.scheduled_at) if one.scheduled_at else None,
        )


@prepared
def _to_judge(reader: NamedReader) -> Columns:
    return open_attempts(reader, Permission.JUDGE).where(
        _holding(reader, Duty.ASSESSOR), MethodAttempt.scheduled_at.is_not(None)
    )


def _sittings_to_record(person: Person, at: datetime) -> Iterator[Need]:
    for one in OpenAttempt.found(within(person, _to_record, at=at)):
        if one.scheduled_at:
            yield one.need(
                "Record the sitting",
                "The markers begin when it is recorded.",
                "Record it",
                "knowledge_test.record_sitting",
                since=london_date(one.scheduled_at),
            )


@prepared
def _to_record(reader: NamedReader) -> Columns:
    on_screens = exists().where(
        Sitting.attempt_id == MethodAttempt.id, Sitting.state != SittingState.VOIDED
    )
    return open_attempts(reader, Permission.RECORD_SITTING).where(
        _holding(reader, Duty.INVIGILATOR),
        MethodAttempt.scheduled_at < bindparam("at"),
        ~exists().where(PaperSitting.attempt_id == MethodAttempt.id),
        ~on_screens,
    )


def _marks_to_enter(person: Person, _at: datetime) -> Iterator[Need]:
    for held_on, is_entered, both, *about in within(person, _to_mark):
        if both or not is_entered:
            yield OpenAttempt._make(about).need(
                "Compare the marks" if both else "Enter the marks",
                "The two entries differ." if both else "From the marked paper.",
                "Compare" if both else "Enter",
                "knowledge_test.enter_marks",
                since=held_on,
            )


@prepared
def _to_mark(reader: NamedReader) -> Columns:
    """Attempts that were sat, by the marker's duty: whether they, and both, have entered marks."""
    held = Allocation.attempt_id == MethodAttempt.id, Allocation.person_id == reader.id
    entered = MarkEntry.attempt_id == MethodAttempt.id
    query = open_attempts(reader, Permission.ENTER_TEST_MARKS)
    return (
        query.join(Allocation, and_(*held, Allocation.duty.in_(_MARKERS)))
        .join(PaperSitting, PaperSitting.attempt_id == MethodAttempt.id)
        .order_by(MethodAttempt.id, Allocation.duty)
        .with_only_columns(
            PaperSitting.held_on,
            exists().where(entered, MarkEntry.duty == Allocation.duty),
            and_(*(exists().where(entered, MarkEntry.duty == duty) for duty in _MARKERS)),
            *query.selected_columns,
        )
    )


def _coming_up(person: Person, at: datetime) -> Iterator[Need]:
    """An apprentice's own dates, and those an invigilator looks after."""
    if not (Role.APPRENTICE in person.roles or person.may(Permission.ANSWER_ALLOCATION)):
        return  # nobody else has dates of their own, and their reach may be everybody's
    issued = issued_tests(person, at)
    for one in OpenAttempt.found(within(person, _to_come, at=at, issued=list(issued))):
        is_own = one.apprentice_id == person.id
        if one.attempt_id in issued:
            yield way_in(one.need(one.title, "", "", ""), issued[one.attempt_id], at)
            continue
        yield one.need(
            f"Your {one.title.lower()}" if is_own else one.title,
            one.when_and_where,
            "See your record" if is_own else "See the booking",
            "record.show",
            london_date(one.scheduled_at) if one.scheduled_at else None,
        )


@prepared
def _to_come(reader: NamedReader) -> Columns:
    return open_attempts(reader, Permission.VIEW_ASSESSMENT).where(
        or_(Apprenticeship.person_id == reader.id, _holding(reader, Duty.INVIGILATOR)),
        or_(
            MethodAttempt.scheduled_at >= bindparam("at"),
            MethodAttempt.id.in_(bindparam("issued", expanding=True)),
        ),
    )


_Finder = Callable[[Person, datetime], Iterator[Need]]
_FINDERS: Final[tuple[tuple[Permission, _Finder], ...]] = (
    (Permission.VIEW_ASSESSMENT, _coming_up),  # first: a test of today goes before everything else
    (Permission.DECIDE_GATEWAY, gateways_to_decide),
    (Permission.DECIDE_GATEWAY, starts_to_decide),
    (Permission.CONFIRM_READINESS, readiness_to_confirm),
    (Permission.SUPPLY_GATEWAY, gateway_to_supply),
    (Permission.BUILD_PORTFOLIO, _portfolio_to_build),
    (Permission.DECIDE_ADJUSTMENTS, adjustments_to_decide),
    (Permission.REQUEST_ADJUSTMENT, adjustments_from_before),
    (Permission.BOOK, dates_too_short),
    (Permission.BOOK, duties_in_conflict),
    (Permission.SUBMIT_PRESENTATION, presentation_to_submit),
    (Permission.ACCEPT_LATE_MATERIAL, late_presentations),
    (Permission.SUPPLY_MATERIAL, material_to_supply),
    (Permission.ACCEPT_LATE_MATERIAL, late_material),
    (Permission.BOOK, needs_of_periods),
    (Permission.JUDGE, _sheets_to_finish),
    (Permission.RECORD_SITTING, _sittings_to_record),
    (Permission.RUN_TEST_SESSION, sessions_of_the_day),
    (Permission.DECIDE_LATE_ANSWERS, late_answers_to_decide),
    (Permission.ENTER_TEST_MARKS, _marks_to_enter),
    (Permission.MARK_ANSWERS, answers_to_mark),
    (Permission.OVERSEE_MARKERS, markers_to_let_on),
    (Permission.CORRECT_MARKING, corrections_to_decide),
    (Permission.RELEASE_RESULTS, results_to_release),
    (Permission.REVIEW_ITEMS, questions_to_review),
    (Permission.WRITE_ITEMS, questions_to_mend),
    (Permission.VIEW_RESULTS, needs_after_a_fail),
    (Permission.USE_PLUMBLINE, needs_of_dates),
    (Permission.VIEW_REVIEW, turns_in_reviews),
    (Permission.ASSESS_SERVICE, objections_to_answer),
    (Permission.RATE_OWN_SERVICE, tasks_and_actions),
    (Permission.MANAGE_REVIEW, marks_overdue),
)


def _holding(reader: NamedReader, duty: Duty) -> ColumnElement[bool]:
    """Whether somebody has this duty on an attempt."""
    return MethodAttempt.id.in_(
        select(Allocation.attempt_id).where(
            Allocation.person_id == reader.id, Allocation.duty == duty
        )
    )
