import io
from datetime import date

import pytest

from epa.database import db
from epa.gateway import queries, services
from epa.gateway.rules import RequirementDecision
from epa.lifecycle.rules import Stage
from epa.people.rules import Role

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
DECISION = {
    "is_ready": "True",
    "decided_on-day": "1",
    "decided_on-month": "6",
    "decided_on-year": "2026",
    "speaks_for": "yes",
}


@pytest.fixture
def assessment(make):
    return make.assessment()


@pytest.fixture
def people(make, assessment):
    return make.people_of(assessment)


@pytest.fixture
def as_part(people, sign_in_as):
    return lambda part: sign_in_as(people[part])


@pytest.fixture
def review(make, assessment, people):
    return make.supplied_review(assessment, people)


def gateway(assessment):
    return f"/apprentices/{assessment.id}/gateway"


def step(row, what):
    return f"/gateway/requirements/{row.id}/{what}"


def seen(page):
    return {"seen": page.html.find("input", attrs={"name": "seen"})["value"]}


@pytest.mark.parametrize("part", ["administrator", "apprentice", "training_provider"])
def test_it_begins_with_one_button(as_part, assessment, part):
    browser = as_part(part)
    page = browser.get(gateway(assessment))
    assert "0 of 6 requirements accepted" in page.text
    assert "Open the gateway" in page.text
    sent = browser.post(f"{gateway(assessment)}/begin")
    assert sent.location == gateway(assessment)
    assert queries.review_of(assessment) is not None
    assert "Open the gateway" not in browser.get(gateway(assessment)).text


def test_it_shows_each_role_one_primary_action_and_who_supplies_what(
    make, as_part, assessment, people
):
    make.review(assessment)
    expected = {
        "administrator": "Decide on “English and mathematics”",
        "apprentice": "Supply “English and mathematics”",
        "training_provider": "Supply “Time on programme”",
        "employer": "Give your confirmation",
    }
    for part, words in expected.items():
        page = as_part(part).get(gateway(assessment))
        primary = page.html.select("main .primary")
        assert [one.get_text(strip=True) for one in primary] == [words]
        employer = assessment.apprenticeship.employer.name
        assert f"Only {employer} can give this" in page.text


def test_it_offers_decisions_to_the_administrator_and_to_nobody_else(as_part, assessment, review):
    assert "Decide on “Time on programme”" in as_part("administrator").get(gateway(assessment)).text
    for part in ("apprentice", "training_provider", "employer"):
        assert "Decide" not in as_part(part).get(gateway(assessment)).text


def test_it_asks_the_administrator_first_for_what_can_be_accepted(
    make, as_part, people, assessment
):
    assessment.apprenticeship.learning_start_on = assessment.apprenticeship.planned_end_on.replace(
        year=2025
    )
    make.supplied_review(assessment, people)
    page = as_part("administrator").get(gateway(assessment))
    assert "11 full months; 12 needed, 1 month short until 30 June 2026" in page.text
    assert page.html.select_one("main .primary").get_text(strip=True) == (
        "Decide on “Off-the-job training”"
    )


def test_it_leads_from_first_supply_to_the_epa_period(make, as_part, assessment, people):
    review = make.review(assessment)
    by = {row.code: row for row in review.requirements}
    provider, apprentice = as_part("training_provider"), as_part("apprentice")
    supplies = (
        (provider, "time_on_programme", {"is_right": "yes"}),
        (provider, "off_the_job", {"percent": "21.4%"}),
        (
            apprentice,
            "english_and_mathematics",
            {"english": "level_2", "mathematics": "none", "evidence": "Certificate 4711"},
        ),
        (apprentice, "certificate_permission", {"given": "yes"}),
    )
    for browser, code, typed in supplies:
        page = browser.get(step(by[code], "supply"))
        browser.post(step(by[code], "supply"), typed | seen(page))
    assert assessment.stage is Stage.GATEWAY
    make.frozen_portfolio(assessment)
    employer = as_part("employer")
    path = f"{gateway(assessment)}/confirmation"
    employer.post(path, DECISION | seen(employer.get(path)))
    administrator = as_part("administrator")
    for number, row in enumerate(review.requirements, start=1):
        page = administrator.get(step(row, "decide"))
        assert ("This is the last one" in page.text) is (number == 6)
        administrator.post(step(row, "decide"), {"accepts": "True"} | seen(page))
    assert assessment.stage is Stage.ASSESSMENT
    page = apprentice.get(gateway(assessment))
    assert "its last day is 9 September 2026" in page.text
    assert not page.html.select("main .primary")


def test_it_shows_what_was_shown_against_what_is_needed(make, as_part, review, assessment):
    text = as_part("employer").get(gateway(assessment)).text
    for words in (
        "27 full months; 12 needed",
        "21.4% declared; 20% needed",
        "English at level 2. Mathematics at level 2",
        "24 pieces from 4 service users; 24 to 36 pieces from 4 to 6 service users needed",
        "Given by Sam",
        "decided on 1 June 2026",
    ):
        assert words in text


def test_it_refuses_the_confirmation_page_to_everybody_but_the_employer(
    make, as_part, assessment, sign_in_as
):
    path = f"{gateway(assessment)}/confirmation"
    for part in ("administrator", "apprentice", "training_provider"):
        as_part(part).get(path, status=403)
        as_part(part).post(path, DECISION, status=403)
        as_part(part).post(f"{path}/withdrawal", status=403)
    sign_in_as(make.person(Role.EMPLOYER)).get(path, status=404)
    assert queries.review_of(assessment) is None


def test_it_says_every_fault_of_a_confirmation_in_words_and_keeps_what_was_typed(
    as_part, assessment
):
    browser = as_part("employer")
    path = f"{gateway(assessment)}/confirmation"
    typed = {"decided_on-day": "5", "decided_on-month": "6", "decided_on-year": ""}
    page = browser.post(path, typed | seen(browser.get(path)), status=422)
    assert page.errors == {
        "is_ready": "Say whether Sam is ready",
        "decided_on-year": "The date of your decision must include a year",
        "speaks_for": f"Tick the box to confirm this for {assessment.apprenticeship.employer.name}",
    }
    assert page.html.find(id="decided_on-day")["value"] == "5"
    assert page.html.title.get_text().startswith("Error:")
    assert queries.review_of(assessment) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"decided_on-year": "2027"}, "decided_on-day"),
        ({"decided_on-year": "1999"}, "decided_on-day"),
        ({"decided_on-month": "13"}, "decided_on-month"),
        ({"is_ready": "False"}, "reason"),
        ({"is_ready": "perhaps"}, "is_ready"),
    ],
)
def test_it_refuses_a_confirmation_that_cannot_be(as_part, assessment, change, field):
    browser = as_part("employer")
    path = f"{gateway(assessment)}/confirmation"
    page = browser.post(path, DECISION | change | seen(browser.get(path)), status=422)
    assert field in page.errors


def test_it_lets_the_employer_take_it_back_until_the_gateway_is_decided(
    make, as_part, people, assessment, review, at
):
    browser, path = as_part("employer"), f"{gateway(assessment)}/confirmation"
    row = make.requirement(review, "employer_confirmation")
    services.accept(row, actor=people["administrator"], at=at)
    db.session.commit()
    page = browser.get(path)
    assert "Take it back" in page.text
    assert not page.html.find(id="is_ready")
    browser.post(f"{path}/withdrawal")
    assert row.decision is RequirementDecision.PENDING
    browser.post(f"{path}/withdrawal", status=409)


def test_it_refuses_to_accept_what_is_missing_and_says_by_how_much(
    make, as_part, assessment, people, at
):
    review = make.review(assessment)
    row = make.requirement(review, "off_the_job")
    services.supply(row, {"percent": 19}, actor=people["training_provider"], at=at)
    browser = as_part("administrator")
    page = browser.get(step(row, "decide"))
    assert "It cannot be accepted yet" in page.text
    page = browser.post(step(row, "decide"), {"accepts": "True"} | seen(page), status=422)
    assert "19% declared; 20% needed, 1% short" in page.errors[""]
    assert row.decision is RequirementDecision.PENDING


def test_it_rejects_with_a_reason_that_everybody_reads_first(make, as_part, assessment, review):
    row = make.requirement(review, "off_the_job")
    browser = as_part("administrator")
    page = browser.get(step(row, "decide"))
    page = browser.post(step(row, "decide"), {"accepts": "False"} | seen(page), status=422)
    assert "reason" in page.errors
    typed = {"accepts": "False", "reason": "The log ends in May."}
    browser.post(step(row, "decide"), typed | seen(page))
    provider = as_part("training_provider")
    assert "Rejected: The log ends in May." in provider.get(gateway(assessment)).text
    page = provider.get(step(row, "supply"))
    assert "The log ends in May." in page.text
    provider.post(step(row, "supply"), {"percent": "25"} | seen(page))
    assert row.decision is RequirementDecision.PENDING
    assert "The log ends in May." in browser.get(step(row, "decide")).text


def test_it_tells_the_second_of_two_what_changed_and_keeps_their_words(
    as_part, review, people, at, session
):
    row, other = review.requirements[1], review.requirements[0]
    browser = as_part("administrator")
    before = seen(browser.get(step(row, "decide")))
    services.accept(other, actor=people["administrator"], at=at)
    session.commit()
    typed = {"accepts": "False", "reason": "Words worth keeping"}
    page = browser.post(step(row, "decide"), typed | before, status=409)
    assert "accepted “Time on programme” on 9 June 2026 at 10:30" in page.text
    assert page.html.find(id="reason").get_text(strip=True) == "Words worth keeping"
    assert row.decision is RequirementDecision.PENDING
    browser.post(step(row, "decide"), typed | seen(page))
    assert row.decision is RequirementDecision.REJECTED


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "٣"])
def test_it_takes_a_broken_version_for_an_old_one(as_part, review, version):
    row = review.requirements[0]
    typed = {"accepts": "True", "seen": version}
    as_part("administrator").post(step(row, "decide"), typed, status=409)


def test_it_lets_nobody_supply_what_is_not_theirs(make, as_part, assessment):
    review = make.review(assessment)
    for row in review.requirements:
        named = set(queries.definition_of(row).supplied_by)
        for part in ("apprentice", "employer", "training_provider", "administrator"):
            if part not in named:
                page = as_part(part).get(step(row, "supply"), status=403)
                assert "can give this" in page.text


def test_it_has_no_supply_page_for_the_portfolio(make, as_part, assessment):
    row = make.requirement(make.review(assessment), "portfolio")
    as_part("apprentice").get(step(row, "supply"), status=404)


def test_it_answers_unknown_and_out_of_reach_alike(make, as_part, review):
    mine, theirs = review.requirements[0], make.review().requirements[0]
    browser = as_part("administrator")
    browser.get(step(mine, "decide"))
    browser.get(step(theirs, "decide"), status=404)
    browser.get(step(theirs, "supply"), status=404)
    browser.get(step(theirs, "file"), status=404)
    browser.get(gateway(theirs.review.assessment), status=404)


def test_it_is_nothing_for_assessors(make, sign_in_as):
    assessment = make.assessment_in_epa()
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=assessment.epao)
    make.allocate(make.attempt(assessment, "observation"), helen)
    sign_in_as(helen).get(gateway(assessment), status=403)


def test_it_keeps_a_certificate_and_writes_down_who_fetched_it(make, as_part, assessment, session):
    row = make.requirement(make.review(assessment), "english_and_mathematics")
    browser = as_part("apprentice")
    typed = {"english": "level_2", "mathematics": "level_2"}
    page = browser.get(step(row, "supply"))
    wrong = typed | seen(page) | {"file": (io.BytesIO(b"MZ not a pdf"), "certificate.pdf")}
    assert "file" in browser.post(step(row, "supply"), wrong, status=422).errors
    right = typed | seen(page) | {"file": (io.BytesIO(PDF), "certificate.pdf")}
    browser.post(step(row, "supply"), right)
    assert row.file.name == "certificate.pdf"
    administrator = as_part("administrator")
    assert "Save certificate.pdf" in administrator.get(step(row, "decide")).text
    fetched = administrator.client.get(step(row, "file"))
    assert fetched.data == PDF
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    administrator.get(step(make.requirement(row.review, "off_the_job"), "file"), status=404)


def test_it_fills_in_what_registration_states(make, as_part, assessment):
    row = make.requirement(make.review(assessment), "english_and_mathematics")
    page = as_part("apprentice").get(step(row, "supply"))
    assert page.html.find("input", attrs={"name": "english", "checked": True})["value"] == "level_2"


def test_it_takes_the_providers_advice_and_shows_it_to_the_employer(as_part, assessment):
    path = f"{gateway(assessment)}/advice"
    provider = as_part("training_provider")
    early = seen(provider.get(path))
    assert set(provider.post(path, early, status=422).errors) == {"in_favour", "text"}
    provider.post(path, early | {"in_favour": "True", "text": "Ready in our view."})
    again = provider.post(path, early | {"in_favour": "True", "text": "Ready."}, status=409)
    assert "gave advice on 9 June 2026 at 10:30, after you opened this page" in again.text
    assert "Ready in our view." in as_part("apprentice").get(gateway(assessment)).text
    confirmation = as_part("employer").get(f"{gateway(assessment)}/confirmation")
    provider_name = assessment.apprenticeship.provider.name
    assert f"{provider_name} has advised that Sam is ready" in confirmation.text
    for part in ("administrator", "apprentice", "employer"):
        as_part(part).get(path, status=403)


def test_it_asks_for_training_off_the_job_as_the_start_would_have_it(
    make, as_part, assessment, session
):
    row = make.requirement(make.review(assessment), "off_the_job")
    browser, of = as_part("training_provider"), assessment.apprenticeship
    page = browser.get(step(row, "supply"))
    assert "Or: all paid hours" in page.text
    assert "published for the standard" not in page.text
    browser.post(step(row, "supply"), {"hours": "300", "weekly_hours": "37.5"} | seen(page))
    shown = browser.get(gateway(assessment)).text
    assert "300 hours declared" in shown
    assert "hours short" in shown
    assert "Hours a week, counted on a full-time week of 30 hours at most" in shown
    of.original_start_on = date(2025, 8, 1)
    session.commit()
    page = browser.get(step(row, "supply"))
    assert "percentage" not in page.text
    browser.post(
        step(row, "supply"), {"hours": "440", "hours_needed": "500", "hours_off": "60"} | seen(page)
    )
    assert (
        "440 hours declared; 440 needed of 500 published" in browser.get(gateway(assessment)).text
    )


def test_it_locks_an_accepted_row(make, as_part, review, people, at):
    row = make.requirement(review, "off_the_job")
    services.accept(row, actor=people["administrator"], at=at)
    as_part("training_provider").get(step(row, "supply"), status=409)
    as_part("administrator").get(step(row, "decide"), status=409)


def test_it_says_nothing_of_why_a_lower_level_is_enough_but_to_those_who_decide(
    make, as_part, assessment, people, at
):
    assessment.apprenticeship.has_ehc_plan = True
    row = make.requirement(make.review(assessment), "english_and_mathematics")
    values = {"english": "entry_3", "mathematics": "entry_3", "evidence": "Certificates"}
    services.supply(row, values, actor=people["apprentice"], at=at)
    for part in ("employer", "training_provider"):
        text = as_part(part).get(gateway(assessment)).text
        assert "health and care" not in text
    assert "health and care plan" in as_part("administrator").get(step(row, "decide")).text


def test_it_closes_with_the_gateway(as_part, assessment, session):
    assessment.stage = Stage.WITHDRAWN
    session.commit()
    page = as_part("administrator").get(gateway(assessment))
    assert not page.html.select("main .primary")
    as_part("administrator").post(f"{gateway(assessment)}/begin", status=409)
    as_part("employer").get(f"{gateway(assessment)}/confirmation", status=409)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("time_on_programme", {"is_right": "yes"}),
        ("off_the_job", {"percent": "21.4"}),
    ],
)
def test_every_row_that_is_declared_takes_a_file(make, as_part, assessment, code, values):
    row = make.requirement(make.review(assessment), code)
    browser, office = as_part("training_provider"), as_part("administrator")
    page = browser.get(step(row, "supply"))
    sent = values | seen(page) | {"file": (io.BytesIO(PDF), "Register.pdf")}
    browser.post(step(row, "supply"), sent)
    page = office.get(step(row, "decide"))
    assert office.get(page.link("Save Register.pdf")).response.get_data() == PDF
