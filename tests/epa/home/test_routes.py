from datetime import date

from epa.people.rules import Role
from epa.settings import services as settings


def test_it_says_that_nothing_waits(make, sign_in_as):
    page = sign_in_as(make.person(Role.MARKER)).get("/")
    assert "No one needs you today" in page.text


def test_it_leads_whoever_leads_a_providers_quality_to_the_client_data(make, sign_in_as):
    page = sign_in_as(make.person(Role.PROVIDER_QUALITY_LEAD)).get("/")
    assert page.link("Client data") == "/client-data"


def test_the_clock_is_urgent_by_the_same_setting(make, sign_in_as, at):
    row = make.assessment_in_epa(starts_on=date(2026, 3, 20))
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    browser = sign_in_as(row.apprenticeship.person)
    assert browser.get("/").html.select(".clock.is-urgent")
    settings.change({"urgent_days": 3}, seen=0, actor=ruth, at=at)
    assert browser.get("/").html.select(".clock")
    assert not browser.get("/").html.select(".clock.is-urgent")


def test_an_apprentice_lands_on_their_way_through(make, sign_in_as):
    row = make.assessment_in_epa()
    page = sign_in_as(row.apprenticeship.person).get("/")
    assert "The way through" in page.text
    assert "92 days left" in page.text
    assert "Last day of the period" in page.text


def test_a_provider_sees_how_their_apprentices_stand(make, sign_in_as):
    row, other = make.assessment_in_epa(), make.assessment_in_epa()
    make.booked("observation", assessment=row)
    bridget = make.person(Role.TRAINING_PROVIDER, organisation=row.apprenticeship.provider)
    page = sign_in_as(bridget).get("/")
    assert "How they stand" in page.text
    assert row.apprenticeship.person.name in page.text
    assert "Observation" in page.text
    assert other.apprenticeship.person.name not in page.text


def test_what_is_urgent_is_an_administrators_to_set(make, sign_in_as, at):
    row = make.assessment_in_epa(starts_on=date(2026, 3, 20))
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    assert "close within 14 days" in sign_in_as(ruth).get("/").text
    settings.change({"urgent_days": 3}, seen=0, actor=ruth, at=at)
    urgent, _, coming = sign_in_as(ruth).get("/").text.partition("Coming up")
    assert "11 days left" not in urgent
    assert "11 days left" in coming


def test_it_shows_a_page_of_what_waits_and_counts_all_of_it(make, sign_in_as):
    epao = make.organisation()
    ruth = make.person(Role.ADMINISTRATOR, organisation=epao)
    for _ in range(9):
        make.assessment_in_epa(epao=epao)
    browser = sign_in_as(ruth)
    first, second = browser.get("/"), browser.get("/?page=2")
    assert [len(page.html.select("li.need")) for page in (first, second)] == [25, 2]
    assert "27 things are waiting" in second.text
    assert "26 to 27 of 27 things" in second.text


def test_it_lists_what_waits_with_days_left(make, sign_in_as):
    row = make.assessment_in_epa()
    ruth = make.person(Role.ADMINISTRATOR, organisation=row.epao)
    page = sign_in_as(ruth).get("/")
    assert f"Book the observation: {row.apprenticeship.person.name}" in page.text
    assert "92 days left" in page.text
    assert page.link("Allocate") == f"/attempts/{make.attempt(row, 'knowledge_test').id}/booking"


def test_it_counts_only_what_the_reader_may_see(make, sign_in_as):
    mine, _other = make.assessment_in_epa(), make.assessment_in_epa()
    make.assessment(epao=mine.epao)
    ruth = make.person(Role.ADMINISTRATOR, organisation=mine.epao)
    page = sign_in_as(ruth).get("/")
    assert "In the EPA period 1" in page.text
    assert "On programme 1" in page.text


def test_it_asks_everybody_else_to_sign_in(browser):
    assert browser.get("/", status=302).location.endswith("/sign-in?next=/")
