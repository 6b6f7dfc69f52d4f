from datetime import timedelta

import pytest
from sqlalchemy import select

from epa.outbox.models import Mail
from epa.people.rules import Role
from question_bank.items import reviewing
from question_bank.items.sending import EVENT, remind_of_reviews

pytestmark = pytest.mark.both_databases


@pytest.fixture
def people(make):
    bank = make.bank()
    author = make.person(Role.ITEM_AUTHOR, organisation=bank.epao)
    reviewers = [make.person(Role.ITEM_REVIEWER, organisation=bank.epao) for _ in "12"]
    make.person(Role.ITEM_REVIEWER)
    return bank, author, reviewers


def mails(session):
    session.expire_all()
    found = session.scalars(select(Mail).where(Mail.event == EVENT).order_by(Mail.written_at))
    return list(found)


def test_reviewers_are_told_once_at_60_and_once_at_14_days(people, make, session, at, frozen):
    bank, author, reviewers = people
    items = [make.approved_item(bank, author, reviewers[0]) for _ in range(3)]
    due = items[0].review_due_on
    first = at + (due - at.date()) - timedelta(days=60)

    assert remind_of_reviews(first - timedelta(days=1)) == 0
    assert remind_of_reviews(first) == 2
    assert remind_of_reviews(first + timedelta(hours=1)) == 0
    assert {mail.to_person_id for mail in mails(session)} == {one.id for one in reviewers}
    mail = mails(session)[0]
    assert mail.subject == "3 questions to review"
    assert "9 June 2027" in mail.body
    assert "Which is step" not in mail.body

    reviewing.keep_item(items[0], actor=reviewers[1], at=first + timedelta(days=1))
    session.commit()
    assert remind_of_reviews(first + timedelta(days=46)) == 2
    assert mails(session)[-1].subject == "2 questions to review"
    assert remind_of_reviews(first + timedelta(days=80)) == 0
