"""Requests for adjustments, and what is granted."""

from epa.adjustments import services
from epa.adjustments.rules import Asked, Ruling
from epa.allowances.rules import Granted
from epa.database import db
from epa.people.rules import Role

EVERY_METHOD = ("presentation", "observation", "knowledge_test")


class MakeAdjustments:
    """Requests and decisions."""

    def panel_member(self, assessment):
        """Somebody of the panel of an assessment's EPAO."""
        return self.person(Role.INTERNAL_QUALITY_ASSURER, organisation=assessment.epao)

    def adjustment_request(self, assessment, methods=EVERY_METHOD, *, actor=None, file=None):
        """A request by the apprentice, or by somebody else."""
        row = services.ask(
            assessment,
            Asked(tuple(methods), "More time to read.", "Canary of a need."),
            actor=actor or assessment.apprenticeship.person,
            at=self.at,
            file=file,
        )
        db.session.commit()
        return row

    def granted(self, assessment, methods=EVERY_METHOD, *, at=None, request=None, **granted):
        """What is granted for some methods, 25% extra time by default, with its request."""
        request = request or self.adjustment_request(assessment, methods)
        given = Granted(**(granted or {"extra_percent": 25}))
        ruling = Ruling(tuple(methods), given, not given.is_nothing, "Canary of a reason.")
        actor = self.panel_member(assessment)
        services.decide(request, ruling, actor=actor, at=at or self.at)
        db.session.commit()
        return request
