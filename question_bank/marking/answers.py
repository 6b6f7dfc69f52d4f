"""Marks for written answers: ticks, whose turn it is, what is marked twice, which say the same.

Source: the plan's marked method (wrong or missing: 0; partly correct earns less) and the EPAO's
marking guide. Nobody's two marks are ever averaged: a difference goes to a third person.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class AnswerState(StrEnum):
    """Whose mark an answer waits for; settled when it waits for nobody's."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class TwiceFor(StrEnum):
    """Why an answer is marked by a second person."""

    SAMPLE = "sample"
    BOUNDARY = "boundary"
    NEW_MARKER = "new_marker"
    NEW_QUESTION = "new_question"
    FLAGGED = "flagged"


class MarkKind(StrEnum):
    """What somebody did: looked at nothing yet, gave a mark that counts, or took one back."""

    PROVISIONAL = "provisional"
    FINAL = "final"
    TAKEN_BACK = "taken_back"


OPEN: Final = (AnswerState.FIRST, AnswerState.SECOND, AnswerState.THIRD)
TWICE_TITLES: Final[Mapping[TwiceFor, str]] = {
    TwiceFor.SAMPLE: "Drawn at random",
    TwiceFor.BOUNDARY: "Total near a boundary",
    TwiceFor.NEW_MARKER: "The marker is new",
    TwiceFor.NEW_QUESTION: "The question is new",
    TwiceFor.FLAGGED: "Flagged by its marker",
}
REASON_LETTERS: Final = 500
_SHARE_OF: Final = 100


class MarkRefused(ValueError):
    """A mark that an answer cannot be given.

    Args:
        code: a stable name of what is wrong.
        message: a sentence for the marker.
        field: what it is about.
    """

    def __init__(self, code: str, message: str, field: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field


@dataclass(frozen=True)
class MarkFields:
    """What a marker says of an answer.

    Attributes:
        ticks: the guide's points that the answer makes, from 1; empty where it was said that it
            makes none, None where nothing was said: a key pressed once too often gives no 0.
        mark: a mark other than the ticks come to; None where these decide.
        reason: why it is another.
        is_flagged: whether somebody else should look at it too.
    """

    ticks: tuple[int, ...] | None = None
    mark: int | None = None
    reason: str = ""
    is_flagged: bool = False


@dataclass(frozen=True)
class Sampling:
    """When a first mark calls for a second, in the EPAO's own numbers.

    Attributes:
        percent: the share of answers that is drawn.
        marker_marks: so many marks make a marker no longer new.
        question_marks: so many settled answers make a version no longer new.
    """

    percent: int
    marker_marks: int
    question_marks: int


def mark_for(ticks: Collection[int], most: int) -> int:
    """The mark that ticked points come to: one each, up to what the question gives."""
    return min(most, len(set(ticks)))


def mark_of(fields: MarkFields, points: int, most: int) -> int:
    """The mark that a marker's fields come to.

    Args:
        fields: what they say.
        points: how many points the guide has.
        most: the most marks that the question gives.

    Raises:
        MarkRefused: a tick is on no point, the mark is out of range or missing, or is another
            than the ticks come to and nothing says why.
    """
    ticks = fields.ticks or ()
    if not set(ticks) <= set(range(1, points + 1)):
        raise MarkRefused("no-such-point", "The guide has no such point.", "ticks")
    ticked = mark_for(ticks, most)
    if fields.mark is None:
        if not points:
            raise MarkRefused("mark-missing", f"Choose a mark from 0 to {most}", "mark")
        if fields.ticks is None:
            raise MarkRefused("nothing-said", "Tick the points, or that there are none", "ticks")
        return ticked
    if not 0 <= fields.mark <= most:
        raise MarkRefused("no-such-mark", f"The mark must be from 0 to {most}", "mark")
    if points and fields.mark != ticked and not fields.reason.strip():
        said = f"The points ticked come to {ticked}: enter why the mark is {fields.mark}"
        raise MarkRefused("reason-missing", said, "reason")
    return fields.mark


def state_of(marks: Sequence[int], *, is_twice: bool) -> AnswerState:
    """Whose mark an answer waits for.

    Args:
        marks: those that count, in the order in which they were given: at most three.
        is_twice: whether a second person marks it.
    """
    if not marks:
        return AnswerState.FIRST
    if len(marks) == 1:
        return AnswerState.SECOND if is_twice else AnswerState.SETTLED
    if len(marks) == 2 and marks[0] != marks[1]:  # noqa: PLR2004 (two people's marks)
        return AnswerState.THIRD
    return AnswerState.SETTLED


def settled_mark(marks: Sequence[int], *, is_twice: bool) -> int | None:
    """The mark that an answer is given in the end; None while it waits for somebody's."""
    return marks[-1] if state_of(marks, is_twice=is_twice) is AnswerState.SETTLED else None


def is_in_sample(seed: str, number: int, percent: int) -> bool:
    """Whether an answer is drawn for a second mark; the same seed draws the same again."""
    return int(_digest(seed, str(number))[:8], 16) % _SHARE_OF < percent


def twice_for(
    sampling: Sampling, *, drawn: bool, marker_marks: int, question_marks: int, is_flagged: bool
) -> tuple[TwiceFor, ...]:
    """Why an answer needs a second mark once it has its first; nothing where it needs none.

    Args:
        sampling: the EPAO's numbers.
        drawn: whether it is in the sample.
        marker_marks: how many marks its marker has given before.
        question_marks: how many answers to its version are settled.
        is_flagged: whether its marker asks for somebody else's look.
    """
    said = {
        TwiceFor.SAMPLE: drawn,
        TwiceFor.NEW_MARKER: marker_marks < sampling.marker_marks,
        TwiceFor.NEW_QUESTION: question_marks < sampling.question_marks,
        TwiceFor.FLAGGED: is_flagged,
    }
    return tuple(why for why, holds in said.items() if holds)


def is_near(total: int, boundaries: Iterable[int], error: float) -> bool:
    """Whether a total lies within an error of the lowest mark of a grade above the lowest.

    Args:
        total: of the whole paper, in marks.
        boundaries: the lowest mark of each grade; that of the lowest grade, 0, is no boundary.
        error: the standard error of the test, in marks.
    """
    return any(abs(total - one) <= error for one in boundaries if one > 0)


def folded(words: str) -> str:
    """An answer without what makes no difference to its mark: case, punctuation and spaces."""
    plain = unicodedata.normalize("NFKC", words).casefold()
    kept = (one if one.isalnum() else " " for one in plain)
    return " ".join("".join(kept).split())


def said_alike(words: str) -> str:
    """What answers that say the same have in common: SHA-256 of the folded words."""
    return hashlib.sha256(folded(words).encode("utf-8", "surrogatepass")).hexdigest()


def is_blank(words: str) -> bool:
    """Whether nothing was written."""
    return not words.strip()


def in_order(seed: str, ids: Iterable[UUID]) -> list[UUID]:
    """Answers in one marker's own random order; it tells nothing of whose they are."""
    return sorted(ids, key=lambda one: _digest(seed, str(one)))


def following(seed: str, ids: Iterable[UUID], after: UUID | None) -> UUID | None:
    """The answer that comes next in a marker's order, from the beginning again after the last.

    Args:
        seed: the marker's for this question.
        ids: the answers that may come.
        after: the one at hand, which does not come again; None before the first.
    """
    ordered = in_order(seed, (one for one in ids if one != after))
    if after is None:
        return next(iter(ordered), None)
    place = _digest(seed, str(after))
    later = (one for one in ordered if _digest(seed, str(one)) > place)
    return next(later, ordered[0] if ordered else None)


def _digest(seed: str, what: str) -> str:
    return hashlib.sha256(f"{seed}:{what}".encode()).hexdigest()
