from datetime import UTC, datetime, timedelta

import pytest

from epa.booking import instructions, services
from epa.booking import queries as bookings
from epa.booking.appointments import Wish
from epa.database import db
from epa.lifecycle.rules import Duty
from epa.people.rules import Role

TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)


@pytest.fixture
def observation(make):
    return make.with_people(make.attempt(make.assessment_in_epa(), "observation"))


@pytest.fixture
def admin(make, observation):
    return make.person(Role.ADMINISTRATOR, organisation=observation.assessment.epao)


@pytest.fixture
def here(observation):
    return f"/attempts/{observation.id}/date"


@pytest.fixture
def apprentice(observation, sign_in_as):
    return sign_in_as(observation.assessment.apprenticeship.person)


@pytest.fixture
def employer(make, observation, sign_in_as):
    organisation = observation.assessment.apprenticeship.employer
    return sign_in_as(make.person(Role.EMPLOYER, organisation=organisation))


def held(observation, admin, at):
    services.hold(observation, Wish(TEN, "4 Quay Street"), actor=admin, at=at)
    db.session.commit()


def booked(observation, admin, at, place="4 Quay Street", **more):
    wish = Wish(TEN, place, **more)
    services.book(observation, wish, agreement="By phone", actor=admin, at=at)
    db.session.commit()


def seen(page):
    """What a page says was seen of the booking, as a browser sends it."""
    return page.html.find(attrs={"name": "seen"})["value"]


def days(name, day):
    return {f"{name}-day": str(day), f"{name}-month": "7", f"{name}-year": "2026"}


def test_an_apprentice_asks_for_a_date(observation, apprentice, here):
    page = apprentice.get(here)
    assert "No date is set" in page.text
    form = page.link("Ask for a date")
    page = apprentice.post(form, days("first_day", 20) | days("last_day", 13), status=422)
    assert page.errors["words"] == "Enter which days and times suit best, or that all of them do"
    wish = days("first_day", 13) | days("last_day", 17) | {"words": "Mornings"}
    apprentice.post(form, wish, status=303)
    page = apprentice.get(here)
    assert "Asked for between 13 July 2026 and 17 July 2026 : “Mornings”" in page.text
    assert apprentice.get(form).html.find(id="first_day-day")["value"] == "13"


def test_an_employer_agrees_or_says_what_would_suit(observation, admin, employer, here, at):
    held(observation, admin, at)
    page = employer.get(here)
    assert "Does this date suit?" in page.text
    employer.post(f"{here}/agree", {"seen": seen(page)}, status=303)
    page = employer.get(here)
    assert "You have agreed" in page.text
    page = employer.post(page.link("It does not suit"), {"reason": ""}, status=422)
    assert page.errors["reason"] == "Enter why it does not suit, and what would"
    employer.post(f"{here}/objection", {"reason": "Stocktaking", "seen": "2"}, status=303)
    page = employer.get(here)
    assert "“Stocktaking”" in page.text
    page = employer.post(f"{here}/agree", {"seen": "3"}, status=422)
    assert "cannot be" in page.errors[""]
    assert "No date is held" in employer.get(f"{here}/objection").text


def test_an_assessor_accepts_or_declines(make, observation, admin, here, sign_in_as):
    helen = observation.allocated(Duty.ASSESSOR)
    [held_now] = observation.allocations
    held_now.accepted_at = None
    db.session.commit()
    browser = sign_in_as(helen)
    page = browser.get(here)
    assert "Your duty: independent assessor" in page.text
    browser.post(f"{here}/accept", status=303)
    assert held_now.accepted_at is not None
    page = browser.get(here)
    decline = page.link("I can no longer do it")
    page = browser.post(decline, {"reason": ""}, status=422)
    assert page.errors["reason"] == "Enter why you decline"
    browser.post(decline, {"reason": "Ill"}, status=303)
    assert observation.allocations == []
    browser.get(here, status=404)
    page = sign_in_as(admin).get(f"/attempts/{observation.id}/booking")
    assert "declined as independent assessor" in page.text


def test_instructions_are_read_and_said_to_be(observation, admin, apprentice, here, at, sign_in_as):
    booked(observation, admin, at, "https://meet.example/room", is_online=True)
    assert "still to come" in apprentice.get(here).text
    page = apprentice.post(f"{here}/acknowledgement", status=422)
    assert "no joining instructions" in page.errors[""]
    instructions.send(observation, actor=admin, at=at)
    db.session.commit()
    page = apprentice.get(here)
    assert page.link("https://meet.example/room") == "https://meet.example/room"
    assert "What to bring" in page.text
    apprentice.post(f"{here}/acknowledgement", status=303)
    assert "You read this on 9 June 2026 at 10:30" in apprentice.get(here).text
    assert "read this on 9 June" in sign_in_as(admin).get(here).text


def test_a_place_that_only_looks_like_a_link_is_none(observation, admin, apprentice, here, at):
    booked(observation, admin, at, "javascript:alert(1)", is_online=True)
    page = apprentice.get(here)
    assert not [one for one in page.html.find_all("a") if "javascript" in one["href"]]


def test_an_administrator_confirms_sends_and_records_a_no_show(
    observation, admin, here, at, sign_in_as
):
    held(observation, admin, at)
    browser = sign_in_as(admin)
    booking = f"/attempts/{observation.id}/booking"
    page = browser.post(f"{booking}/instructions", status=422)
    assert "sent for a confirmed date" in page.errors[""]
    confirmed = {"agreement": "N. Farouk by phone", "seen": "1"}
    page = browser.post(f"{booking}/confirmation", confirmed | {"agreement": ""}, status=422)
    assert "has not agreed" in page.errors["agreement"]
    browser.post(f"{booking}/confirmation", confirmed)
    page = browser.get(booking)
    assert "N. Farouk by phone" in page.text
    browser.post(f"{booking}/instructions", status=303)
    assert "not acknowledged yet" in browser.get(booking).text
    absent = {"absent": "apprentice", "reason": "?", "seen": "2"}
    page = browser.post(f"{booking}/no-show", absent, status=422)
    assert "has not begun yet" in page.errors[""]
    assert "No date is held" in browser.get(f"{booking}/confirmation").text


def test_whoever_comes_second_is_told_what_changed_and_loses_nothing(
    observation, admin, employer, here, at, sign_in_as
):
    """Nobody agrees to, confirms, moves or cancels a date other than the one on their page."""
    held(observation, admin, at)
    office, booking = sign_in_as(admin), f"/attempts/{observation.id}/booking"
    before = {"seen": seen(employer.get(here))}
    moved = Wish(TEN + timedelta(days=1), "4 Quay Street")
    services.hold(observation, moved, actor=admin, at=at, reason="Ill")
    db.session.commit()
    page = employer.post(f"{here}/agree", before, status=409)
    assert f"“Moved”, by {admin.name} on 9 June 2026 at 10:30" in page.text.replace("\xa0", " ")
    assert "What stands now: 15 July 2026 at 10:00." in page.text.replace("\xa0", " ")
    assert seen(page) == "2"  # sent again, it is a choice made with open eyes
    page = employer.post(f"{here}/objection", before | {"reason": "Stocktaking"}, status=409)
    assert "Stocktaking" in page.text
    office.post(f"{booking}/confirmation", before | {"agreement": "By phone"}, status=409)
    page = office.post(f"{booking}/cancellation", before | {"reason": "Not needed"}, status=409)
    assert "Not needed" in page.text
    again = days("day", 20) | {"time": "10:00", "place": "Here", "reason": "Better", "seen": "1"}
    assert "Somebody was here before you" in office.post(booking, again, status=409).text
    assert bookings.booking_of(observation).starts_at == moved.starts_at
    employer.post(f"{here}/agree", {"seen": "2"}, status=303)
