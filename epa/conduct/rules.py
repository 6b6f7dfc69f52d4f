"""The questions of an assessor's day, the prompts drawn for them, and what was measured of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from epa.errors import RuleBroken
from frameworks.assessment_plan import JudgedMethod

QUESTION_LETTERS: Final = 1000
ANSWER_LETTERS: Final = 4000
FURTHEST_QUESTION: Final = 99


@dataclass(frozen=True)
class Measured:
    """What the clock, the questions and the files say of a day; None where they were not used.

    ``started`` and ``ended`` are clock times in London on ``held_on``.
    """

    held_on: date | None = None
    started: time | None = None
    ended: time | None = None
    main_minutes: int | None = None
    main_added: bool = False
    question_minutes: int | None = None
    questions_added: bool = False
    questions_asked: int | None = None
    recordings: int = 0


@dataclass(frozen=True)
class QuestionFields:
    """A question that was asked, with its answer.

    Args:
        number: 1 for the first question.
        follow_up: 0 for the question itself, 1 for the first one that follows it up.
        question: what was asked; empty, with no answer, takes it back.
        answer: what was answered.
        ksbs: the codes of the KSBs that the answer is evidence for.
        token: a name the browser gives to one save, so that a repeated save is kept once.
    """

    number: int
    question: str
    answer: str
    follow_up: int = 0
    ksbs: tuple[str, ...] = ()
    token: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not (self.question.strip() or self.answer.strip())


@dataclass(frozen=True)
class PromptName:
    """An item of a bank in one version: what a question was drawn as."""

    reference: str
    version: int

    def __str__(self) -> str:
        return f"{self.reference}, version {self.version}"


@dataclass(frozen=True)
class PromptShown:
    """A prompt that was drawn for a question, as its assessor sees it.

    Args:
        name: which item and version it is.
        text: the question.
        guide: what a good answer shows.
        ksbs: the codes of the KSBs it was written about.
        drawn_at: when it was drawn.
    """

    name: PromptName
    text: str
    guide: tuple[str, ...]
    ksbs: tuple[str, ...]
    drawn_at: datetime


@dataclass(frozen=True)
class PassedPrompt:
    """A prompt that was drawn for a question and not asked."""

    number: int
    name: PromptName
    reason: str


@dataclass(frozen=True)
class DayPrompts:
    """The prompts of a day: the one that stands for each question, and those passed over."""

    standing: Mapping[int, PromptShown] = field(default_factory=dict)
    passed_over: tuple[PassedPrompt, ...] = ()


def must_be_a_question(fields: QuestionFields, ksbs: Sequence[str]) -> None:
    """Refuse a question without a place, without words, or for a KSB of another method.

    Raises:
        RuleBroken: what is wrong, with its field.
    """
    if not (1 <= fields.number <= FURTHEST_QUESTION and 0 <= fields.follow_up <= FURTHEST_QUESTION):
        raise RuleBroken("unknown-question", "There is no such question.")
    if not fields.question.strip() and fields.answer.strip():
        raise RuleBroken("empty-question", "Write what was asked.", "question")
    for text, most, box in (
        (fields.question, QUESTION_LETTERS, "question"),
        (fields.answer, ANSWER_LETTERS, "answer"),
    ):
        if len(text) > most:
            raise RuleBroken("too-long", f"At most {most:,} characters; it has {len(text):,}.", box)
    for code in fields.ksbs:
        if code not in ksbs:
            raise RuleBroken("unknown-ksb", f"{code} is not judged in this method.", "ksbs")


def counted_questions(method: JudgedMethod, asked: Iterable[tuple[int, int]]) -> int:
    """How many questions count against the plan's number.

    Args:
        method: the method; its definition says whether follow-ups count.
        asked: number and follow-up of each question that was asked.
    """
    return sum(
        1 for _number, follow_up in asked if follow_up == 0 or method.questions.follow_ups_counted
    )
