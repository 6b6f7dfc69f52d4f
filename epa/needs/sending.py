"""The daily mail: how much needs somebody this morning, in numbers and kinds, never with a name."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select

from epa.clock import london_date, london_instant
from epa.database import db, unit_of_work
from epa.lifecycle.scope import assessments
from epa.needs.queries import needs_of
from epa.needs.rules import count_in_words, counted, grouped
from epa.outbox.queries import wants_daily_mail, was_written_since
from epa.outbox.rules import DAILY
from epa.outbox.services import tell
from epa.people.models import Organisation, Person
from epa.people.rules import OrganisationKind, Permission
from epa.settings import queries as settings
from epa.web.filters import plural


def write_daily_mails(at: datetime) -> int:
    """Write the day's mail to everybody who wants one and has something waiting.

    Each in a transaction of its own with the person locked, so that two consumers write one mail.

    Returns:
        How many were written.
    """
    if not settings.value("daily_mail"):
        return 0
    ids = db.session.scalars(wants_daily_mail().with_only_columns(Person.id)).all()
    written = 0
    for person_id in ids:
        with unit_of_work():
            person = db.session.scalar(
                select(Person).where(Person.id == person_id).with_for_update(of=Person)
            )
            written += person is not None and _write(person, at)
    return written


def _write(person: Person, at: datetime) -> bool:
    today = london_date(at)
    if was_written_since(person, DAILY, london_instant(today, time())):
        return False
    groups = grouped(needs_of(person, at), today, urgent_days=settings.value("urgent_days"))
    number = sum(len(group.needs) for group in groups)
    if not number:
        return False
    closing = sum(len(group.needs) for group in groups if group.is_urgent)
    needs = plural(number, "thing needs", "things need")
    soon = plural(closing, "of them closes", "of them close")
    tell(
        person,
        DAILY,
        behalf=_epao_of(person),
        at=at,
        count=plural(number, "thing"),
        lead=f"{needs} you{f'; {soon} soon' if closing else ''}.",
        lines="\n".join(f"- {count_in_words(one)}" for one in counted(groups, today)),
    )
    return True


def _epao_of(person: Person) -> Organisation | None:
    """The EPAO that a mail about somebody's work is from: their own, or that of a case of theirs."""
    for held in person.current_roles:
        if OrganisationKind.EPAO in held.organisation.kinds:
            return held.organisation
    one = db.session.scalar(assessments(person, Permission.LIST_ASSESSMENTS).limit(1))
    return one.epao if one else None
