from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.booking.dates import Openings, Slot, window
from epa.lifecycle.period import earliest_presentation, epa_period
from frameworks import load_plan

PLAN = load_plan("st0663")
START = date(2026, 6, 9)
PERIOD = epa_period(START, PLAN.clock)
TODAY = date(2026, 6, 12)
NOON = datetime(2026, 6, 9, 12, tzinfo=UTC)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize("day", [TODAY, date(2026, 7, 1), date(2026, 9, 9)])
def test_it_takes_a_day_from_today_to_the_last_day(day):
    assert window(PERIOD, Openings(TODAY)).hindrance(day) is None


@pytest.mark.parametrize(
    ("today", "day", "code"),
    [
        (TODAY, date(2026, 6, 11), "in-the-past"),
        (date(2026, 6, 1), date(2026, 6, 8), "before-period"),
        (TODAY, date(2026, 9, 10), "after-period"),
    ],
)
def test_it_names_the_rule(today, day, code):
    assert window(PERIOD, Openings(today)).hindrance(day).code == code


def test_it_asks_for_notice_unless_it_was_agreed_to_do_without():
    found = window(PERIOD, Openings(TODAY, notice_days=7))
    assert found.hindrance(date(2026, 6, 19)) is None
    refused = found.hindrance(date(2026, 6, 18))
    assert refused.code == "notice"
    assert "at least 7 days ahead" in refused.message
    assert window(PERIOD, Openings(TODAY)).hindrance(date(2026, 6, 18)) is None


def test_it_leaves_the_assessor_the_days_with_the_portfolio():
    shared = (TODAY, earliest_presentation(TODAY, PLAN.clock))
    found = window(PERIOD, Openings(TODAY, 7, shared, needed_days=20))
    assert found.hindrance(date(2026, 7, 2)) is None
    refused = found.hindrance(date(2026, 7, 1))
    assert refused.code == "portfolio-days"
    assert "12 June 2026" in refused.message.replace("\xa0", " ")
    assert "at least 20 days" in refused.message


def test_it_says_when_all_methods_within_months_of_the_first_binds():
    clock = PLAN.clock.model_copy(update={"methods_within_months": 1})
    period = epa_period(START, clock, first_method_on=date(2026, 6, 15))
    found = window(period, Openings(TODAY)).hindrance(date(2026, 7, 16))
    assert found.code == "after-methods"


def test_it_says_that_no_day_is_left():
    shared = (date(2026, 8, 28), earliest_presentation(date(2026, 8, 28), PLAN.clock))
    found = window(PERIOD, Openings(date(2026, 8, 28), None, shared, needed_days=20))
    assert found.is_empty
    refused = found.hindrance(date(2026, 9, 1))
    assert refused.code == "no-day-left"
    assert refused.message.endswith("So no day is left.")


@given(DAYS, DAYS, DAYS, st.none() | st.integers(0, 60))
def test_it_takes_no_day_outside_the_period_nor_too_soon(starts_on, today, day, notice):
    period = epa_period(starts_on, PLAN.clock)
    taken = window(period, Openings(today, notice)).hindrance(day) is None
    assert taken == (period.holds(day) and day >= today + timedelta(days=notice or 0))


def test_it_lets_one_start_when_the_other_ends():
    assert not Slot(NOON, 60).overlaps(Slot(NOON + timedelta(minutes=60), 60))
    assert Slot(NOON, 61).overlaps(Slot(NOON + timedelta(minutes=60), 60))


def test_it_keeps_a_gap_on_either_side():
    gap, later = timedelta(minutes=45), Slot(NOON + timedelta(minutes=100), 60)
    assert Slot(NOON, 60).overlaps(later, gap)
    assert later.overlaps(Slot(NOON, 60), gap)
    assert not Slot(NOON, 55).overlaps(later, gap)


def test_it_says_a_slot_on_londons_clock():
    assert Slot(NOON, 90).words == "from 13:00 to 14:30 on 9\xa0June\xa02026"
