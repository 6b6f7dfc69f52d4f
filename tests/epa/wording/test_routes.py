import io

import pytest

from epa.lifecycle.rules import Duty
from epa.people.rules import OrganisationKind, Role

HEAD = "code,method,grade,text\n"


@pytest.fixture
def epao(make):
    return make.organisation(OrganisationKind.EPAO)


@pytest.fixture
def browser(make, epao, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=epao))


def sent(epao, rows, **changed):
    file = (io.BytesIO((HEAD + rows).encode()), "texts.csv")
    return {
        "epao": str(epao.id),
        "definition": "st0663 2022.1",
        "name": "Published, May 2022",
        "file": file,
        **changed,
    }


def test_a_pack_is_loaded_looked_at_and_ended(make, epao, browser, sign_in_as):
    assert "No pack is loaded" in browser.get("/wording").text
    browser.post("/wording/load", sent(epao, "K6,observation,pass,Official words.\n"), status=302)
    page = browser.get("/wording")
    assert "Shown" in page.text
    address = page.link("Published, May 2022")
    page = browser.get(address)
    assert "Official words." in page.text
    assert "not in it: there our own wording is shown" in page.text
    sheet = make.sheet(make.booked(assessment=make.assessment_in_epa(epao=epao)))
    helen = sign_in_as(sheet.attempt.allocated(Duty.ASSESSOR))
    shown = helen.get(f"/attempts/{sheet.attempt_id}/observation?ksb=K6")
    assert "Official words." in shown.html.select_one("#ksb-K6 label.pass").get_text()
    assert "Wording: Published, May 2022." in shown.html.select_one("#ksb-K6").get_text()
    assert "Wording: ST0663, version 2022.1." in shown.html.select_one("#ksb-K7").get_text()
    save = f"/attempts/{sheet.attempt_id}/observation/ksbs/K6/judgement"
    answer = helen.client.post(save, json={"grade": "pass", "seen": 0})
    assert "Wording: Published, May 2022." in answer.json["parts"]["chosen"]
    browser.post(f"{address}/end", status=302)
    assert "Ended" in browser.get("/wording").text


def test_every_wrong_row_is_named_and_nothing_is_kept(epao, browser):
    rows = "Z9,observation,pass,x\nK6,observation,merit,y\n"
    page = browser.post("/wording/load", sent(epao, rows), status=422)
    assert "Row 2: Z9 is no code" in page.text
    assert "Row 3: merit is no grade of K6 here" in page.text
    assert page.html.select_one("#name")["value"] == "Published, May 2022"
    assert "No pack is loaded" in browser.get("/wording").text


def test_a_table_to_fill_in_names_every_place(browser):
    page = browser.get("/wording/blank.csv?definition=st0663+2022.1")
    assert page.text.startswith("code,method,grade,text")
    assert "K6,observation,distinction," in page.text
    browser.get("/wording/blank.csv?definition=nothing", status=404)
