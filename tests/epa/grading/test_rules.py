from datetime import date
from uuid import uuid4

import pytest

from epa.grading import rules


def test_a_second_person_had_no_part():
    one, other = uuid4(), uuid4()
    assert rules.is_second_person(one, {other, None})
    assert not rules.is_second_person(one, {one, other})


def test_a_resit_is_possible_until_the_last_day():
    last = date(2026, 7, 14)
    assert rules.resit_is_possible(last, last)
    assert not rules.resit_is_possible(date(2026, 7, 15), last)


@pytest.mark.parametrize(
    ("name", "prefix"),
    [("Calder Vale Assessment", "CVA"), ("Élan 4 Skills Group Ltd", "ÉSG"), ("42", "EPA")],
)
def test_a_statement_is_numbered_with_the_first_letters(name, prefix):
    assert rules.prefix_of(name) == prefix
    assert rules.statement_number(prefix, 2026, 417) == f"{prefix}-2026-00417"
