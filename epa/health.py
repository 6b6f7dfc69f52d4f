"""Whether the service is well: one JSON page without sign-in and without secrets."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError

from epa.background.queue import QueueDown, QueueState, state
from epa.clock import utc_now
from epa.database import db
from epa.outbox.models import Mail
from epa.storage import Storage, StorageFailed
from epa.web.access import public

log = logging.getLogger("plumbline")
bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Database, storage, queue, clock and SQLite's version; 503 when one is down."""
    parts = {name: check() for name, check in _CHECKS.items()}
    asked = _queue_state()
    parts["queue"] = parts["queue"] and asked is not None
    well = all(parts.values())
    body = {
        "status": "ok" if well else "down",
        **{name: "ok" if fine else "down" for name, fine in parts.items()},
        **_background(asked),
        "clock": utc_now().isoformat(timespec="seconds"),
        "sqlite_version": sqlite3.sqlite_version,
    }
    return jsonify(body), 200 if well else 503


def _database() -> bool:
    return _answers(select(1))


def _outbox() -> bool:
    """What is to be done stands in rows: without them the queue is worth nothing."""
    return _answers(select(Mail.id).limit(1))


def _queue_state() -> QueueState | None:
    try:
        return state()
    except QueueDown as fault:
        log.error("health: queue: %s", fault)  # noqa: TRY400 (the trace would show the address)
        return None


def _background(asked: QueueState | None) -> dict[str, Any]:
    """How many messages wait, and whether somebody works on them; missing only, it is no fault.

    A server may run without its consumer for a while: the rows wait, and so do the messages.
    """
    if asked is None:
        return {"queue_waiting": None, "consumer": "unknown"}
    runs = asked.has_consumer(datetime.now(UTC))
    return {"queue_waiting": asked.waiting, "consumer": "ok" if runs else "not seen"}


def _answers(question: Select[Any]) -> bool:
    try:
        db.session.execute(question).first()
    except SQLAlchemyError as fault:
        db.session.rollback()
        log.error("health: %s", type(fault).__name__)  # noqa: TRY400 (the trace would show the address)
        return False
    return True


def _storage() -> bool:
    try:
        Storage(current_app.config["STORAGE_URL"]).check()
    except StorageFailed as fault:
        log.error("health: %s", fault.message)  # noqa: TRY400 (the trace would show the address)
        return False
    return True


_CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "storage": _storage,
    "queue": _outbox,
}
