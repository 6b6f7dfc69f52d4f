"""One box: by name, ULN, employer; nobody finds what they may not see."""

import pytest

from epa.people.rules import OrganisationKind, Role


@pytest.fixture
def case(make):
    person = make.person(Role.APPRENTICE, given="Nguyễn Thị", family="O'Neill")
    return make.assessment(apprentice=person)


@pytest.fixture
def office(make, sign_in_as, case):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=case.epao))


def found(browser, words):
    return browser.get("/search", query_string={"q": words}).text.partition("Search for “")[2]


def test_it_finds_an_apprentice_by_name_uln_and_employer(office, case):
    about = case.apprenticeship
    uln = about.uln
    for words in ("o'neill", "NGUYỄN", "thị o'n", uln, uln[2:6], f"{uln[:3]} {uln[3:6]} {uln[6:]}"):
        assert "Nguyễn Thị O'Neill" in found(office, words), words
    assert "Nguyễn Thị O'Neill" in found(office, about.employer.name)


def test_it_finds_people_and_organisations(office, make, case):
    make.person(Role.MARKER, organisation=case.epao, given="Nell", family="Achterberg")
    make.organisation(OrganisationKind.EMPLOYER, name="Achterberg Homes")
    text = found(office, "achterberg")
    assert "Nell Achterberg" in text
    assert "Achterberg Homes" in text


def test_nobody_finds_what_they_may_not_see(make, sign_in_as, case):
    name, employer = "o'neill", case.apprenticeship.employer
    theirs = sign_in_as(make.person(Role.EMPLOYER, organisation=employer))
    assert "Nguyễn Thị O'Neill" in found(theirs, name)
    for role in Role:
        other = sign_in_as(make.person(role))
        assert "Nothing you may see is called this" in found(other, name), role
    marker = make.person(Role.MARKER, organisation=case.epao)
    assert "Nothing you may see is called this" in found(sign_in_as(marker), "o'neill")


def test_it_leads_on_to_the_whole_list(office, make, case):
    for number in range(11):
        make.assessment(
            epao=case.epao,
            apprentice=make.person(Role.APPRENTICE, given=f"G{number}", family="Achterberg"),
        )
    page = office.get("/search?q=achterberg")
    assert page.link("All 11 apprentices") == "/apprentices?words=achterberg"
    assert "11 apprentices" in office.get(page.link("All 11 apprentices")).text


def test_it_asks_for_words_first(office):
    for words in ("", "   ", "\0"):
        assert "into the box above" in office.get("/search", query_string={"q": words}).text


def test_the_box_stands_on_every_page_for_those_who_are_signed_in(office, browser):
    box = office.get("/apprentices").html.select_one("form.search input")
    assert (box["name"], box["aria-keyshortcuts"]) == ("q", "Control+K Meta+K")
    assert browser.get("/sign-in").html.select("form.search") == []
    page = office.get("/search?q=%22%3E%3Cb%3E")
    assert page.html.find(id="site-search")["value"] == '"><b>'
