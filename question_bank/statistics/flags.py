"""What an item's figures call somebody to look at: its distractors and its flags."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from question_bank.statistics.rules import ItemMeasures, Whole


class Flag(StrEnum):
    """A reason to look at an item again; it decides nothing."""

    PROBABLE_MISKEY = "probable_miskey"
    DISTRACTOR_NEVER_CHOSEN = "distractor_never_chosen"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    NEGATIVE_DISCRIMINATION = "negative_discrimination"


@dataclass(frozen=True)
class Thresholds:
    """When an item is flagged.

    Attributes:
        fewest: with fewer attempts nothing is flagged.
        easy: a facility above this is too easy.
        hard: a facility below this is too hard; so is one below what guessing earns.
    """

    fewest: int = 20
    easy: float = 0.95
    hard: float = 0.2


@dataclass(frozen=True)
class OptionChosen:
    """How often one option was chosen, and by whom.

    Attributes:
        option: its place in the item as written, from 0.
        is_key: whether it is the right one.
        count: how many chose it.
        share: the same, of all attempts, 0 to 1.
        mean_rest: the mean of the rest of the marks of those who chose it; None when nobody did.
    """

    option: int
    is_key: bool
    count: int
    share: float
    mean_rest: float | None


def distractor_table(
    chosen: npt.NDArray[np.int64], rest: Whole, options: int, key: int, unit: int = 1
) -> tuple[OptionChosen, ...]:
    """Count who chose which option, with the mean of their other marks.

    Args:
        chosen: the option of each attempt, counted from 0 in the item as written; -1 for none.
        rest: the total less this item, of the same attempts, in units.
        options: how many options the item has.
        key: which of them is right.
        unit: how many units make one mark.

    Returns:
        A row an option, in the order of the item.
    """
    answered = chosen >= 0
    counts = np.bincount(chosen[answered], minlength=options)
    sums = [int(rest[chosen == option].sum()) for option in range(options)]
    return tuple(
        OptionChosen(
            option=option,
            is_key=option == key,
            count=int(counts[option]),
            share=int(counts[option]) / len(chosen) if len(chosen) else 0.0,
            mean_rest=sums[option] / (int(counts[option]) * unit) if counts[option] else None,
        )
        for option in range(options)
    )


def flags(
    measures: ItemMeasures,
    distractors: Sequence[OptionChosen] = (),
    thresholds: Thresholds | None = None,
) -> tuple[Flag, ...]:
    """Name what calls for a look; nothing at all below the fewest attempts.

    Args:
        measures: the item's figures.
        distractors: its table of options; empty for an item without options.
        thresholds: the house's own, or the usual ones.
    """
    limits = thresholds or Thresholds()
    if measures.n < limits.fewest or measures.facility is None:
        return ()
    return tuple(_found(measures, measures.facility, distractors, limits))


def _found(
    measures: ItemMeasures, facility: float, distractors: Sequence[OptionChosen], limits: Thresholds
) -> Iterator[Flag]:
    if _is_probably_miskeyed(distractors):
        yield Flag.PROBABLE_MISKEY
    if any(not one.count for one in distractors if not one.is_key):
        yield Flag.DISTRACTOR_NEVER_CHOSEN
    if facility > limits.easy:
        yield Flag.TOO_EASY
    if facility < max(limits.hard, 1 / len(distractors) if distractors else 0):
        yield Flag.TOO_HARD
    if measures.discrimination_index is not None and measures.discrimination_index < 0:
        yield Flag.NEGATIVE_DISCRIMINATION


def _is_probably_miskeyed(distractors: Sequence[OptionChosen]) -> bool:
    """Whether those who chose a distractor did better elsewhere than those who chose the key."""
    keys = [one.mean_rest for one in distractors if one.is_key]
    others = [one.mean_rest for one in distractors if not one.is_key and one.mean_rest is not None]
    if not keys or not others:
        return False
    return keys[0] is None or max(others) > keys[0]
