import io

import pytest
from PIL import Image

from epa.people.rules import Role
from epa.settings import queries


@pytest.fixture
def office(make, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, given="Ruth", family="Pemberton"))


def sent(page, **changed):
    """A form's data as the page shows it, with changes."""
    boxes = page.html.select("main form input")
    shown = {
        box["name"]: box.get("value", "")
        for box in boxes
        if box.get("name") and (box["type"] != "checkbox" or box.has_attr("checked"))
        if box["type"] != "file"
    }
    return {name: value for name, value in (shown | changed).items() if value is not None}


def test_it_shows_what_is_set_with_help_beside_each_field(office):
    assert "Urgent when closing within 14 days" in office.get("/settings").text
    page = office.get("/settings/limits")
    for one in next(group for group in queries.all_groups() if group.name == "limits").setting:
        assert one.help in page.text


def test_it_keeps_a_change_and_says_who_made_it(office):
    page = office.get("/settings/limits")
    office.post("/settings/limits", sent(page, urgent_days="21"), 303)
    assert "Urgent when closing within 21 days" in office.get("/settings").text
    assert "Ruth Pemberton" in office.get("/settings/limits").html.select_one("table").text


def test_it_keeps_what_was_typed_when_it_will_not_do(office):
    page = office.get("/settings/limits")
    page = office.post("/settings/limits", sent(page, urgent_days="99"), 422)
    assert page.errors["urgent_days"].startswith("Urgent when closing within must be 60")
    assert page.html.find(id="urgent_days")["value"] == "99"


def test_two_at_once_both_keep_their_words(office, make, sign_in_as):
    page = office.get("/settings/limits")
    other = sign_in_as(make.person(Role.ADMINISTRATOR))
    other.post("/settings/limits", sent(page, hold_days="9"), 303)
    page = office.post("/settings/limits", sent(page, urgent_days="20"), 422)
    assert "changed “A held date expires after” meanwhile" in page.text
    assert page.html.find(id="urgent_days")["value"] == "20"
    office.post("/settings/limits", sent(page), 303)
    assert "Urgent when closing within 20 days" in office.get("/settings").text


def test_the_words_of_the_interface_change_everywhere(office):
    page = office.get("/settings/labels")
    office.post("/settings/labels", sent(page, label_apprentices="learners & <b>"), 303)
    page = office.get("/apprentices")
    assert "Learners & <b>" in page.text
    assert not page.html.select("h1 b")


def test_a_logo_stands_on_every_page_until_it_is_taken_away(office, make, sign_in_as, browser):
    picture = io.BytesIO()
    Image.new("RGB", (120, 40), "teal").save(picture, "PNG")
    picture.seek(0)
    page = office.get("/settings/look")
    office.get("/settings/logo/picture", 404)
    data = sent(page, logo=(picture, "logo.png"))
    office.post("/settings/look", data, 303, content_type="multipart/form-data")
    employer = sign_in_as(make.person(Role.EMPLOYER))
    found = employer.get("/").html.select_one(".masthead img.logo")
    answer = employer.get(found["src"]).response
    assert answer.mimetype == "image/png"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert browser.get("/sign-in").html.select("img.logo") == []
    office.post("/settings/look", sent(office.get("/settings/look"), remove_logo="yes"), 303)
    assert office.get("/").html.select("img.logo") == []


def test_a_logo_must_be_a_picture(office):
    data = sent(office.get("/settings/look"), logo=(io.BytesIO(b"<svg onload=x>"), "logo.png"))
    page = office.post("/settings/look", data, 422, content_type="multipart/form-data")
    assert "logo" in page.errors


def test_there_is_no_other_group(office):
    office.get("/settings/unheard-of", 404)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.ADMINISTRATOR])
def test_nobody_else_sets_anything(make, sign_in_as, role):
    browser = sign_in_as(make.person(role))
    browser.get("/settings", 403)
    browser.get("/settings/limits", 403)
    browser.post("/settings/limits", {"urgent_days": "3"}, 403)
