"""Test sessions within a person's reach, who might sit in them and who might invigilate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import joinedload

from epa.allowances.queries import allowance_of, allowances_of
from epa.allowances.rules import NOTHING
from epa.booking.dates import Slot
from epa.booking.queries import longest_minutes, slot_of
from epa.booking.rules import PRESENT, ROLES_FOR
from epa.clock import london_date
from epa.database import db
from epa.invigilation.models import (
    EventCandidate,
    EventIncident,
    EventShift,
    IntegrityFinding,
    InvigilatedEvent,
)
from epa.invigilation.rules import EventStatus, number_for
from epa.knowledge_test import queries as tests
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import Allocation, Apprenticeship, EndPointAssessment, MethodAttempt
from epa.lifecycle.rules import Duty, Stage
from epa.lifecycle.scope import attempts
from epa.people.models import Person, RoleAssignment
from epa.people.queries import conflicts_between
from epa.people.readers import Held, Reader
from epa.people.rules import GRANTS, Permission, Role
from epa.policies.queries import booking_policy
from frameworks import MarkedMethod
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import LateBatch, Sitting
from question_bank.sittings.rules import SittingState

_DAY: Final = timedelta(days=1)
_OF_EPAO: Final = frozenset({Role.ADMINISTRATOR})


def events(person: Reader, permission: Permission) -> Select[InvigilatedEvent]:
    """The sessions on which this person may do this: of the EPAO, or those they are on shift in."""
    held = [one for one in person.current_roles if permission in GRANTS[one.role]]
    return select(InvigilatedEvent).where(or_(false(), *map(_reaches, held)))


def event_mark(event: InvigilatedEvent) -> int:
    """A number that says how a session stands, with its shifts and candidates."""
    shifts = sorted(f"{one.person_id}{one.accepted_at}" for one in event.shifts)
    candidates = sorted(f"{one.id}{one.mark}" for one in event.every_candidate)
    return number_for(event.lock_version, shifts, candidates)


def event_for(person: Person, permission: Permission, event_id: UUID) -> InvigilatedEvent | None:
    """The session, if this person reaches it; else None, as for an unknown id."""
    return db.session.scalar(events(person, permission).where(InvigilatedEvent.id == event_id))


def candidate_for(
    person: Person, permission: Permission, candidate_id: UUID
) -> EventCandidate | None:
    """A candidate of a session within reach; else None, as for an unknown id."""
    ids = events(person, permission).with_only_columns(InvigilatedEvent.id)
    return db.session.scalar(
        select(EventCandidate).where(
            EventCandidate.id == candidate_id,
            EventCandidate.event_id.in_(ids),
            EventCandidate.removed_at.is_(None),
        )
    )


def shift_for(person: Person, permission: Permission, shift_id: UUID) -> EventShift | None:
    """A shift in a session within reach; else None, as for an unknown id."""
    ids = events(person, permission).with_only_columns(InvigilatedEvent.id)
    return db.session.scalar(
        select(EventShift).where(EventShift.id == shift_id, EventShift.event_id.in_(ids))
    )


def listed(person: Person, *, past: bool) -> Select[InvigilatedEvent]:
    """The sessions within reach that are to come, the nearest first, or that are past."""
    found = events(person, Permission.RUN_TEST_SESSION)
    is_open = InvigilatedEvent.status == EventStatus.PLANNED
    if past:
        return found.where(~is_open).order_by(
            InvigilatedEvent.starts_at.desc(), InvigilatedEvent.id
        )
    return found.where(is_open).order_by(InvigilatedEvent.starts_at, InvigilatedEvent.id)


def without_paper(found: Sequence[InvigilatedEvent]) -> Counter[UUID]:
    """How many candidates of each of these sessions have no paper on screens that counts."""
    has_paper = exists().where(
        Sitting.attempt_id == EventCandidate.attempt_id, Sitting.state != SittingState.VOIDED
    )
    rows = db.session.scalars(
        select(EventCandidate.event_id).where(
            EventCandidate.event_id.in_([one.id for one in found]),
            EventCandidate.removed_at.is_(None),
            ~has_paper,
        )
    )
    return Counter(rows)


def counts(found: Sequence[InvigilatedEvent]) -> Counter[UUID]:
    """How many candidates each of these sessions has."""
    ids = [one.id for one in found]
    rows = db.session.scalars(
        select(EventCandidate.event_id).where(
            EventCandidate.event_id.in_(ids), EventCandidate.removed_at.is_(None)
        )
    )
    return Counter(rows)


def method_of(event: InvigilatedEvent) -> MarkedMethod:
    """The method of a session, in the newest definition of its standard."""
    return latest(event.framework_code).marked_method(event.method_code)


def most_each(event: InvigilatedEvent) -> int:
    """How many candidates one invigilator may have: the policy's number, never above the plan's."""
    policy = booking_policy(london_date(event.starts_at))
    return min(policy.candidates_per_invigilator, method_of(event).candidates_per_invigilator)


def to_add(event: InvigilatedEvent, person: Person) -> list[MethodAttempt]:
    """The attempts at the session's method that wait for a date, longest in their period first."""
    in_session = select(EventCandidate.attempt_id).where(EventCandidate.removed_at.is_(None))
    query = (
        attempts(person, Permission.BOOK)
        .where(
            EndPointAssessment.epao_id == event.epao_id,
            EndPointAssessment.framework_code == event.framework_code,
            EndPointAssessment.stage == Stage.ASSESSMENT,
            MethodAttempt.method_code == event.method_code,
            MethodAttempt.grade.is_(None),
            MethodAttempt.scheduled_at.is_(None),
            MethodAttempt.id.not_in(in_session),
        )
        .order_by(EndPointAssessment.epa_starts_on, MethodAttempt.id)
    )
    return list(db.session.scalars(query))


def invigilators(event: InvigilatedEvent) -> list[Person]:
    """Those who may be put on shift, by name, without those who are."""
    on_shift = [one.person_id for one in event.shifts]
    holds = exists().where(
        RoleAssignment.person_id == Person.id,
        RoleAssignment.organisation_id == event.epao_id,
        RoleAssignment.role.in_(ROLES_FOR[Duty.INVIGILATOR]),
        RoleAssignment.ended_at.is_(None),
    )
    query = select(Person).where(holds, Person.disabled_at.is_(None), Person.id.not_in(on_shift))
    return list(db.session.scalars(query.order_by(Person.search_name, Person.id)))


def loads(event: InvigilatedEvent) -> Counter[UUID]:
    """How many candidates of the session each invigilator has."""
    found: Counter[UUID] = Counter()
    for one in event.candidates:
        holder = one.attempt.allocated(Duty.INVIGILATOR)
        if holder is not None:
            found[holder.id] += 1
    return found


def with_names(event: InvigilatedEvent) -> list[EventCandidate]:
    """The candidates of a session by name, their people read with them."""
    whole = (
        joinedload(EventCandidate.attempt)
        .joinedload(MethodAttempt.assessment)
        .joinedload(EndPointAssessment.apprenticeship)
        .joinedload(Apprenticeship.person)
    )
    query = select(EventCandidate).where(
        EventCandidate.event_id == event.id, EventCandidate.removed_at.is_(None)
    )
    found = db.session.scalars(query.options(whole)).unique()
    return sorted(found, key=lambda one: one.person.search_name)


def agreed(event: InvigilatedEvent) -> dict[UUID, tuple[str, ...]]:
    """The adjustments in force for each candidate who has any, by the attempt: what, never why."""
    found = allowances_of(one.attempt for one in event.candidates)
    return {key: one.in_words for key, one in found.items() if one.in_words}


def more_minutes(found: Sequence[MethodAttempt]) -> dict[UUID, int]:
    """By how many minutes each of these attempts may take longer than the plan says, if any."""
    granted = allowances_of(found)
    more = {
        one.id: longest_minutes(one, granted[one.id]) - longest_minutes(one, NOTHING)
        for one in found
    }
    return {key: minutes for key, minutes in more.items() if minutes}


def obstacles(event: InvigilatedEvent, attempt: MethodAttempt, person: Person) -> list[str]:
    """What forbids somebody to invigilate a candidate, in words."""
    apprenticeship = attempt.assessment.apprenticeship
    bodies = [one for one in (apprenticeship.employer_id, apprenticeship.provider_id) if one]
    found = conflicts_between(
        person,
        people_ids=[apprenticeship.person_id],
        organisation_ids=bodies,
        on=london_date(event.starts_at),
    )
    return [one.reason for one in found]


def needed(attempt: MethodAttempt) -> timedelta:
    """How long a candidate's test takes at most: the plan's time, what was granted, and breaks."""
    minutes = tests.method_of(attempt).minutes + allowance_of(attempt).break_minutes
    return timedelta(minutes=minutes)


def longest(event: InvigilatedEvent) -> timedelta:
    """How long the longest test in a session takes; the plan's time while nobody is in it."""
    attempts_in = [one.attempt for one in event.candidates]
    allowances_of(attempts_in)  # asked for at once, and kept for each
    plan = timedelta(minutes=method_of(event).minutes)
    return max(map(needed, attempts_in), default=plan)


def findings(event: InvigilatedEvent) -> dict[UUID, IntegrityFinding]:
    """What somebody made last of what each candidate's page told, by candidate."""
    ids = [one.id for one in event.every_candidate]
    query = select(IntegrityFinding).where(IntegrityFinding.candidate_id.in_(ids))
    rows = db.session.scalars(query.order_by(IntegrityFinding.found_at, IntegrityFinding.id))
    return {one.candidate_id: one for one in rows}


def findings_on(candidate: EventCandidate) -> list[IntegrityFinding]:
    """Everything that people made of what a candidate's page told, the newest first."""
    query = select(IntegrityFinding).where(IntegrityFinding.candidate_id == candidate.id)
    order = IntegrityFinding.found_at.desc(), IntegrityFinding.id
    return list(db.session.scalars(query.order_by(*order)))


def late_for(person: Person, permission: Permission, late_id: UUID) -> LateBatch | None:
    """What came late to a paper within reach; else None, as for an unknown id."""
    return db.session.scalar(_late(person, permission).where(LateBatch.id == late_id))


def late_to_decide(person: Reader, permission: Permission) -> Select[LateBatch]:
    """What came late within reach and waits for a decision, the longest ago first."""
    return sittings.undecided(_late(person, permission))


def late_in(event: InvigilatedEvent) -> list[LateBatch]:
    """What came late to the papers of a session."""
    ids = [one.attempt_id for one in event.candidates]
    return list(db.session.scalars(sittings.late_of_attempts(ids)))


def session_of(attempt_id: UUID) -> EventCandidate | None:
    """The candidate that an attempt is in a session; None where it is in none."""
    return db.session.scalar(
        select(EventCandidate).where(
            EventCandidate.attempt_id == attempt_id, EventCandidate.removed_at.is_(None)
        )
    )


def in_room(event: InvigilatedEvent) -> list[InvigilatedEvent]:
    """Other planned sessions in the same room about that time."""
    room_id = event.room.id if event.room else event.room_id
    return list(db.session.scalars(_near(event).where(InvigilatedEvent.room_id == room_id)))


def engagements_beside(
    event: InvigilatedEvent, person: Person
) -> tuple[list[InvigilatedEvent], list[Slot]]:
    """A person's other sessions about the time of one, and the time of dates outside of any."""
    on_shift = exists().where(
        EventShift.event_id == InvigilatedEvent.id, EventShift.person_id == person.id
    )
    others = list(db.session.scalars(_near(event).where(on_shift)))
    own = {one.attempt_id for one in event.candidates}
    present = exists().where(
        Allocation.attempt_id == MethodAttempt.id,
        Allocation.person_id == person.id,
        Allocation.duty.in_(PRESENT),
    )
    query = select(MethodAttempt).where(
        MethodAttempt.scheduled_at.between(event.starts_at - _DAY, event.starts_at + _DAY), present
    )
    dated = [it for it in db.session.scalars(query).unique() if it.id not in own]
    longer = allowances_of(dated)
    return others, [slot_of(it, it.scheduled_at, longer[it.id]) for it in dated]


def incidents(event: InvigilatedEvent) -> list[EventIncident]:
    """What happened in a session, in order."""
    query = select(EventIncident).where(EventIncident.event_id == event.id)
    return list(db.session.scalars(query.order_by(EventIncident.happened_at, EventIncident.id)))


def _late(person: Reader, permission: Permission) -> Select[LateBatch]:
    ids = attempts(person, permission).with_only_columns(MethodAttempt.id)
    return sittings.late_of_attempts(ids)


def _near(event: InvigilatedEvent) -> Select[InvigilatedEvent]:
    return select(InvigilatedEvent).where(
        InvigilatedEvent.id.is_distinct_from(event.id),
        InvigilatedEvent.status == EventStatus.PLANNED,
        InvigilatedEvent.starts_at.between(event.starts_at - _DAY, event.starts_at + _DAY),
    )


def _reaches(held: Held) -> ColumnElement[bool]:
    of_epao = InvigilatedEvent.epao_id == held.organisation_id
    if held.role in _OF_EPAO:
        return of_epao
    on_shift = exists().where(
        EventShift.event_id == InvigilatedEvent.id, EventShift.person_id == held.person_id
    )
    return and_(of_epao, on_shift)
