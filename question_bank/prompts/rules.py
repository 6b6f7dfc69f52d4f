"""A prompt drawn from a pool: each equally likely, and the same again from the same seed."""

from __future__ import annotations

from collections.abc import Sequence

from question_bank.drawing.chance import Chance


def drawn_from(pool: Sequence[str], seed: int) -> str:
    """The prompt that a seed draws from a pool.

    Args:
        pool: the names of the prompts that might be drawn, in the order in which they are stored
            with the draw; at least one.
        seed: what the draw begins from.
    """
    return pool[Chance(seed).below(len(pool))]
