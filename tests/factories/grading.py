"""Graded and released attempts, without the sheets and marks behind them."""

from epa.clock import london_date
from epa.database import db
from epa.grading.services import release_method, release_overall
from epa.lifecycle import services
from epa.lifecycle.definitions import framework_of
from epa.lifecycle.rules import Duty, Grade
from epa.people.rules import Role
from frameworks import grade_method


class MakeGrading:
    """Graded and released attempts."""

    def graded(self, attempt, grade=Grade.PASS, by=None):
        """Give an attempt a grade by its own rule: the least that earns it."""
        plan = framework_of(attempt.assessment)
        by = by or self.person(Role.INDEPENDENT_ASSESSOR, organisation=attempt.assessment.epao)
        given = self._earning(plan, attempt.method_code, grade)
        outcome = grade_method(plan, attempt.method_code, given)
        assert outcome.grade == grade
        duty = Duty.ASSESSOR if isinstance(given, dict) else Duty.FIRST_MARKER
        services.allocate(attempt, by, duty, actor=by, at=self.at)
        attempt.held_on = london_date(self.at)
        services.record_grade(
            attempt,
            grade=grade,
            scoring_input={"ratings": given} if isinstance(given, dict) else {"marks": given},
            explanation=list(outcome.reasons),
            actor=by,
            at=self.at,
        )
        db.session.commit()
        return attempt

    def released(self, attempt, grade=Grade.PASS, by=None, releaser=None):
        """Grade an attempt and have somebody else release it."""
        self.graded(attempt, grade, by)
        releaser = releaser or self.person(
            Role.INTERNAL_QUALITY_ASSURER, organisation=attempt.assessment.epao
        )
        release_method(attempt, actor=releaser, at=self.at)
        db.session.commit()
        return attempt

    def finished(self, assessment=None, grade=Grade.PASS, **grades):
        """An assessment whose overall grade is released; ``grades`` by method code, else `grade`."""
        row = assessment or self.assessment_in_epa()
        releaser = self.person(Role.INTERNAL_QUALITY_ASSURER, organisation=row.epao)
        for attempt in list(row.attempts):
            self.released(attempt, grades.get(attempt.method_code, grade), releaser=releaser)
        reason = "Nothing to gain." if Grade.FAIL in {grade, *grades.values()} else None
        release_overall(row, actor=releaser, at=self.at, no_resit_reason=reason)
        db.session.commit()
        return row

    def _earning(self, plan, code, grade):
        method = plan.methods[code]
        if method.kind == "marked":
            return next(one.lowest for one in method.boundaries if one.grade == grade)
        ratings = dict.fromkeys(plan.ksbs_of(code), "pass")
        changed = {Grade.DISTINCTION: plan.distinctions_needed(code), Grade.FAIL: 1}.get(grade, 0)
        return ratings | dict.fromkeys(list(ratings)[:changed], str(grade))
