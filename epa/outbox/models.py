"""Two tables: the mail that waits to be sent, or was; and which mails somebody wants."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from epa.database import Base, Identified
from epa.outbox.rules import LINK_MARK as LINK_MARK  # noqa: PLC0414 (part of what a mail is)
from epa.people.models import Organisation, Person

SUBJECT_LETTERS: Final = 200


class Mail(Identified, Base):
    """A mail to one person on behalf of one organisation; it says nothing confidential.

    A one-time link stands apart from the text, in which ``LINK_MARK`` keeps its place: pages can
    leave it out, and it can be forgotten once it is sent. An attachment is a small text file, such
    as a calendar entry.
    """

    __tablename__ = "mail"
    __table_args__ = (
        CheckConstraint(
            "(attachment IS NULL) = (attachment_name IS NULL)"
            " AND (attachment IS NULL) = (attachment_type IS NULL)",
            name="attachment_whole",
        ),
    )

    to_person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_organisation_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("organisation.id"), index=True
    )
    event: Mapped[str] = mapped_column(String(60))
    to_address: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(SUBJECT_LETTERS))
    body: Mapped[str] = mapped_column(Text)
    one_time_link: Mapped[str | None] = mapped_column(String(500))
    attachment: Mapped[str | None] = mapped_column(Text)
    attachment_name: Mapped[str | None] = mapped_column(String(100))
    attachment_type: Mapped[str | None] = mapped_column(String(100))
    written_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    last_fault: Mapped[str | None] = mapped_column(String(300))
    to_person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
    from_organisation: Mapped[Organisation | None] = relationship()

    def text(self, *, with_link: bool) -> str:
        """The body, with its one-time link in place or left out."""
        shown = self.one_time_link if with_link else None
        return self.body.replace(LINK_MARK, shown or "(the link is shown to its reader alone)")


class MailChoice(Identified, Base):
    """Whether a person wants the mails of one event; without a row, as the settings say."""

    __tablename__ = "mail_choice"
    __table_args__ = (UniqueConstraint("person_id", "event"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    event: Mapped[str] = mapped_column(String(60))
    is_wanted: Mapped[bool]
    changed_at: Mapped[datetime]
