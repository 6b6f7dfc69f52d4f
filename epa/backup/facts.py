"""What a database says about itself: counted when a backup is taken, and again when given back."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, inspect, select, table, text
from sqlalchemy.orm import Session

from epa.audit.queries import verified
from epa.audit.rules import Verdict
from epa.files.models import StoredFile


@dataclass(frozen=True)
class Facts:
    """Rows by table, the schema's migration, the audit chain, and the files that rows speak of."""

    rows: dict[str, int]
    schema_head: str | None
    audit: Verdict
    stored: tuple[tuple[str, int, str], ...]


def facts_of(connection: Connection, audit_key: str) -> Facts:
    """Count and verify what a connection sees; ``stored`` is key, size and SHA-256 of each file."""
    names = sorted(inspect(connection).get_table_names())
    file = StoredFile.__table__.c
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        return Facts(
            rows={
                name: session.scalar(select(func.count()).select_from(table(name))) or 0
                for name in names
            },
            schema_head=session.scalar(text("SELECT version_num FROM alembic_version"))
            if "alembic_version" in names
            else None,
            audit=verified(audit_key, session=session),
            stored=tuple(
                (key, size, digest)
                for key, size, digest in session.execute(
                    select(file.key, file.size, file.sha256).order_by(file.key)
                )
            ),
        )
