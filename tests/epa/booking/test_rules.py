from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.booking.rules import (
    Slot,
    Standing,
    duties_open,
    hindrances,
    minutes_needed,
    next_free,
    window,
)
from epa.lifecycle.period import earliest_presentation, epa_period
from epa.lifecycle.rules import Duty
from frameworks import load_plan

PLAN = load_plan("st0663")
START = date(2026, 6, 9)
PERIOD = epa_period(START, PLAN.clock)
TODAY = date(2026, 6, 12)
NOON = datetime(2026, 6, 9, 12, tzinfo=UTC)
CLEAR = Standing("Helen Marsh")


def codes(standing, duty=Duty.ASSESSOR):
    return [found.code for found in hindrances(standing, duty)]


def test_it_finds_nothing_against_somebody_with_the_role_and_no_conflict():
    assert hindrances(CLEAR, Duty.ASSESSOR) == ()


@pytest.mark.parametrize(
    ("standing", "code", "words"),
    [
        (Standing("Helen Marsh", is_disabled=True), "disabled", "Helen Marsh is disabled"),
        (Standing("Helen Marsh", has_role=False), "role-missing", "does not hold a role"),
        (
            Standing("Helen Marsh", implied=("Has a role at Harbour Homes",)),
            "implied-conflict",
            "Helen Marsh cannot do this. Has a role at Harbour Homes. Choose somebody else",
        ),
        (
            Standing("Helen Marsh", declared=("Trained the apprentice: Ana Reis",)),
            "conflict-of-interest",
            "Trained the apprentice: Ana Reis. Choose somebody else, or have an internal quality",
        ),
    ],
)
def test_it_says_why_somebody_will_not_do(standing, code, words):
    [found] = hindrances(standing, Duty.ASSESSOR)
    assert found.code == code
    assert words in found.message


def test_it_keeps_the_two_markers_apart():
    [found] = hindrances(Standing("Helen Marsh", has_other_duty=True), Duty.SECOND_MARKER)
    assert found.code == "segregation"
    assert "Helen Marsh is the first marker" in found.message


def test_it_lists_everything_that_stands_against_somebody():
    standing = Standing("Helen Marsh", has_role=False, implied=("A", "B"), declared=("C",))
    assert codes(standing) == [
        "role-missing",
        "implied-conflict",
        "implied-conflict",
        "conflict-of-interest",
    ]


def test_it_takes_the_longest_a_method_may_last():
    assert minutes_needed(PLAN.methods["presentation"]) == 99
    assert minutes_needed(PLAN.methods["observation"]) == 228
    assert minutes_needed(PLAN.methods["knowledge_test"]) == 120


def test_it_names_the_duties_nobody_has():
    duties = (Duty.INVIGILATOR, Duty.FIRST_MARKER, Duty.SECOND_MARKER)
    assert duties_open(duties, {Duty.FIRST_MARKER: "somebody"}) == (
        Duty.INVIGILATOR,
        Duty.SECOND_MARKER,
    )


@pytest.mark.parametrize("day", [TODAY, date(2026, 7, 1), date(2026, 9, 9)])
def test_it_takes_a_day_from_today_to_the_last_day(day):
    assert window(PERIOD, TODAY).hindrance(day) is None


@pytest.mark.parametrize(
    ("today", "day", "code", "nearest"),
    [
        (TODAY, date(2026, 6, 11), "in-the-past", "12 June 2026"),
        (date(2026, 6, 1), date(2026, 6, 8), "before-period", "9 June 2026"),
        (TODAY, date(2026, 9, 10), "after-period", "9 September 2026"),
    ],
)
def test_it_names_the_rule_and_the_nearest_day(today, day, code, nearest):
    found = window(PERIOD, today).hindrance(day)
    assert found.code == code
    assert f"The nearest date that would do is {nearest}" in found.message.replace("\xa0", " ")


def test_it_leaves_the_assessor_the_days_with_the_portfolio():
    shared = (TODAY, earliest_presentation(TODAY, PLAN.clock))
    found = window(PERIOD, TODAY, shared, needed_days=20)
    assert found.hindrance(date(2026, 7, 2)) is None
    refused = found.hindrance(date(2026, 7, 1))
    assert refused.code == "portfolio-days"
    assert "2 July 2026" in refused.message.replace("\xa0", " ")
    assert "at least 20 days" in refused.message


def test_it_says_when_all_methods_within_months_of_the_first_binds():
    clock = PLAN.clock.model_copy(update={"methods_within_months": 1})
    period = epa_period(START, clock, first_method_on=date(2026, 6, 15))
    found = window(period, TODAY).hindrance(date(2026, 7, 16))
    assert found.code == "after-methods"


def test_it_says_that_no_day_is_left():
    shared = (date(2026, 8, 28), earliest_presentation(date(2026, 8, 28), PLAN.clock))
    found = window(PERIOD, date(2026, 8, 28), shared, needed_days=20)
    assert found.is_empty
    refused = found.hindrance(date(2026, 9, 1))
    assert refused.code == "no-day-left"
    assert refused.message.endswith("So no day is left.")


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(DAYS, DAYS, DAYS)
def test_it_takes_no_day_outside_the_period_nor_in_the_past(starts_on, today, day):
    period = epa_period(starts_on, PLAN.clock)
    taken = window(period, today).hindrance(day) is None
    assert taken == (period.holds(day) and day >= today)


def test_it_lets_one_start_when_the_other_ends():
    assert not Slot(NOON, 60).overlaps(Slot(NOON + timedelta(minutes=60), 60))
    assert Slot(NOON, 61).overlaps(Slot(NOON + timedelta(minutes=60), 60))


SLOTS = st.builds(
    lambda offset, minutes: Slot(NOON + timedelta(minutes=offset), minutes),
    st.integers(0, 1000),
    st.integers(1, 300),
)


@given(SLOTS, st.lists(SLOTS, max_size=6))
def test_it_finds_the_next_time_that_is_free(wanted, busy):
    start = next_free(wanted, busy)
    assert start >= wanted.starts_at
    assert not any(Slot(start, wanted.minutes).overlaps(one) for one in busy)
