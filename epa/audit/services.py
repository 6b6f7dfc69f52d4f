"""Recording what happens, and sealing it into the chain as the transaction commits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, Protocol, cast
from uuid import UUID, uuid4

from sqlalchemy import Connection, Table, bindparam, event, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from epa.audit.models import AuditEntry, AuditHead
from epa.audit.rules import ORIGIN, Link, mac
from epa.database import WriteOutsideTransaction, db, is_writing
from epa.origin import request_source

_WAITING: Final = "audit_to_seal"
_NOWHERE: Final = 0  # the place in the chain of what is not sealed yet
# Plain statements, made once: every transaction that changes anything seals, and everybody's seals
# wait for each other at the head.
_ENTRIES, _HEADS = (cast("Table", one.__table__) for one in (AuditEntry, AuditHead))
_ADD: Final = insert(_ENTRIES)
_HEAD: Final = select(_HEADS.c.row, _HEADS.c.mac).where(_HEADS.c.id == 1).with_for_update()
_MOVE: Final = (
    update(_HEADS).where(_HEADS.c.id == 1).values(row=bindparam("last"), mac=bindparam("sealed"))
)
# Both as one for a single entry, on databases that are a way off: nearly all transactions have one.
_ENTRY: Final = "entry_{}".format
_ADD_AND_MOVE: Final = _MOVE.add_cte(
    _ADD.values({one.name: bindparam(_ENTRY(one.name)) for one in _ENTRIES.c}).cte("added")
)


@dataclass(frozen=True)
class _Waiting:
    """An entry until the commit, and the savepoint in which it was recorded, if any."""

    entry: Link
    savepoint: SessionTransaction | None

    def is_of(self, undone: SessionTransaction) -> bool:
        """Whether it was recorded in this savepoint or in one within."""
        inside = self.savepoint
        while inside is not None and inside is not undone:
            inside = inside.parent
        return inside is undone


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

    Raises:
        WriteOutsideTransaction: this request or command did not declare that it writes.
    """
    if subject.id is None:
        db.session.flush()
    if not is_writing():
        raise WriteOutsideTransaction("what is done must be written down, and nothing here writes")
    entry = Link(
        row=_NOWHERE,
        at=at,
        actor_id=actor.id if actor else None,
        action=action,
        subject_type=type(subject).__name__,
        subject_id=subject.id if isinstance(subject.id, UUID) else None,
        details=details,
        source=request_source.get(),
    )
    waiting = _Waiting(entry, db.session().get_nested_transaction())
    db.session.info.setdefault(_WAITING, []).append(waiting)


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
    """Write this transaction's entries with their rows and codes, by instant, then as recorded.

    They wait outside the session until here: an entry that waited in it would be written by itself
    before the next question to the database. The head stays locked to the commit.
    """
    if session.in_nested_transaction() or not session.info.get(_WAITING):
        return
    if _Key.value is None:
        raise RuntimeError("no audit key: the application was not made by create_app")
    session.flush()
    waiting: list[_Waiting] = session.info.pop(_WAITING)
    connection = session.connection()
    row, head = _locked_head(connection)
    sealed = []
    for entry in sorted((one.entry for one in waiting), key=attrgetter("at")):
        row += 1
        link = replace(entry, row=row)
        head = mac(_Key.value, head, link)
        sealed.append({**vars(link), "mac": head})
    moved = {"last": row, "sealed": head}
    if len(sealed) == 1 and connection.dialect.name == "postgresql":
        alone = {"id": uuid4(), **sealed[0]}
        connection.execute(_ADD_AND_MOVE, {_ENTRY(one): alone[one] for one in alone} | moved)
    else:
        connection.execute(_ADD, sealed)
        connection.execute(_MOVE, moved)


def _seal_before_reading(state: ORMExecuteState) -> None:
    """Whoever reads the log in the transaction that writes it reads it whole."""
    if state.is_select and state.bind_mapper is AuditEntry.__mapper__:
        _seal(state.session)


def _locked_head(connection: Connection) -> tuple[int, str]:
    head = connection.execute(_HEAD).one_or_none()
    if head is None:
        first = {"id": 1, "row": 0, "mac": ORIGIN}
        # On PostgreSQL two may find no head at once: the second waits for the first, and follows it.
        # SQLite has one writer.
        connection.execute(
            postgresql_insert(_HEADS).values(first).on_conflict_do_nothing()
            if connection.dialect.name == "postgresql"
            else insert(_HEADS).values(first)
        )
        head = connection.execute(_HEAD).one()
    return head.row, head.mac


def _forget(session: Session, undone: SessionTransaction) -> None:
    """Nothing of a transaction or savepoint that was undone waits for the next commit."""
    if not session.in_transaction():
        session.info.pop(_WAITING, None)
    elif waiting := session.info.get(_WAITING):
        waiting[:] = [one for one in waiting if not one.is_of(undone)]


event.listen(Session, "before_commit", _seal)
event.listen(Session, "do_orm_execute", _seal_before_reading)
event.listen(Session, "after_soft_rollback", _forget)
