from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.clock import end_of_day, london_date
from epa.lifecycle.period import Break, earliest_presentation, epa_period, months_after
from frameworks import load_plan

CLOCK = load_plan("st0663").clock
DAYS = st.dates(date(2015, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 4, 14), 3, date(2026, 7, 14)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 6, 9), 0, date(2026, 6, 9)),
    ],
)
def test_it_adds_months_by_the_day_number_clamped_to_the_months_end(day, months, after):
    assert months_after(day, months) == after


@given(day=DAYS, months=st.integers(0, 60), later=st.integers(0, 400))
def test_it_never_adds_months_out_of_order(day, months, later):
    assert months_after(day, months) <= months_after(day + timedelta(days=later), months)
    assert months_after(day, months) < months_after(day, months + 1)


@given(day=DAYS, months=st.integers(0, 60))
def test_it_lands_in_the_right_month_on_the_same_day_or_the_months_last(day, months):
    after = months_after(day, months)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    is_last = (after + timedelta(days=1)).day == 1
    assert after.day == day.day or (after.day < day.day and is_last)


@given(starts_on=DAYS, first=st.none() | st.integers(0, 91), probe=st.integers(-400, 400))
def test_it_never_gives_a_date_outside_the_epa_period(starts_on, first, probe):
    first_on = None if first is None else starts_on + timedelta(days=first)
    period = epa_period(starts_on, CLOCK, first_on)
    last = months_after(starts_on, 3)
    assert period.starts_on == starts_on
    assert starts_on < period.ends_on <= last
    assert starts_on < period.material_due_on <= last
    assert starts_on < period.presentation_due_on <= last
    day = starts_on + timedelta(days=probe)
    assert period.holds(day) is (starts_on <= day <= period.ends_on)
    if period.holds(day):
        assert period.days_left(day) >= 0


@given(starts_on=DAYS, first=st.integers(0, 91))
def test_it_lets_the_earlier_date_bind(starts_on, first):
    first_on = starts_on + timedelta(days=first)
    period = epa_period(starts_on, CLOCK, first_on)
    assert period.methods_last_day == months_after(first_on, 4)
    assert period.ends_on == min(period.period_last_day, period.methods_last_day)


def test_it_lets_a_definition_with_a_shorter_rule_for_the_methods_bind():
    clock = CLOCK.model_copy(update={"methods_within_months": 1})
    period = epa_period(date(2026, 4, 14), clock, date(2026, 4, 20))
    assert period.ends_on == date(2026, 5, 20)
    assert epa_period(date(2026, 4, 14), clock).ends_on == date(2026, 7, 14)


def test_it_counts_down_to_the_last_day_and_past_it():
    period = epa_period(date(2026, 4, 14), CLOCK)
    assert [period.days_left(date(2026, 7, day)) for day in (9, 14, 16)] == [5, 0, -2]
    assert period.material_due_on == date(2026, 5, 12)
    assert period.presentation_due_on == date(2026, 5, 4)


def test_it_lets_the_presentation_be_held_twenty_days_after_sharing():
    assert earliest_presentation(date(2026, 4, 20), CLOCK) == date(2026, 5, 10)
    assert earliest_presentation(date(2028, 2, 9), CLOCK) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, 59, 59, tzinfo=UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 24), datetime(2026, 10, 24, 22, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, 59, 59, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_it_ends_a_day_at_the_last_second_in_london_on_both_clock_changes(day, instant):
    assert end_of_day(day) == instant


@given(day=DAYS)
def test_it_ends_a_day_within_that_day_and_a_second_later_is_the_next(day):
    assert london_date(end_of_day(day)) == day
    assert london_date(end_of_day(day) + timedelta(seconds=1)) == day + timedelta(days=1)


START = date(2026, 4, 14)


def test_days_of_a_break_within_the_period_put_every_later_date_off():
    whole = epa_period(START, CLOCK)
    fortnight = Break(date(2026, 4, 20), date(2026, 5, 3))
    moved = epa_period(START, CLOCK, None, [fortnight])
    away = timedelta(days=14)
    assert moved.ends_on == whole.ends_on + away == date(2026, 7, 28)
    assert moved.material_due_on == whole.material_due_on + away
    assert moved.presentation_due_on == whole.presentation_due_on + away
    late = Break(date(2026, 6, 1), date(2026, 6, 1))
    moved = epa_period(START, CLOCK, None, [late])
    assert moved.ends_on == whole.ends_on + timedelta(days=1)
    assert moved.material_due_on == whole.material_due_on


def test_a_break_in_the_days_that_a_break_added_counts_too():
    breaks = [
        Break(date(2026, 7, 1), date(2026, 7, 10)),
        Break(date(2026, 7, 20), date(2026, 7, 20)),
    ]
    assert epa_period(START, CLOCK, None, breaks).ends_on == date(2026, 7, 25)


def test_the_clock_stands_still_while_a_break_lasts_and_goes_on_where_it_stood():
    lasting = epa_period(START, CLOCK, None, [Break(date(2026, 7, 4), None)])
    assert (lasting.paused_since, lasting.ends_on) == (date(2026, 7, 4), date(2026, 7, 14))
    assert lasting.days_left(date(2026, 12, 24)) == 10
    over = epa_period(START, CLOCK, None, [Break(date(2026, 7, 4), date(2026, 12, 24))])
    assert over.days_left(date(2026, 12, 25)) == 10


def test_a_break_that_began_before_the_period_plays_no_part_in_it():
    before = [Break(date(2026, 4, 1), None), Break(date(2026, 3, 1), date(2026, 5, 1))]
    assert epa_period(START, CLOCK, None, before) == epa_period(START, CLOCK)
