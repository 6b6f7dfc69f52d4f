"""Who may ask for an adjustment and until when, and what a decision must say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from epa.allowances.rules import DETAIL_LETTERS, MOST_BREAK_MINUTES, MOST_EXTRA_PERCENT, Granted
from epa.errors import RuleBroken
from epa.lifecycle.rules import STAGE_TITLES, Stage
from epa.people.rules import Role

# From registration on, until every method is held.
OPEN_STAGES: Final = frozenset({Stage.ON_PROGRAMME, Stage.GATEWAY, Stage.ASSESSMENT, Stage.PAUSED})


class AskedAs(StrEnum):
    """In which part somebody asks for an adjustment."""

    APPRENTICE = "apprentice"
    EMPLOYER = "employer"
    TRAINING_PROVIDER = "training_provider"


class RequestState(StrEnum):
    """Where a request stands."""

    WAITING = "waiting"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


STATE_TITLES: Final[dict[RequestState, str]] = {
    RequestState.WAITING: "To decide",
    RequestState.DECIDED: "Decided",
    RequestState.WITHDRAWN: "Withdrawn",
}
_PARTS: Final[dict[Role, AskedAs]] = {
    Role.APPRENTICE: AskedAs.APPRENTICE,
    Role.EMPLOYER: AskedAs.EMPLOYER,
    Role.TRAINING_PROVIDER: AskedAs.TRAINING_PROVIDER,
}


@dataclass(frozen=True)
class Asked:
    """What somebody asks for.

    Attributes:
        methods: the codes of the methods it is about.
        help_wanted: what would help.
        need: why; read by the panel alone.
    """

    methods: tuple[str, ...]
    help_wanted: str
    need: str


@dataclass(frozen=True)
class Ruling:
    """What the panel decides, for one method or for several alike.

    Attributes:
        methods: the codes of the methods that it is decided for.
        granted: what is granted; nothing when it is refused.
        is_granted: whether something is.
        reason: why, for the apprentice and the panel.
    """

    methods: tuple[str, ...]
    granted: Granted
    is_granted: bool
    reason: str


def part_of(roles: Collection[Role]) -> AskedAs | None:
    """In which part somebody with these roles on a case asks; None when they may not."""
    return next((part for role, part in _PARTS.items() if role in roles), None)


def must_be_open(stage: Stage) -> None:
    """Refuse to ask or decide once nothing is left to be held.

    Raises:
        RuleBroken: with the stage.
    """
    if stage not in OPEN_STAGES:
        raise RuleBroken(
            "adjustments-closed",
            f"Nothing can be adjusted any more: the apprentice is “{STAGE_TITLES[stage]}”.",
        )


def must_name_methods(methods: Collection[str], known: Collection[str]) -> None:
    """Refuse no method, or one that the plan does not have.

    Raises:
        RuleBroken: which of these it is.
    """
    if not methods:
        raise RuleBroken("no-method", "Choose at least one method", "methods")
    if not set(methods) <= set(known):
        raise RuleBroken("unknown-method", "The plan has no such method", "methods")


def must_be_asked(asked: Asked) -> None:
    """Refuse a request that says neither what would help nor why.

    Raises:
        RuleBroken: what is missing.
    """
    if not asked.help_wanted.strip():
        raise RuleBroken("help-missing", "Enter what would help", "help_wanted")
    if not asked.need.strip():
        raise RuleBroken("need-missing", "Enter why it is needed", "need")


def must_be_a_ruling(ruling: Ruling) -> None:
    """Refuse a decision without a reason, a grant of nothing, a refusal of something, odd numbers.

    Raises:
        RuleBroken: which of these it is.
    """
    granted = ruling.granted
    if not ruling.reason.strip():
        raise RuleBroken("reason-missing", "Enter why it is decided so", "reason")
    if ruling.is_granted and granted.is_nothing:
        raise RuleBroken("nothing-granted", "Enter what is granted", "extra_percent")
    if not ruling.is_granted and not granted.is_nothing:
        raise RuleBroken(
            "refused-and-granted",
            "You chose not to grant it. Empty the boxes of what is granted, or choose to grant it",
            "is_granted",
        )
    if not 0 <= granted.extra_percent <= MOST_EXTRA_PERCENT:
        raise RuleBroken("extra-time", f"Extra time is 0 to {MOST_EXTRA_PERCENT}%", "extra_percent")
    if not 0 <= granted.break_minutes <= MOST_BREAK_MINUTES:
        raise RuleBroken(
            "break-minutes", f"Rest breaks are 0 to {MOST_BREAK_MINUTES} minutes", "break_minutes"
        )
    for kind, text in granted.details.items():
        if len(text) > DETAIL_LETTERS:
            raise RuleBroken("too-long", f"At most {DETAIL_LETTERS} characters", kind.value)
