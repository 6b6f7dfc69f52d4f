"""Reminders of yearly reviews: how many are due, by when, and never a word of a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from epa.clock import london_date
from epa.database import db, unit_of_work
from epa.outbox.services import tell
from epa.people.models import Person, RoleAssignment
from epa.people.rules import GRANTS, Permission
from epa.web.filters import date_words, plural
from question_bank.items.models import BankItem, ItemVersion, QuestionBank
from question_bank.items.rules import ItemStatus, reminder_due

EVENT = "questions to review"


def remind_of_reviews(at: datetime) -> int:
    """Tell reviewers which yearly reviews come up, once at each of the reminders' days.

    A bank in a transaction of its own, its row locked, so that two consumers write one mail.

    Returns:
        How many mails were written.
    """
    written = 0
    for bank_id in db.session.scalars(select(QuestionBank.id)).all():
        with unit_of_work():
            written += _remind(bank_id, at)
    return written


def _remind(bank_id: UUID, at: datetime) -> int:
    bank = db.session.scalar(
        select(QuestionBank).where(QuestionBank.id == bank_id).with_for_update(of=QuestionBank)
    )
    assert bank is not None, "banks are never deleted"
    today = london_date(at)
    due = _due(bank, today)
    if not due:
        return 0
    first = min(item.review_due_on for item in due if item.review_due_on is not None)
    count = plural(len(due), "question")
    reviewers = _reviewers(bank)
    for person in reviewers:
        tell(
            person,
            EVENT,
            behalf=bank.epao,
            at=at,
            count=count,
            bank=bank.title,
            day=date_words(first),
        )
    return len(reviewers)


def _due(bank: QuestionBank, today: date) -> list[BankItem]:
    """The items to remind of now, each marked as reminded of."""
    query = (
        select(BankItem)
        .join(BankItem.versions)
        .where(
            BankItem.bank_id == bank.id,
            ItemVersion.status == ItemStatus.APPROVED,
            BankItem.review_due_on.is_not(None),
        )
    )
    found = []
    for item in db.session.scalars(query):
        assert item.review_due_on is not None, "the query asked for those"
        if (days := reminder_due(item.review_due_on, today, item.reminded_days)) is not None:
            item.reminded_days = days
            found.append(item)
    return found


def _reviewers(bank: QuestionBank) -> Sequence[Person]:
    roles = [role for role, granted in GRANTS.items() if Permission.REVIEW_ITEMS in granted]
    query = (
        select(Person)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(
            RoleAssignment.organisation_id == bank.epao_id,
            RoleAssignment.role.in_(roles),
            RoleAssignment.ended_at.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    return db.session.scalars(query.distinct()).all()
