"""The page of figures: the reader's own, from released results alone, hidden where few."""

import csv
import io

import pytest

from epa.lifecycle.rules import Grade
from epa.people.rules import OrganisationKind, Role
from epa.settings import services as settings


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO)


@pytest.fixture
def employers(make, epao):
    """Three employers with three, two and one finished apprentice."""
    found = []
    for name, grades in (("Axe", "ppd"), ("Bow", "pp"), ("Cot", "p")):
        employer = make.organisation(OrganisationKind.EMPLOYER, name=f"{name} Homes")
        found.append(employer)
        for letter in grades:
            row = make.assessment_in_epa(epao=epao, employer=employer)
            make.finished(row, {"p": Grade.PASS, "d": Grade.DISTINCTION}[letter])
    return found


@pytest.fixture
def ruth(make, epao, at):
    person = make.person(Role.ADMINISTRATOR, organisation=epao)
    settings.change({"small_cells_below": 2}, seen=0, actor=person, at=at)
    return person


def rows(page, path="/figures.csv"):
    text = page.get(path).response.get_data(as_text=True).removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_it_shows_rates_and_leaves_small_groups_out_of_page_and_file(employers, ruth, sign_in_as):
    browser = sign_in_as(ruth)
    page = browser.get("/figures")
    assert "Axe Homes 3 100% (3) 100% (3) 33.3% (1)" in page.text
    assert "Bow Homes left out Cot Homes left out All 6" in page.text
    assert "All 6 100% (6) 100% (6) 16.7% (1)" in page.text
    drawing = page.html.select_one("svg.chart.wide")
    assert drawing["role"] == "img"
    assert drawing.title.text == "In time: 100% of all"
    assert "Axe Homes" in drawing.text
    assert "Cot" not in drawing.text
    heat = page.html.select_one("#heat-1-wide-title").parent
    assert "Distinction" in heat.title.text
    shown = [one.text for one in heat.select("text.soft")]
    assert shown == ["Axe Homes", "All"]
    assert heat.select("rect")
    assert "Cot" not in heat.text
    out = ["left out"] * 4  # the file leaves out the same
    assert rows(browser) == [
        ["Axe Homes", "3", "3", "3", "1"],
        ["Bow Homes", *out],
        ["Cot Homes", *out],
        ["All", "6", "6", "6", "1"],
    ]


def test_the_default_hides_everything_of_so_few(employers, make, epao, sign_in_as):
    page = sign_in_as(make.person(Role.AUDITOR, organisation=epao)).get("/figures")
    assert "Axe Homes left out" in page.text
    assert "All 6" in page.text


def test_it_groups_in_three_ways(employers, ruth, sign_in_as):
    words = {"provider": "By training provider", "period": "By quarter of release"}
    browser = sign_in_as(ruth)
    for by in ("provider", "period", "employer", "nonsense"):
        page = browser.get(f"/figures?by={by}")
        assert words.get(by, "By employer") in page.text
        assert page.link("Excel") == f"/figures.xlsx?by={by}"


def test_nothing_moves_before_it_is_released(employers, ruth, make, epao, sign_in_as):
    browser = sign_in_as(ruth)
    before = rows(browser)
    row = make.assessment_in_epa(epao=epao, employer=employers[0])
    make.graded(make.attempt(row, "observation"), Grade.FAIL)
    assert rows(browser) == before


def test_it_counts_nobody_of_another_organisation(employers, make, sign_in_as):
    other = sign_in_as(make.person(Role.ADMINISTRATOR))
    page = other.get("/figures")
    assert "No overall grade is released yet" in page.text
    assert "Axe" not in page.text
    assert rows(other) == [["All", "0", "0", "0", "0"]]


def test_it_says_how_many_stand_where(employers, ruth, make, epao, sign_in_as):
    make.assessment(epao=epao)
    page = sign_in_as(ruth).get("/figures")
    assert "On programme left out" in page.text
    assert "Result released left out" in page.text
    assert "Paused 0" in page.text
