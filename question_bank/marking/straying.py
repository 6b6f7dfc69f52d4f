"""When a marker meets a seed, an answer whose mark is agreed, and when too many of theirs differ."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class SeedRule:
    """How often a marker meets a seed and how much is too much, in the EPAO's own numbers.

    Attributes:
        every: one seed among so many answers; 0 for none.
        last: so many of a marker's newest seeds count.
        misses: with so many of them marked differently the marker is stopped.
    """

    every: int
    last: int
    misses: int


def seeds_by(seed: str, marked: int, every: int) -> int:
    """How many seeds a marker has met by so many answers: one in each row of them, at no fixed place.

    Args:
        seed: draws the places; the same again for the same marker and question.
        marked: how many answers they have marked, seeds not counted.
        every: how many answers make a row; 0 for no seeds.
    """
    if not every:
        return 0
    whole, into = divmod(marked, every)
    return whole + (into >= _place(seed, whole, every))


def strays(differences: Sequence[int], rule: SeedRule) -> bool:
    """Whether a marker is stopped.

    Args:
        differences: of each seed the marker's mark less the agreed one, in the order of marking.
        rule: the EPAO's.
    """
    return missed(differences, rule) >= rule.misses


def missed(differences: Sequence[int], rule: SeedRule) -> int:
    """How many of a marker's newest seeds were marked differently."""
    return sum(one != 0 for one in differences[-rule.last :])


def _place(seed: str, row: int, every: int) -> int:
    digest = hashlib.sha256(f"seed:{seed}:{row}".encode()).hexdigest()
    return int(digest[:8], 16) % every
