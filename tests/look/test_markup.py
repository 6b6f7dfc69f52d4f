import re

import pytest

from tests.look.pieces_app import create_pieces_app
from tests.page import Browser

PAGES = ["/pieces", "/form", "/every", "/table", "/needs", "/record", "/sheet", "/statement"]
STATUSES = [400, 403, 404, 409, 413, 429, 500]


@pytest.fixture(scope="module")
def browser():
    app = create_pieces_app()
    app.config["WTF_CSRF_ENABLED"] = False
    return Browser(app.test_client())


def described(page, control):
    return [
        page.html.find(id=name).get_text(strip=True) for name in control["aria-describedby"].split()
    ]


@pytest.mark.parametrize("path", PAGES)
def test_it_makes_a_page_that_is_whole(browser, path):
    page = browser.get(path)
    assert page.html.find("main")


@pytest.mark.parametrize("status", STATUSES)
def test_it_says_what_went_wrong_in_one_layout(browser, status):
    page = browser.get(f"/error/{status}", status=status)
    assert page.html.title.get_text().startswith(page.html.h1.get_text())
    assert "If you need help, ask Calder Vale Assessment." in page.text


def test_it_shows_the_shell(browser):
    page = browser.get("/pieces")
    assert page.html.title.get_text() == "Pieces - Plumbline"
    assert page.html.find(attrs={"aria-current": "page"}).get_text() == "Apprentices"
    assert page.html.find("form", action="/sign-out")["method"] == "post"
    assert page.html.find("a", class_="skip")["href"] == "#main"


def test_it_lists_what_is_to_be_put_right_word_for_word(browser):
    page = browser.post("/form", {"decided_on-day": "5", "decided_on-month": "6"}, status=200)
    assert page.html.title.get_text().startswith("Error: ")
    summary = page.html.find(class_="error-summary")
    assert summary.h2.get_text() == "There are 3 things to put right"
    for link in summary.find_all("a"):
        control = page.html.find(id=link["href"].removeprefix("#"))
        question = control.find_parent(class_="question")
        assert question.find(class_="problem").get_text() == link.get_text()
    before = [tag.name for tag in page.html.h1.find_all_previous(class_="error-summary")]
    assert before == ["div"]


def test_it_reddens_only_the_wrong_box_and_keeps_the_others(browser):
    page = browser.post("/form", {"decided_on-day": "5", "decided_on-month": "6"}, status=200)
    boxes = page.html.select(".date-boxes input")
    assert [box["value"] for box in boxes] == ["5", "6", ""]
    assert [box.get("aria-invalid") for box in boxes] == [None, None, "true"]
    assert described(page, boxes[2]) == ["The date of your decision must include a year"]


def test_it_counts_one_thing_as_one(browser):
    sent = {
        "is_ready": "yes",
        "decided_on-day": "5",
        "decided_on-month": "6",
        "decided_on-year": "2026",
    }
    page = browser.post("/form", sent, status=200)
    assert page.html.find(class_="error-summary").h2.get_text() == "There is 1 thing to put right"


def test_it_ties_hint_and_problem_to_the_control(browser):
    page = browser.post("/every", {"email": "ann"}, status=200)
    assert described(page, page.html.find(id="email")) == [
        "We write here when a result is released.",
        "Work email address must be an email address, such as name@example.org",
    ]
    assert page.html.find(id="email")["value"] == "ann"
    fieldset = page.html.find(id="kinds").find_parent("fieldset")
    assert described(page, fieldset) == ["Answer “Which activities does it show?”"]


def test_it_keeps_what_was_typed_but_never_a_password(browser):
    sent = {
        "family_name": "<b>O'Neill</b>",
        "reason": "\nfirst line",
        "learner": "go",
        "kinds": ["b", "c"],
        "marks": "sixty",
        "password": "secret",
        "told": "yes",
    }
    page = browser.post("/every", sent, status=200)
    assert page.html.find(id="family_name")["value"] == "<b>O'Neill</b>"
    assert "first line" in page.html.find(id="reason").get_text()
    assert page.html.select_one("#learner option[selected]")["value"] == "go"
    ticked = [box["value"] for box in page.html.select("input[name=kinds][checked]")]
    assert ticked == ["b", "c"]
    assert page.html.find(id="marks")["value"] == "sixty"
    assert page.html.find(id="password")["value"] == ""
    assert page.html.find(id="told").has_attr("checked")


def test_it_says_what_is_optional_and_not_what_is_required(browser):
    page = browser.get("/every")
    labels = {label["for"]: label.get_text() for label in page.html.select("label[for]")}
    assert labels["reason"] == "Reason (optional)"
    assert labels["family_name"] == "Family name"
    assert not page.html.find_all(attrs={"required": True})


def test_it_flashes_what_was_done(browser):
    sent = {
        "family_name": "Prosser",
        "email": "sian@example.org",
        "learner": "hm",
        "kinds": "a",
        "marks": "50",
        "off_the_job": "21.4",
        "starts_at": "9:30",
        "password": "x",
    }
    with open(__file__, "rb") as file:  # noqa: PTH123 - a file to send
        page = browser.post("/every", sent | {"material": (file, "plan.pdf")}, status=200)
    assert page.html.find(class_="message", role="status").get_text(" ", strip=True) == (
        "Done Everything is kept."
    )


def test_it_sorts_by_links_and_says_so(browser):
    page = browser.get("/table?sort=-name&q=x")
    head = page.html.find("th", attrs={"aria-sort": True})
    assert head["aria-sort"] == "descending"
    assert head.a["href"] == "/table?sort=name&q=x"
    assert page.html.find("caption").get_text(" ", strip=True).startswith("Apprentices")


def test_it_labels_the_cells_for_phones_and_keeps_the_table_for_readers(browser):
    row = browser.get("/table").html.select("tbody tr")[0]
    assert [cell["data-label"] for cell in row.find_all("td")] == ["Last day", "Marks", "State"]
    assert {cell["role"] for cell in row.find_all(["td", "th"])} == {"cell", "rowheader"}


def test_it_leads_through_the_pages_of_a_list(browser):
    nav = browser.get("/table?page=3").html.find("nav", class_="pages")
    assert "51 to 75 of 130 apprentices" in nav.get_text()
    assert nav.find(attrs={"aria-current": "page"}).get_text(" ", strip=True) == "Page 3"
    assert [a["href"] for a in nav.find_all("a", rel=True)] == ["/table?page=2", "/table?page=4"]


def test_it_orders_what_needs_somebody_by_days(browser):
    rows = browser.get("/needs").html.select(".need")
    said = [re.sub(r"\s+", " ", row.find(class_="days").get_text(" ", strip=True)) for row in rows]
    assert said[:3] == ["2 days over", "0 today, 17:00", "5 days left"]
    assert all(row.find("a", class_="button").find(class_="unseen") for row in rows)


def test_it_draws_a_clock_that_can_be_read_out(browser):
    page = browser.get("/record")
    ruler = page.html.find("svg", class_="ruler")
    assert ruler["role"] == "img"
    title, desc = (page.html.find(id=name) for name in ("ruler-title", "ruler-desc"))
    assert title.get_text() == "35 days left: last day Tuesday 14 July 2026"
    assert "Observation, 26 May 2026;" in desc.get_text()


def test_it_tells_what_happened_from_what_is_to_come(browser):
    entries = browser.get("/record").html.select(".way > li")
    assert [entry["class"][0] for entry in entries] == [*["happened"] * 3, "now", *["to-come"] * 2]
    assert entries[3]["aria-current"] == "date"
    assert "To come:" in entries[4].h3.get_text()


def test_it_locks_what_is_accepted_and_says_who_may_supply_the_rest(browser):
    rows = browser.get("/record").html.select(".on-sheet tbody tr")
    assert rows[0].find("a") is None
    assert rows[1].find(class_="reason").get_text() == "Five pieces are missing."
    assert rows[1].a.get_text() == "Send again: Portfolio"
    assert "Only Tidewell Housing can give this" in rows[2].get_text()


def test_it_names_a_judgement_by_its_word_and_describes_it_by_its_descriptor(browser):
    page = browser.get("/sheet")
    chosen = page.html.select_one(".judgement input[checked]")
    assert page.html.find(id=chosen["aria-labelledby"]).get_text() == "Distinction"
    assert described(page, chosen)[0].startswith("Brings especially hard situations")


def test_it_gives_no_grade_while_any_is_unjudged(browser):
    count = browser.get("/sheet").html.find(class_="distinctions")
    said = re.sub(r"\s+", " ", count.get_text(" ", strip=True))
    assert said == "9 of 14 judged, so no grade yet 5 at Distinction, 7 needed"
    assert len(count.find_all("rect", class_="reached")) == 5


def test_it_gives_a_document_its_style_only_for_an_engine(browser):
    assert browser.get("/statement").html.find("style") is None
    assert browser.get("/statement?for_engine=1").html.find("style")
