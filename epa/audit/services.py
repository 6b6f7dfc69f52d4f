"""Recording what happens, and sealing it into the chain as the transaction commits."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.orm import Session, SessionTransaction

from epa.audit.models import AuditEntry, AuditHead
from epa.audit.rules import ORIGIN, mac
from epa.database import db
from epa.origin import request_source


class _Key:
    """The key of this process, given by the factory; it is never in the database."""

    value: str | None = None


class Actor(Protocol):
    """Whoever acts: a person has an identifier."""

    id: Any


class Subject(Protocol):
    """Whatever is acted upon: a row with an identifier."""

    id: Any


def use_key(key: str) -> None:
    """Seal with ``key`` from now on."""
    _Key.value = key


def record(
    actor: Actor | None, action: str, subject: Subject, *, at: datetime, **details: Any
) -> None:
    """Add an entry to the log in the current transaction.

    Args:
        actor: the person who acts; None for the system.
        action: what was done, in the past tense, such as ``gateway accepted``.
        subject: the row it was done to; it is flushed so that it has its identifier.
        at: when, by the server's clock.
        **details: what a later reader needs, as plain JSON; codes and numbers, no free text about
            people.
    """
    if subject.id is None:
        db.session.flush()
    entry = AuditEntry(
        at=at,
        actor_id=actor.id if actor else None,
        action=action,
        subject_type=type(subject).__name__,
        subject_id=subject.id if isinstance(subject.id, UUID) else None,
        details=details,
        source=request_source.get(),
    )
    db.session.add(entry)
    db.session.info.setdefault("audit_to_seal", []).append(entry)


def note_export(actor: Actor, what: str, *, ending: str, rows: int, at: datetime) -> None:
    """Record that somebody took a list away as a file.

    Args:
        actor: who.
        what: the list, in the plural, such as ``apprentices``.
        ending: the kind of file.
        rows: how many rows it has.
        at: when.
    """
    record(actor, f"{what} exported", actor, at=at, ending=ending, rows=rows)


def _seal(session: Session) -> None:
    """Give this transaction's entries their rows and codes, by instant, then as recorded.

    The head stays locked to the commit. What a savepoint took back is no longer in the session.
    """
    if session.in_nested_transaction() or not session.info.get("audit_to_seal"):
        return
    session.flush()
    kept = [one for one in session.info.pop("audit_to_seal") if one in session]
    entries = sorted(kept, key=attrgetter("at"))
    if not entries:
        return
    if _Key.value is None:
        raise RuntimeError("no audit key: the application was not made by create_app")
    row, head = _locked_head(session)
    sealed = []
    for entry in entries:
        row += 1
        head = mac(_Key.value, head, entry.link(row))
        sealed.append({"of": entry.id, "to_row": row, "to_mac": head})
    session.connection().execute(
        update(AuditEntry)
        .where(AuditEntry.id == bindparam("of"))
        .values(row=bindparam("to_row"), mac=bindparam("to_mac")),
        sealed,
    )
    session.execute(
        update(AuditHead).where(AuditHead.id == 1).values(row=row, mac=head),
        execution_options={"synchronize_session": False},
    )


def _locked_head(session: Session) -> tuple[int, str]:
    query = select(AuditHead.row, AuditHead.mac).where(AuditHead.id == 1).with_for_update()
    head = session.execute(query).one_or_none()
    if head is None:
        session.execute(insert(AuditHead).values(id=1, row=0, mac=ORIGIN))
        head = session.execute(query).one()
    return head.row, head.mac


def _forget(session: Session, _previous: SessionTransaction) -> None:
    """Nothing of a transaction that was rolled back waits for the next one."""
    if not session.in_transaction():
        session.info.pop("audit_to_seal", None)


event.listen(Session, "before_commit", _seal)
event.listen(Session, "after_soft_rollback", _forget)
