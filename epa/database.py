"""The database: base class, column types, and the one place where a transaction is committed."""

from __future__ import annotations

import enum
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    CursorResult,
    DateTime,
    Dialect,
    Engine,
    Enum,
    Executable,
    MetaData,
    Select,
    String,
    Transaction,
    Uuid,
    event,
    inspect,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    make_transient_to_detached,
    mapped_column,
)
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_SECONDS: Final = 15
_AFTER_COMMIT: Final = "after_commit"

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_plain: ContextVar[Connection | None] = ContextVar("plain", default=None)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant: stored as UTC, returned as UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone; SQLite keeps the UTC wall clock."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone reached the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the signature is SQLAlchemy's)
        """Give the zone back that SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enum_type(kind: type[enum.Enum], name: str | None = None) -> Enum:
    """How an enum is stored: by value, as text with a check constraint.

    Args:
        kind: the enum.
        name: the constraint's name, needed where one table has two columns of one enum.
    """
    return Enum(
        kind,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=40,
        **({"name": name} if name else {}),
    )


class Base(DeclarativeBase):
    """Every model's base: names of constraints, and one column type per Python type."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    # Enums by value: member names would make every check constraint on values silently useless.
    type_annotation_map = {
        datetime: UtcDateTime(),
        uuid.UUID: Uuid(),
        str: String(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
        list[str]: JSON(),
        enum.Enum: enum_type(enum.Enum),
    }


class Identified:
    """A row with a random identifier of its own, which it has before it is written."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)

    def __init__(self, **values: Any) -> None:
        """Take the columns by name; the identifier is drawn unless it is given."""
        values.setdefault("id", uuid.uuid4())
        super().__init__(**values)


class AppendOnly:
    """Rows that are added and never changed: a correction is a new row with who, why, when."""


db = SQLAlchemy(metadata=Base.metadata)

# A statement that finds columns, whatever they are.
Columns = Select[*tuple[Any, ...]]

# A statement that is written once for each kind of question, with a name for each value that it is
# asked with: writing one takes longer than running it. The arguments say the kind, never the values.
prepared: Final = lru_cache(maxsize=256)


def ask(
    statement: Executable, values: Mapping[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    """What a statement finds, as columns, without the share that objects have in the time.

    What waits to be written is written first, where something may be.

    Args:
        statement: best one that is `prepared`.
        values: by the names that stand in it.
    """
    connection = _plain.get()
    if connection is None:
        if is_writing():
            db.session.flush()
        connection = db.session.connection()
    return connection.execute(statement, values)


Known = TypeVar("Known", bound=Base)


def known(model: type[Known], values: Sequence[Any]) -> Known:
    """A row that was read as columns, as the object that the session knows it by.

    What was known before is left as it is.

    Args:
        model: of which table.
        values: of all its columns, in the table's order.
    """
    given = dict(zip(model.__table__.columns.keys(), values, strict=True))
    mapper = inspect(model)
    key = mapper.identity_key_from_primary_key(tuple(given[one.name] for one in mapper.primary_key))
    found = cast("Known | None", db.session.identity_map.get(key))
    if found is not None:
        return found
    one = cast(
        "Known", mapper.class_manager.new_instance()
    )  # as the session does: nothing is set by anybody
    one.__dict__.update(given)
    make_transient_to_detached(one)
    db.session.add(one)
    return one


class WriteOutsideTransaction(RuntimeError):
    """Something tried to write in a request or command that did not say it writes."""


class AppendOnlyViolation(RuntimeError):
    """Something tried to change or delete a row that is append-only."""


@contextmanager
def writing() -> Iterator[None]:
    """Declare that what follows writes, so that SQLite takes its lock at the start.

    Without it, two transactions that read and then write fail on each other.
    """
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def reading() -> Iterator[None]:
    """Declare that what follows only reads: anything that tries to write raises."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    """Whether this request or command declared that it writes."""
    return _writing.get()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction that writes: committed whole at the end, or not at all.

    With `plain_unit_of_work` the only place in Plumbline that commits. A caller that wants to keep nothing calls
    ``rollback`` on the session it is given.
    """
    with writing():
        try:
            yield db.session()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    for call in db.session.info.pop(_AFTER_COMMIT, ()):
        call()


@contextmanager
def plain_unit_of_work() -> Iterator[Transaction]:
    """The same without a session: all that happens in it is what `ask` is asked.

    For what comes hundreds of times a second, and is two statements long: a session would cost as
    much as one of them. A caller that wants to keep nothing rolls the transaction back. A session
    that is asked meanwhile would wait for this transaction for ever, so none may be.
    """
    with writing(), _connected() as (connection, transaction):
        token = _plain.set(connection)
        try:
            yield transaction
            if transaction.is_active:
                transaction.commit()
        except BaseException:
            transaction.rollback()
            raise
        finally:
            _plain.reset(token)


@contextmanager
def _connected() -> Iterator[tuple[Connection, Transaction]]:
    """A connection with a transaction, or with a part of the one that sessions are bound to."""
    bind = db.session.get_bind()
    if isinstance(bind, Connection):
        yield bind, bind.begin_nested()
    else:
        with bind.connect() as connection:
            yield connection, connection.begin()


def after_commit(call: Callable[[], None]) -> None:
    """Call something once the unit of work at hand is kept; never if it is undone."""
    db.session.info.setdefault(_AFTER_COMMIT, []).append(call)


def prepare(app: Flask) -> None:
    """Set every engine of the application up for durability and honest transactions."""
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine)
            else:
                _prepare_postgresql(engine)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def _prepare_postgresql(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
            cursor.execute("SET timezone = 'UTC'")
        connection.commit()


@event.listens_for(Session, "before_flush")
def _guard(session: Session, _context: object, _instances: object) -> None:
    changed = [row for row in session.dirty if session.is_modified(row)]
    if not (changed or session.new or session.deleted):
        return
    if not is_writing():
        raise WriteOutsideTransaction("this request or command did not declare that it writes")
    for row in (*changed, *session.deleted):
        if isinstance(row, AppendOnly):
            raise AppendOnlyViolation(f"{type(row).__name__} is append-only")


@event.listens_for(Session, "after_transaction_create")
def _refuse_within_plain(_session: Session, _transaction: object) -> None:
    if _plain.get() is not None:
        raise RuntimeError("a plain unit of work has no session: `ask` asks in it")


@event.listens_for(Session, "after_rollback")
def _forget_what_was_to_follow(session: Session) -> None:
    session.info.pop(_AFTER_COMMIT, None)
