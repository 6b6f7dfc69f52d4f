import pytest
import time_machine

from epa.booking.queries import booking_of
from epa.database import db
from epa.invigilation.models import InvigilatedEvent
from epa.knowledge_test.queries import sitting_of
from epa.people.rules import Role
from epa.sign_in.services import open_session
from tests.page import Browser

WHEN = {"day-day": "23", "day-month": "6", "day-year": "2026", "time": "10:00"}


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def admin(make, epao, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))


@pytest.fixture
def ines(make, epao):
    return make.person(Role.INVIGILATOR, organisation=epao, given="Ines")


def seen(page):
    """What a form sends beside what is typed: the session or the candidate as its page showed it."""
    return {"seen": page.html.select_one("[name=seen]")["value"]}


def later(app, person, at):
    """A browser in which somebody signed in on the day."""
    token = open_session(person, at=at, complete=True)
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return Browser(client)


def test_a_session_from_its_plan_to_its_end(make, epao, admin, ines, sign_in_as, app):
    attempt = make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test")
    name = attempt.assessment.apprenticeship.person.name
    room = make.room(epao, name="Hall")
    assert "No session is planned" in admin.get("/test-sessions").text
    page = admin.post("/test-sessions/new", WHEN | {"delivery": "paper"}, status=422)
    assert page.errors["place"] == "Choose a room, or enter the place"
    admin.post("/test-sessions/new", WHEN | {"delivery": "paper", "room": str(room.id)}, status=303)
    event = db.session.query(InvigilatedEvent).one()
    here = f"/test-sessions/{event.id}"
    page = admin.get(here)
    assert "Nobody is on shift" in page.text
    admin.post(f"{here}/shift", {"person": str(ines.id)}, status=303)
    page = admin.get(f"{here}/candidates")
    assert "0 of 12 places taken: 1 invigilator with 20 each, 12 places in the room" in page.text
    assert name in page.text
    admin.post(f"{here}/candidates", {"candidates": [str(attempt.id)]}, status=303)
    assert booking_of(attempt).starts_at == event.starts_at
    agreed, before = f"{here}/confirmation", seen(admin.get(f"{here}/confirmation"))
    page = admin.post(agreed, before | {"agreement": "By phone"}, status=422)
    assert "must accept the allocation first" in page.errors[""]
    browser = sign_in_as(ines)
    browser.post(f"{here}/shift/acceptance", status=303)
    page = admin.post(agreed, before | {"agreement": "By phone"}, status=409)
    assert "“Shift accepted”, by Ines" in page.text
    assert page.html.find(id="agreement")["value"] == "By phone"
    admin.post(agreed, seen(page) | {"agreement": "By phone"}, status=303)
    assert attempt.scheduled_at == event.starts_at
    with time_machine.travel(event.starts_at, tick=False):
        browser = later(app, ines, event.starts_at)
        end = f"{here}/closing"
        assert "room is suitable" in browser.post(end, seen(browser.get(here)), status=422).text
        room, early = f"{here}/room", seen(browser.get(f"{here}/room"))
        browser.post(room, early | {"is_suitable": "yes"}, status=303)
        page = browser.post(room, early | {"is_suitable": "no", "findings": "Loud"}, status=409)
        assert "“Room checked”, by Ines" in page.text
        candidate = browser.get(here).link(name)
        early = seen(browser.get(candidate))
        refused = browser.post(candidate, early | {"attendance": "present"}, status=422)
        assert "document" in refused.errors
        came = {"document": "passport", "attendance": "present"}
        browser.post(candidate, early | came, status=303)
        page = browser.post(candidate, early | {"attendance": "absent"}, status=409)
        assert "“Candidate noted”, by Ines" in page.text
        late = {"kind": "late_start", "time": "10:00", "words": "Five minutes late."}
        browser.post(f"{here}/incidents", late, status=303)
        browser.post(end, early, status=409)
        browser.post(end, seen(browser.get(here)), status=303)
        assert sitting_of(attempt).incidents == "Late start: Five minutes late."
        assert "Five minutes late." in browser.get(here).text
    assert "Closed" in admin.get("/test-sessions?show=past").text


def test_a_candidate_is_taken_out_and_a_session_cancelled(make, epao, admin, ines):
    attempt = make.attempt(make.assessment_in_epa(epao=epao), "knowledge_test")
    event = make.event(epao, on_shift=(ines,))
    here = f"/test-sessions/{event.id}"
    admin.post(f"{here}/candidates", {"candidates": [str(attempt.id)]}, status=303)
    shift = event.shifts[0]
    page = admin.post(f"/test-sessions/shifts/{shift.id}/removal", status=422)
    assert "has 1 candidates" in page.errors[""]
    out = admin.get(here).link("Take out")
    page = admin.post(out, seen(admin.get(out)) | {"reason": ""}, status=422)
    assert page.errors["reason"] == "Enter why"
    admin.post(out, seen(page) | {"reason": "Ill"}, status=303)
    admin.post(f"/test-sessions/shifts/{shift.id}/removal", status=303)
    page = admin.get(f"{here}/cancellation")
    admin.post(f"{here}/cancellation", seen(page) | {"reason": "Flooded"}, status=303)
    assert "Flooded" in admin.get(here).text


def test_only_those_on_shift_run_a_session(make, epao, ines, sign_in_as):
    event = make.event(epao, on_shift=(ines,))
    here = f"/test-sessions/{event.id}"
    other = sign_in_as(make.person(Role.INVIGILATOR, organisation=epao))
    other.get(here, status=404)
    assert "No session is planned" in other.get("/test-sessions").text
    browser = sign_in_as(ines)
    browser.get(here)
    browser.get(f"{here}/candidates", status=403)
    sign_in_as(make.person(Role.MARKER, organisation=epao)).get("/test-sessions", status=403)
