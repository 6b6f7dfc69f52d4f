"""A question from its author's desk through review into a drawn practice paper, and an import."""

import pytest
from sqlalchemy import select

from epa.database import db
from epa.people.rules import OrganisationKind, Role
from question_bank.drawing.paper import DrawBlueprint, DrawCell
from question_bank.items.models import BankItem
from question_bank.papers import services as papers
from tests.journeys.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]

ONE = DrawBlueprint("one question", (DrawCell("K9", "multiple_choice", 1),))
GIFT = "::Stray:: Why would you ask? {=Because it is their goal}\n"


@pytest.fixture
def people(visit, seeded):
    named = {
        "author": ("Mary", "Okafor", Role.ITEM_AUTHOR),
        "reviewer": ("Dev", "Lund", Role.ITEM_REVIEWER),
        "office": ("Ruth", "Pemberton", Role.ADMINISTRATOR),
    }
    with seeded() as make:
        epao = make.organisation(OrganisationKind.EPAO, name="Calder Vale Assessment")
        rows = {}
        for key, (given, family, role) in named.items():
            rows[key] = make.person(
                role,
                organisation=epao,
                given=given,
                family=family,
                email=f"{key}@caldervale.example",
            )
            make.credential(rows[key])
        bank = make.bank(epao, code="st0663-journey")
        papers.keep_blueprint(bank, ONE, actor=rows["office"], at=make.at)
        db.session.commit()
    return {
        key: visit(Visitor, f"{given} {family}", f"{key}@caldervale.example")
        for key, (given, family, _role) in named.items()
    }


def test_a_question_is_written_returned_mended_approved_and_drawn(people, server):
    author, reviewer, office = people.values()
    author.sign_in()
    author.follow("Questions", within="nav")
    author.follow("Write the first one")
    author.follow("Multiple choice")
    author.select("Asks about", "K9 Non-Clinical Behavioural Change")
    author.write("Question", "What do you do <strong>first</strong> with a new client?")
    for letter, text in zip("ABCD", ("Ask what they want", "Plan", "Refer", "Call"), strict=True):
        author.write(f"Option {letter}", f"{text} for them")
        author.write(f"Why {letter} is right or wrong", f"Since {text.lower()} is what it is")
    author.page.locator("#preview").get_by_text("Since refer is what it is").wait_for()
    author.choose("The right answer", "A")
    author.write("How many of 100 candidates will get it right", "70")
    author.press("Keep it and send to review")
    assert author.sees("It is sent to review.")

    reviewer.sign_in()
    reviewer.follow("Review 1 question")
    reviewer.follow("MC-0001")
    reviewer.choose("Your decision", "Return it")
    reviewer.write("What you have to say", "“Call” is right too.")
    reviewer.press("Record my decision")

    author.sign_in()
    author.follow("Mend 1 question")
    author.follow("MC-0001")
    assert author.sees("“Call” is right too.")
    author.follow("Change it")
    author.write("Option D", "Close the case for them")
    author.press("Keep the draft")
    author.press("Send to review")

    reviewer.open("/questions?state=in_review")
    reviewer.follow("MC-0001")
    reviewer.follow("Review it")
    reviewer.choose("Your decision", "Approve it")
    reviewer.press("Record my decision")
    assert reviewer.sees("It is approved.")

    office.sign_in()
    office.open("/questions/banks")
    office.follow("How far it reaches")
    office.open("/questions/banks")
    office.follow("Blueprints")
    office.follow("one question")
    office.open("/questions/banks")
    office.follow("Draw a paper")
    office.select("Blueprint", "one question")
    office.choose("What it is for", "Practice")
    office.press("Draw the paper")
    assert office.sees("Close the case for them")
    assert office.sees("The same to the letter")


def test_a_file_is_looked_through_stored_and_taken_out_by_two(people, server, tmp_path):
    _author, reviewer, office = people.values()
    office.sign_in()
    office.open("/questions/banks")
    office.follow("Import questions")
    office.attach("File", "stray.gift", GIFT.encode(), "text/plain")
    office.press("Look it through")
    assert office.sees("Why would you ask?")
    office.press("Store the questions")
    assert office.sees("1 question is stored.")
    office.follow("Exports")
    office.follow("Ask for an export")
    office.select("Format", "Moodle XML")
    office.write("Why the questions are taken out", "A second system")
    office.press("Ask for the export")
    reviewer.sign_in()
    reviewer.open("/questions/exports")
    reviewer.follow("Decide")
    reviewer.choose("Your decision", "Approve it")
    reviewer.press("Record my decision")
    office.open("/questions/exports")
    with office.page.expect_download() as download:
        office.page.get_by_role("button", name="Fetch the file").click()
    download.value.save_as(tmp_path / "out.xml")
    assert "Why would you ask?" in (tmp_path / "out.xml").read_text(encoding="utf-8")
    with server.app.app_context():
        assert len(db.session.scalars(select(BankItem)).all()) == 1


def test_the_editor_works_on_a_phone_and_without_scripts(people, visit):
    author = visit(
        Visitor,
        "Mary Okafor",
        people["author"].email,
        viewport=PHONE,
        java_script_enabled=False,
    )
    author.sign_in()
    author.open("/questions/new/short_answer")
    author.write("Question", "Why do goals belong to the client?")
    author.press("Show the preview")
    assert author.sees("It has no marking guide.")
    author.press("Keep the draft")
    assert author.sees("The draft is kept.")
