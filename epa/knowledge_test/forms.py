"""What the invigilator fills in about a sitting, and a marker's box for every question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from epa.knowledge_test.rules import SittingFacts
from epa.web.fields import DateBoxes, Question, TextBox, Tick, WholeNumber
from epa.web.forms import PlumblineForm
from question_bank.marking.rules import PaperQuestion, mark_from

_LONGEST_MINUTES = 24 * 60


class SittingForm(PlumblineForm):
    """A paper sitting."""

    held_on = DateBoxes(
        "Date of the test", called="The date of the test", hint="For example, 14 7 2026"
    )
    minutes = WholeNumber(
        "Minutes the candidate had",
        called="The minutes the candidate had",
        least=1,
        most=_LONGEST_MINUTES,
        unit="minutes",
    )
    adjustment = TextBox(
        "Why more minutes than the plan gives",
        rows=2,
        most_letters=1000,
        optional=True,
        hint="Only for extra time. It is confidential: name the agreed adjustment, no diagnosis.",
    )
    identity_checked = Tick(
        "The candidate's identity was checked before the test started",
        missing="Confirm that the identity was checked: without it the test cannot be marked",
    )
    venue_checked = Tick(
        "The venue was found suitable before the test started",
        missing="Confirm that the venue was checked: without it the test cannot be marked",
    )
    incidents = TextBox(
        "What happened that a reader of the result should know",
        called="What happened",
        rows=4,
        most_letters=4000,
        optional=True,
        hint="For example, an alarm, a late start, somebody taken ill.",
    )

    def facts(self) -> SittingFacts:
        """What was filled in; only of a form that is valid."""
        return SittingFacts(
            held_on=self.held_on.data,
            minutes=self.minutes.data,
            identity_checked=self.identity_checked.data,
            venue_checked=self.venue_checked.data,
            adjustment=self.adjustment.data or "",
            incidents=self.incidents.data or "",
        )


class MarkBox(Question):
    """One question's mark: blank is no mark, never 0."""

    def __init__(self, question: PaperQuestion, **kwargs: Any) -> None:
        """Ask for the mark of one question of the paper."""
        super().__init__(
            f"Question {question.number}",
            missing=f"Question {question.number} has no mark yet: enter {question.marks_in_words}",
            **kwargs,
        )
        self.question = question

    def understood(self) -> int:
        """Return the mark, if the question may get it."""
        return mark_from(self.question, self.typed)


def marks_form(paper: Sequence[PaperQuestion], marks: Sequence[int] | None) -> Any:
    """The form with one box for every question.

    Args:
        paper: the questions, in order.
        marks: what the marker entered last; None before the first time.
    """
    fields = {_name(question): MarkBox(question) for question in paper}
    form = type("MarksForm", (PlumblineForm,), fields)
    names = [_name(question) for question in paper]
    return form(data=dict(zip(names, marks, strict=True)) if marks is not None else None)


def box_of(form: Any, question: PaperQuestion) -> MarkBox:
    """The form's box for a question."""
    box: MarkBox = form[_name(question)]
    return box


def marks_typed(form: Any, paper: Sequence[PaperQuestion]) -> list[int | None]:
    """The marks in the paper's order, None where there is none."""
    return [box_of(form, question).data for question in paper]


def _name(question: PaperQuestion) -> str:
    return f"question_{question.number}"
