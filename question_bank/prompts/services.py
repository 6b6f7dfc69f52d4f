"""Writing down that somebody was shown a prompt."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.people.models import Person
from question_bank.items.models import ItemVersion
from question_bank.items.queries import VIEWED


def note_shown(version: ItemVersion, how: str, *, actor: Person, at: datetime) -> None:
    """Record that a prompt was shown, as every view of an item is.

    An assessor needs no right to the bank for it, and no author's budget is spent: chance chose it.

    Args:
        version: the version that was shown.
        how: on what, such as ``mark sheet``.
        actor: who saw it.
        at: when.
    """
    record(actor, VIEWED, version.item, at=at, version=version.number, how=how)
