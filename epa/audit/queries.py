"""Reading the log: verifying its chain, and its pages for those who may read it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epa.audit.models import AuditEntry
from epa.audit.rules import Link, Verdict, verify
from epa.database import db


def verified(key: str, anchor: str | None = None, session: Session | None = None) -> Verdict:
    """The verdict over the whole chain; an entry that was never sealed breaks it at the end.

    Args:
        key: the audit key.
        anchor: a head exported earlier, which must still be on the way.
        session: another than the application's, to verify the chain of a copy.
    """
    session = session or db.session()
    verdict = verify(key, _entries(session), anchor)
    unsealed = session.scalar(
        select(func.count()).select_from(AuditEntry).where(AuditEntry.mac.is_(None))
    )
    if unsealed and verdict.intact:
        return Verdict(verdict.rows, verdict.head, verdict.rows + 1)
    return verdict


def _entries(session: Session) -> Iterator[tuple[Link, str]]:
    query = select(AuditEntry).where(AuditEntry.mac.is_not(None)).order_by(AuditEntry.row)
    for entry in session.scalars(query.execution_options(yield_per=500)):
        yield entry.link(entry.row or 0), entry.mac or ""
