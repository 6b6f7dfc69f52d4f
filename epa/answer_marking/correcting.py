"""Marking anew by a corrected key or guide: whom it concerns, and how the grades follow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from epa.answer_marking import queries
from epa.audit.services import record
from epa.background.queue import later
from epa.knowledge_test.queries import method_of
from epa.lifecycle import services as lifecycle
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import GRADE_TITLES, Grade
from epa.people.models import Person
from question_bank.items.models import ItemVersion
from question_bank.marking import correcting, corrections
from question_bank.marking import queries as marking
from question_bank.marking.effects import Shift, shift_of
from question_bank.marking.models import PaperToMark, RemarkedPaper, Remarking
from question_bank.marking.services import BRING_HOME
from question_bank.sittings import queries as sittings


@dataclass(frozen=True)
class Effect:
    """What marking one question anew comes to for one paper.

    Attributes:
        paper: whose question it is.
        attempt: what the paper was sat for.
        before: the question's mark as it stands.
        after: its new mark; None where people give it.
        shift: what becomes of the total; None while other marks of the paper are open.
        grades: the grade as it stands, then those that it may become; None with `shift`.
        is_released: whether the grade is.
    """

    paper: PaperToMark
    attempt: MethodAttempt
    before: int
    after: int | None
    shift: Shift | None
    grades: tuple[str, ...]
    is_released: bool

    @property
    def crosses(self) -> bool:
        """Whether the grade may become another one."""
        return len(self.grades) > 1


def effects(version: ItemVersion, by: ItemVersion) -> list[Effect]:
    """Every paper whose mark for a version changes, or is given anew, by another version.

    Args:
        version: what was asked.
        by: the version by whose key or guide answers are to count.
    """
    found = (_effect(paper, version, by) for paper in corrections.papers_asking(version.id))
    return [one for one in found if one is not None]


def note_reading(version: ItemVersion, papers: int, *, actor: Person, at: datetime) -> None:
    """Write down that somebody was shown marks and grades that a correction touches."""
    if papers:
        record(actor, "marks by a corrected version read", version, at=at, papers=papers)


def decide(
    remarking: Remarking, reason: str, *, is_agreed: bool, actor: Person, at: datetime
) -> None:
    """Agree to a re-marking, or not.

    What is not released is marked anew at once, and its grade follows when every mark is settled.
    What is released stays as it is and waits for somebody's decision.

    Raises:
        NotAllowed: the actor asked for it.
        RuleBroken: it is decided already, or nothing says why.
    """
    touched = effects(remarking.version, remarking.by_version) if is_agreed else []
    correcting.decide(remarking, reason, is_agreed=is_agreed, actor=actor, at=at)
    for one in touched:
        row = correcting.note(remarking, one.paper, was_released=one.is_released, after=one.after)
        if not one.is_released:
            _apply(row, actor=actor, at=at)


def decide_released(
    row: RemarkedPaper, reason: str, *, is_changed: bool, actor: Person, at: datetime
) -> None:
    """Take a released result back, so that it follows the correction, or let it stand.

    What was taken back is released anew, by somebody who had no part in the grade.

    Raises:
        RuleBroken: it is decided already, nothing says why, or the result can no longer be taken
            back.
    """
    correcting.decide_released(row, reason, is_changed=is_changed, actor=actor, at=at)
    if is_changed:
        lifecycle.take_back_release(queries.attempt_of(row.paper), actor=actor, at=at)
        _apply(row, actor=actor, at=at)


def _apply(row: RemarkedPaper, *, actor: Person, at: datetime) -> None:
    correcting.apply(row, actor=actor, at=at)
    later(BRING_HOME, row.paper_id)


def _effect(paper: PaperToMark, version: ItemVersion, by: ItemVersion) -> Effect | None:
    number, marks = corrections.number_of(paper, version.id), marking.marks_of(paper)
    if number not in marks:
        return None
    asked = sittings.layout_of(paper.sitting)
    after = None
    if version.key is not None:
        is_right = sittings.chosen_of(paper.sitting).get(number) == by.key
        after = asked[number].marks if is_right else 0
    elif not _is_by_people(paper, number):
        return None
    if after == marks[number]:
        return None
    attempt, shift = queries.attempt_of(paper), None
    if set(marks) == set(asked):
        total = sum(marks.values())
        shift = shift_of(total, marks[number], anew=after, most=asked[number].marks)
    return Effect(
        paper=paper,
        attempt=attempt,
        before=marks[number],
        after=after,
        shift=shift,
        grades=_grades(attempt, shift) if shift else (),
        is_released=attempt.released_at is not None,
    )


def _is_by_people(paper: PaperToMark, number: int) -> bool:
    """Whether people marked an answer; a blank keeps the 0 that the plan gives it."""
    answers = marking.answers_of(paper)
    return any(one.number == number and one.first_by_id is not None for one in answers)


def _grades(attempt: MethodAttempt, shift: Shift) -> tuple[str, ...]:
    boundaries = sorted(method_of(attempt).boundaries, key=lambda one: one.lowest)

    def grade(total: int) -> str:
        reached = [one for one in boundaries if one.lowest <= total]
        return GRADE_TITLES[Grade(reached[-1].grade)]

    totals = (shift.before, *range(shift.least, shift.most + 1))
    return tuple(dict.fromkeys(map(grade, totals)))
