"""Writing a mail into the current transaction, and claiming those that wait to be sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from epa.audit.services import record
from epa.database import db
from epa.mailer import Attachment, Letter
from epa.outbox import queries
from epa.outbox.models import Mail
from epa.outbox.rules import wait_after
from epa.people.models import Organisation, Person


def write(  # noqa: PLR0913 (the parts of a mail, each by name)
    to: Person,
    *,
    event: str,
    subject: str,
    body: str,
    behalf: Organisation | None,
    at: datetime,
    attached: Attachment | None = None,
) -> Mail | None:
    """Put a mail to a person into the outbox.

    Args:
        to: the person; somebody without an address gets none.
        event: the name of what caused it, such as ``invitation``.
        subject: one line that gives nothing away.
        body: plain text; links in full, nothing confidential.
        behalf: the organisation it comes from.
        at: when.
        attached: a small text file that goes with it.

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
        attachment=attached.text if attached else None,
        attachment_name=attached.name if attached else None,
        attachment_type=attached.content_type if attached else None,
        written_at=at,
    )
    db.session.add(mail)
    return mail


def note_reading(mail: Mail, *, actor: Person, at: datetime) -> None:
    """Record that somebody other than its reader looked at a mail."""
    record(actor, "mail read", mail, at=at, event=mail.event)


@dataclass(frozen=True)
class Claim:
    """A mail that this process is to send, and nobody else until its next try is due."""

    mail_id: UUID
    letter: Letter


def claim_waiting(*, at: datetime, most: int = 20) -> list[Claim]:
    """Take mails that wait, oldest first, each counted as a try; the caller commits, then sends.

    Nothing is locked while the mail server is spoken to: a process that dies meanwhile leaves its
    mails to the next try, so that a mail may rarely come twice and is never lost.
    """
    mails = queries.waiting(at, most)
    for mail in mails:
        mail.attempts += 1
        mail.next_try_at = at + wait_after(mail.attempts)
    db.session.flush()
    return [Claim(mail.id, _letter(mail)) for mail in mails]


def settle(mail_id: UUID, *, at: datetime, fault: str | None) -> None:
    """Keep how a try ended; once sent, a one-time link lives in its reader's mail alone."""
    mail = db.session.get_one(Mail, mail_id)
    mail.last_fault = fault
    if fault is None:
        mail.sent_at, mail.one_time_link = at, None
    db.session.flush()


def _letter(mail: Mail) -> Letter:
    behalf = mail.from_organisation
    return Letter(
        to_address=mail.to_address,
        to_name=mail.to_person.name,
        from_name=behalf.name if behalf else "Plumbline",
        subject=mail.subject,
        body=mail.text(with_link=True),
        attached=_attached(mail),
    )


def _attached(mail: Mail) -> Attachment | None:
    if mail.attachment is None:
        return None
    assert mail.attachment_name is not None, "an attachment has a name"
    assert mail.attachment_type is not None, "an attachment has a type"
    return Attachment(mail.attachment_name, mail.attachment_type, mail.attachment)
