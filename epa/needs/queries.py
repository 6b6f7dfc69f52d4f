"""Finding what a person can do now, within their reach: a fixed number of queries per kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import lazyload, selectinload

from epa.clock import london_date
from epa.database import db
from epa.knowledge_test.models import MarkEntry, PaperSitting
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.models import (
    Allocation,
    Apprenticeship,
    EndPointAssessment,
    MethodAttempt,
)
from epa.lifecycle.rules import Duty, Stage
from epa.lifecycle.scope import assessments, attempts
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
from epa.needs.making import attempt_need, need_for
from epa.needs.releases import results_to_release
from epa.needs.rules import Need
from epa.needs.submissions import (
    late_material,
    late_presentations,
    material_to_supply,
    presentation_to_submit,
)
from epa.people.models import Person
from epa.people.rules import Permission, Role
from epa.portfolio.models import PortfolioVersion
from epa.portfolio.rules import PortfolioStatus
from epa.web.filters import time_of_day, weekday_date
from question_bank.sittings import queries as sittings
from question_bank.sittings.rules import SittingState


def needs_of(person: Person, at: datetime) -> list[Need]:
    """Everything that this person can do now, in no order."""
    found = [
        need for permission, find in _FINDERS if person.may(permission) for need in find(person, at)
    ]
    own = person.roles == {Role.APPRENTICE}
    return [replace(need, who="") for need in found] if own else found


def _portfolio_to_build(person: Person, _at: datetime) -> Iterator[Need]:
    stages = (Stage.ON_PROGRAMME, Stage.GATEWAY)
    rows = _assessments(person, Permission.BUILD_PORTFOLIO, stages)
    query = select(PortfolioVersion.assessment_id, PortfolioVersion.status).where(
        PortfolioVersion.assessment_id.in_([row.id for row in rows])
    )
    met = {(found.assessment_id, found.status) for found in db.session.execute(query)}
    for row in rows:
        if {(row.id, PortfolioStatus.SUBMITTED), (row.id, PortfolioStatus.ACCEPTED)} & met:
            continue
        limits = framework_of(row).portfolio
        came_back = (row.id, PortfolioStatus.RETURNED) in met
        yield need_for(
            row,
            "Put the portfolio right" if came_back else "Build the portfolio",
            "It was returned. What has to be put right stands at its pieces."
            if came_back
            else f"{limits.pieces_min} to {limits.pieces_max} pieces from "
            f"{limits.service_users_min} to {limits.service_users_max} service users.",
            "Open it",
            "portfolio.show",
            since=london_date(row.stage_since),
        )


def _sheets_to_finish(person: Person, _at: datetime) -> Iterator[Need]:
    mine = _holding(person, Duty.ASSESSOR), MethodAttempt.scheduled_at.is_not(None)
    for one in _open_attempts(person, Permission.JUDGE, *mine):
        method = framework_of(one.assessment).methods[one.method_code]
        yield attempt_need(
            one,
            method.short_title,
            _when_and_where(one),
            "Open the sheet",
            f"{one.method_code}.sheet",
            london_date(one.scheduled_at) if one.scheduled_at else None,
        )


def _sittings_to_record(person: Person, at: datetime) -> Iterator[Need]:
    over = _holding(person, Duty.INVIGILATOR), MethodAttempt.scheduled_at < at
    mine = _open_attempts(person, Permission.RECORD_SITTING, *over)
    recorded = set(
        db.session.scalars(
            select(PaperSitting.attempt_id).where(
                PaperSitting.attempt_id.in_([one.id for one in mine])
            )
        )
    )
    on_screens = sittings.of_attempts([one.id for one in mine])
    recorded |= {key for key, one in on_screens.items() if one.state is not SittingState.VOIDED}
    for one in mine:
        if one.id not in recorded and one.scheduled_at:
            yield attempt_need(
                one,
                "Record the sitting",
                "The markers begin when it is recorded.",
                "Record it",
                "knowledge_test.record_sitting",
                since=london_date(one.scheduled_at),
            )


def _marks_to_enter(person: Person, _at: datetime) -> Iterator[Need]:
    duties = (Duty.FIRST_MARKER, Duty.SECOND_MARKER)
    mine = [
        (one, duty)
        for one in _open_attempts(
            person, Permission.ENTER_TEST_MARKS, _holding(person, *duties), with_allocations=True
        )
        for duty in duties
        if _holds(one, person, duty)
    ]
    ids = [one.id for one, _duty in mine]
    sat = {
        row.attempt_id: row.held_on
        for row in db.session.scalars(select(PaperSitting).where(PaperSitting.attempt_id.in_(ids)))
    }
    entered = {
        (row.attempt_id, row.duty): row.version
        for row in db.session.scalars(
            select(MarkEntry).where(MarkEntry.attempt_id.in_(ids)).order_by(MarkEntry.version)
        )
    }
    for one, duty in mine:
        if one.id not in sat:
            continue
        both = all((one.id, each) in entered for each in duties)
        if (one.id, duty) not in entered or both:
            yield attempt_need(
                one,
                "Compare the marks" if both else "Enter the marks",
                "The two entries differ." if both else "From the marked paper.",
                "Compare" if both else "Enter",
                "knowledge_test.enter_marks",
                since=sat[one.id],
            )


def _coming_up(person: Person, at: datetime) -> Iterator[Need]:
    """An apprentice's own dates, and those an invigilator looks after."""
    if not (Role.APPRENTICE in person.roles or person.may(Permission.ANSWER_ALLOCATION)):
        return  # nobody else has dates of their own, and their reach may be everybody's
    theirs = or_(Apprenticeship.person_id == person.id, _holding(person, Duty.INVIGILATOR))
    issued = issued_tests(person, at)
    to_come = or_(MethodAttempt.scheduled_at >= at, MethodAttempt.id.in_(issued))
    for one in _open_attempts(person, Permission.VIEW_ASSESSMENT, theirs, to_come):
        is_own = one.assessment.apprenticeship.person_id == person.id
        method = framework_of(one.assessment).methods[one.method_code]
        if one.id in issued:
            yield way_in(one, issued[one.id], method.short_title, at)
            continue
        yield attempt_need(
            one,
            f"Your {method.short_title.lower()}" if is_own else method.short_title,
            _when_and_where(one),
            "See your record" if is_own else "See the booking",
            "record.show",
            london_date(one.scheduled_at) if one.scheduled_at else None,
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


def _assessments(
    person: Person, permission: Permission, stages: Iterable[Stage]
) -> Sequence[EndPointAssessment]:
    query = assessments(person, permission).where(EndPointAssessment.stage.in_(list(stages)))
    return db.session.scalars(query).all()


def _open_attempts(
    person: Person,
    permission: Permission,
    *narrowed: ColumnElement[bool],
    with_allocations: bool = False,
) -> Sequence[MethodAttempt]:
    """Attempts in the EPA period that have no grade yet, narrowed by the database.

    Who is allocated is read only where somebody asks for it.
    """
    query = attempts(person, permission).where(
        EndPointAssessment.stage == Stage.ASSESSMENT, MethodAttempt.grade.is_(None), *narrowed
    )
    load = selectinload if with_allocations else lazyload
    return db.session.scalars(query.options(load(MethodAttempt.allocations))).all()


def _holding(person: Person, *duties: Duty) -> ColumnElement[bool]:
    """Whether a person has one of these duties on an attempt."""
    return MethodAttempt.id.in_(
        select(Allocation.attempt_id).where(
            Allocation.person_id == person.id, Allocation.duty.in_(duties)
        )
    )


def _when_and_where(attempt: MethodAttempt) -> str:
    """Such as "Tuesday 9 June 2026, 09:30. Eastmoor Works, meeting room 2"; empty without a date.

    A link has its page; broken over lines it would be of no use here.
    """
    at, place = attempt.scheduled_at, attempt.place or ""
    if at is None:
        return ""
    where = "Online" if place.startswith(("https://", "http://")) else place
    return f"{weekday_date(at)}, {time_of_day(at)}. {where}".rstrip()


def _holds(attempt: MethodAttempt, person: Person, duty: Duty) -> bool:
    holder = attempt.allocated(duty)
    return holder is not None and holder.id == person.id
