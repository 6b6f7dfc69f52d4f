from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar

from epa.assessors.services import give_days_away, give_hours
from epa.database import db
from epa.diary.queries import own_feed
from epa.lifecycle.rules import Duty
from epa.people.rules import Role

TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)


@pytest.fixture
def observation(make):
    return make.scheduled(make.attempt(make.assessment_in_epa(), "observation"), TEN)


@pytest.fixture
def admin(make, observation, sign_in_as):
    epao = observation.assessment.epao
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))


def test_a_month_shows_its_bookings_and_leads_on(observation, admin):
    page = admin.get("/calendar?on=2026-07-01")
    assert "July 2026" in page.html.h1.text
    assert "10:00 Observation" in page.text
    link = page.link("Observation")
    assert link == f"/attempts/{observation.id}/date"
    assert "August 2026" in admin.get("/calendar" + page.link("August")[9:]).html.h1.text
    assert "Nothing is booked in this month" in admin.get("/calendar?on=2026-06-01").text


def test_a_week_shows_where_as_well(admin):
    page = admin.get("/calendar?span=week&on=2026-07-14")
    assert "Week of 13 July 2026" in page.html.h1.text
    assert "Room 2, Harbour House" in page.text
    assert len(page.html.select(".diary-day")) == 5


@pytest.mark.parametrize("span", ["week", "month"])
def test_people_are_shown_with_what_they_have_and_when_they_are_away(
    make, observation, admin, at, span
):
    helen = observation.allocated(Duty.ASSESSOR)
    day = date(2026, 7, 15)
    give_days_away(helen, day, day, actor=helen, at=at)
    give_hours(helen, (1, 2), (time(9), time(17)), (day, None), actor=helen, at=at)
    db.session.commit()
    page = admin.get(f"/calendar?view=people&span={span}&on=2026-07-14")
    [row] = [one for one in page.html.select("tbody tr") if helen.name in one.text]
    texts = [" ".join(cell.text.split()) for cell in row.find_all("td")]
    assert any("10:00 Observation" in text for text in texts)
    assert any("away" in text for text in texts)
    assert any("not available" in text for text in texts)


def test_rooms_are_shown_with_what_is_in_them(make, observation, admin):
    make.room(observation.assessment.epao, name="Room 7", capacity=3)
    page = admin.get("/calendar?view=rooms&span=week&on=2026-07-14")
    assert "Room 7, 3 places" in page.text


def test_an_assessor_sees_their_own_bookings_and_no_rows_of_others(observation, sign_in_as):
    browser = sign_in_as(observation.allocated(Duty.ASSESSOR))
    page = browser.get("/calendar?view=people&on=2026-07-14")
    assert "10:00 Observation" in page.text
    assert page.html.find("table") is None


@pytest.mark.parametrize(
    "query", ["?on=0001-01-01", "?on=9999-12-31&span=week", "?view=nobody&span=year", "?on=%00"]
)
def test_it_shows_something_whatever_is_asked(admin, query):
    admin.get(f"/calendar{query}")


def test_a_feed_is_opened_followed_and_closed(observation, sign_in_as, browser):
    helen = observation.allocated(Duty.ASSESSOR)
    own = sign_in_as(helen)
    assert "No address is open" in own.get("/calendar/feed").text
    page = own.post("/calendar/feed", status=200)
    address = page.html.code.text
    path = address[address.index("/calendar") :]
    assert address not in own.get("/calendar/feed").text
    answer = browser.client.get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    [event] = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["SUMMARY"] == "Observation"
    assert event["DTSTART"].dt == TEN
    own.post("/calendar/feed/revocation", status=303)
    assert own_feed(helen) is None
    browser.get(path, status=404)
