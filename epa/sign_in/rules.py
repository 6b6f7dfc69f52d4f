"""Tokens, how long things last, how often a door may be tried, and which second factor is due."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

SESSION_LENGTH: Final = timedelta(hours=12)
IDLE_LIMIT: Final = timedelta(hours=2)
# How old "last seen" may grow before it is written again: a write on every page would queue
# everybody behind one lock on SQLite.
SEEN_STEP: Final = timedelta(minutes=5)
BETWEEN_FACTORS: Final = timedelta(minutes=10)
INVITATION_LENGTH: Final = timedelta(days=14)
RESET_LENGTH: Final = timedelta(hours=1)
LINK_PATH: Final = "/sign-in/links/"


class Door(StrEnum):
    """A place where somebody shows a credential or asks for one."""

    SIGN_IN = "sign_in"
    SECOND_FACTOR = "second_factor"
    FORGOTTEN = "forgotten"
    LINK = "link"


@dataclass(frozen=True)
class Limit:
    """At most so many refused knocks within a time."""

    most: int
    within: timedelta


@dataclass(frozen=True)
class DoorLimits:
    """What a door bears from one account, and from one source (a whole class may share one)."""

    account: Limit
    source: Limit


_QUARTER: Final = timedelta(minutes=15)
_HOUR: Final = timedelta(hours=1)
LIMITS: Final[dict[Door, DoorLimits]] = {
    Door.SIGN_IN: DoorLimits(Limit(10, _QUARTER), Limit(60, _QUARTER)),
    Door.SECOND_FACTOR: DoorLimits(Limit(5, _QUARTER), Limit(60, _QUARTER)),
    Door.FORGOTTEN: DoorLimits(Limit(3, _HOUR), Limit(30, _HOUR)),
    Door.LINK: DoorLimits(Limit(10, _QUARTER), Limit(30, _QUARTER)),
}


def opens_again(limit: Limit, earlier: Sequence[datetime], at: datetime) -> datetime | None:
    """When a door may be tried again, or None if it may be tried now.

    Args:
        limit: what the door bears.
        earlier: the knocks that count, in any order, without the present one.
        at: the present instant.
    """
    counted = sorted((one for one in earlier if one > at - limit.within), reverse=True)
    if len(counted) < limit.most:
        return None
    return counted[limit.most - 1] + limit.within


def new_token() -> str:
    """A token nobody can guess (256 random bits, text that is safe in a URL)."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What of a token is kept: its SHA-256. The token is random, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def owes_second_factor(*, is_staff: bool, is_required: bool, is_enrolled: bool) -> bool:
    """Whether the password alone does not open: staff where it is required, and who has one."""
    return is_enrolled or (is_required and is_staff)
