"""Whether the service is well: one JSON page without sign-in and without secrets."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, current_app, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from epa.clock import utc_now
from epa.database import db
from epa.web.access import public

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
    try:
        return db.session.scalar(select(1)) == 1
    except SQLAlchemyError:
        return False


def _storage() -> bool:
    folder: Path = current_app.config["DATA_FOLDER"]
    return folder.is_dir()


# The queue is the outbox, a table of the same database: it is well when the database is.
_CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "storage": _storage,
    "queue": _database,
}
