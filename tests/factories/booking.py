"""Bookings: people with every duty, a date and a place."""

from datetime import date, time, timedelta

from epa.assessors import services as assessors
from epa.assessors.rules import StandardisationKind
from epa.booking import queries
from epa.booking.rules import ROLES_FOR
from epa.clock import london_date, london_instant
from epa.database import db
from epa.invigilation import services as invigilation
from epa.invigilation.rules import Delivery
from epa.lifecycle import services as lifecycle
from epa.lifecycle.rules import Duty
from epa.people.rules import Role
from epa.rooms import services as rooms

_FIRST_CHOICE = (Role.INDEPENDENT_ASSESSOR, Role.MARKER, Role.INVIGILATOR)


class MakeBooking:
    """Bookings."""

    def staff_for(self, attempt, duty):
        """Somebody new with a role for a duty at the attempt's EPAO."""
        role = next(role for role in _FIRST_CHOICE if role in ROLES_FOR[duty])
        person = self.person(role, organisation=attempt.assessment.epao)
        if duty is Duty.ASSESSOR:
            self.may_assess(person, attempt.assessment.epao)
        return person

    def may_assess(self, person, epao, *, since=None, standardised_on=None):
        """Record somebody's competence and a standardisation in spring, which count."""
        today = london_date(self.at)
        actor = self.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao)
        assessors.record_competence(
            person,
            epao.id,
            assessors.CompetenceFields("st0663", since or date(2020, 1, 1), None, "Experience."),
            actor=actor,
            at=self.at,
        )
        assessors.record_standardisation(
            person,
            epao.id,
            assessors.Attendance(
                "st0663",
                StandardisationKind.ANNUAL,
                standardised_on or today - timedelta(days=30),
            ),
            actor=actor,
            at=self.at,
        )
        db.session.commit()
        return person

    def room(self, epao, **fields):
        """A room of an EPAO."""
        values = {"name": f"Room {self.next()}", "address": "4 Quay Street", "capacity": 12}
        fields = rooms.RoomFields(**{**values, **fields})
        actor = self.person(Role.ADMINISTRATOR, organisation=epao)
        row = rooms.add_room(epao, fields, actor=actor, at=self.at)
        db.session.commit()
        return row

    def event(self, epao, *, starts_at=None, room=None, on_shift=(), actor=None):
        """A test session in two weeks with those on shift, who have accepted."""
        actor = actor or self.person(Role.ADMINISTRATOR, organisation=epao)
        day = london_date(self.at) + timedelta(days=14)
        fields = invigilation.EventFields(
            "st0663",
            "knowledge_test",
            starts_at or london_instant(day, time(10)),
            Delivery.PAPER,
            room or self.room(epao),
            "",
        )
        event = invigilation.plan_event(epao, fields, actor=actor, at=self.at)
        for person in on_shift:
            invigilation.put_on_shift(event, person, actor=actor, at=self.at)
            invigilation.accept_shift(event, actor=person, at=self.at)
        db.session.commit()
        return event

    def in_session(self, event, attempts, actor):
        """Put attempts into a test session, their dates held."""
        invigilation.add_candidates(event, attempts, actor=actor, at=self.at)
        db.session.commit()
        return event.candidates

    def with_people(self, attempt, people=None):
        """Give every duty of an attempt to somebody, unchecked: those given, or somebody new."""
        for duty in queries.duties_of(attempt):
            if attempt.allocated(duty) is None:
                person = (people or {}).get(duty) or self.staff_for(attempt, duty)
                self.allocate(attempt, person, duty)
        return attempt

    def scheduled(self, attempt, starts_at=None, place="Room 2, Harbour House", people=None):
        """An attempt with all its people, a time (in 30 days at 10:00) and a place, unchecked."""
        self.with_people(attempt, people)
        day = london_date(self.at) + timedelta(days=30)
        attempt.scheduled_at = starts_at or london_instant(day, time(10))
        attempt.place = place
        db.session.commit()
        return attempt

    def close_stage(self, assessment, to, actor=None):
        """Move an assessment to another stage."""
        lifecycle.advance(assessment, to=to, actor=actor, at=self.at)
        db.session.commit()
