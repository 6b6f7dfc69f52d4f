"""An observation failed, taken again and passed: everybody's part through the pages."""

from datetime import date, time
from io import BytesIO

import pytest
from pypdf import PdfReader

from epa.clock import london_instant
from epa.lifecycle.definitions import latest
from epa.lifecycle.rules import Grade
from epa.people.rules import OrganisationKind, Role
from tests.journeys import people
from tests.journeys.visitor import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

PLAN = latest("st0663")
FAILED, RESAT = date(2026, 6, 15), date(2026, 6, 29)
APPRENTICE, EMPLOYER = "Aled Bevan", "Tidewell Works"
STAFF = {
    "ruth": (people.Administrator, Role.ADMINISTRATOR, "Ruth Calloway"),
    "moira": (people.Assessor, Role.INDEPENDENT_ASSESSOR, "Moira Okafor"),
    "owen": (people.Releaser, Role.INTERNAL_QUALITY_ASSURER, "Owen Achterberg"),
}


@pytest.fixture
def cast(visit, seeded, server):
    """Two methods are passed and released; the observation is signed with one KSB not met."""
    server.set_clock(london_instant(FAILED, time(17)))
    made = {}
    with seeded() as make:
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
        works = make.organisation(OrganisationKind.EMPLOYER, name=EMPLOYER)
        for key, (kind, role, name) in STAFF.items():
            made[key] = account(make, visit, kind, role, epao, name)
        made["elin"] = account(
            make, visit, people.Employer, Role.EMPLOYER, works, "Elin Marsh", viewport=PHONE
        )
        made["aled"] = account(
            make, visit, people.Apprentice, Role.APPRENTICE, epao, APPRENTICE, viewport=PHONE
        )
        moira = made["moira"][0]
        make.may_assess(moira, epao, standardised_on=date(2026, 5, 1))
        row = make.assessment_in_epa(
            epao=epao, employer=works, apprentice=made["aled"][0], starts_on=date(2026, 6, 8)
        )
        for code in ("presentation", "knowledge_test"):
            make.released(make.attempt(row, code), Grade.PASS)
        make.signed_sheet(make.booked(assessment=row, assessor=moira), fails=1)
    return {key: visitor for key, (_person, visitor) in made.items()}


def account(make, visit, kind, role, organisation, name, **context):
    given, family = name.split(" ", 1)
    email = f"{given.lower()}@example.org"
    person = make.person(role, organisation=organisation, given=given, family=family, email=email)
    make.credential(person)
    return person, visit(kind, name, email, **context)


def test_an_observation_is_failed_taken_again_and_passed(cast, server):
    release_the_fail_and_ask(cast)
    agree_plan_and_open(cast)
    book(cast)
    server.set_clock(london_instant(RESAT, time(17)))
    observe_again(cast)
    release_the_pass(cast)


def release_the_fail_and_ask(cast):
    owen, aled = cast["owen"], cast["aled"]
    owen.sign_in()
    owen.release("Observation")
    aled.sign_in()
    aled.follow("See what follows the observation")
    assert aled.sees("You have not passed this method.")
    aled.follow("Read the feedback")
    last = PLAN.ksbs_of("observation")[-1]
    assert last in aled.page.locator("main").inner_text()
    assert last in text_of(aled, "Download as PDF")
    aled.page.go_back()
    aled.follow("Ask for another attempt")
    aled.choose("What is asked for?", "Re-sit")
    aled.press("Ask for it")
    assert aled.sees("The employer has not agreed yet.")


def agree_plan_and_open(cast):
    elin, ruth = cast["elin"], cast["ruth"]
    elin.sign_in()
    elin.follow(f"Answer about the observation: {APPRENTICE}")
    elin.press("Agree")
    elin.follow("Begin the action plan")
    last = PLAN.ksbs_of("observation")[-1]
    elin.select("What is it for?", f"{last} {PLAN.criterion(last).title}")
    elin.write("What will be done?", "One observed review with feedback, a week before.")
    elin.choose("Who sees to it?", EMPLOYER)
    elin.date("By when?", date(2026, 6, 24))
    elin.press("Add the action")
    elin.press("It is done")
    elin.follow("The plan as a document")
    assert "One observed review" in text_of(elin, "Download as PDF")
    ruth.sign_in()
    ruth.follow(f"Open the next observation: {APPRENTICE}")
    ruth.press("Open the re-sit")
    assert ruth.sees("The re-sit is open since")


def book(cast):
    ruth, aled = cast["ruth"], cast["aled"]
    assessor = {"Independent assessor": cast["moira"]}
    again = "Observation, re-sit"
    ruth.hold(aled, again, assessor, day=RESAT, at="9:30", place="Harbour House, room 2")
    cast["moira"].accept(f"observation: {APPRENTICE}")
    cast["elin"].agree(aled, "observation")
    ruth.confirm(aled, again)


def observe_again(cast):
    moira, aled = cast["moira"], cast["aled"]
    moira.sign_in()
    moira.open_sheet("Observation")
    moira.judge_every(dict.fromkeys(PLAN.ksbs_of("observation"), "Pass"), "Seen")
    moira.give_facts(
        ticks=(
            "Identity checked against a document with a photograph",
            "Told the format and the timings beforehand",
            "SU-1 was told about me and was content",
            "SU-2 was told about me and was content",
        ),
        numbers={
            "Started at": "9:30",
            "Ended at": "13:00",
            "Length of the observation": 176,
            "Questions asked": 5,
            "Length of the questions": 24,
            "Who was present?": "The apprentice and the assessor",
        },
        answers=(
            ("SU-1: activities seen", "Review"),
            ("SU-2: activities seen", "Action plan"),
        ),
        held_on=RESAT,
    )
    moira.sign()
    aled.sign_in()
    aled.open_record(APPRENTICE)
    aled.follow("See the results: Observation")
    assert aled.sees("Earlier attempts")
    again = aled.page.locator("section").filter(has_text="Observation, re-sit")
    assert "No result yet" in again.first.inner_text()


def release_the_pass(cast):
    owen, aled, elin = cast["owen"], cast["aled"], cast["elin"]
    owen.sign_in()
    owen.release("Observation")
    owen.release("overall grade")
    elin.sign_in()
    for person in (aled, elin):
        person.open_record(APPRENTICE)
        person.follow("See the results: Result released")
        assert person.page.locator(".verdict .word").inner_text() == "Pass"
        assert person.sees("Observation, re-sit")
        assert person.sees("Earlier attempts")
    pdf, _name = aled.download_statement()
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    assert "Fail" not in text


def text_of(visitor, link):
    """What the PDF behind a link of a document says."""
    with visitor.page.expect_download() as saved:
        visitor.page.get_by_role("link", name=link).click()
    reader = PdfReader(BytesIO(saved.value.path().read_bytes()))
    assert str(reader.trailer["/Root"]["/Lang"]).startswith("en")
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())
