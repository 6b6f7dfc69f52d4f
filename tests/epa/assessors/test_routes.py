import pytest

from epa.assessors import queries
from epa.people.rules import Role

HOURS = {
    "weekdays": ["0", "2"],
    "starts": "9:00",
    "ends": "12:30",
    "first_on-day": "9",
    "first_on-month": "6",
    "first_on-year": "2026",
}


def days(name, day, month=6, year=2026):
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


@pytest.fixture
def epao(make):
    return make.organisation()


@pytest.fixture
def helen(make, epao):
    return make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao, given="Helen")


def test_competence_and_standardisation_are_recorded_and_shown(make, epao, helen, sign_in_as):
    iqa = sign_in_as(make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao))
    page = iqa.get(f"/assessors/{helen.id}")
    assert "No competence counts today" in page.text
    assert "None now" in iqa.get("/assessors").text
    iqa.post(
        f"/assessors/{helen.id}/competence",
        {"framework": "st0663", "basis": "Six years", **days("competent_from", 1, 1)},
        status=303,
    )
    iqa.post(
        f"/assessors/{helen.id}/standardisation",
        {"framework": "st0663", "kind": "annual", **days("attended_on", 1)},
        status=303,
    )
    page = iqa.get(f"/assessors/{helen.id}")
    assert "Six years" in page.text
    assert "31 May 2027" in page.text
    ending = page.link("End it")
    page = iqa.post(ending, days("last_day", 31, 12, 2025), status=422)
    assert "must be 1 January 2026 or later" in page.errors["last_day-day"]
    iqa.post(ending, days("last_day", 8), status=303)
    assert "until 31 May 2027" in iqa.get("/assessors").text


def test_a_standardisation_to_come_is_refused(make, epao, helen, sign_in_as):
    admin = sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))
    page = admin.post(
        f"/assessors/{helen.id}/standardisation",
        {"framework": "st0663", "kind": "annual", **days("attended_on", 10)},
        status=422,
    )
    assert "attended_on-day" in page.errors


def test_one_gives_and_takes_back_ones_own_hours(helen, sign_in_as):
    browser = sign_in_as(helen)
    assert "You have given no hours" in browser.get("/availability").text
    assert browser.get("/availability/hours").html.find(id="first_on-day")["value"] == "9"
    browser.post("/availability/hours", HOURS, status=303)
    page = browser.get("/availability")
    assert "Monday 09:00 to 12:30 9 June 2026 goes on" in page.text
    page = browser.post("/availability/hours", HOURS | {"ends": "8:00"}, status=422)
    assert page.errors["ends"] == "It must end after 09:00"
    away = days("first_on", 10) | days("last_on", 12)
    browser.post("/availability/away", away, status=303)
    assert "Away whole days 10 June 2026 12 June 2026" in browser.get("/availability").text
    slot = queries.availability([helen.id])[helen.id][0]
    browser.post(f"/availability/{slot.id}/removal", status=303)
    assert "Monday" not in browser.get("/availability").text


def test_somebody_elses_hours_are_not_there(make, epao, helen, sign_in_as):
    sign_in_as(helen).post("/availability/hours", HOURS, status=303)
    slot = queries.availability([helen.id])[helen.id][0]
    other = sign_in_as(make.person(Role.INDEPENDENT_ASSESSOR, organisation=epao))
    other.post(f"/availability/{slot.id}/removal", status=404)
