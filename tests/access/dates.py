"""What the world holds of dates: rooms, hours, a test session, instructions that were sent."""

from datetime import date, time

from epa.assessors import services as assessors
from epa.booking.models import BookingChange, JoiningInstructions
from epa.booking.states import BookingAction
from epa.database import db
from epa.invigilation.models import EventCandidate
from epa.invigilation.rules import EventIncidentKind
from epa.invigilation.services import IncidentFields, record_incident
from epa.lifecycle.models import EndPointAssessment


class Dates:
    """Adds them to one EPAO of the world, around ada."""

    def __init__(self, builder):
        self.builder, self.make, self.at = builder, builder.make, builder.at
        self.objects, self.tag = builder.world.objects, builder.tag
        self.staff = builder.staff

    def build(self):
        """All of them."""
        ada = db.session.get(EndPointAssessment, self.objects[f"ada@{self.tag}"])
        attempts = {one.method_code: one for one in ada.attempts}
        self._instructions(attempts["presentation"])
        self._session(attempts["knowledge_test"])
        self._competence()
        for who in ("assessor", "invigilator"):
            self._hours(who, getattr(self.staff, who))

    def _instructions(self, attempt):
        booked = {"starts_at": attempt.scheduled_at, "place": attempt.place}
        db.session.add(
            JoiningInstructions(
                attempt=attempt,
                number=1,
                is_online=False,
                text=f"Come to {self.builder._token('instructions', 'ada', 'presentation')}.",
                sent_at=self.at,
                sent_by=self.staff.administrator,
                **booked,
            )
        )
        db.session.add(
            BookingChange(
                attempt=attempt,
                number=1,
                action=BookingAction.MOVE,
                scheduled_at=booked["starts_at"],
                place=booked["place"],
                reason=f"Since {self.builder._token('booking_reason', 'ada', 'presentation')}",
                changed_at=self.at,
                changed_by=self.staff.administrator,
            )
        )
        db.session.flush()

    def _session(self, attempt):
        room = self.make.room(self.builder.epao, name=f"Room {self.builder._token('room')}")
        event = self.make.event(
            self.builder.epao,
            room=self.make.room(self.builder.epao),
            on_shift=(self.staff.invigilator,),
            actor=self.staff.administrator,
        )
        candidate = EventCandidate(
            attempt=attempt, added_at=self.at, added_by_id=self.staff.administrator.id
        )
        event.every_candidate.append(candidate)
        db.session.flush()
        words = f"Then {self.builder._token('incidents', 'ada', 'knowledge_test')}"
        fields = IncidentFields(EventIncidentKind.OTHER, words, self.at, candidate)
        record_incident(event, fields, actor=self.staff.invigilator, at=self.at)
        self.objects |= {
            f"room@{self.tag}": room.id,
            f"event@{self.tag}": event.id,
            f"candidate@{self.tag}": candidate.id,
            f"shift@{self.tag}": event.shifts[0].id,
        }

    def _competence(self):
        row = assessors.record_competence(
            self.staff.assessor,
            self.builder.epao.id,
            assessors.CompetenceFields(
                "st0663", date(2020, 1, 1), None, self.builder._token("competence_basis")
            ),
            actor=self.staff.administrator,
            at=self.at,
        )
        self.objects[f"competence assessor@{self.tag}"] = row.id

    def _hours(self, who, person):
        [slot] = assessors.give_hours(
            person, (0,), (time(9), time(17)), (date(2026, 1, 1), None), actor=person, at=self.at
        )
        self.objects[f"slot {who}@{self.tag}"] = slot.id
