"""Chance from a seed, the same on every machine and with every release of Python."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of choices that a seed determines.

    Built on `random()` alone, the one method whose sequence Python promises not to change. A seed
    is a secret until the paper is sat: whoever draws takes it from the system's own source.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed).random  # noqa: S311 - a paper is drawn again from its seed

    def below(self, end: int) -> int:
        """A whole number from 0 to end - 1, each equally likely."""
        return int(self._random() * end)

    def in_any_order(self, values: Sequence[T]) -> Iterator[T]:
        """The values in an order that chance decides, worked out only as far as it is read."""
        moved: dict[int, int] = {}
        for last in range(len(values) - 1, -1, -1):
            place = self.below(last + 1)
            yield values[moved.get(place, place)]
            moved[place] = moved.pop(last, last)
