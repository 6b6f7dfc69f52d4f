"""Counting knocks at the credential doors, so that nobody tries passwords by the thousand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete

from epa.database import db
from epa.origin import request_source
from epa.sign_in.models import CredentialAttempt
from epa.sign_in.queries import knocks
from epa.sign_in.rules import LIMITS, Door, Limit, opens_again
from epa.sign_in.sealing import keyed_hash

_KEPT_FOR: Final = timedelta(days=1)


@dataclass(frozen=True)
class Knock:
    """One knock: the rows that count it, the first of them for the account."""

    door: Door
    keys: tuple[str, str]
    rows: tuple[UUID, ...]
    at: datetime


def count(door: Door, account: str, *, at: datetime) -> Knock:
    """Write a knock down before the credential is looked at.

    It is committed on its own, so that however many come at once, each is counted by the others;
    whoever gets in takes theirs off again (`forget`).
    """
    db.session.execute(delete(CredentialAttempt).where(CredentialAttempt.at < at - _KEPT_FOR))
    keys = (
        keyed_hash(f"account {account}"),
        keyed_hash(f"source {request_source.get() or 'unknown'}"),
    )
    rows = [CredentialAttempt(door=door, key=key, at=at) for key in keys]
    db.session.add_all(rows)
    db.session.flush()
    return Knock(door, keys, tuple(row.id for row in rows), at)


def closed_until(knock: Knock) -> datetime | None:
    """Until when the door stays shut to this account or source, or None if it is open."""
    times = [
        until
        for key, limit in _limits(knock)
        if (until := opens_again(limit, _earlier(knock, key, limit), knock.at)) is not None
    ]
    return max(times, default=None)


def _limits(knock: Knock) -> Iterator[tuple[str, Limit]]:
    limits = LIMITS[knock.door]
    yield knock.keys[0], limits.account
    yield knock.keys[1], limits.source


def _earlier(knock: Knock, key: str, limit: Limit) -> list[datetime]:
    """The knocks under a key but for the present one, which is among them."""
    times = sorted(knocks(knock.door, key, after=knock.at - limit.within), reverse=True)
    times.remove(knock.at)
    return times


def forget(knock: Knock) -> None:
    """Take a knock off again: it got in, or met a shut door."""
    db.session.execute(delete(CredentialAttempt).where(CredentialAttempt.id.in_(knock.rows)))
