"""How far an apprentice of the demonstration has come: the words in which the forty are told.

Days count from the day of loading: -14 is two weeks ago, 7 is in a week. A day on a weekend is moved
away from today, to the nearest weekday.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from epa.lifecycle.rules import Stage
from epa.portfolio.rules import PortfolioStatus


class Reach(IntEnum):
    """How far one method has come; each includes what is before it."""

    NOBODY = 0
    ALLOCATED = 1
    DATED = 2
    BEGUN = 3  # half a mark sheet; a test that is sat, with one entry
    DIFFERING = 4  # a test with two entries that differ
    GRADED = 5
    RELEASED = 6


@dataclass(frozen=True)
class Method:
    """One method: how far it has come, when it is or was, what it came to.

    ``score`` is how many KSBs are at Distinction, or the test's marks; ``fails`` how many KSBs
    are at Fail. ``who`` is an assessor's key; empty takes whoever is free. ``is_kept_live`` says
    that the day itself was kept here: its clocks, its questions, what the assessor said of it.
    """

    reach: Reach = Reach.NOBODY
    on: int = 0
    score: int = 0
    fails: int = 0
    who: str = ""
    is_kept_live: bool = False


@dataclass(frozen=True)
class Gate:
    """A gateway that is not decided: what was supplied, accepted, rejected, and by when."""

    opened: int
    supplied: tuple[str, ...]
    accepted: tuple[str, ...] = ()
    rejected: str = ""
    ready: bool | None = None
    portfolio: PortfolioStatus = PortfolioStatus.DRAFT


@dataclass(frozen=True)
class Story:
    """One apprentice's way so far.

    ``months`` since learning started. ``paused`` is a break in learning, first and last day; no
    last day while it lasts. ``accepted`` is the day on which the gateway was. ``file_after`` is
    how many days later the presentation's file came. ``overall`` is the day of the released
    result. ``again`` is a failed method and the day on which it was asked for again. ``ended`` is
    where the way left the road, and when.
    """

    months: int
    pieces: int = 24
    service_users: int = 4
    paused: tuple[int, int | None] | None = None
    gate: Gate | None = None
    accepted: int | None = None
    methods: dict[str, Method] = field(default_factory=dict)
    file_after: int | None = 14
    overall: int | None = None
    again: tuple[str, int] | None = None
    ended: tuple[Stage, int] | None = None


@dataclass(frozen=True)
class Apprentice:
    """One row of the forty."""

    given: str
    family: str
    address: str  # what stands before the @; empty for somebody without an address
    employer: str
    provider: str
    story: Story


TIME: Final = "time_on_programme"
OFF_THE_JOB: Final = "off_the_job"
QUALIFICATIONS: Final = "english_and_mathematics"
PORTFOLIO: Final = "portfolio"
PERMISSION: Final = "certificate_permission"
CONFIRMATION: Final = "employer_confirmation"

# What somebody supplies on the gateway's own page; the portfolio and the employer stand apart.
SUPPLIED: Final = (TIME, OFF_THE_JOB, QUALIFICATIONS, PERMISSION)

OBSERVATION: Final = "observation"
PRESENTATION: Final = "presentation"
TEST: Final = "knowledge_test"
