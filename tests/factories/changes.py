"""Changes of apprenticeships."""

from epa.changes import services
from epa.changes.rules import Why
from epa.clock import london_date
from epa.database import db


class MakeChanges:
    """Changes of apprenticeships."""

    def corrected_uln(self, assessment, actor, reason="A slip of the keyboard"):
        """A number put right today."""
        change = services.correct_uln(
            assessment,
            f"98{assessment.apprenticeship.uln[2:]}",
            Why(london_date(self.at), reason),
            actor=actor,
            at=self.at,
        )
        db.session.commit()
        return change
