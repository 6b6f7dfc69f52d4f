from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.assessors.rules import days_fault, hours_fault, valid_until


@pytest.mark.parametrize(
    ("attended", "months", "last"),
    [
        (date(2026, 6, 9), 12, date(2027, 6, 8)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
    ],
)
def test_a_standardisation_counts_to_the_day_before_its_anniversary(attended, months, last):
    assert valid_until(attended, months) == last


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 36))
def test_it_counts_on_the_day_itself_and_longer_with_more_months(attended, months):
    assert valid_until(attended, months) > attended
    assert valid_until(attended, months + 1) > valid_until(attended, months)


def test_hours_and_days_end_after_they_start():
    assert hours_fault(time(9), time(17)) is None
    assert hours_fault(time(9), time(9)) == "It must end after 09:00"
    day = date(2026, 6, 9)
    assert days_fault(day, day) is None
    assert days_fault(day, None) is None
    assert days_fault(day, date(2026, 6, 8)) == "The last day must be 9 June 2026 or later"
