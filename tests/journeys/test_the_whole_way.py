"""One apprentice, from registration to a released Distinction; everything through the pages."""

import re
from datetime import date, time
from io import BytesIO

import pytest
from pypdf import PdfReader

from epa.clock import london_instant
from epa.demonstration import papers
from epa.lifecycle.definitions import latest
from epa.people.rules import OrganisationKind, Role
from tests.journeys import people
from tests.journeys.visitor import PHONE

pytestmark = pytest.mark.browser

GRADES = re.compile(r"\b(Fail|Pass|Distinction)\b|\bof 66\b")
PLAN = latest("st0663")
ACTIVITIES = [activity.title for activity in PLAN.portfolio.activities]
GATEWAY, OBSERVATION = date(2026, 6, 8), date(2026, 6, 15)
TEST, PRESENTATION = date(2026, 6, 16), date(2026, 7, 2)
EMPLOYER, PROVIDER = "Tidewell Works", "Fellgate College"

STAFF = {
    "ruth": (people.Administrator, Role.ADMINISTRATOR, "Ruth Calloway"),
    "moira": (people.Assessor, Role.INDEPENDENT_ASSESSOR, "Moira Okafor"),
    "idris": (people.Marker, Role.MARKER, "Idris Vaughan"),
    "priya": (people.Marker, Role.MARKER, "Priya Nair"),
    "hanna": (people.Invigilator, Role.INVIGILATOR, "Hanna Lindqvist"),
    "owen": (people.Releaser, Role.INTERNAL_QUALITY_ASSURER, "Owen Achterberg"),
}
CLIENTS = {
    "elin": (people.Employer, Role.EMPLOYER, "Elin Marsh"),
    "tomas": (people.Provider, Role.TRAINING_PROVIDER, "Tomás Reilly"),
}


class Cast:
    """Everybody of the story, each with a browser; Aled is known to nobody yet."""

    def __init__(self, visit):
        for key, (kind, _, name) in (STAFF | CLIENTS).items():
            viewport = {"viewport": PHONE} if key == "elin" else {}
            setattr(self, key, visit(kind, name, f"{key}@example.org", **viewport))
        self.aled = visit(people.Apprentice, "Aled Bevan", "aled@example.org", viewport=PHONE)

    @property
    def outside(self):
        """Those who see nothing before it is released."""
        return self.aled, self.elin, self.tomas


@pytest.fixture
def cast(visit, seeded):
    """The organisations and accounts there are before the story begins."""
    with seeded() as make:
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
        at = {
            Role.EMPLOYER: make.organisation(OrganisationKind.EMPLOYER, name=EMPLOYER),
            Role.TRAINING_PROVIDER: make.organisation(
                OrganisationKind.TRAINING_PROVIDER, name=PROVIDER
            ),
        }
        for key, (_, role, name) in (STAFF | CLIENTS).items():
            given, family = name.split(" ", 1)
            person = make.person(
                role,
                organisation=at.get(role, epao),
                given=given,
                family=family,
                email=f"{key}@example.org",
            )
            make.credential(person)
            if role is Role.INDEPENDENT_ASSESSOR:
                make.may_assess(person, epao, standardised_on=date(2026, 5, 1))
    return Cast(visit)


def test_it_takes_an_apprentice_from_registration_to_a_released_distinction(cast, server):
    server.set_clock(london_instant(GATEWAY, time(9)))
    register_and_invite(cast)
    build_the_portfolio(cast)
    pass_the_gateway(cast)
    book_the_methods(cast)
    nothing_leaks(cast)

    server.set_clock(london_instant(TEST, time(17)))
    observe(cast)
    sit_and_mark_the_test(cast)
    nothing_leaks(cast)

    server.set_clock(london_instant(PRESENTATION, time(15)))
    present(cast)
    nothing_leaks(cast)
    release_everything(cast)
    take_the_statement_away(cast)


def register_and_invite(cast):
    ruth, aled = cast.ruth, cast.aled
    ruth.sign_in()
    assert ruth.app_key, "Ruth was not asked to set up her second step"
    ruth.register(
        aled,
        uln="100 000 0019",
        born=date(2001, 5, 28),
        employer=EMPLOYER,
        provider=PROVIDER,
        started=date(2024, 7, 1),
    )
    ruth.open("/mail")
    ruth.follow("invit")
    assert aled.email in ruth.text
    aled.set_password(re.search(r"http\S+/sign-in/links/\S+", ruth.text).group())
    aled.sign_in()


def build_the_portfolio(cast):
    aled, ksbs = cast.aled, PLAN.ksbs_of("presentation")
    slides = papers.slides("Review", [["Review of the plan", "SU-1"]]).content.read()
    picture = papers.ladder_picture("Ladder", [("Confidence", 4), ("Travel", 7)]).content.read()
    files = {
        1: ("Review of the plan.pdf", slides, "application/pdf"),
        2: ("Ladder.png", picture, "image/png"),
        3: ("Notes.txt", b"Agreed with SU-3: two steps.\n", "text/plain"),
    }
    aled.open_portfolio()
    least = PLAN.portfolio.pieces_min
    for number in range(1, least + 1):
        aled.add_piece(
            number,
            service_user=(number - 1) % 4 + 1,
            activities=[ACTIVITIES[(number - 1) // 4]],
            ksbs=[ksbs[number % len(ksbs)], ksbs[(number + least) % len(ksbs)]],
            file=files.get(number),
        )
    assert aled.sees("24 pieces, 4 service users")
    aled.submit_portfolio()


def pass_the_gateway(cast):
    tomas, elin, aled, ruth = cast.tomas, cast.elin, cast.aled, cast.ruth
    tomas.sign_in()
    tomas.supply_for(aled)
    tomas.advise()
    aled.give_permission()
    elin.sign_in()
    elin.confirm(aled, EMPLOYER, on=date(2026, 6, 5))
    ruth.accept_everything(aled)
    assert ruth.sees("Every requirement was accepted")
    aled.submit_presentation(
        "My practice.pdf",
        papers.slides("My practice", [["A Summary"], ["Using Evidence"]]).content.read(),
        "application/pdf",
    )
    assert aled.sees("My practice.pdf")


def book_the_methods(cast):
    ruth, aled = cast.ruth, cast.aled
    assessor = {"Independent assessor": cast.moira}
    paper = {
        "Invigilator": cast.hanna,
        "First marker": cast.idris,
        "Second marker": cast.priya,
    }
    at = "Harbour House, room 2"
    ruth.hold(aled, "Observation", assessor, day=OBSERVATION, at="9:30", place=at)
    ruth.hold(aled, "Knowledge test", paper, day=TEST, at="14:00", place=at)
    ruth.hold(aled, "Presentation", assessor, day=PRESENTATION, at="10:00", place=at)
    cast.moira.accept(f"observation: {aled.name}", f"presentation: {aled.name}")
    cast.hanna.accept(f"knowledge test: {aled.name}")
    for method in ("Observation", "Knowledge test", "Presentation"):
        cast.elin.agree(aled, method.lower())
        ruth.confirm(aled, method)
    aled.read_instructions("observation")


def nothing_leaks(cast):
    """The apprentice, the employer and the provider read no grade anywhere."""
    for person in cast.outside:
        person.sign_in()
        told = [person.text]
        person.open_record(cast.aled.name)
        told.append(person.text)
        person.open(f"{person.page.url.removeprefix(person.server.url)}/results")
        told.append(person.text)
        assert not any(GRADES.search(page) for page in told), f"{person.name} reads a grade"


def observe(cast):
    moira = cast.moira
    moira.sign_in()
    moira.open_sheet("Observation")
    ratings = graded("observation", distinctions=8)
    moira.judge_every(ratings, "Seen")
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
        held_on=OBSERVATION,
    )
    moira.sign()
    assert moira.page.locator(".verdict .word").inner_text() == "Distinction"


def sit_and_mark_the_test(cast):
    hanna, idris, priya, aled = cast.hanna, cast.idris, cast.priya, cast.aled
    hanna.sign_in()
    hanna.record_sitting(aled, held_on=TEST)
    # 11 of 14 choices right, 18 short answers whole, 4 of them partly: 11 + 36 + 4 = 51 of 66.
    marks = [1] * 11 + [0] * 3 + [2] * 18 + [1] * 4 + [0] * 4
    for marker, slip in ((idris, {}), (priya, {16: 1})):
        marker.sign_in()
        marker.open_marks("Enter the marks")
        marker.type_marks([slip.get(one, mark) for one, mark in enumerate(marks, start=1)])
        marker.enter()
    assert priya.sees("Look again at question 16.")
    priya.open_marks("Compare the marks")
    priya.correct(16, 2)
    priya.enter()
    assert priya.page.locator(".verdict .word").inner_text() == "Pass"


def present(cast):
    moira = cast.moira
    moira.sign_in()
    moira.open_sheet("Presentation")
    moira.judge_every(graded("presentation", distinctions=20), "Presented")
    moira.give_facts(
        ticks=("Identity checked against a document with a photograph",),
        numbers={
            "Who was present?": "The apprentice and the assessor",
            "Reason why the recording is not attached": "It is on the recorder.",
            "Length of the presentation": 57,
            "Questions asked": 6,
            "Length of the questions": 28,
        },
        answers=(
            ("What was recorded?", "Sound only, with consent"),
            ("Who agreed, before it began?", "Apprentice"),
        ),
        held_on=PRESENTATION,
    )
    moira.sign()


def graded(method, distinctions):
    """A judgement for each KSB of a method, so many at Distinction."""
    codes = PLAN.ksbs_of(method)
    return dict.fromkeys(codes, "Pass") | dict.fromkeys(codes[:distinctions], "Distinction")


def release_everything(cast):
    owen, aled = cast.owen, cast.aled
    owen.sign_in()
    for method in ("Observation", "Knowledge test", "Presentation"):
        owen.release(method)
    aled.page.reload()
    assert aled.sees("The overall grade follows when every method is released.")
    owen.release("overall grade")


def take_the_statement_away(cast):
    aled = cast.aled
    aled.open_record(aled.name)
    aled.follow("See the results: Result released")
    assert aled.page.locator(".verdict .word").inner_text() == "Distinction"
    pdf, name = aled.download_statement()
    assert re.fullmatch(r"CVA-\d{4}-\d{5}\.pdf", name)
    document = PdfReader(BytesIO(pdf))
    pages = [page.extract_text() for page in document.pages]
    whole = " ".join(" ".join(pages).split())
    assert aled.name in whole
    assert "Distinction" in whole
    assert document.metadata.title == f"Statement of results {name.removesuffix('.pdf')}"
    assert str(document.trailer["/Root"]["/Lang"]).startswith("en")
    for number, text in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in " ".join(text.split())
    aled.follow("Read the statement")
    for person in (cast.elin, cast.tomas):
        person.open_record(aled.name)
        person.follow("See the results: Result released")
        assert person.page.locator(".verdict .word").inner_text() == "Distinction"
