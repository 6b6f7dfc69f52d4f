"""A mark that somebody gives, be it of a seed; a marked paper's way to its grade and the figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from epa.answer_marking import queries
from epa.clock import london_date
from epa.in_transaction import lock
from epa.knowledge_test.queries import method_of
from epa.knowledge_test.services import correct_total, grade_total
from epa.people.models import Person
from epa.settings import queries as settings
from question_bank.marking import corrections, seeding, seeds
from question_bank.marking import queries as marking
from question_bank.marking import services as marks
from question_bank.marking.answers import AnswerState, MarkFields
from question_bank.marking.models import AnswerToMark, PaperToMark
from question_bank.papers.queries import questions_of
from question_bank.responses.queries import standard_error_of
from question_bank.responses.rules import Answer, MarkedScript, ScriptSource
from question_bank.responses.services import keep_scripts
from question_bank.sittings.queries import chosen_of
from question_bank.sittings.rules import SittingState, SittingStep
from question_bank.sittings.services import take

_REFERENCE_LETTERS: Final = 12
_ANEW: Final = "Marked anew by a corrected key or guide"


def give(
    answer: AnswerToMark,
    fields: MarkFields,
    also: Sequence[AnswerToMark] = (),
    *,
    actor: Person,
    at: datetime,
) -> None:
    """Give an answer a mark; that of a seed tells whether its marker strays.

    Raises:
        RuleBroken: the mark cannot be, or somebody marked the answer meanwhile.
    """
    if answer.state is not AnswerState.SETTLED:
        marks.give(answer, fields, also, actor=actor, at=at)
    elif seeding.give(answer, fields, actor=actor, at=at):
        seeding.stop_if_straying(actor, answer.version.item.bank.epao_id, at=at)


def take_back(answer: AnswerToMark, *, actor: Person, at: datetime) -> None:
    """Take one's newest mark of an answer back.

    Raises:
        RuleBroken: somebody has marked it since, or the paper is settled.
    """
    undo = seeding.take_back if seeds.has_seed_mark(answer, actor) else marks.take_back
    undo(answer, actor=actor, at=at)


def bring_home(paper: PaperToMark, *, at: datetime) -> bool:
    """Settle a paper that waits for nobody's mark, grade it and keep its marks for the figures.

    Graded is on the total, by the same rules as on paper, in the name of whoever gave the last
    mark; nothing is released by it. It may be done again: what is done stays as it is. The grade of
    a paper that was marked anew follows.

    Args:
        paper: one that markers had.
        at: when.

    Returns:
        Whether the test is graded by this.
    """
    attempt, sat = queries.attempt_of(paper), paper.sitting.paper
    error = standard_error_of(sat) or float(settings.value("near_boundary_marks"))
    boundaries = [one.lowest for one in method_of(attempt).boundaries]
    lock(paper.sitting)
    if paper.sitting.state is not SittingState.SUBMITTED:
        return False
    if not marks.settle(paper, boundaries, error, at=at):
        return False
    lock(attempt)
    actor, is_anew = marking.last_marker(paper), corrections.is_marked_anew(paper)
    if actor is None or paper.total is None or queries.why_held(paper) is not None:
        return False
    take(paper.sitting, SittingStep.MARK, actor=actor, at=at)
    if is_anew:
        correct_total(attempt, paper.total, actor=actor, at=at)
    else:
        held_on = london_date(paper.sitting.started_at or paper.taken_in_at)
        grade_total(attempt, paper.total, held_on=held_on, actor=actor, at=at)
    _keep_marks(paper, _ANEW if is_anew else "", actor=actor, at=at)
    return True


def _keep_marks(paper: PaperToMark, reason: str, *, actor: Person, at: datetime) -> None:
    given, chosen = marking.marks_of(paper), chosen_of(paper.sitting)
    answers = tuple(
        Answer(one.version.id, given[one.number], chosen.get(one.number))
        for one in questions_of(paper.sitting.paper)
    )
    reference = f"S-{paper.sitting.id.hex[:_REFERENCE_LETTERS]}"
    script = MarkedScript(reference, answers)
    source, sat = ScriptSource.SITTING, paper.sitting.paper
    keep_scripts(sat, [script], source=source, reason=reason, actor=actor, at=at)
