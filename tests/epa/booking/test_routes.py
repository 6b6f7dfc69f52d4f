from datetime import UTC, datetime, timedelta

import pytest

from epa.booking import queries
from epa.lifecycle.rules import Duty
from epa.people.models import ConflictOfInterest
from epa.people.rules import ConflictKind, Role

TEN = datetime(2026, 7, 14, 9, tzinfo=UTC)
FILLED = {
    "day-day": "14",
    "day-month": "7",
    "day-year": "2026",
    "time": "10:00",
    "place": "4 Quay Street",
}
AGREED = FILLED | {"agreement": "N. Farouk by phone"}


@pytest.fixture
def assessment(make):
    return make.assessment_in_epa()


@pytest.fixture
def observation(make, assessment):
    return make.attempt(assessment, "observation")


@pytest.fixture
def admin(make, assessment, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=assessment.epao))


def address(attempt, page="booking"):
    return f"/attempts/{attempt.id}/{page}"


def faults(page):
    """The errors of fields, without the summary's last line."""
    return {field: message for field, message in page.errors.items() if field}


def test_an_administrator_allocates_then_sets_the_date(make, observation, admin):
    helen = make.staff_for(observation, Duty.ASSESSOR)
    page = admin.get(address(observation))
    assert "A date can be set once somebody is allocated as independent assessor" in page.text
    page = admin.get(page.link("Allocate people"))
    assert helen.name in page.text
    moved = admin.post(address(observation, "allocation"), {"assessor": str(helen.id)})
    assert moved.location == address(observation)
    page = admin.get(moved.location)
    assert "From 16 June 2026 to 9 September 2026" in page.text
    assert "It takes up to 3 h 48 min" in page.text
    page = admin.post(address(observation), AGREED, status=422)
    assert "must accept the allocation first" in page.errors[""]
    admin.post(address(observation), FILLED)
    page = admin.get(address(observation))
    assert "Tuesday 14 July 2026 at 10:00, 4 Quay Street" in page.text
    assert "Held until 14 June 2026 at 10:30" in page.text
    assert "Tuesday 14 July, 10:00, 4 Quay Street." in page.text
    assert observation.scheduled_at is None


def test_it_says_why_somebody_cannot_be_chosen_and_refuses_them_all_the_same(
    make, session, observation, admin, at
):
    helen = make.staff_for(observation, Duty.ASSESSOR)
    session.add(
        ConflictOfInterest(
            person=helen,
            kind=ConflictKind.LINE_MANAGED,
            with_person=observation.assessment.apprenticeship.person,
            description="A secret detail",
            declared_at=at,
            declared_by_id=helen.id,
        )
    )
    session.commit()
    page = admin.get(address(observation, "allocation"))
    assert "1 person cannot be chosen" in page.text
    assert "Line-managed the apprentice" in page.text
    assert "A secret detail" not in page.text
    page = admin.post(address(observation, "allocation"), {"assessor": str(helen.id)}, status=422)
    assert "internal quality assurer scrutinise it" in page.errors["assessor"]
    assert observation.allocations == []


def test_whoever_allocates_second_is_told_who_was_allocated_meanwhile(make, observation, admin):
    first, second = (make.staff_for(observation, Duty.ASSESSOR) for _ in range(2))
    allocation = address(observation, "allocation")
    admin.post(allocation, {"assessor": str(first.id), "seen": "0"})
    page = admin.post(allocation, {"assessor": str(second.id), "seen": "0"}, status=409)
    assert f"Independent assessor: {first.name}, allocated on 9" in page.text
    assert page.html.find(id="assessor").find(selected=True)["value"] == str(second.id)
    assert observation.allocated(Duty.ASSESSOR) is first
    seen = page.html.find(attrs={"name": "seen"})["value"]
    admin.post(allocation, {"assessor": str(second.id), "seen": seen})
    assert observation.allocated(Duty.ASSESSOR) is second


def test_it_keeps_what_was_typed_and_names_every_fault(make, observation, admin):
    make.with_people(observation)
    page = admin.post(
        address(observation),
        FILLED | {"day-year": "", "time": "soon", "place": " "},
        status=422,
    )
    assert faults(page) == {
        "day-year": "The date must include a year",
        "time": "The time it starts must be a time of day, such as 14:05",
    }
    assert page.html.find(id="day-day")["value"] == "14"
    assert page.html.find(id="time")["value"] == "soon"
    page = admin.post(address(observation), FILLED | {"place": " "}, status=422)
    assert faults(page) == {"place": "Enter the place, or the link of the video call"}


def test_a_date_outside_the_period_is_refused_with_the_nearest(make, observation, admin):
    make.with_people(observation)
    page = admin.post(
        address(observation), FILLED | {"day-month": "9", "day-day": "10"}, status=422
    )
    nearest = "The nearest date that would do is 9\xa0September\xa02026, at 10:00."
    assert page.errors["day-day"].endswith(nearest)
    assert observation.scheduled_at is None


def test_moving_asks_why_and_cancelling_too(make, observation, admin):
    make.scheduled(observation, TEN)
    page = admin.get(address(observation))
    assert page.html.find(id="day-day")["value"] == "14"
    assert page.html.find(id="time")["value"] == "10:00"
    page = admin.post(address(observation), AGREED | {"time": "11:00"}, status=422)
    assert page.errors["reason"] == "Enter why the booking is moved"
    admin.post(address(observation), AGREED | {"time": "11:00", "reason": "Train strike"})
    assert observation.scheduled_at == TEN + timedelta(hours=1)
    clear = admin.get(address(observation)).link("Cancel the date")
    assert admin.get(clear).text.count("Cancel the date") >= 1
    page = admin.post(clear, {"reason": ""}, status=422)
    assert page.errors["reason"] == "Enter why the date is cancelled"
    admin.post(clear, {"reason": "Apprentice ill", "seen": "2"})
    page = admin.get(address(observation))
    assert "No date is set" in page.text
    assert "Train strike" in page.text
    assert "Apprentice ill" in page.text
    assert "No date is set" in admin.get(clear).text


def test_what_is_graded_cannot_be_booked(make, assessment, admin):
    attempt = make.marked_test(make.attempt(assessment, "knowledge_test"))
    assert "This has been held" in admin.get(address(attempt)).text
    page = admin.post(address(attempt), FILLED, status=422)
    assert "graded" in page.errors[""]
    page = admin.get(address(attempt, "allocation"))
    assert "This attempt is graded." in page.text
    assert page.html.find("select") is None


def test_no_day_left_is_said(make, assessment, observation, admin, at):
    make.with_people(observation)
    assessment.epa_starts_on = at.date() - timedelta(days=120)
    assert "No day is left" in admin.get(address(observation)).text


def test_the_list_is_narrowed_by_what_each_waits_for(make, assessment, observation, admin):
    make.scheduled(make.attempt(assessment, "knowledge_test"), TEN)
    make.with_people(observation)
    page = admin.get("/bookings")
    assert "To allocate, 1 To date, 1 Held, 0 Coming up, 1 Past, 0" in page.text
    assert "To allocate: independent assessor" in page.text
    assert "92 days left" in page.text
    page = admin.get("/bookings?show=to_date")
    assert page.link("Book : observation") == address(observation)
    page = admin.get("/bookings?show=coming_up")
    assert "Tuesday 14 July, 10:00" in page.text
    assert "Nothing booked lies in the past" in admin.get("/bookings?show=past").text
    assert admin.get("/bookings?show=nonsense&page=99").status == 200


def test_those_with_a_duty_see_their_own_bookings_and_their_next_step(make, assessment, sign_in_as):
    test = make.scheduled(make.attempt(assessment, "knowledge_test"), TEN)
    make.scheduled(make.attempt(make.assessment_in_epa(epao=assessment.epao), "observation"), TEN)
    invigilator = sign_in_as(test.allocated(Duty.INVIGILATOR))
    page = invigilator.get("/bookings")
    assert page.link("Record the sitting") == address(test, "test/sitting")
    assert "Observation" not in page.text
    marker = sign_in_as(test.allocated(Duty.FIRST_MARKER))
    rows = marker.get("/bookings").html.select("main a")
    assert [one["href"] for one in rows if one.text.startswith("Mark")] == [address(test, "test")]
    marker.get(address(test), status=403)
    marker.post(address(test, "allocation"), {}, status=403)


@pytest.mark.parametrize(
    "page",
    [
        *("booking", "allocation", "booking/cancellation"),
        *("booking/confirmation", "booking/no-show"),
    ],
)
def test_nobody_books_for_another_organisation_nor_as_an_outsider(
    make, assessment, observation, sign_in_as, browser, page
):
    stranger = sign_in_as(make.person(Role.ADMINISTRATOR))
    stranger.get(address(observation, page), status=404)
    stranger.post(address(observation, page), FILLED, status=404)
    apprenticeship = assessment.apprenticeship
    for person in (
        apprenticeship.person,
        make.person(Role.EMPLOYER, organisation=apprenticeship.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=apprenticeship.provider),
    ):
        sign_in_as(person).get(address(observation, page), status=403)
        sign_in_as(person).get("/bookings", status=403)
    browser.get(address(observation, page), status=302)
    assert queries.changes(observation) == []
