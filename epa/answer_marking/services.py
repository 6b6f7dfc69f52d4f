"""Bringing a marked paper home: its total to the grade, its marks to the statistics."""

from __future__ import annotations

from datetime import datetime

from epa.answer_marking import queries
from epa.clock import london_date
from epa.in_transaction import lock
from epa.knowledge_test.queries import method_of
from epa.knowledge_test.services import grade_total
from epa.people.models import Person
from epa.settings import queries as settings
from question_bank.marking import queries as marking
from question_bank.marking.models import PaperToMark
from question_bank.marking.services import settle
from question_bank.papers.queries import questions_of
from question_bank.responses.queries import standard_error_of
from question_bank.responses.rules import Answer, MarkedScript, ScriptSource
from question_bank.responses.services import keep_scripts
from question_bank.sittings.queries import chosen_of
from question_bank.sittings.rules import SittingStep
from question_bank.sittings.services import take

_REFERENCE_LETTERS = 12


def bring_home(paper: PaperToMark, *, at: datetime) -> bool:
    """Settle a paper that waits for nobody's mark, grade it and keep its marks for the figures.

    Graded is on the total, by the same rules as on paper, in the name of whoever gave the last
    mark; nothing is released by it. It may be done again: what is done stays as it is.

    Args:
        paper: one that markers had.
        at: when.

    Returns:
        Whether the test is graded by this.
    """
    attempt, sat = queries.attempt_of(paper), paper.sitting.paper
    error = standard_error_of(sat) or float(settings.value("near_boundary_marks"))
    boundaries = [one.lowest for one in method_of(attempt).boundaries]
    if not settle(paper, boundaries, error, at=at):
        return False
    lock(attempt)
    actor = marking.last_marker(paper)
    if actor is None or paper.total is None or queries.why_held(paper) is not None:
        return False
    take(paper.sitting, SittingStep.MARK, actor=actor, at=at)
    held_on = london_date(paper.sitting.started_at or paper.taken_in_at)
    grade_total(attempt, paper.total, held_on=held_on, actor=actor, at=at)
    _keep_marks(paper, actor=actor, at=at)
    return True


def _keep_marks(paper: PaperToMark, *, actor: Person, at: datetime) -> None:
    marks, chosen = marking.marks_of(paper), chosen_of(paper.sitting)
    answers = tuple(
        Answer(one.version.id, marks[one.number], chosen.get(one.number))
        for one in questions_of(paper.sitting.paper)
    )
    reference = f"S-{paper.sitting.id.hex[:_REFERENCE_LETTERS]}"
    script = MarkedScript(reference, answers)
    source = ScriptSource.SITTING
    keep_scripts(paper.sitting.paper, [script], source=source, actor=actor, at=at)
