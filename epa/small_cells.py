"""Small cells: which numbers are left out so that nobody is found, not even by subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """Which of some numbers are left out, by their place, and whether their sum may be shown."""

    places: frozenset[int]
    sum_is_shown: bool


def left_out(numbers: Sequence[int], threshold: int) -> LeftOut:
    """Leave small numbers out, and as many others that no difference gives a small one away.

    Whoever subtracts what is shown from the sum is left with all hidden numbers together: they must
    be at least two and come to at least the threshold. The smallest of the others is hidden until
    that is so; where there is none left, the sum is hidden.

    Args:
        numbers: how many people each group has, one or more.
        threshold: how many people a group that is shown has at least.
    """
    by_size = sorted(range(len(numbers)), key=lambda place: (numbers[place], place))
    hidden = {place for place in by_size if numbers[place] < threshold}

    def is_safe() -> bool:
        together = sum(numbers[place] for place in hidden)
        return not hidden or (len(hidden) > 1 and together >= threshold)

    for place in by_size:
        if is_safe():
            break
        hidden.add(place)
    return LeftOut(frozenset(hidden), is_safe())
