"""What marking by a later version's key or guide would change, worked out before anybody agrees to it."""

from __future__ import annotations

from dataclasses import dataclass

from question_bank.interchange.item import Item


def why_not(asked: Item, by: Item) -> str | None:
    """Why answers to one version cannot be marked by another one; None where they can.

    A corrected key or guide is a later version of the same question: what the candidate read must
    be the same to the letter, or the answers are to something else.

    Args:
        asked: what was asked.
        by: the version that has what counts now.
    """
    read = [(one.stem, tuple(option.text for option in one.options)) for one in (asked, by)]
    if read[0] != read[1] or asked.marks != by.marks:
        return "The newer version asks something else: answers to this one cannot be marked by it."
    if (asked.key, asked.guide, asked.model_answer) == (by.key, by.guide, by.model_answer):
        return "The newer version is marked as this one is."
    return None


@dataclass(frozen=True)
class Shift:
    """What becomes of a paper's total: where people mark anew, from the least to the most it may be.

    Attributes:
        before: the total as it stands, in marks.
        least: the lowest that it may come to.
        most: the highest.
    """

    before: int
    least: int
    most: int


def shift_of(total: int, mark: int, *, anew: int | None, most: int) -> Shift:
    """What one question's new mark makes of a total.

    Args:
        total: as it stands.
        mark: the question's mark in it.
        anew: its new mark; None where people are to give one.
        most: the most marks that the question gives.
    """
    rest = total - mark
    return Shift(total, rest + (anew or 0), rest + (most if anew is None else anew))
