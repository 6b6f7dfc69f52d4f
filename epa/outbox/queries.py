"""The mails of one's own organisation, and those that wait to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select

from epa.database import db
from epa.outbox.models import Mail
from epa.outbox.rules import MOST_ATTEMPTS
from epa.people.models import Person
from epa.people.queries import epao_ids
from epa.people.rules import Permission


def mails(person: Person, permission: Permission) -> Select[Mail]:
    """The mails that were written for an EPAO of this person, the latest first."""
    return (
        select(Mail)
        .where(Mail.from_organisation_id.in_(epao_ids(person, permission)))
        .order_by(Mail.written_at.desc(), Mail.id)
    )


def mail_for(person: Person, permission: Permission, mail_id: UUID) -> Mail | None:
    """The mail, if this person reaches it; else None, as for an unknown id."""
    return db.session.scalar(mails(person, permission).where(Mail.id == mail_id))


def waiting(at: datetime, most: int) -> Sequence[Mail]:
    """Mails that may be sent now, oldest first, locked so that no other process sends them too."""
    query = (
        select(Mail)
        .where(
            Mail.sent_at.is_(None),
            Mail.attempts < MOST_ATTEMPTS,
            or_(Mail.next_try_at.is_(None), Mail.next_try_at <= at),
        )
        .order_by(Mail.written_at, Mail.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=Mail)
    )
    return db.session.scalars(query).all()
