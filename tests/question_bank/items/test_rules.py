from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.items.rules import (
    ItemStatus,
    ItemStep,
    after_months,
    approval_fault,
    budget_fault,
    in_pairs,
    is_overdue,
    reminder_due,
    status_after,
)

MOVES = {
    (ItemStatus.DRAFT, ItemStep.EDITED): ItemStatus.DRAFT,
    (ItemStatus.DRAFT, ItemStep.SUBMITTED): ItemStatus.IN_REVIEW,
    (ItemStatus.DRAFT, ItemStep.RETIRED): ItemStatus.RETIRED,
    (ItemStatus.IN_REVIEW, ItemStep.TAKEN_BACK): ItemStatus.DRAFT,
    (ItemStatus.IN_REVIEW, ItemStep.RETURNED): ItemStatus.DRAFT,
    (ItemStatus.IN_REVIEW, ItemStep.APPROVED): ItemStatus.APPROVED,
    (ItemStatus.IN_REVIEW, ItemStep.RETIRED): ItemStatus.RETIRED,
    (ItemStatus.APPROVED, ItemStep.REPLACED): ItemStatus.RETIRED,
    (ItemStatus.APPROVED, ItemStep.RETIRED): ItemStatus.RETIRED,
    (ItemStatus.APPROVED, ItemStep.KEPT): ItemStatus.APPROVED,
} | {(status, ItemStep.COMMENTED): status for status in ItemStatus}


@pytest.mark.parametrize(("status", "step"), list(product(ItemStatus, ItemStep)))
def test_it_allows_these_steps_and_no_other(status, step):
    assert status_after(status, step) == MOVES.get((status, step))


def test_it_lets_approve_whoever_did_not_write():
    author, other = uuid4(), uuid4()
    assert approval_fault(other, {author}) is None
    assert "Somebody else" in approval_fault(author, {author, other})


def test_it_lets_an_author_look_at_so_many():
    assert budget_fault(9, 10) is None
    assert "10 is the limit" in budget_fault(10, 10)


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 6, 9), 12, date(2027, 6, 9)),
        (date(2027, 2, 28), 12, date(2028, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
    ],
)
def test_it_counts_months_to_the_same_day(day, months, after):
    assert after_months(day, months) == after


@pytest.mark.parametrize(
    ("left", "reminded", "due"),
    [
        (61, None, None),
        (60, None, 60),
        (59, 60, None),
        (15, None, 60),
        (14, 60, 14),
        (14, 14, None),
        (3, None, 14),
        (-5, 60, 14),
        (-5, 14, None),
    ],
)
def test_it_reminds_once_at_each_mark(left, reminded, due):
    today = date(2026, 6, 9)
    assert reminder_due(today + timedelta(days=left), today, reminded) == due


def test_it_is_overdue_after_the_last_day_or_without_one():
    day = date(2026, 6, 9)
    assert not is_overdue(day, day)
    assert is_overdue(day - timedelta(days=1), day)
    assert is_overdue(None, day)


@given(mine=st.text(), others=st.frozensets(st.text(), max_size=5))
def test_it_pairs_enemies_the_same_from_both_sides(mine, others):
    pairs = in_pairs(mine, others)
    assert {one for pair in pairs for one in pair} <= others | {mine}
    assert all(first < second for first, second in pairs)
    assert pairs == {pair for one in others - {mine} for pair in in_pairs(one, {mine})}
