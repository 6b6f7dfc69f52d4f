"""The table of what was measured, and what of it is out of bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bench.measuring import Cost

OVER: Final = "OVER"
_HEAD: Final = f"{'':44}{'p50':>8}{'p95':>8}{'CPU':>8}{'floor':>8}{'ratio':>7}{'bar':>5}"
_MORE: Final = f"{'queries':>12}{'rows read':>15}"


@dataclass(frozen=True)
class Line:
    """One page or save: its cost, and its queries and rows read with few and with all apprentices.

    ``queries`` and ``rows`` are empty for a save.
    """

    title: str
    cost: Cost
    bar: float
    queries: tuple[int, ...] = ()
    rows: tuple[int, ...] = ()

    @property
    def is_within(self) -> bool:
        """Whether it costs no more than it may, and its queries do not grow with the rows."""
        return self.cost.ratio <= self.bar and len(set(self.queries)) <= 1


def table(title: str, lines: Iterable[Line]) -> Iterator[str]:
    """The lines of the table as they are known; the last says how many are within their bar."""
    yield title
    yield f"{_HEAD}{_MORE}"
    within = over = 0
    for line in lines:
        cost = line.cost
        within, over = within + line.is_within, over + (not line.is_within)
        figures = "".join(f"{one:8.1f}" for one in (cost.p50, cost.p95, cost.cpu, cost.floor))
        queries, rows = _growing(line.queries), _growing(line.rows)
        verdict = "within" if line.is_within else OVER
        yield (
            f"{line.title:44}{figures}{cost.ratio:7.2f}{line.bar:5.1f}"
            f"{queries:>12}{rows:>15}  {verdict}"
        ).rstrip()
    yield f"{within} of {within + over} within their bar"


def _growing(numbers: tuple[int, ...]) -> str:
    """Such as "21 = 21" or "21 < 400"."""
    if not numbers:
        return ""
    few, many = numbers
    sign = "=" if few == many else "<" if few < many else ">"
    return f"{few} {sign} {many}"
