"""Marks for a whole paper: its layout, the marks a question may get, totals, two entries compared.

Source: the plan's marked method. The split of the paper into kinds of question, and the marks of
each kind, are the definition's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from frameworks import MarkedMethod

_FIGURES: Final = re.compile(r"\d{1,3}", re.ASCII)


@dataclass(frozen=True)
class PaperQuestion:
    """One question of a paper: its number from 1, its kind, and the marks that it may get."""

    number: int
    type_code: str
    type_title: str
    marks: tuple[int, ...]

    @property
    def marks_in_words(self) -> str:
        """The marks it may get, as one says them: '0 or 1', '0, 1 or 2'."""
        *others, last = map(str, self.marks)
        return f"{', '.join(others)} or {last}"


@dataclass(frozen=True)
class PaperSection:
    """The questions of one kind, next to each other on the paper."""

    title: str
    questions: tuple[PaperQuestion, ...]

    @property
    def marks_in_words(self) -> str:
        """The marks each of its questions may get."""
        return self.questions[0].marks_in_words

    @property
    def marks_max(self) -> int:
        """The most marks that the section may earn."""
        return sum(max(question.marks) for question in self.questions)


class MarkFault(ValueError):
    """A mark that a question cannot be given; the text is a sentence for the person."""


class PaperFaults(ValueError):
    """Marks that cannot stand for a paper: a sentence for each question, by its number.

    Args:
        faults: the sentences by question number; 0 for the paper as a whole.
    """

    def __init__(self, faults: Mapping[int, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = dict(faults)


def layout(method: MarkedMethod) -> tuple[PaperQuestion, ...]:
    """The paper's questions in order: the definition's kinds one after the other, from 1."""
    kinds = [kind for kind in method.question_types for _ in range(kind.count)]
    return tuple(
        PaperQuestion(number, kind.code, kind.title, tuple(sorted(kind.marks)))
        for number, kind in enumerate(kinds, start=1)
    )


def sections(paper: Sequence[PaperQuestion]) -> tuple[PaperSection, ...]:
    """The paper's questions grouped by kind, in the paper's order."""
    return tuple(
        PaperSection(title, tuple(questions))
        for title, questions in groupby(paper, key=lambda question: question.type_title)
    )


def mark_from(question: PaperQuestion, typed: str) -> int:
    """The mark that somebody typed for a question.

    Raises:
        MarkFault: nothing was typed (a blank is not 0), or the question cannot get this mark.
    """
    text = typed.strip()
    if not text:
        raise MarkFault(
            f"Question {question.number} has no mark yet: enter {question.marks_in_words}"
        )
    if not _FIGURES.fullmatch(text) or int(text) not in question.marks:
        raise MarkFault(f"Question {question.number} can only be given {question.marks_in_words}")
    return int(text)


def checked(paper: Sequence[PaperQuestion], marks: Sequence[int | None]) -> tuple[int, ...]:
    """The marks of a whole paper, once every question has one that it may get.

    Raises:
        PaperFaults: every question that lacks a mark or has one it cannot get, by number.
    """
    if len(marks) != len(paper):
        raise PaperFaults(
            {0: f"The paper has {len(paper)} questions, but {len(marks)} marks were given."}
        )
    faults: dict[int, str] = {}
    for question, mark in zip(paper, marks, strict=True):
        try:
            mark_from(question, "" if mark is None else str(mark))
        except MarkFault as fault:
            faults[question.number] = str(fault)
    if faults:
        raise PaperFaults(faults)
    return tuple(mark for mark in marks if mark is not None)


def total(paper: Sequence[PaperQuestion], marks: Sequence[int | None]) -> int:
    """The total of a fully marked paper.

    Raises:
        PaperFaults: see ``checked``; a paper with a blank has no total.
    """
    return sum(checked(paper, marks))


def differences(first: Sequence[int], second: Sequence[int]) -> tuple[int, ...]:
    """The numbers of the questions to which two people gave different marks.

    Args:
        first: one person's marks for the whole paper, in order.
        second: the other's, equally many.
    """
    pairs = zip(first, second, strict=True)
    return tuple(number for number, (one, other) in enumerate(pairs, start=1) if one != other)
