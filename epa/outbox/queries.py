"""The mails of one's own organisation, and those that wait to be sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from epa.database import db
from epa.in_transaction import Kept
from epa.outbox.models import Mail, MailChoice
from epa.outbox.rules import DAILY, MOST_ATTEMPTS
from epa.people.models import Person
from epa.people.names import search_form
from epa.people.queries import epao_ids
from epa.people.rules import Permission
from epa.settings import queries as settings
from epa.settings.rules import switch_of

_choices: Final[Kept[dict[str, bool]]] = Kept(MailChoice, holds_rows=False)


def mails(person: Person, permission: Permission) -> Select[Mail]:
    """The mails that were written for an EPAO of this person, the latest first."""
    return (
        select(Mail)
        .where(Mail.from_organisation_id.in_(epao_ids(person, permission)))
        .order_by(Mail.written_at.desc(), Mail.id)
    )


@dataclass(frozen=True)
class MailFilter:
    """How the outbox is narrowed: words of a name, an address or a subject, an event, a state."""

    words: str = ""
    event: str = ""
    state: str = ""


STATES: Final[dict[str, ColumnElement[bool]]] = {
    "sent": Mail.sent_at.is_not(None),
    "waiting": and_(Mail.sent_at.is_(None), Mail.last_fault.is_(None)),
    "refused": and_(Mail.sent_at.is_(None), Mail.last_fault.is_not(None)),
}
ORDERS: Final[dict[str, Any]] = {"written": Mail.written_at, "subject": Mail.subject}


def narrowed(
    query: Select[Mail], by: MailFilter, order: str = "written", *, descending: bool = True
) -> Select[Mail]:
    """The mails narrowed by what was asked for, in an order; one mail never twice or lost."""
    query = query.join(Person, Person.id == Mail.to_person_id)
    for word in search_form(by.words).split():
        query = query.where(
            or_(
                Person.search_name.contains(word, autoescape=True),
                func.lower(Mail.to_address).contains(word, autoescape=True),
                func.lower(Mail.subject).contains(word, autoescape=True),
            )
        )
    if by.event:
        query = query.where(Mail.event == by.event)
    if by.state in STATES:
        query = query.where(STATES[by.state])
    column = ORDERS[order]
    return query.order_by(None).order_by(column.desc() if descending else column, Mail.id)


def events(query: Select[Mail]) -> list[str]:
    """The events among some mails, for the list to choose from."""
    return sorted(db.session.scalars(query.order_by(None).with_only_columns(Mail.event).distinct()))


def mail_for(person: Person, permission: Permission, mail_id: UUID) -> Mail | None:
    """The mail, if this person reaches it; else None, as for an unknown id."""
    return db.session.scalar(mails(person, permission).where(Mail.id == mail_id))


def waiting(at: datetime, most: int, only: Collection[UUID] | None = None) -> Sequence[Mail]:
    """Mails that may be sent now, oldest first, locked so that no other process sends them too.

    With ``only`` nothing but these, as far as they still wait.
    """
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
    if only is not None:
        query = query.where(Mail.id.in_(only))
    return db.session.scalars(query).all()


def choices_of(person: Person) -> dict[str, bool]:
    """What a person chose of each event's mails; events they said nothing of are left out."""
    return _choices.of([person.id], _choices_of)[person.id]


def _choices_of(ids: Collection[UUID]) -> dict[UUID, dict[str, bool]]:
    query = select(MailChoice).where(MailChoice.person_id.in_(ids))
    found: dict[UUID, dict[str, bool]] = {one: {} for one in ids}
    with db.session.no_autoflush:  # a mail is written in the midst of other changes
        for row in db.session.scalars(query):
            found[row.person_id][row.event] = row.is_wanted
    return found


def is_wanted(person: Person, event: str) -> bool:
    """Whether a mail of this event is to be written to this person.

    Both must want it: the settings and the person. An event without a switch is always written.
    """
    switch = switch_of(event)
    if switch not in settings.schema():
        return True
    return bool(settings.value(switch)) and choices_of(person).get(event, True)


def wants_daily_mail() -> Select[Person]:
    """The people who asked for a daily mail and can still sign in."""
    return (
        select(Person)
        .join(MailChoice, MailChoice.person_id == Person.id)
        .where(
            MailChoice.event == DAILY,
            MailChoice.is_wanted.is_(True),
            Person.disabled_at.is_(None),
            Person.email.is_not(None),
        )
        .order_by(Person.id)
    )


def was_written_since(person: Person, event: str, since: datetime) -> bool:
    """Whether a mail of this event was written to this person after an instant."""
    query = select(Mail.id).where(
        Mail.to_person_id == person.id, Mail.event == event, Mail.written_at >= since
    )
    return db.session.scalar(query.limit(1)) is not None
