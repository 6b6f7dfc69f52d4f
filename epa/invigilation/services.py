"""Planning a test session, its candidates and invigilators, and recording what happens in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from epa.audit.services import record
from epa.booking import allocation
from epa.booking import queries as bookings
from epa.booking import services as booking
from epa.booking.appointments import Wish
from epa.database import db
from epa.errors import NotAllowed, RuleBroken, RulesBroken
from epa.invigilation import fitting, queries, windows
from epa.invigilation.models import (
    EventCandidate,
    EventIncident,
    EventShift,
    InvigilatedEvent,
)
from epa.invigilation.rules import (
    SAT,
    STATUS_TITLES,
    Attendance,
    Delivery,
    EventIncidentKind,
    EventStatus,
    IdentityDocument,
    most_candidates,
    next_invigilator,
)
from epa.invigilation.windows import Window
from epa.lifecycle.definitions import latest
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Duty
from epa.outbox.services import tell
from epa.people.models import Organisation, Person
from epa.rooms.models import Room


@dataclass(frozen=True)
class EventFields:
    """When, where and how a session is held; on screens also when it closes, and its last admission."""

    framework_code: str
    method_code: str
    starts_at: datetime
    delivery: Delivery
    room: Room | None
    place: str
    closes_at: datetime | None = None
    admits_until: datetime | None = None


def plan_event(
    epao: Organisation, fields: EventFields, *, actor: Person, at: datetime
) -> InvigilatedEvent:
    """Plan a test session.

    Raises:
        RuleBroken: it has no place, lies in the past, its room is taken by another one, or it is
            on screens and its window is too short.
    """
    place = fields.room.place if fields.room else fields.place.strip()
    if not place:
        raise RuleBroken("place-missing", "Choose a room, or enter the place", "place")
    if fields.starts_at <= at:
        raise RuleBroken("in-the-past", "The session must start in the future", "day")
    method = latest(fields.framework_code).marked_method(fields.method_code)
    event = InvigilatedEvent(
        epao=epao,
        framework_code=fields.framework_code,
        method_code=fields.method_code,
        starts_at=fields.starts_at,
        minutes=method.minutes,
        delivery=fields.delivery,
        room=fields.room,
        place=place,
        planned_at=at,
        planned_by_id=actor.id,
        status=EventStatus.PLANNED,
    )
    if fields.delivery is Delivery.ONLINE:
        plan = timedelta(minutes=method.minutes)
        asked = (fields.starts_at, fields.closes_at, fields.admits_until)
        give_window(event, windows.chosen(*asked, plan=plan, longest=plan))
    refuse_clash(event)
    db.session.add(event)
    db.session.flush()
    record(actor, "test session planned", event, at=at, starts_at=event.starts_at.isoformat())
    return event


def give_window(event: InvigilatedEvent, window: Window) -> None:
    """Set from when to when a session is open; its room and its people are taken so long."""
    event.closes_at, event.admits_until = window.closes_at, window.admits_until
    event.minutes = window.minutes


def put_on_shift(
    event: InvigilatedEvent, person: Person, *, actor: Person, at: datetime
) -> EventShift:
    """Put somebody on shift; they are asked to accept.

    Raises:
        RuleBroken: they have no role for it, are on shift already or elsewhere, or a conflict of
            interest stands with a candidate.
    """
    refuse_unless_planned(event)
    if any(one.person_id == person.id for one in event.shifts):
        raise RuleBroken("on-shift", f"{person.name} is on shift already", "person")
    if person not in queries.invigilators(event):
        raise RuleBroken(
            "role-missing", f"{person.name} does not hold a role for this here", "person"
        )
    allocation.lock_people([person])
    if clash := fitting.elsewhere(event, person):
        raise RuleBroken("double-booked", f"{person.name} is booked {clash.words}", "person")
    shift = EventShift(event=event, person=person, added_at=at, added_by_id=actor.id)
    db.session.add(shift)
    db.session.flush()
    record(actor, "put on shift", event, at=at, person=str(person.id))
    tell(person, "shift", behalf=event.epao, at=at)
    return shift


def accept_shift(event: InvigilatedEvent, *, actor: Person, at: datetime) -> None:
    """Take a shift on, with every candidate that goes with it.

    Raises:
        NotAllowed: the actor is not on shift.
    """
    shift = next((one for one in event.shifts if one.person_id == actor.id), None)
    if shift is None:
        raise NotAllowed("Only those who are on shift accept it.")
    if shift.accepted_at is None:
        shift.accepted_at = at
        record(actor, "shift accepted", event, at=at)
    for one in event.candidates:
        if bookings.own_allocations(one.attempt, actor):
            allocation.accept(one.attempt, actor=actor, at=at)
    db.session.flush()


def take_off_shift(shift: EventShift, *, actor: Person, at: datetime) -> None:
    """Take somebody off a shift.

    Raises:
        RuleBroken: candidates are theirs, so that somebody else must take those first.
    """
    event = shift.event
    refuse_unless_planned(event)
    theirs = queries.loads(event)[shift.person_id]
    if theirs:
        raise RuleBroken(
            "has-candidates",
            f"{shift.person.name} has {theirs} candidates. Take those out, or allocate them to"
            " somebody else first.",
        )
    event.shifts.remove(shift)
    db.session.flush()
    record(actor, "taken off shift", event, at=at, person=str(shift.person_id))


def add_candidates(
    event: InvigilatedEvent, chosen: list[MethodAttempt], *, actor: Person, at: datetime
) -> None:
    """Put candidates into a session: each gets an invigilator, and the date is held.

    Raises:
        RulesBroken: with what stands against each; then nobody is added.
    """
    refuse_unless_planned(event)
    refusals = []
    for attempt in chosen:
        try:
            _add(event, attempt, actor=actor, at=at)
        except RuleBroken as broken:
            name = attempt.assessment.apprenticeship.person.name
            refusals += [
                RuleBroken(one.code, f"{name}: {one.message}", "candidates") for one in broken.each
            ]
    if refusals:
        raise RulesBroken(refusals)


def confirm_candidates(
    event: InvigilatedEvent, agreement: str, *, actor: Person, at: datetime
) -> int:
    """Confirm the date of every candidate for whom it is held.

    Args:
        event: the session.
        agreement: how those employers agreed who have not done so themselves; may be empty.
        actor: who confirms.
        at: when.

    Returns:
        How many were confirmed.

    Raises:
        RulesBroken: with what stands against each; then nobody is confirmed.
    """
    refusals, count = [], 0
    for one in event.candidates:
        if one.attempt.scheduled_at is not None:
            continue
        try:
            booking.confirm(one.attempt, actor=actor, at=at, agreement=agreement)
            count += 1
        except RuleBroken as broken:
            refusals.append(RuleBroken(broken.code, f"{one.person.name}: {broken.message}"))
    if refusals:
        raise RulesBroken(refusals)
    return count


def check_room(
    event: InvigilatedEvent, findings: str, *, is_suitable: bool, actor: Person, at: datetime
) -> None:
    """Record whether the room is suitable: quiet, controlled, with what the test needs.

    Raises:
        RuleBroken: the session is over, or it is not suitable and nothing says why.
    """
    refuse_unless_planned(event)
    if not is_suitable and not findings.strip():
        raise RuleBroken("findings", "Enter what is not suitable", "findings")
    event.room_checked_by, event.room_checked_at = actor, at
    event.is_suitable, event.room_findings = is_suitable, findings.strip() or None
    db.session.flush()
    record(actor, "room checked", event, at=at, is_suitable=is_suitable)


def note_candidate(
    candidate: EventCandidate,
    document: IdentityDocument | None,
    attendance: Attendance,
    *,
    actor: Person,
    at: datetime,
) -> None:
    """Record how a candidate's identity was checked, and whether they came.

    Raises:
        RuleBroken: the session is over, or somebody sits whose identity was not checked.
    """
    refuse_unless_planned(candidate.event)
    if attendance in SAT and document is None:
        raise RuleBroken(
            "identity", "Check the identity first: choose by which document", "document"
        )
    if document is not candidate.identity_document:
        candidate.identity_checked_by = actor if document else None
        candidate.identity_checked_at = at if document else None
        candidate.identity_document = document
    candidate.attendance, candidate.attendance_at = attendance, at
    db.session.flush()
    record(
        actor,
        "candidate noted",
        candidate.event,
        at=at,
        attempt=str(candidate.attempt_id),
        attendance=attendance,
        identity_checked=document is not None,
    )


@dataclass(frozen=True)
class IncidentFields:
    """What happened, when, and to which candidate if not to everybody."""

    kind: EventIncidentKind
    words: str
    happened_at: datetime
    candidate: EventCandidate | None = None


def record_incident(
    event: InvigilatedEvent, fields: IncidentFields, *, actor: Person, at: datetime
) -> EventIncident:
    """Record something that happened in a session.

    Raises:
        RuleBroken: it is said to happen later than now.
    """
    if fields.happened_at > at:
        raise RuleBroken("future", "The time must not lie in the future", "time")
    incident = EventIncident(
        event=event,
        candidate=fields.candidate,
        kind=fields.kind,
        words=fields.words,
        happened_at=fields.happened_at,
        recorded_at=at,
        recorded_by=actor,
    )
    db.session.add(incident)
    db.session.flush()
    record(actor, "incident recorded", event, at=at, kind=fields.kind)
    return incident


def record_incidents(
    event: InvigilatedEvent, fields: list[IncidentFields], *, actor: Person, at: datetime
) -> None:
    """Record the same of several candidates.

    Raises:
        RuleBroken: it is said to happen later than now.
    """
    for one in fields:
        record_incident(event, one, actor=actor, at=at)


def note_document_read(
    event: InvigilatedEvent, document: str, *, actor: Person, at: datetime
) -> None:
    """The register or the report of a session was taken away."""
    record(actor, f"test session {document} read", event, at=at, form="pdf")


def refuse_unless_planned(event: InvigilatedEvent) -> None:
    """Refuse to change a session that is over.

    Raises:
        RuleBroken: it is.
    """
    if event.status is not EventStatus.PLANNED:
        raise RuleBroken(
            "session-over", f"This session is “{STATUS_TITLES[event.status]}”: it stays as it was."
        )


def refuse_clash(event: InvigilatedEvent) -> None:
    """Refuse a time at which the room is taken, or somebody on shift is elsewhere.

    Raises:
        RuleBroken: one of them is.
    """
    if found := next(fitting.clashes(event, fitting.slot_of(event)), None):
        raise RuleBroken(found.code, found.message, found.field)


def _add(event: InvigilatedEvent, attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    windows.refuse_longer(queries.needed(attempt), event.starts_at, event.closes_at)
    most = queries.most_each(event)
    capacity = event.room.capacity if event.room else None
    places = most_candidates(len(event.shifts), most, capacity)
    if len(event.candidates) >= places:
        in_room = f", {capacity} places." if capacity is not None else "."
        raise RuleBroken(
            "session-full",
            f"This session takes {places} candidates: {len(event.shifts)} on shift with"
            f" {most} each{in_room} {fitting.another(event, attempt, at=at)}",
        )
    able = [one for one in event.shifts if not queries.obstacles(event, attempt, one.person)]
    chosen = next_invigilator(queries.loads(event), [one.person_id for one in able], most)
    if chosen is None:
        raise RuleBroken(
            "no-invigilator",
            "Nobody on shift may have one more candidate without a conflict of interest."
            f" {fitting.another(event, attempt, at=at)}",
        )
    if found := fitting.growth_hindrance(event, attempt):
        raise RuleBroken(found.code, f"{found.message} {fitting.another(event, attempt, at=at)}")
    shift = next(one for one in able if one.person_id == chosen)
    allocation.allocate(attempt, shift.person, Duty.INVIGILATOR, actor=actor, at=at)
    if shift.accepted_at is not None:  # whoever took on the shift took on its candidates
        for held in bookings.own_allocations(attempt, shift.person):
            held.accepted_at = at
    wish = Wish(event.starts_at, event.place, event.room)
    booking.hold(attempt, wish, actor=actor, at=at)
    event.every_candidate.append(EventCandidate(attempt=attempt, added_at=at, added_by_id=actor.id))
    db.session.flush()
    record(actor, "candidate added", event, at=at, attempt=str(attempt.id))
