"""The forty apprentices of the demonstration, in the order in which they are loaded."""

from __future__ import annotations

from typing import Final

from epa.demonstration.before_the_period import AT_THE_GATEWAY, OFF_THE_ROAD, ON_PROGRAMME
from epa.demonstration.in_the_period import IN_THE_PERIOD
from epa.demonstration.with_results import CLOSED, COMPLETE, WAITING_FOR_RESULTS

# Longest ago first, so that statements are numbered in the order of their release.
APPRENTICES: Final = tuple(
    sorted(
        (
            *ON_PROGRAMME,
            *AT_THE_GATEWAY,
            *IN_THE_PERIOD,
            *WAITING_FOR_RESULTS,
            *COMPLETE,
            *OFF_THE_ROAD,
            *CLOSED,
        ),
        key=lambda one: one.story.accepted or 0,
    )
)
