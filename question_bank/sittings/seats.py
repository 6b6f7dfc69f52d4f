"""A candidate's place at a test as a save finds it: one plain row, and who asks, in one statement.

Hundreds save at a time, so nothing is read that a save does not need, and no object is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from epa.database import ask
from epa.people.rules import Permission
from epa.sign_in.models import SignInSession
from epa.sign_in.queries import BEARER, Bearer, bearer_among, rows_for
from question_bank.sittings.clock import SittingClock
from question_bank.sittings.models import AnswerEdit, Sitting
from question_bank.sittings.rules import SittingState


class Candidate(Protocol):
    """Whoever asks: who they are, and what they may do."""

    id: UUID

    def may(self, permission: Permission, /) -> bool:
        """Whether some role of theirs grants this."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A sitting as far as a save or a start asks for it, locked until the transaction ends.

    ``sequence`` is the highest count that arrived of its device, 0 before the first. PostgreSQL looks
    for it before it waits for the lock: of copies of one save that cross, the later ones count short.
    """

    id: UUID
    attempt_id: UUID
    state: SittingState
    needs_safe_browser: bool
    device: int
    device_token: str | None
    sequence: int
    clock: SittingClock

    @property
    def is_rest(self) -> bool:
        """Whether it is paused for a rest break."""
        return self.clock.is_rest


def counted() -> ColumnElement[int]:
    """The highest count that arrived of the device that has a sitting, 0 before the first."""
    of_device = select(func.max(AnswerEdit.sequence)).where(
        AnswerEdit.sitting_id == Sitting.id, AnswerEdit.device == Sitting.device
    )
    return func.coalesce(of_device.correlate(Sitting).scalar_subquery(), 0)


_COLUMNS: Final = (
    *(Sitting.id, Sitting.attempt_id, Sitting.state, Sitting.needs_safe_browser, Sitting.device),
    *(Sitting.device_token, Sitting.allowed_seconds, Sitting.rest_seconds, Sitting.closes_at),
    *(Sitting.started_at, Sitting.added_seconds, Sitting.stopped_seconds, Sitting.rested_seconds),
    *(Sitting.paused_at, Sitting.is_rest, counted().label("counted")),
)
# Made once: to put a statement together costs as much as to run it.
_OWN: Final[Select[*tuple[Any, ...]]] = (
    select(*_COLUMNS)
    .where(Sitting.id == bindparam("sitting"), Sitting.candidate_id == bindparam("candidate"))
    .with_for_update(of=Sitting)
)
_WITH_BEARER: Final[Select[*tuple[Any, ...]]] = (
    BEARER.add_columns(*_COLUMNS)
    .join(Sitting, Sitting.candidate_id == SignInSession.person_id)
    .where(Sitting.id == bindparam("sitting"))
    .with_for_update(of=Sitting)
)


def own_seat(person: Candidate, permission: Permission, sitting_id: UUID) -> Seat | None:
    """The seat, if it is this person's own and they may sit tests; None as for an unknown id."""
    if not person.may(permission):
        return None
    given = {"sitting": sitting_id, "candidate": person.id}
    found = ask(_OWN, given).one_or_none()
    return _seat(found) if found is not None else None


def own_seat_with_bearer(token: str, at: datetime, sitting_id: UUID) -> tuple[Bearer, Seat] | None:
    """Who bears a token, with the seat if it is theirs; None where either is not so.

    What it is that is not so, the ordinary way finds out: nobody who sits a test goes it.
    """
    found = rows_for(_WITH_BEARER, token, sitting=sitting_id)
    bearer = bearer_among(found, at)
    return (bearer, _seat(found[0])) if bearer else None


def startable_with_bearer(token: str, at: datetime, sitting_id: UUID) -> tuple[Bearer, Seat] | None:
    """The same of a paper that may be started; of any other the ordinary way asks for more."""
    found = own_seat_with_bearer(token, at, sitting_id)
    return found if found is not None and found[1].state is SittingState.UNLOCKED else None


def seat_of(sitting: Sitting) -> Seat:
    """The seat of a sitting that nobody has started: nothing has arrived of it."""
    return Seat(
        id=sitting.id,
        attempt_id=sitting.attempt_id,
        state=sitting.state,
        needs_safe_browser=sitting.needs_safe_browser,
        device=sitting.device,
        device_token=sitting.device_token,
        sequence=0,
        clock=sitting.clock,
    )


def _seat(row: Row[Any]) -> Seat:
    return Seat(
        id=row.id,
        attempt_id=row.attempt_id,
        state=row.state,
        needs_safe_browser=row.needs_safe_browser,
        device=row.device,
        device_token=row.device_token,
        sequence=row.counted,
        clock=SittingClock.of(row),
    )
