from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.diary.rules import (
    Day,
    Span,
    day_asked,
    days_of,
    month_days,
    neighbours,
    shown_days,
)

TODAY = date(2026, 6, 9)
DAYS = st.dates(date(2, 1, 1), date(9998, 12, 31))


@given(DAYS)
def test_a_month_is_whole_weeks_from_monday_that_hold_all_its_days(on):
    found = days_of(Span.MONTH, on)
    assert found[0].weekday() == 0
    assert found[-1].weekday() == 6
    assert set(month_days(on)) <= set(found)
    assert len(found) in {28, 35, 42}


@given(DAYS)
def test_a_week_is_seven_days_with_the_one_asked_for(on):
    found = days_of(Span.WEEK, on)
    assert (len(found), found[0].weekday()) == (7, 0)
    assert on in found


@given(DAYS, st.sampled_from(list(Span)))
def test_one_goes_back_and_forth_between_neighbours(on, span):
    before, after = neighbours(span, on)
    assert before < on < after
    assert days_of(span, neighbours(span, after)[0]) == days_of(span, on)


def test_a_weekend_is_shown_only_when_something_is_on_it():
    week = days_of(Span.WEEK, TODAY)
    assert len(shown_days(week, [])) == 5
    assert shown_days(week, [date(2026, 6, 13)])[-1] == date(2026, 6, 13)


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "0001-01-01", "9999-12-31", "9" * 40])
def test_what_is_no_day_to_be_shown_is_today(text):
    assert day_asked(text, TODAY) == TODAY


def test_it_takes_the_day_that_is_asked_for():
    assert day_asked("2024-02-29", TODAY) == date(2024, 2, 29)


def test_a_day_with_nothing_on_it_is_empty():
    assert Day(TODAY, ()).is_empty
    assert not Day(TODAY, (), notes=("away",)).is_empty
