"""Writing a mail into the current transaction."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.database import db
from epa.outbox.models import Mail
from epa.people.models import Organisation, Person


def write(
    to: Person, *, event: str, subject: str, body: str, behalf: Organisation | None, at: datetime
) -> Mail | None:
    """Put a mail to a person into the outbox.

    Args:
        to: the person; somebody without an address gets none.
        event: the name of what caused it, such as ``invitation``.
        subject: one line that gives nothing away.
        body: plain text; links in full, nothing confidential.
        behalf: the organisation it comes from.
        at: when.

    Returns:
        The mail, or None for somebody without an address.
    """
    if not to.email:
        return None
    mail = Mail(
        to_person=to,
        from_organisation=behalf,
        event=event,
        to_address=to.email,
        subject=subject,
        body=body,
        written_at=at,
    )
    db.session.add(mail)
    return mail


def note_reading(mail: Mail, *, actor: Person, at: datetime) -> None:
    """Record that somebody other than its reader looked at a mail."""
    record(actor, "mail read", mail, at=at, event=mail.event)
