"""How migrations are made and run: numbered, with a head file beside them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from alembic import context
from alembic.operations import MigrationScript
from flask import current_app

VERSIONS = Path(__file__).parent / "versions"
HEAD = VERSIONS / ".current-alembic-head"
target = current_app.extensions["migrate"].db


def numbered(_context: Any, _revision: Any, directives: list[MigrationScript]) -> None:
    """Name a new migration NNNN_slug, and note it as the head, so that two branches collide."""
    script = directives[0]
    if script.upgrade_ops is not None and script.upgrade_ops.is_empty():
        if script.message:  # asked for by name; without one it is only being checked
            directives[:] = []
        return
    last = max((int(path.name[:4]) for path in VERSIONS.glob("[0-9]*.py")), default=0)
    slug = re.sub(r"\W+", "_", (script.message or "change").lower()).strip("_")
    script.rev_id = f"{last + 1:04d}_{slug}"
    HEAD.write_text(script.rev_id + "\n", encoding="ascii")


def rendered(kind: str, item: Any, _autogen: Any) -> str | bool:
    """Write our own column type as what it is in the database."""
    if kind == "type" and type(item).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


def run() -> None:
    """Run against the application's database, each migration in one transaction.

    SQLite changes a table by making it anew: what refers to it must not be looked at meanwhile.
    Afterwards every reference is.
    """
    with target.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # Not through SQLAlchemy, which would begin a transaction, in which this says nothing.
            sqlite = connection.connection.dbapi_connection
            sqlite.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=target.metadata,
            process_revision_directives=numbered,
            render_item=rendered,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite:
            broken = sqlite.execute("PRAGMA foreign_key_check").fetchall()
            sqlite.execute("PRAGMA foreign_keys = ON")
            if broken:
                raise RuntimeError(f"{len(broken)} references point nowhere, one in {broken[0][0]}")


run()
