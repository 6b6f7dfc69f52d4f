"""Whether the service is well: one JSON page without sign-in and without secrets."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError

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
    well = all(parts.values())
    body = {
        "status": "ok" if well else "down",
        **{name: "ok" if fine else "down" for name, fine in parts.items()},
        "clock": utc_now().isoformat(timespec="seconds"),
        "sqlite_version": sqlite3.sqlite_version,
    }
    return jsonify(body), 200 if well else 503


def _database() -> bool:
    return _answers(select(1))


def _queue() -> bool:
    """The queue is the outbox: rows that wait to be sent."""
    return _answers(select(Mail.id).limit(1))


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
    "queue": _queue,
}
