"""Reading the log: verifying its chain, and its pages for those who may read it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from epa.audit.models import AuditEntry, AuditHead
from epa.audit.rules import Link, Verdict, verify
from epa.database import db


def verified(key: str, anchor: str | None = None, session: Session | None = None) -> Verdict:
    """The verdict over the whole chain.

    An entry that was never sealed breaks it at the end, and so does a head that is further on than
    the last row: rows were taken from the end.

    Args:
        key: the audit key.
        anchor: a head exported earlier, which must still be on the way.
        session: another than the application's, to verify the chain of a copy.
    """
    session = session or db.session()
    try:
        verdict = verify(key, _entries(session), anchor)
    except (ValueError, TypeError):  # somebody put what is no time or no JSON where one belongs
        session.rollback()
        return _first_unreadable(key, session)
    unsealed = session.scalar(
        select(func.count()).select_from(AuditEntry).where(AuditEntry.mac.is_(None))
    )
    head = session.execute(select(AuditHead.row, AuditHead.mac)).one_or_none()
    is_cut = head is not None and tuple(head) != (verdict.rows, verdict.head)
    if verdict.intact and (unsealed or is_cut):
        return Verdict(verdict.rows, verdict.head, verdict.rows + 1)
    return verdict


def _first_unreadable(key: str, session: Session) -> Verdict:
    """The verdict on a chain with a row that cannot even be read, which breaks it there if not before."""
    sealed = AuditEntry.mac.is_not(None)
    places = session.scalars(select(AuditEntry.row).where(sealed).order_by(AuditEntry.row)).all()
    last = session.scalar(select(AuditEntry.mac).where(AuditEntry.row == places[-1])) or ""
    for number, place in enumerate(places, start=1):
        try:
            session.scalars(select(AuditEntry).where(AuditEntry.row == place)).one()
        except (ValueError, TypeError):
            before = verify(key, _entries(session, before=place))
            return Verdict(len(places), last, before.first_broken or number)
    raise AssertionError("a row that could not be read can be read now")


def _entries(session: Session, before: int | None = None) -> Iterator[tuple[Link, str]]:
    query = select(AuditEntry).where(AuditEntry.mac.is_not(None)).order_by(AuditEntry.row)
    if before is not None:
        query = query.where(AuditEntry.row < before)
    for entry in session.scalars(query.execution_options(yield_per=500)):
        yield entry.link(entry.row or 0), entry.mac or ""
