"""The queue: naming tasks, asking for one after a commit, tasks that come round, and how it stands.

The queue only says "hurry". What is to be done stands in rows of the database, and a task that
comes round each minute does what a lost message would have asked for.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from flask import Flask, current_app, has_app_context
from huey import Huey
from huey.constants import EmptyData
from huey.storage import PostgresStorage, RedisStorage, SqliteStorage

from epa.background.messages import JsonMessages
from epa.clock import LONDON
from epa.database import after_commit, db

MOST_IDS: Final = 50
_RETRIES: Final = 3
_RETRY_SECONDS: Final = 10
_SEEN: Final = "plumbline-seen"
_SILENT_AFTER: Final = timedelta(minutes=3)
_MINUTES_BETWEEN: Final = 10
log = logging.getLogger("plumbline")

Work = Callable[[list[UUID]], None]
Round = Callable[[], None]


class QueueDown(Exception):
    """The queue cannot be reached; the text names the kind of fault and no address."""


class _Place:
    """The application whose tasks this process runs, given by the factory."""

    app: Flask | None = None


class PlumblineQueue(Huey):  # type: ignore[misc]  # Huey carries no types
    """Huey, with a store that each process opens for itself when it first needs it."""

    def __init__(self, name: str) -> None:
        self._opened: Any = None
        self._opened_by = 0
        super().__init__(name, results=False, serializer=JsonMessages(), immediate=True)

    @property
    def storage(self) -> Any:
        """The store; a process that was forked opens its own."""
        if self._opened is None or self._opened_by != os.getpid():
            self._opened, self._opened_by = self.create_storage(), os.getpid()
        return self._opened

    @storage.setter
    def storage(self, _made: Any) -> None:
        self._opened = None

    def move_to(self, url: str, *, immediate: bool) -> None:
        """Keep messages at ``sqlite:///file``, ``postgresql://`` or ``redis://`` from now on."""
        scheme, _, path = url.partition("://")
        if scheme == "sqlite":
            # A message waits a moment longer rather than failing the request that wrote it.
            self.storage_class, self.storage_kwargs = SqliteStorage, {"filename": path[1:]}
        elif scheme == "postgresql":
            self.storage_class, self.storage_kwargs = PostgresStorage, {"dsn": url}
        else:
            self.storage_class, self.storage_kwargs = RedisStorage, {"url": url}
        self._immediate, self._opened = immediate, None


queue: Final = PlumblineQueue("plumbline")
_tasks: Final[dict[str, Any]] = {}


def use(app: Flask) -> None:
    """Run this application's tasks, on the queue that its settings name."""
    _Place.app = app
    queue.move_to(app.config["QUEUE_URL"], immediate=app.config["QUEUE_IMMEDIATE"])


def task(name: str) -> Callable[[Work], Work]:
    """Name something to be done for some rows; it runs in an application context of its own.

    It opens its own unit of work, finds out by itself what is still to be done, and may be run
    twice: a message can come again.
    """

    def register(work: Work) -> Work:
        def run(*ids: str) -> None:
            with _application().app_context():
                work([UUID(one) for one in ids])

        _tasks[name] = queue.task(
            name=name, retries=_RETRIES, retry_delay=_RETRY_SECONDS, retry_backoff=_RETRIES
        )(run)
        return work

    return register


def later(name: str, row_id: UUID) -> None:
    """Once this transaction is committed, have a task done for a row of it.

    The rows of one transaction go in one message, at most 50 of them: the rest waits for the
    task that comes round. A queue that is away fails nobody's request.
    """
    if name not in _tasks:
        raise LookupError(f"there is no task {name!r}")
    asked: dict[str, list[UUID]] = db.session.info.setdefault("background_tasks", {})
    if not asked:
        after_commit(lambda: _send(asked))
    asked.setdefault(name, []).append(row_id)


def _send(asked: dict[str, list[UUID]]) -> None:
    wanted = dict(asked)
    asked.clear()
    for name, ids in wanted.items():
        words = [str(one) for one in ids[:MOST_IDS]]
        if queue.immediate:
            _tasks[name].call_local(*words)
            continue
        try:
            _tasks[name](*words)
        except Exception as fault:  # noqa: BLE001 (whatever the queue's client raises: the rows are safe)
            log.warning("queue: %s was not asked for (%s)", name, type(fault).__name__)


def every_minute(name: str) -> Callable[[Round], Round]:
    """Name something that comes round each minute while the consumer runs."""
    return _coming_round(name, lambda _at: True)


def every_ten_minutes(name: str, *, hours: Iterable[int]) -> Callable[[Round], Round]:
    """Name something for certain hours of London's day.

    It is tried several times within them, so that a consumer that slept does not lose the day; it
    must itself know whether it is done already.
    """
    wanted = frozenset(hours)

    def is_due(at: datetime) -> bool:
        local = at.replace(tzinfo=UTC).astimezone(LONDON)
        return local.hour in wanted and local.minute % _MINUTES_BETWEEN == 0

    return _coming_round(name, is_due)


def _coming_round(name: str, is_due: Callable[[datetime], bool]) -> Callable[[Round], Round]:
    def register(work: Round) -> Round:
        def run() -> None:
            with _application().app_context():
                work()

        queue.periodic_task(is_due, name=name)(run)
        return work

    return register


def _application() -> Flask:
    if has_app_context():
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 (Flask's own way to the object behind the proxy)
        return app
    if _Place.app is None:
        raise RuntimeError("no application: the process was not made by create_app")
    return _Place.app


@dataclass(frozen=True)
class QueueState:
    """How the queue stands: messages that wait, and when its consumer was last seen."""

    waiting: int
    seen_at: datetime | None
    is_immediate: bool

    def has_consumer(self, at: datetime) -> bool:
        """Whether somebody does the work: a consumer seen lately, or whoever asks for it."""
        if self.is_immediate:
            return True
        return self.seen_at is not None and at - self.seen_at < _SILENT_AFTER


def state() -> QueueState:
    """How the queue stands now.

    Raises:
        QueueDown: it cannot be reached.
    """
    try:
        seen = queue.storage.peek_data(_SEEN)
        waiting = queue.storage.queue_size()
    except Exception as fault:
        raise QueueDown(type(fault).__name__) from fault
    seen_at = None if seen is EmptyData else datetime.fromisoformat(bytes(seen).decode())
    return QueueState(waiting, seen_at, bool(queue.immediate))


@every_minute("background.seen")
def note_that_somebody_works() -> None:
    """Leave the time in the queue, for those who ask whether it has a consumer."""
    queue.storage.put_data(_SEEN, datetime.now(UTC).isoformat(timespec="seconds").encode())
