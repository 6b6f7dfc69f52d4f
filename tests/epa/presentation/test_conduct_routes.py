import pytest

from epa.conduct.facts import Recording
from epa.lifecycle.rules import Duty
from epa.presentation.rules import PresentationConduct

FACTS = {
    "held_on-day": "9",
    "held_on-month": "6",
    "held_on-year": "2026",
    "minutes_presented": "62",
    "finished_a_point": "yes",
    "questions_asked": "5",
    "question_minutes": "25",
    "recording": "audio",
    "consent_of": "apprentice",
    "not_attached_reason": "It is on the recorder.",
    "present": "Priya and Helen",
    "identity_checked": "yes",
}


@pytest.fixture
def sheet(make):
    return make.sheet(make.booked("presentation"))


@pytest.fixture
def browser(sign_in_as, sheet):
    return sign_in_as(sheet.attempt.allocated(Duty.ASSESSOR))


@pytest.fixture
def path(sheet):
    return f"/attempts/{sheet.attempt.id}/presentation/conduct"


def test_facts_in_order_are_kept(browser, path, sheet):
    assert browser.post(path, FACTS, status=303).location.endswith("/presentation")
    conduct = PresentationConduct.model_validate(sheet.conduct)
    assert (conduct.minutes_presented, conduct.recording) == (62, Recording.AUDIO)


def test_time_over_the_plan_asks_for_the_recorded_choice(browser, path):
    browser.post(path, FACTS | {"finished_a_point": ""}, status=303)
    page = browser.get(path)
    assert "62 min is 2 min over the 60 of the plan" in page.text


def test_no_recording_asks_for_a_reason(browser, path):
    browser.post(path, FACTS | {"recording": "none"}, status=303)
    assert browser.get(path).link("Nothing was recorded") == "#no_recording_reason"


def test_a_recording_asks_for_consent_and_for_itself(browser, path):
    browser.post(path, FACTS | {"consent_of": [], "not_attached_reason": ""}, status=303)
    page = browser.get(path)
    assert page.link("Tick that the apprentice agreed") == "#consent_of"
    assert page.link("The recording is not attached") == "#not_attached_reason"
