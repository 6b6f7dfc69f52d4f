import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.people.rules import Role
from question_bank.papers import queries
from question_bank.papers.models import Paper, PaperBlueprint
from tests.factories.items import choice, short_answer


@pytest.fixture
def bank(make):
    return make.bank(code="st0663-test")


@pytest.fixture
def ready(make, bank):
    author = make.person(Role.ITEM_AUTHOR, organisation=bank.epao)
    reviewer = make.person(Role.ITEM_REVIEWER, organisation=bank.epao)
    return [
        make.approved_item(bank, author, reviewer, content)
        for content in (
            *(choice(f"Which is choice {n}?") for n in range(3)),
            *(short_answer(f"Why is answer {n} so?", ksbs=("K10",)) for n in range(3)),
        )
    ]


@pytest.fixture
def office(make, bank, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=bank.epao, given="Ruth"))


@pytest.fixture
def short(office, bank):
    """A blueprint of two multiple choice questions and one short answer."""
    office.post(
        f"/questions/banks/{bank.id}/blueprints/new",
        {
            "name": "short",
            "tolerance": "1",
            "cell_K9_multiple_choice": "2",
            "cell_K10_short_answer": "1",
        },
        303,
    )


def pdf_of(answer):
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.get_data())).pages)
    return re.sub(r"\s+", " ", text)


def test_a_paper_is_drawn_explained_and_printed(office, bank, ready, short, session):
    where = f"/questions/banks/{bank.id}/papers/draw"
    assert {"blueprint", "purpose"} <= set(office.post(where, {}, 422).errors)
    sent = {"blueprint": "st0663", "purpose": "practice", "seed": "7"}
    page = office.post(where, sent, 422)
    assert "K9, multiple choice" not in page.errors.get("", "")
    assert "lacking" in page.text
    page = office.post(where, sent | {"blueprint": "short"}, 303)
    page = office.get(page.location)
    assert page.html.select_one(".sections [aria-current]").text == "Questions"
    for words in ("Paper 1", "from the seed 7", "The same to the letter", "Practice"):
        assert words in page.text
    paper = session.scalars(select(Paper)).one()
    assert "Paper 1" in office.get("/questions/papers").text
    asked = sent | {"blueprint": "short"}
    assert "3, 7" in office.post(where, asked | {"without": "the first"}, 422).errors["without"]
    assert "no paper 4" in office.post(where, asked | {"without": "4"}, 422).errors["without"]
    assert "(2 seen before)" in office.post(where, asked | {"without": " 1 ;"}, 422).text

    drawn = {one.number: one for one in queries.questions_of(paper)}
    texts = {
        name: pdf_of(office.get(f"/questions/papers/{paper.id}/{name}.pdf").response)
        for name in ("question-paper", "large-print", "answer-booklet", "marking-guide")
    }
    for question in drawn.values():
        assert question.content.stem in texts["question-paper"]
        assert question.content.stem in texts["marking-guide"]
        assert question.content.reference in texts["marking-guide"]
        assert question.content.reference not in texts["question-paper"]
        assert question.content.stem not in texts["answer-booklet"]
        for point in question.content.guide:
            assert point in texts["marking-guide"]
            assert point not in texts["question-paper"]
    assert "Because of" not in texts["question-paper"]
    office.get(f"/questions/papers/{paper.id}/everything.pdf", 404)
    printed = select(AuditEntry.details).where(AuditEntry.action == "paper printed")
    assert [one["document"] for one in session.scalars(printed)] == list(texts)


def test_options_stand_on_the_paper_as_they_were_mixed(office, bank, ready, short, session):
    sent = {"blueprint": "short", "purpose": "practice", "seed": "11"}
    page = office.post(f"/questions/banks/{bank.id}/papers/draw", sent, 303)
    page = office.get(page.location)
    paper = session.scalars(select(Paper)).one()
    sheet = page.html.select(".question-sheet")[0]
    first = queries.questions_of(paper)[0]
    texts = [one.get_text(strip=True) for one in sheet.select(".options .option")]
    assert texts == [first.content.options[place].text for place in first.order]
    key = sheet.select(".is-key .option")[0].get_text(strip=True)
    assert key == first.content.options[first.content.key].text


def test_a_blueprint_is_kept_changed_and_held_against_the_plan(office, bank, short, session):
    page = office.get(f"/questions/banks/{bank.id}/blueprints")
    assert "The plan asks for 14 multiple choice questions, the blueprint for 2." in page.text
    row = session.scalars(select(PaperBlueprint)).one()
    where = f"/questions/blueprints/{row.id}/edit"
    page = office.get(where)
    assert page.html.find(id="cell_K9_multiple_choice")["value"] == "2"
    sent = {"name": "short", "tolerance": "2.5", "target": "2.1", "cell_K9_multiple_choice": "1"}
    assert (
        "cell_K9_multiple_choice"
        in office.post(where, sent | {"cell_K9_multiple_choice": "x"}, 422).errors
    )
    office.post(where, sent, 303)
    session.expire_all()
    blueprint = queries.blueprint_called(bank, "short")
    assert (blueprint.target, blueprint.tolerance, len(blueprint.cells)) == (2.1, 2.5, 1)


def test_it_says_how_far_the_bank_reaches(office, bank, ready, short):
    page = office.get(f"/questions/banks/{bank.id}/adequacy?blueprint=short")
    assert "Enough for 1 paper without a question twice" in page.text
    assert "tested once, and not again" in page.text
    assert "K9, multiple choice: 1 more" in page.text
    page = office.get(f"/questions/banks/{bank.id}/adequacy")
    assert "Not enough for one paper yet." in page.text
    page = office.get(f"/questions/banks/{bank.id}/adequacy?blueprint=unknown")
    assert "no blueprint to measure" in page.text


@pytest.mark.usefixtures("ready", "short")
def test_authors_see_the_reach_and_no_paper(make, bank, office, sign_in_as, session):
    author = sign_in_as(make.person(Role.ITEM_AUTHOR, organisation=bank.epao))
    author.get(f"/questions/banks/{bank.id}/adequacy")
    author.get("/questions/papers", 403)
    sent = {"blueprint": "short", "purpose": "live", "seed": ""}
    office.post(f"/questions/banks/{bank.id}/papers/draw", sent, 303)
    paper = session.scalars(select(Paper)).one()
    author.get(f"/questions/papers/{paper.id}", 403)
    elsewhere = sign_in_as(make.person(Role.ADMINISTRATOR))
    elsewhere.get(f"/questions/papers/{paper.id}", 404)
