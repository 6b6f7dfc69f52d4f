"""How every credential door is tried: counted first, then looked at, then opened or refused."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from epa.audit.services import record
from epa.clock import LONDON
from epa.database import db
from epa.errors import RuleBroken, TooManyTries
from epa.people.models import Person
from epa.sign_in import limits
from epa.sign_in.models import CredentialAttempt
from epa.sign_in.rules import Door
from epa.web.transaction import step

log = logging.getLogger("plumbline")
Found = TypeVar("Found")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Try:
    """One try at a door.

    Args:
        door: which.
        account: whose, as it is counted: an address, a person's id, a link's hash.
        at: when.
        whose: finds the person for the audit log, if there is one.
        counts_always: whether a good try counts like a refused one (a door that sends mails).
    """

    door: Door
    account: str
    at: datetime
    whose: Callable[[], Person | None] = lambda: None
    counts_always: bool = False


def tried(
    one: Try, look: Callable[[], Found | None], act: Callable[[Found], Answer | None]
) -> Answer | None:
    """Try a door in three steps, so that what is refused is counted although it is refused.

    Args:
        one: the try.
        look: checks the credential, slowly, while no lock is held; None refuses.
        act: opens, in the transaction that keeps it; None refuses.

    Returns:
        What `act` gave, or None if the door stayed shut.

    Raises:
        TooManyTries: this account or source knocked too often; nothing was looked at.
        RuleBroken: from `act`: the credential was good, what was asked for is not.
    """
    with step():
        knock = limits.count(one.door, one.account, at=one.at)
    if until := limits.closed_until(knock):
        _forget(knock)
        log.warning("credential door %s is shut to one account or source", one.door)
        raise TooManyTries(_wait(until), until)
    found = look()
    try:
        with step():
            answer = None if found is None else act(found)
            if answer is None:
                _write_down(one, knock)
            elif not one.counts_always:
                limits.forget(knock)
    except RuleBroken:
        _forget(knock)
        raise
    return answer


def _forget(knock: limits.Knock) -> None:
    with step():
        limits.forget(knock)


def _write_down(one: Try, knock: limits.Knock) -> None:
    # An entry either way, so that a known account takes no longer to refuse than an unknown one.
    subject = one.whose() or db.session.get_one(CredentialAttempt, knock.rows[0])
    record(None, "credential refused", subject, at=one.at, door=one.door)


def _wait(until: datetime) -> str:
    return f"There were too many tries. Try again after {until.astimezone(LONDON):%H:%M}."
