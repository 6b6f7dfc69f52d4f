"""Mark sheets: open, filled, signed."""

from datetime import time

from epa.clock import london_date
from epa.conduct.facts import Recording
from epa.database import db
from epa.judgements import services
from epa.judgements.rules import Entry, NoteFields
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.rules import Duty
from epa.observation.rules import ObservationConduct, ServiceUserSeen
from epa.observation.services import sign as sign_observation
from epa.people.rules import Role
from epa.presentation.rules import PresentationConduct
from epa.presentation.services import sign as sign_presentation


class MakeJudgements:
    """Mark sheets of the two judged methods."""

    def assessor(self, epao, **fields):
        return self.person(Role.INDEPENDENT_ASSESSOR, organisation=epao, **fields)

    def booked(self, method="observation", *, assessment=None, assessor=None):
        """An attempt with an assessor and a date, ready for its sheet."""
        assessment = assessment or self.assessment_in_epa()
        attempt = self.attempt(assessment, method)
        if attempt.allocated(Duty.ASSESSOR) is None:
            self.allocate(attempt, assessor or self.assessor(assessment.epao))
        attempt.scheduled_at = self.at
        attempt.place = "Eastmoor Works"
        db.session.commit()
        return attempt

    def sheet(self, attempt=None, assessor=None):
        """An open sheet with nothing on it."""
        attempt = attempt or self.booked()
        actor = assessor or attempt.allocated(Duty.ASSESSOR)
        sheet = services.open_sheet(attempt, actor=actor, at=self.at)
        db.session.commit()
        return sheet

    def whole_sheet(self, attempt=None, assessor=None, distinctions=0, fails=0):
        """A sheet on which nothing is missing, not signed yet."""
        sheet = self.sheet(attempt, assessor)
        actor = sheet.attempt.allocated(Duty.ASSESSOR)
        services.fill(sheet, self._entries(sheet, distinctions, fails), actor=actor, at=self.at)
        conduct = self.conduct_of(sheet.attempt.method_code)
        services.set_conduct(sheet, conduct, actor=actor, at=self.at)
        db.session.commit()
        return sheet

    def signed_sheet(self, attempt=None, assessor=None, distinctions=0, fails=0):
        """A signed sheet with its method's grade, not released."""
        sheet = self.whole_sheet(attempt, assessor, distinctions, fails)
        sign = {"observation": sign_observation, "presentation": sign_presentation}
        actor = sheet.attempt.allocated(Duty.ASSESSOR)
        sign[sheet.attempt.method_code](sheet, actor=actor, at=self.at)
        db.session.commit()
        return sheet

    def conduct_of(self, method, **facts):
        """The facts of a day on which everything was in order."""
        shared = {
            "held_on": london_date(self.at),
            "identity_checked": True,
            "present": "The apprentice and the assessor",
            "questions_asked": 5,
            "question_minutes": 24,
        }
        if method == "observation":
            own = {
                "started": time(9, 0),
                "ended": time(12, 40),
                "minutes_observed": 178,
                "service_users": [
                    ServiceUserSeen(number=number, activities=("review",), agreed=True)
                    for number in (1, 2, 3)
                ],
                "format_told": True,
            }
            return ObservationConduct(**{**shared, **own, **facts})
        own = {
            "minutes_presented": 56,
            "recording": Recording.AUDIO,
            "consent_of": ("apprentice",),
            "not_attached_reason": "It is on the recorder.",
        }
        return PresentationConduct(**{**shared, **own, **facts})

    def _entries(self, sheet, distinctions, fails):
        method = sheet.attempt.method_code
        plan = framework_of(sheet.attempt.assessment)
        source = plan.judged_method(method).sources[0].code
        entries = []
        for number, ksb in enumerate(plan.ksbs_of(method)):
            may = "distinction" in plan.ratings_for(method, ksb)
            grade = "distinction" if number < distinctions and may else "pass"
            if number >= len(plan.ksbs_of(method)) - fails:
                grade = "fail"
            entries.append(Entry(ksb, grade, NoteFields(source, f"Shown for {ksb}.")))
        return entries
