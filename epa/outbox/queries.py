"""The mails of one's own organisation."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Select, select

from epa.database import db
from epa.outbox.models import Mail
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
