import pytest

from epa.lifecycle.rules import Duty
from epa.observation.rules import ObservationConduct
from epa.people.rules import Role
from tests.factories.items import prompt

FACTS = {
    "held_on-day": "9",
    "held_on-month": "6",
    "held_on-year": "2026",
    "started": "9:00",
    "ended": "12.40",
    "minutes_observed": "178",
    "su1_activities": ["review", "action_plan"],
    "su1_agreed": "yes",
    "su2_activities": "intervention",
    "su2_agreed": "yes",
    "present": "The apprentice and the assessor",
    "questions_asked": "4",
    "question_minutes": "20",
    "identity_checked": "yes",
    "format_told": "yes",
}


@pytest.fixture
def sheet(make):
    return make.sheet()


@pytest.fixture
def browser(sign_in_as, sheet):
    return sign_in_as(sheet.attempt.allocated(Duty.ASSESSOR))


@pytest.fixture
def path(sheet):
    return f"/attempts/{sheet.attempt.id}/observation/conduct"


def test_the_facts_ask_with_the_numbers_of_the_plan(browser, path):
    page = browser.get(path)
    assert "180 minutes, or 198 to let the apprentice complete a task" in page.text
    assert "At least 2" in page.text
    assert page.html.select_one("#held_on-day")["value"] == "9"


def test_facts_in_order_are_kept(browser, path, sheet):
    assert browser.post(path, FACTS, status=303).location.endswith("/observation")
    conduct = ObservationConduct.model_validate(sheet.conduct)
    assert conduct.minutes_observed == 178
    assert [(one.number, len(one.activities)) for one in conduct.service_users] == [(1, 2), (2, 1)]
    page = browser.get(path)
    assert page.html.select_one("#su1_agreed").has_attr("checked")
    assert page.html.select_one("#su3_agreed") is not None  # room for one more


def test_facts_may_come_one_by_one_and_what_is_left_is_said(browser, path, sheet):
    assert browser.post(path, {"started": "9:00"}, status=303).location.endswith("/conduct")
    page = browser.get(path)
    assert "Needed before you sign" in page.text
    assert page.link("0 of 2 service users were seen.") == "#su1_activities"


def test_a_broken_limit_is_said_by_how_much(browser, path):
    browser.post(path, FACTS | {"ended": "13:00", "minutes_observed": "199"}, status=303)
    assert "199 min is 1 min over the 198 min" in browser.get(path).text


def test_what_cannot_be_read_is_refused_and_stays_typed(browser, path, sheet):
    page = browser.post(path, FACTS | {"minutes_observed": "three hours"}, status=422)
    assert "minutes_observed" in page.errors
    assert page.html.select_one("#minutes_observed")["value"] == "three hours"
    assert sheet.conduct == {}


def test_facts_changed_in_another_window_are_told(browser, path):
    seen = browser.get(path).html.select_one("main input[name=seen]")["value"]
    browser.post(path, FACTS | {"seen": seen}, status=303)
    page = browser.post(path, FACTS | {"seen": seen, "minutes_observed": "150"}, status=409)
    assert "Different there: minutes_observed" in page.text
    seen = page.html.select_one("main input[name=seen]")["value"]
    browser.post(path, FACTS | {"seen": seen, "minutes_observed": "150"}, status=303)


def test_a_prompt_is_drawn_asked_and_passed_over_without_scripts(make, sheet, browser, sign_in_as):
    epao = sheet.attempt.assessment.epao
    people = [make.person(one, organisation=epao) for one in (Role.ITEM_AUTHOR, Role.ITEM_REVIEWER)]
    bank = make.bank(epao)
    for words in ("Why this way?", "Why that way?"):
        make.approved_item(bank, *people, prompt(words))
    at = f"/attempts/{sheet.attempt.id}/observation"
    assert "Draw question 2 from the bank" in browser.get(at).text
    browser.post(f"{at}/prompts", {"number": "2", "action": "draw"}, status=303)
    page = browser.get(f"{at}?at=questions")
    assert page.html.select_one("#asked-2-0").get_text(strip=True) in {
        "Why this way?",
        "Why that way?",
    }
    assert "Names the need it met" in page.text
    page = browser.post(f"{at}/prompts", {"number": "2", "action": "pass_over"}, status=422)
    assert "Say why you pass it over." in page.text
    page = browser.post(f"{at}/prompts", {"number": "2", "action": "fly"}, status=422)
    assert "Choose what to do with the prompt." in page.text
    passed = {"number": "2", "action": "pass_over", "reason": "It was seen at 1 Mill Lane."}
    browser.post(f"{at}/prompts", passed, status=303)
    page = browser.get(at)
    assert (
        "It was seen at 1 Mill Lane." in page.html.select_one(".prompt-here[data-number='2']").text
    )
    assert page.html.select_one("#asked-2-0").get_text(strip=True) == ""

    sent = {"number": 2, "action": "draw", "token": "a1b2c3d4"}
    answer = browser.client.post(f"{at}/prompts", json=sent)
    words = answer.json["prompt"]["text"]
    assert words in answer.json["prompt"]["part"]
    asked = {"number": 2, "question": words, "answer": "So.", "seen": 0, "token": "b1b2c3d4"}
    answer = browser.client.post(f"{at}/questions", json=asked)
    assert (answer.json["asked"], answer.json["seen"]) == (1, 1)
    assert "Pass it over" not in answer.json["prompt"]["part"]
    assert "Every question came from the bank" in browser.get(f"{at}/sign").text
    answer = browser.client.post(f"{at}/prompts", json={**sent, "action": "fly"})
    assert answer.status_code == 400
    auditor = sign_in_as(make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=epao))
    page = auditor.get(at)
    assert "From the bank: OP-000" in page.text
    assert "Names the need it met" not in page.text
