from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from epa.web import filters

DAY = date(2026, 6, 9)
LATE = datetime(2026, 6, 9, 23, 30, 8, tzinfo=UTC)


def test_it_writes_dates_without_ordinals():
    assert filters.date_words(DAY) == "9 June 2026"
    assert filters.weekday_date(DAY) == "Tuesday 9 June 2026"
    assert filters.short_date(DAY) == "9 June"
    assert filters.short_weekday_date(DAY) == "Tuesday 9 June"
    assert str(filters.dated(DAY)) == '<time datetime="2026-06-09">9 June 2026</time>'


def test_it_shows_instants_on_the_clock_in_london():
    assert filters.date_words(LATE) == "10 June 2026"
    assert filters.time_of_day(LATE) == "00:30"
    assert filters.saved_time(LATE) == "00:30:08"
    assert filters.moment(LATE) == "10 June 2026 at 00:30"
    assert filters.time_of_day(datetime(2026, 1, 9, 12, 0, tzinfo=UTC)) == "12:00"
    assert filters.time_of_day(time(14, 5)) == "14:05"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (127, "2 h 07 min"),
        (45, "45 min"),
        (0, "0 min"),
        (60, "1 h 00 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (-5, "-5 min"),
    ],
)
def test_it_writes_durations(value, words):
    assert filters.duration(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [("9900001345", "990 000 1345"), (9900001345, "990 000 1345"), ("12", "12")]
)
def test_it_sets_a_uln_three_three_four(value, words):
    assert filters.uln(value) == words


def test_it_writes_numbers():
    assert filters.thousands(10000) == "10,000"
    assert filters.plural(1, "piece") == "1 piece"
    assert filters.plural(1200, "person", "people") == "1,200 people"
    assert filters.plural(0, "day") == "0 days"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (20, "20%"),
        (21.4, "21.4%"),
        (Decimal("69.95"), "70%"),
        (100, "100%"),
        (0, "0%"),
        (2.25, "2.3%"),
    ],
)
def test_it_writes_percentages_without_empty_decimals(value, words):
    assert filters.percent(value) == words


def test_it_shows_as_many_decimals_as_decide():
    assert filters.percent(Decimal("69.95"), 2) == "69.95%"
    assert filters.percent(Decimal("12.5"), 0) == "13%"


@pytest.mark.parametrize(
    ("days", "words", "unit"),
    [
        (0, "today", "today"),
        (1, "1 day left", "day left"),
        (5, "5 days left", "days left"),
        (-1, "1 day over", "day over"),
        (-2, "2 days over", "days over"),
    ],
)
def test_it_counts_days(days, words, unit):
    assert (filters.days_left(days), filters.days_unit(days)) == (words, unit)


def test_it_lists_words():
    assert filters.listed(["one", "two", "three"]) == "one, two and three"
    assert filters.listed(["one"]) == "one"
    assert filters.listed([]) == ""


@pytest.mark.parametrize("name", sorted(set(filters.FILTERS) - {"plural", "days_unit", "listed"}))
def test_it_writes_nothing_for_none(name):
    assert str(filters.FILTERS[name](None)) == ""
