import pytest
from sqlalchemy import select

from epa.changes.models import ApprenticeshipChange
from epa.changes.rules import ChangeKind
from epa.lifecycle.rules import Stage
from epa.people.rules import OrganisationKind, Role

ON = {"on-day": "9", "on-month": "6", "on-year": "2026"}
WHY = ON | {"reason": "Agreed with everybody"}


@pytest.fixture
def assessment(make):
    return make.assessment()


@pytest.fixture
def browser(make, assessment, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=assessment.epao))


@pytest.fixture
def path(assessment):
    return f"/apprentices/{assessment.id}/changes"


def test_it_offers_what_can_be_changed_and_keeps_the_history_on_the_record(
    browser, path, assessment, session
):
    page = browser.get(path)
    pause = page.link("Begin a break in learning")
    assert "Reinstate" not in page.text
    form = browser.get(pause)
    assert form.html.find(id="on-day")["value"] == "9"
    sent = browser.post(pause, WHY, status=303)
    assert sent.location == f"/apprentices/{assessment.id}"
    record = browser.get(sent.location)
    for words in (
        "Break in learning begun",
        "Agreed with everybody",
        "do not count towards the time on programme",
        "Paused since 9 June 2026",
    ):
        assert words in record.text
    page = browser.get(path)
    browser.post(page.link("Reinstate"), WHY, status=303)
    assert "Reinstated" in browser.get(sent.location).text
    assert assessment.stage is Stage.ON_PROGRAMME


def test_it_keeps_what_was_typed_and_says_what_is_wrong(browser, path, session):
    typed = {"on-day": "10", "on-month": "6", "on-year": "2026", "reason": "x"}
    page = browser.post(f"{path}/withdraw", typed, status=422)
    assert page.errors == {"on-day": "The date must be 9 June 2026 or earlier"}
    assert page.html.find(id="on-day")["value"] == "10"
    page = browser.post(f"{path}/withdraw", {}, status=422)
    assert set(page.errors) == {"on-day", "reason"}
    assert session.scalars(select(ApprenticeshipChange)).all() == []


def test_it_says_why_a_change_makes_no_sense_now(browser, path):
    for method in (browser.get, browser.post):
        page = method(f"{path}/reinstate", status=409)
        assert "This cannot be done while the apprentice is “On programme”" in page.text


def test_it_changes_employer_and_provider_to_one_of_those_offered(
    browser, path, make, assessment, session
):
    employer = make.organisation(OrganisationKind.EMPLOYER, name="Harbour Row Trust")
    page = browser.get(f"{path}/employer")
    names = {one.get_text(strip=True) for one in page.html.select("#employer option")}
    assert "Harbour Row Trust" in names
    assert assessment.apprenticeship.employer.name not in names
    browser.post(f"{path}/employer", WHY | {"employer": str(employer.id)}, status=303)
    browser.post(f"{path}/employer", WHY | {"employer": "nonsense"}, status=422)
    browser.post(f"{path}/provider", WHY | {"provider": ""}, status=303)
    session.expire_all()
    assert assessment.apprenticeship.employer is employer
    assert assessment.apprenticeship.provider is None


def test_it_corrects_name_and_number(browser, path, assessment, session):
    page = browser.get(f"{path}/name")
    assert page.html.find(id="given_names")["value"] == "Sam"
    names = {"given_names": "小龙", "family_name": "李"}
    browser.post(f"{path}/name", WHY | names, status=303)
    assert assessment.apprenticeship.person.name == "李小龙"
    page = browser.post(f"{path}/uln", WHY | {"uln": "1234567890"}, status=422)
    assert list(page.errors) == ["uln_checked"]
    ticked = {"uln": "123 456 7890", "uln_checked": "yes"}
    browser.post(f"{path}/uln", WHY | ticked, status=303)
    assert assessment.apprenticeship.uln == "1234567890"
    kinds = session.scalars(select(ApprenticeshipChange.kind)).all()
    assert set(kinds) == {ChangeKind.NAME, ChangeKind.ULN}


def test_reasons_are_for_the_epaos_own_people(browser, path, make, assessment, sign_in_as):
    browser.post(f"{path}/pause", WHY, status=303)
    of = assessment.apprenticeship
    record = f"/apprentices/{assessment.id}"
    iqa = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=assessment.epao)
    page = sign_in_as(iqa).get(record)
    assert "Agreed with everybody" in page.text
    assert "Change or correct something" not in page.text
    sign_in_as(iqa).get(path, status=403)
    for reader in (
        of.person,
        make.person(Role.EMPLOYER, organisation=of.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=of.provider),
    ):
        page = sign_in_as(reader).get(record)
        assert "Paused since" in page.text
        assert "Agreed with everybody" not in page.text
        sign_in_as(reader).get(path, status=403)


def test_the_clock_stands_still_on_the_record(make, sign_in_as):
    row = make.assessment_in_epa()
    browser = sign_in_as(make.person(Role.ADMINISTRATOR, organisation=row.epao))
    browser.post(f"/apprentices/{row.id}/changes/pause", WHY, status=303)
    page = browser.get(f"/apprentices/{row.id}")
    assert "days, paused since 9 June 2026" in page.text
    assert "The clock has stood still since" in page.text
    browser.post(f"/apprentices/{row.id}/changes/withdraw", WHY, status=303)
    assert browser.get(f"/apprentices/{row.id}").html.select(".clock") == []
