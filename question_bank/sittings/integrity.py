"""What a page tells of itself, or the server finds: kept as counts for people, deciding nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select

from epa.database import db
from epa.in_transaction import lock
from question_bank.sittings.models import IntegrityEvent, Sitting
from question_bank.sittings.queries import device_with
from question_bank.sittings.rules import (
    MOST_INTEGRITY_EVENTS,
    RUNNING,
    IntegrityKind,
    SittingState,
)
from question_bank.sittings.services import refuse_other_device


@dataclass(frozen=True)
class Told:
    """Something that a page tells of itself.

    Attributes:
        name: what the page calls it; the same name again is the same event.
        kind: what happened.
        happened_at: when, as the page reckons by the server's clock.
        amount: seconds away, or letters copied or pasted; 0 where there is nothing to measure.
    """

    name: str
    kind: IntegrityKind
    happened_at: datetime
    amount: int = 0


def notice(sitting: Sitting, token: str, told: Sequence[Told], *, at: datetime) -> int:
    """Keep what a page tells of itself while its test is being sat.

    Only a second opening may be told by a device that does not have the paper: it is about itself.
    After the end what happened before it is still taken, of a device that had the paper.

    Returns:
        How many were new.

    Raises:
        OtherDevice: another device has the paper.
    """
    lock(sitting)
    if sitting.started_at is None:
        return 0
    if sitting.state in RUNNING:
        if any(one.kind is not IntegrityKind.SECOND for one in told):
            refuse_other_device(sitting, token)
    else:
        told = _told_late(sitting, token, told)
    known = _names(sitting, [one.name for one in told])
    new = {one.name: one for one in told if one.name not in known}
    return _keep(sitting, sitting.started_at, list(new.values()), at=at)


def note_whence(sitting: Sitting, whence: str, *, at: datetime) -> None:
    """Notice from where a running sitting is heard of, if it is another place than before.

    Args:
        sitting: it is locked.
        whence: a digest of the address and the browser; the first that is heard is no change.
        at: when.
    """
    if whence == sitting.heard_from:
        return
    if sitting.heard_from is not None and sitting.started_at and sitting.state in RUNNING:
        found = Told(uuid4().hex, IntegrityKind.MOVED, at)
        _keep(sitting, sitting.started_at, [found], at=at)
    sitting.heard_from = whence
    db.session.flush()


def _keep(sitting: Sitting, begun: datetime, new: Sequence[Told], *, at: datetime) -> int:
    kept = new[: max(0, MOST_INTEGRITY_EVENTS - _count(sitting))]
    for one in kept:
        db.session.add(
            IntegrityEvent(
                sitting_id=sitting.id,
                name=one.name,
                kind=one.kind,
                happened_at=min(max(one.happened_at, begun), at),
                received_at=at,
                amount=one.amount,
            )
        )
    db.session.flush()
    return len(kept)


def _told_late(sitting: Sitting, token: str, told: Sequence[Told]) -> Sequence[Told]:
    """What a page had not sent when its test ended; what it tells of a void one is nobody's matter."""
    ended = sitting.finished_at
    if sitting.state is SittingState.VOIDED or ended is None:
        return ()
    if device_with(sitting, token) is None:
        return ()
    return [one for one in told if one.happened_at <= ended]


def _names(sitting: Sitting, names: Sequence[str]) -> set[str]:
    query = select(IntegrityEvent.name).where(
        IntegrityEvent.sitting_id == sitting.id, IntegrityEvent.name.in_(names)
    )
    return set(db.session.scalars(query))


def _count(sitting: Sitting) -> int:
    query = select(func.count()).where(IntegrityEvent.sitting_id == sitting.id)
    return db.session.scalar(query) or 0
