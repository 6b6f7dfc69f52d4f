"""Knowledge tests: sat on paper, marked by two people."""

from epa.clock import london_date
from epa.database import db
from epa.knowledge_test import queries, services
from epa.knowledge_test.rules import SittingFacts
from epa.lifecycle.rules import Duty


class MakeKnowledgeTest:
    """Knowledge tests."""

    def marks(self, attempt, total):
        """Marks for the whole paper that come to a total: full marks from the first question."""
        left, marks = total, []
        for question in queries.paper_of(attempt):
            marks.append(min(left, max(question.marks)))
            left -= marks[-1]
        assert left == 0, f"the paper has no {total} marks"
        return marks

    def sat_test(self, attempt, first=None, second=None, **facts):
        """An attempt with all its people whose sitting is recorded, today unless told."""
        self.with_people(attempt, {Duty.FIRST_MARKER: first, Duty.SECOND_MARKER: second})
        values = {
            "held_on": london_date(self.at),
            "minutes": queries.method_of(attempt).minutes,
            "identity_checked": True,
            "venue_checked": True,
        }
        services.record_sitting(
            attempt,
            SittingFacts(**(values | facts)),
            actor=attempt.allocated(Duty.INVIGILATOR),
            at=self.at,
        )
        db.session.commit()
        return attempt

    def marked_test(self, attempt, first=None, second=None, total=50):
        """A test that two people marked alike, graded on a total."""
        self.sat_test(attempt, first, second)
        for duty in (Duty.FIRST_MARKER, Duty.SECOND_MARKER):
            marks = self.marks(attempt, total)
            services.enter_marks(attempt, duty, marks, actor=attempt.allocated(duty), at=self.at)
        db.session.commit()
        return attempt
