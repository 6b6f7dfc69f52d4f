from datetime import date, time

import pytest

from epa.web.fields import DateBoxes, TimeBox
from tests.epa.web.fields import filled, message

CALLED = "The date of your decision"


def boxes(day="", month="", year="", **about):
    field = DateBoxes("When did you decide this?", called=CALLED, **about)
    return filled(field, day=day, month=month, year=year)


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("9", "6", "2026"), ("09", "06", "2026"), (" 9", "June", "2026"), ("9", "jun", "2026")],
)
def test_it_reads_a_date(day, month, year):
    assert boxes(day, month, year).data == date(2026, 6, 9)


@pytest.mark.parametrize(
    ("typed", "said", "wrong"),
    [
        (("5", "6", ""), "must include a year", ["year"]),
        (("", "6", "2026"), "must include a day", ["day"]),
        (("", "", "2026"), "must include a day and a month", ["day", "month"]),
        (("32", "6", "2026"), "must have a day from 1 to 31", ["day"]),
        (("0", "6", "2026"), "must have a day from 1 to 31", ["day"]),
        (("5", "13", "2026"), "must have a month from 1 to 12", ["month"]),
        (("5", "Juin", "2026"), "must have a month from 1 to 12", ["month"]),
        (("5", "6", "26"), "must have a year from 1900 to 2200, with all 4 figures", ["year"]),
        (("5", "6", "0001"), "must have a year from 1900 to 2200", ["year"]),
        (("5", "6", "9999"), "must have a year from 1900 to 2200", ["year"]),
        (("5", "6", "20265"), "must have a year from 1900 to 2200", ["year"]),
        (("-5", "6", "2026"), "must have a day from 1 to 31", ["day"]),
        (("\u0665", "6", "2026"), "must have a day from 1 to 31", ["day"]),
        (("5", "6\0", "2026"), "must have a month from 1 to 12", ["month"]),
        (("30", "2", "2026"), "must be a real date; February 2026 has 28 days", ["day"]),
        (("31", "6", "2026"), "must be a real date; June 2026 has 30 days", ["day"]),
    ],
)
def test_it_names_the_wrong_box_and_keeps_what_was_typed(typed, said, wrong):
    field = boxes(*typed)
    assert list(field.errors) == [f"{CALLED} {said}"]
    assert [part for part in field.parts if field.is_wrong(part)] == wrong
    assert field.focus_id == f"answer-{wrong[0]}"
    assert tuple(field.typed.values()) == typed
    assert field.data is None


def test_it_asks_for_a_missing_date_in_all_boxes():
    field = boxes()
    assert list(field.errors) == ["Enter the date of your decision"]
    assert all(field.is_wrong(part) for part in field.parts)


def test_it_takes_three_empty_boxes_as_none_when_optional():
    field = boxes(optional=True)
    assert (field.data, list(field.errors)) == (None, [])


def test_it_takes_a_form_without_the_boxes_as_empty():
    field = DateBoxes("Date", called=CALLED)
    assert message(field) == "Enter the date of your decision"


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"earliest": date(2026, 6, 10)}, "must be 10 June 2026 or later"),
        ({"latest": date(2026, 6, 8)}, "must be 8 June 2026 or earlier"),
    ],
)
def test_it_names_the_nearest_date_that_would_do(about, said):
    field = boxes("9", "6", "2026", **about)
    assert list(field.errors) == [f"{CALLED} {said}"]


def test_it_takes_the_first_and_the_last_day_allowed():
    day = date(2026, 6, 9)
    assert not boxes("9", "6", "2026", earliest=day, latest=day).errors


def test_it_shows_a_date_on_record():
    field = filled(DateBoxes("Date", default=date(2026, 6, 9)))
    assert field.shown(date(2026, 6, 9)) == {"day": "9", "month": "6", "year": "2026"}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("14:05", time(14, 5)),
        ("9.30", time(9, 30)),
        ("0930", time(9, 30)),
        ("2:05 pm", time(14, 5)),
        ("12 am", time(0, 0)),
        ("12pm", time(12, 0)),
        ("0:00", time(0, 0)),
    ],
)
def test_it_reads_a_time_of_day(typed, value):
    assert filled(TimeBox("Start"), typed).data == value


@pytest.mark.parametrize("typed", ["noon", "9", "14:5", "1405:00", "٩:٣٠", "14 05"])
def test_it_says_what_a_time_looks_like(typed):
    assert message(TimeBox("Start"), typed) == "Start must be a time of day, such as 14:05"


@pytest.mark.parametrize("typed", ["24:00", "12:60", "99:99"])
def test_it_names_the_times_there_are(typed):
    assert message(TimeBox("Start"), typed) == "Start must be a time from 00:00 to 23:59"


@pytest.mark.parametrize("typed", ["13 pm", "0 am"])
def test_it_knows_what_half_a_day_holds(typed):
    said = message(TimeBox("Start"), typed)
    assert said == "Start must be a time of day, such as 2:05 pm or 14:05"
