"""Turns of phrase that the explanations of every scheme use."""

from collections.abc import Sequence

LONGEST_LIST = 6


def listed(names: Sequence[str]) -> str:
    """Return `K1`, `K1 and K2` or `K1, K2 and K3`."""
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def are(number: int) -> str:
    """Return `is` for one and `are` for any other number."""
    return "is" if number == 1 else "are"
