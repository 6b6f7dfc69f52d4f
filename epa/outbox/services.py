"""Writing a mail into the current transaction, and claiming those that wait to be sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from epa.audit.services import record
from epa.background.queue import MOST_IDS, later
from epa.database import db
from epa.mailer import Attachment, Letter
from epa.outbox import queries
from epa.outbox.letters import PRODUCT, composed, framed
from epa.outbox.models import SUBJECT_LETTERS, Mail, MailChoice
from epa.outbox.rules import DAILY, SEND, one_line, wait_after
from epa.people.models import Organisation, Person
from epa.settings import queries as settings


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
    """Put a mail to a person into the outbox, with a greeting and a closing around its matter.

    Args:
        to: the person; somebody without an address gets none.
        event: the name of what caused it, such as ``invitation``; it may be switched off.
        subject: one line that gives nothing away.
        body: the matter in sentences; plain text, links in full, nothing confidential.
        behalf: the organisation it comes from.
        at: when.
        attached: a small text file that goes with it.

    Returns:
        The mail, or None for somebody without an address or who does not want it.
    """
    if not to.email or not queries.is_wanted(to, event):
        return None
    mail = Mail(
        id=uuid4(),
        to_person=to,
        from_organisation=behalf,
        event=event,
        to_address=to.email,
        subject=one_line(subject)[:SUBJECT_LETTERS],
        body=framed(to, event, body, behalf),
        attachment=attached.text if attached else None,
        attachment_name=attached.name if attached else None,
        attachment_type=attached.content_type if attached else None,
        written_at=at,
    )
    db.session.add(mail)
    later(SEND, mail.id)
    return mail


def tell(
    to: Person,
    event: str,
    *,
    behalf: Organisation | None,
    at: datetime,
    wording: str = "",
    attached: Attachment | None = None,
    **facts: object,
) -> Mail | None:
    """Write somebody the mail of an event in the words of ``letters.toml``.

    Args:
        to: the person.
        event: the name of what caused it.
        behalf: the organisation it comes from.
        at: when.
        wording: its name in the data file, where an event has several; else the event's own.
        attached: a small text file that goes with it.
        **facts: what stands in braces there.

    Returns:
        As for `write`.
    """
    subject, body = composed(wording or event, facts)
    return write(
        to, event=event, subject=subject, body=body, behalf=behalf, at=at, attached=attached
    )


def choose(person: Person, wanted: Mapping[str, bool], *, at: datetime) -> None:
    """Keep which mails a person wants, by event."""
    known = {
        row.event: row
        for row in db.session.scalars(select(MailChoice).where(MailChoice.person_id == person.id))
    }
    changed = []
    for event, is_wanted in wanted.items():
        row = known.get(event)
        if row is None:
            row = MailChoice(person_id=person.id, event=event, is_wanted=event != DAILY)
            row.changed_at = at
            db.session.add(row)
        if row.is_wanted != is_wanted:
            row.is_wanted, row.changed_at = is_wanted, at
            changed.append(event)
    db.session.flush()
    if changed:
        record(person, "mails chosen", person, at=at, events=sorted(changed))


def note_reading(mail: Mail, *, actor: Person, at: datetime) -> None:
    """Record that somebody other than its reader looked at a mail."""
    record(actor, "mail read", mail, at=at, event=mail.event)


@dataclass(frozen=True)
class Claim:
    """A mail that this process is to send, and nobody else until its next try is due."""

    mail_id: UUID
    letter: Letter


def claim_waiting(
    *, at: datetime, most: int = MOST_IDS, only: Collection[UUID] | None = None
) -> list[Claim]:
    """Take mails that wait, oldest first, each counted as a try; the caller commits, then sends.

    Nothing is locked while the mail server is spoken to: a process that dies meanwhile leaves its
    mails to the next try, so that a mail may rarely come twice and is never lost.
    """
    mails = queries.waiting(at, most, only)
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
        from_name=settings.value("mail_from_name") or (behalf.name if behalf else PRODUCT),
        subject=mail.subject,
        body=mail.text(with_link=True),
        attached=_attached(mail),
        from_address=settings.value("mail_from_address"),
        reply_to=settings.value("mail_reply_to"),
    )


def _attached(mail: Mail) -> Attachment | None:
    if mail.attachment is None:
        return None
    assert mail.attachment_name is not None, "an attachment has a name"
    assert mail.attachment_type is not None, "an attachment has a type"
    return Attachment(mail.attachment_name, mail.attachment_type, mail.attachment)
