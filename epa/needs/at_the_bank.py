"""What waits in the question bank: counts alone, since the list needs nobody by name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Select

from epa.clock import london_date
from epa.database import db
from epa.needs.rules import Need
from epa.people.models import Person
from epa.people.rules import Permission
from epa.web.filters import plural
from epa.web.pagination import count_of
from question_bank.items import queries
from question_bank.items.models import ItemVersion
from question_bank.items.rules import REMINDER_DAYS


def questions_to_review(person: Person, at: datetime) -> Iterator[Need]:
    """What authors sent in, and the yearly reviews that come up."""
    waiting = queries.waiting(person, Permission.REVIEW_ITEMS)
    yield from _waiting("Review", waiting, "Their authors wait for it.")
    last = london_date(at) + timedelta(days=max(REMINDER_DAYS))
    due = queries.to_review_by(person, Permission.REVIEW_ITEMS, last)
    first = db.session.scalar(due.limit(1))
    if first is not None:
        yield Need(
            f"Review {plural(count_of(db.session(), due), 'question')} again",
            "",
            "An overdue question is not drawn into papers.",
            "Open",
            "items.reviews",
            None,
            due_on=first.item.review_due_on,
        )


def questions_to_mend(person: Person, _at: datetime) -> Iterator[Need]:
    """What reviewers returned to its author."""
    yield from _waiting("Mend", queries.returned_to(person), "A reviewer says what is wrong.")


def _waiting(verb: str, rows: Select[ItemVersion], text: str) -> Iterator[Need]:
    first = db.session.scalar(rows.limit(1))
    if first is not None:
        what = f"{verb} {plural(count_of(db.session(), rows), 'question')}"
        since = london_date(first.changed_at)
        yield Need(what, "", text, "Open", "items.reviews", None, since=since)
