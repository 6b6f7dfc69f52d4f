"""The measuring itself: turns of a page or save and of its floor, one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

PAGE_BAR: Final = 2.5
SAVE_BAR: Final = 3.0
MOST_SECONDS: Final = 20.0
_LEAST_ROUNDS: Final = 3
_PERCENT: Final = 100


@dataclass(frozen=True)
class Cost:
    """What something costs beside its floor.

    Milliseconds: ``p50`` and ``p95`` by the clock on the wall, ``cpu`` and ``floor`` of this
    process at the median.
    """

    p50: float
    p95: float
    cpu: float
    floor: float

    @property
    def ratio(self) -> float:
        """How many times its floor's CPU it costs."""
        return self.cpu / self.floor


def cost_of(act: Callable[[], object], floor: Callable[[], object], rounds: int) -> Cost:
    """Take turns so that whatever else the machine does falls on both.

    Args:
        act: what is measured.
        floor: the bare view that does the same.
        rounds: how many turns at most; no more are begun after ``MOST_SECONDS``.
    """
    act(), floor()
    acts: list[tuple[float, float]] = []
    floors: list[tuple[float, float]] = []
    end = time.monotonic() + MOST_SECONDS
    while len(acts) < rounds and (len(acts) < _LEAST_ROUNDS or time.monotonic() < end):
        acts.append(_timed(act))
        floors.append(_timed(floor))
    walls = [wall for wall, _cpu in acts]
    return Cost(
        p50=median(walls),
        p95=quantiles(walls, n=_PERCENT, method="inclusive")[94],
        cpu=median(cpu for _wall, cpu in acts),
        floor=median(cpu for _wall, cpu in floors),
    )


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """How long something takes by the wall's clock and of this process, in milliseconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000
