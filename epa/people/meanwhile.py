"""Two people at once: what was done to a record last, for whoever acts on an older page of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.audit.services import Subject
from epa.clock import LONDON
from epa.database import db
from epa.errors import Conflict
from epa.people.models import Person

# How far back the log is read for what concerns one part of a record.
_LOOKED_AT = 50


def as_seen(
    record: Subject,
    stands: int,
    act: Callable[[], object],
    concerns: Callable[[dict[str, Any]], bool] = lambda _details: True,
) -> Callable[..., None]:
    """What a form is applied with: the act, unless the record changed since its page was opened.

    Args:
        record: what is acted on, as the log names it.
        stands: the version of it that stands.
        act: what is done.
        concerns: which of the log's entries count, by their details, where several people work on
            parts of one record.
    """

    def applied(*, seen: int) -> None:
        if seen != stands:
            raise Conflict(_what_happened(record, concerns))
        act()

    return applied


def _what_happened(record: Subject, concerns: Callable[[dict[str, Any]], bool]) -> str:
    entries = db.session.execute(
        select(AuditEntry, Person)
        .outerjoin(Person, Person.id == AuditEntry.actor_id)
        .where(
            AuditEntry.subject_type == type(record).__name__,
            AuditEntry.subject_id == record.id,
            ~AuditEntry.action.endswith(" read"),
        )
        .order_by(AuditEntry.row.desc())
        .limit(_LOOKED_AT)
    )
    for entry, person in entries:
        if concerns(entry.details):
            who = person.name if person else "The system"
            local = entry.at.astimezone(LONDON)
            when = f"{local.day} {local:%B %Y} at {local:%H:%M}"
            return f"“{entry.action.capitalize()}”, by {who} on {when}: after you opened this page."
    return "This changed after you opened this page."
