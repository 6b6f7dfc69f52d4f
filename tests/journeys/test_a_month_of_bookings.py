"""A month of bookings for forty apprentices: days that fill up, and everything that comes between."""

import csv
import io
from datetime import date, time, timedelta
from urllib.parse import urlsplit

import pytest

from epa.booking import services as booking
from epa.booking.appointments import Wish, is_working_day
from epa.clock import london_instant
from epa.database import db
from epa.lifecycle.rules import Duty
from epa.people.rules import OrganisationKind, Role
from tests.journeys import people
from tests.journeys.visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

TODAY, NINE = date(2026, 6, 1), time(9)
FORTY = 40
BY_HAND = 4  # of their observations, the rest are booked before
DAYS = [day for n in range(7, 30) if is_working_day(day := TODAY + timedelta(days=n))]
TEST_DAYS = (date(2026, 6, 24), date(2026, 6, 25))
A_SESSION = 20
ASSESSORS = ("Moira Okafor", "Helen Marchetti", "Graham Oduya")
PLACE = "Tidewell Works, Quay Street"


def name_of(number):
    """Names that differ in one word, so that a link is found by all of them."""
    tens, ones = divmod(number, 10)
    given = ("Aled", "Bethan", "Carys", "Dewi")[tens]
    family = [
        "Abel",
        "Bevan",
        "Cole",
        "Davies",
        "Evans",
        "Frost",
        "Gwynne",
        "Howell",
        "Ives",
        "Jenkins",
    ][ones]
    return f"{given} {family}"


@pytest.fixture
def cast(visit, seeded, server):
    """Forty with everybody allocated; all but a few observations are booked over the month."""
    server.set_clock(london_instant(TODAY, NINE))
    with seeded() as make:
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
        works = make.organisation(OrganisationKind.EMPLOYER, name="Tidewell Works")
        staff = {
            "ruth": account(make, Role.ADMINISTRATOR, epao, "Ruth Calloway"),
            "elin": account(make, Role.EMPLOYER, works, "Elin Marsh"),
            "ines": account(make, Role.INVIGILATOR, epao, "Ines Costa"),
            "ivor": account(make, Role.INVIGILATOR, epao, "Ivor Hale"),
        }
        assessors = [
            make.may_assess(account(make, Role.INDEPENDENT_ASSESSOR, epao, one), epao)
            for one in ASSESSORS
        ]
        markers = {
            Duty.FIRST_MARKER: account(make, Role.MARKER, epao, "Nell Ashby"),
            Duty.SECOND_MARKER: account(make, Role.MARKER, epao, "Nora Birch"),
            Duty.INVIGILATOR: staff["ines"],
        }
        make.room(epao, name="Ullswater", capacity=24)
        for number in range(FORTY):
            apprentice = account(make, Role.APPRENTICE, epao, name_of(number))
            row = make.assessment_in_epa(
                epao=epao, employer=works, apprentice=apprentice, actor=staff["ruth"]
            )
            by, turn = assessors[number % len(assessors)], number // len(assessors)
            observation = make.attempt(row, "observation")
            make.with_people(observation, {Duty.ASSESSOR: by})
            make.with_people(make.attempt(row, "knowledge_test"), markers)
            if number >= BY_HAND:
                wish = Wish(london_instant(DAYS[turn], NINE), PLACE)
                booking.book(
                    observation, wish, agreement="E. Marsh", actor=staff["ruth"], at=make.at
                )
        db.session.commit()
        emails = {key: one.email for key, one in staff.items()}
    return {
        "ruth": visit(people.Administrator, "Ruth Calloway", emails["ruth"]),
        "elin": visit(people.Employer, "Elin Marsh", emails["elin"], viewport=PHONE),
        "moira": visit(people.Assessor, ASSESSORS[0], "moira@example.org", viewport=PHONE),
    }


def account(make, role, organisation, name):
    given, family = name.split(" ", 1)
    email = f"{given.lower()}@example.org"
    if role is Role.APPRENTICE:
        email = f"{given}.{family}@example.org".lower()
    person = make.person(role, organisation=organisation, given=given, family=family, email=email)
    if role is not Role.APPRENTICE:
        make.credential(person)
    return person


def test_a_month_fills_up_and_what_comes_between_is_kept(cast, server):
    ruth, elin, moira = cast["ruth"], cast["elin"], cast["moira"]
    ruth.sign_in()
    hold_the_nearest_day_that_would_do(ruth)
    elin.sign_in()
    elin.open()
    elin.follow(f"Agree to the date of the observation: {name_of(0)}")
    elin.press("Agree to this date")
    confirm(ruth, 0)
    move(ruth, 0)
    hold(ruth, 1, DAYS[-1], at="9:00")
    give_up(ruth, 1)
    hold(ruth, 2, DAYS[-2], at="9:00", agreement="E. Marsh by phone")
    fill_the_sessions(ruth)
    see_the_month(ruth)
    follow_from_another_calendar(moira)
    server.set_clock(london_instant(DAYS[-2], time(16)))
    somebody_did_not_come(ruth)


def assert_refused(ruth):
    """The page said no, of which the browser complains; and this once alone."""
    (complaint,) = ruth.complaints
    assert "422" in complaint
    ruth.complaints.clear()


def to_date(ruth, number):
    ruth.open_record(name_of(number))
    ruth.follow("People and date: Observation")


def hold(ruth, number, day, *, at, agreement=""):
    to_date(ruth, number)
    ruth.date("Date", day)
    ruth.write("Time it starts", at)
    ruth.write("Another place, or the link of a video call", PLACE)
    ruth.write("The employer has agreed already", agreement)
    ruth.press("Hold the date")


def hold_the_nearest_day_that_would_do(ruth):
    """The assessor is elsewhere at that time: the page says so, and when it would do."""
    hold(ruth, 0, DAYS[2], at="10:00")
    assert_refused(ruth)
    assert ruth.sees(f"{ASSESSORS[0]} is booked")
    said = ruth.page.locator(".error-summary").inner_text()
    assert "The nearest time that would do is" in said
    nearest = said.partition("would do is ")[2][:5]
    boxes = ruth.page.get_by_label("Another place, or the link of a video call")
    assert boxes.input_value() == PLACE
    ruth.write("Time it starts", nearest)
    ruth.press("Hold the date")
    assert ruth.sees("Held until")


def confirm(ruth, number):
    to_date(ruth, number)
    ruth.follow("Confirm the date")
    ruth.press("Confirm the date")
    assert ruth.sees("The date is confirmed")


def move(ruth, number):
    to_date(ruth, number)
    ruth.page.locator("summary").get_by_text("Move the booking").click()
    ruth.date("Date", DAYS[-1])
    ruth.write("Time it starts", "9:00")
    ruth.write("Why is it moved?", "The works are shut that day.")
    ruth.press("Move the booking")
    assert ruth.sees("The works are shut that day.")


def give_up(ruth, number):
    to_date(ruth, number)
    ruth.follow("Give it up")
    ruth.write("Why is the date cancelled?", "Asked for July instead.")
    ruth.press("Cancel the date")
    assert ruth.sees("The date is cancelled")


def fill_the_sessions(ruth):
    """Two afternoons with as many candidates as one invigilator may watch; one more is refused."""
    for day, invigilator in zip(TEST_DAYS, ("Ines Costa", "Ivor Hale"), strict=True):
        ruth.open("/test-sessions")
        ruth.follow("Plan a session")
        ruth.date("Date", day)
        ruth.write("Time it starts", "14:00")
        ruth.choose("How is the test taken?", "On paper")
        ruth.select("Room", "Ullswater, 4 Quay Street: 24 places")
        ruth.press("Plan the session")
        ruth.follow(f"{day:%A} {day.day}")
        ruth.follow("Put an invigilator on shift")
        ruth.select("Invigilator", invigilator)
        ruth.press("Put on shift")
        ruth.follow("Put candidates in")
        waiting = ruth.page.get_by_role("checkbox")
        for number in range(min(A_SESSION + 1, waiting.count())):
            waiting.nth(number).check()
        if waiting.count() > A_SESSION:
            ruth.press("Put them in")
            assert_refused(ruth)
            waiting.nth(A_SESSION).uncheck()
        ruth.press("Put them in")
        assert ruth.sees(f"Candidates, {A_SESSION} of {A_SESSION}")


def see_the_month(ruth):
    ruth.open("/calendar")
    assert ruth.sees("June 2026")
    ruth.open("/calendar?view=people&span=week&on=2026-06-10")
    assert all(ruth.sees(name) for name in ASSESSORS)
    ruth.open("/bookings?show=coming_up")
    rows = exported(ruth)
    assert len(rows) == FORTY - BY_HAND + 1  # one was booked at once
    assert {row["place"] for row in rows} == {PLACE}
    ruth.open("/bookings?show=held")
    assert len(exported(ruth)) == FORTY + 1  # the tests, and what was moved, wait for the employer


def exported(ruth):
    with ruth.page.expect_download() as saved:
        ruth.page.get_by_role("link", name="CSV").click()
    text = saved.value.path().read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def follow_from_another_calendar(moira):
    moira.sign_in()
    moira.open("/calendar/feed")
    moira.press("Make an address")
    address = moira.page.locator(".feed-address").inner_text()
    moira.context.clear_cookies()  # the other calendar does not sign in
    answer = moira.context.request.get(moira.server.url + urlsplit(address).path)
    assert answer.headers["content-type"].startswith("text/calendar")
    text = answer.text()
    # Every third of the forty is hers; of the four by hand only the first, for the fourth waits.
    assert text.count("BEGIN:VEVENT") == len(range(0, FORTY, len(ASSESSORS))) - 1
    assert name_of(0).split()[1] not in text


def somebody_did_not_come(ruth):
    ruth.sign_in()
    to_date(ruth, 2)
    ruth.follow("Somebody did not come")
    ruth.choose("Who did not come?", "The person to be assessed")
    ruth.write("What is known of why", "The bus did not run.")
    ruth.press("Record it")
    assert ruth.sees("The bus did not run.")
