import pytest

from epa.grading.services import release_overall
from epa.lifecycle.rules import Grade
from epa.people.rules import Role


@pytest.fixture
def ruth(make):
    return make.person(Role.ADMINISTRATOR, given="Ruth", family="Pemberton")


@pytest.fixture
def world(make, ruth):
    epao = ruth.current_roles[0].organisation
    names = [("Siân", "Prosser"), ("Nguyễn Thị", "Lan"), ("小龙", "李")]
    return [
        make.assessment_in_epa(
            epao=epao,
            apprentice=make.person(Role.APPRENTICE, organisation=epao, given=given, family=family),
        )
        for given, family in names
    ]


def test_the_list_shows_those_within_reach_and_nobody_else(world, make, ruth, sign_in_as):
    stranger = make.assessment().apprenticeship.person
    page = sign_in_as(ruth).get("/apprentices")
    assert "Siân Prosser" in page.text
    assert "李小龙" in page.text
    assert stranger.name not in page.text


@pytest.mark.parametrize("words", ["sian", "SIÂN", "李小龙", "小龙", "nguyễn lan", "9900"])
def test_it_finds_names_in_any_script_and_case(world, ruth, sign_in_as, words):
    found = sign_in_as(ruth).get("/apprentices", query_string={"words": words})
    assert ("Nobody fits this search" in found.text) == (words == "sian")


@pytest.mark.parametrize("query", ["sort=-stage", "sort=odd", "page=99", "stage=odd", "words=%00"])
def test_odd_addresses_give_a_page(world, ruth, sign_in_as, query):
    sign_in_as(ruth).get(f"/apprentices?{query}")


def test_the_record_shows_an_administrator_the_clock_and_what_to_do(world, ruth, sign_in_as):
    page = sign_in_as(ruth).get(f"/apprentices/{world[0].id}")
    for words in ("ST0663", "level 4", "days left", "Book the presentation", "Last day"):
        assert words in page.text


def test_an_apprentice_goes_straight_to_their_own_record(world, sign_in_as):
    person = world[0].apprenticeship.person
    page = sign_in_as(person).get("/apprentices", status=302)
    assert page.location.endswith(f"/apprentices/{world[0].id}")


def test_an_unreleased_grade_shows_on_no_record_but_those_of_overseers(
    world, make, ruth, sign_in_as, session, at
):
    row = world[0]
    attempt = make.booked("observation", assessment=row)
    make.graded(attempt, Grade.DISTINCTION, by=attempt.allocations[0].person)
    path = f"/apprentices/{row.id}"
    assert "Distinction" in sign_in_as(ruth).get(path).text
    outsiders = [
        row.apprenticeship.person,
        make.person(Role.EMPLOYER, organisation=row.apprenticeship.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=row.apprenticeship.provider),
    ]
    for person in outsiders:
        assert "Distinction" not in sign_in_as(person).get(path).text


def test_an_accepted_portfolio_has_happened(world, make, ruth, sign_in_as):
    make.portfolio(world[0], accepted=True)
    page = sign_in_as(ruth).get(f"/apprentices/{world[0].id}")
    (entry,) = [one for one in page.html.select(".way > li") if "Portfolio" in one.h3.text]
    assert entry.h3.text.split() == ["Portfolio", "Accepted"]
    assert "9 June 2026" in entry.text


def test_a_released_result_has_no_last_day_to_come(world, make, ruth, sign_in_as, at):
    for attempt in list(world[0].attempts):
        make.released(attempt)
    release_overall(world[0], actor=ruth, at=at)
    client = sign_in_as(ruth)
    assert "Last day of the period" not in client.get(f"/apprentices/{world[0].id}").text
    assert "Last day of the period" in client.get(f"/apprentices/{world[1].id}").text
