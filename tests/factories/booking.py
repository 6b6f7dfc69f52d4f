"""Bookings: people with every duty, a date and a place."""

from datetime import time, timedelta

from epa.booking import queries
from epa.booking.rules import ROLES_FOR
from epa.clock import london_date, london_instant
from epa.database import db
from epa.lifecycle import services as lifecycle
from epa.people.rules import Role

_FIRST_CHOICE = (Role.INDEPENDENT_ASSESSOR, Role.MARKER, Role.INVIGILATOR)


class MakeBooking:
    """Bookings."""

    def staff_for(self, attempt, duty):
        """Somebody new with a role for a duty at the attempt's EPAO."""
        role = next(role for role in _FIRST_CHOICE if role in ROLES_FOR[duty])
        return self.person(role, organisation=attempt.assessment.epao)

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
