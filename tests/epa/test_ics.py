from dataclasses import replace
from datetime import UTC, datetime, timedelta

from icalendar import Calendar

from epa.ics import Entry, calendar_file

TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)
ENTRY = Entry(
    uid="1@plumbline",
    sequence=2,
    starts_at=TEN,
    ends_at=TEN + timedelta(minutes=228),
    summary="Observation; Höhe, 李",
    changed_at=TEN - timedelta(days=9),
    location="4 Quay Street, Leeds",
    url="http://127.0.0.1:5000/attempts/1/date",
)


def read(*entries, **more):
    return Calendar.from_ical(calendar_file(entries, **more))


def test_it_writes_what_a_calendar_reads():
    calendar = read(ENTRY)
    [event] = calendar.walk("VEVENT")
    assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", "PUBLISH")
    assert event["DTSTART"].dt == TEN
    assert event["DTEND"].dt == ENTRY.ends_at
    assert event["SUMMARY"] == ENTRY.summary
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("1@plumbline", 2, "CONFIRMED")
    assert event["LOCATION"] == "4 Quay Street, Leeds"


def test_its_lines_are_short_and_end_as_the_format_asks():
    text = calendar_file([replace(ENTRY, summary="x" * 300)])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")


def test_what_is_held_or_cancelled_says_so():
    [held] = read(replace(ENTRY, is_confirmed=False)).walk("VEVENT")
    assert held["STATUS"] == "TENTATIVE"
    calendar = read(replace(ENTRY, is_cancelled=True), method="CANCEL")
    assert calendar["METHOD"] == "CANCEL"
    assert calendar.walk("VEVENT")[0]["STATUS"] == "CANCELLED"


def test_a_calendar_to_follow_has_a_name_and_may_be_empty():
    calendar = read(name="Plumbline")
    assert calendar["X-WR-CALNAME"] == "Plumbline"
    assert calendar.walk("VEVENT") == []
