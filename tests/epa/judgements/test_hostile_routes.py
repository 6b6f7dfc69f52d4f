import pytest

from epa.lifecycle.rules import Duty


@pytest.fixture
def at_work(make, sign_in_as):
    """An assessor's browser on an open sheet, and the address of one of its KSBs."""
    sheet = make.sheet()
    browser = sign_in_as(sheet.attempt.allocated(Duty.ASSESSOR))
    return browser, f"/attempts/{sheet.attempt_id}/observation"


@pytest.mark.parametrize("undo", ["merit", "None", "\N{PILE OF POO}"])
def test_it_goes_back_to_a_grade_and_to_nothing_else(at_work, undo):
    browser, address = at_work
    page = browser.post(f"{address}/ksbs/K6", {"undo": undo, "seen": "0"}, status=422)
    assert "Choose one of the judgements shown" in page.text


@pytest.mark.parametrize("seen", ["9" * 5000, "-1", "\u0663", "1e3"])
def test_what_a_page_has_seen_is_a_number_of_ours_or_nothing(at_work, seen):
    """Python itself refuses to read a number of more than 4,300 figures."""
    browser, address = at_work
    browser.post(f"{address}/ksbs/K6", {"grade": "pass", "seen": seen}, status=303)
    browser.post(f"{address}/conduct", {"questions_asked": "3", "seen": seen}, status=303)


@pytest.mark.parametrize("sent", [b"[" * 20_000, b"[1]", b'{"grade": {"a": 1}}'])
def test_what_is_no_shape_of_a_save_is_refused_where_a_script_or_a_form_sends(at_work, sent):
    browser, address = at_work
    about = {"data": sent, "content_type": "application/json"}
    browser.post(f"{address}/ksbs/K6", status=303, **about)
    answer = browser.post(f"{address}/ksbs/K6/judgement", status=400, **about)
    assert "cannot be saved" in answer.response.get_json()["error"]
