import io

import pytest
from sqlalchemy import func, select

from epa.people.rules import Role
from question_bank.exchange.models import ItemFile
from question_bank.exchange.queries import counts_of
from question_bank.items.models import BankItem
from tests.factories.items import choice
from tests.question_bank.interchange.test_moodle_and_gift import ONE_RIGHT, question, quiz

MIXED = quiz(
    question("multichoice", ONE_RIGHT, name="Ready one"),
    question("essay", "", name="Draft one"),
    question("truefalse", "", name="Refused one"),
)


@pytest.fixture
def bank(make):
    return make.bank(code="ours")


@pytest.fixture
def office(make, bank, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=bank.epao, given="Ruth"))


def sent(content, name="questions.xml"):
    data = content.encode() if isinstance(content, str) else content
    return {"file": (io.BytesIO(data), name)}


def count(session):
    return session.scalar(select(func.count()).select_from(BankItem))


def test_every_item_of_a_file_is_looked_at_before_it_is_stored(office, bank, session):
    where = f"/questions/banks/{bank.id}/import"
    page = office.post(where, sent(MIXED), 303)
    page = office.get(page.location)
    for words in ("Ready one", "Draft one", "no marking guide", "Refused one", "Refused 1"):
        assert words in page.text
    assert count(session) == 0
    file = session.scalars(select(ItemFile)).one()
    only = office.get(f"/questions/imports/{file.id}?outcome=refused")
    assert "Ready one" not in only.text
    page = office.post(f"/questions/imports/{file.id}/store", {}, 303)
    assert "2 questions are stored." in office.get(page.location).text
    assert count(session) == 2
    office.post(f"/questions/imports/{file.id}/store", {}, 409)
    page = office.post(where, sent(MIXED), 303)
    assert "Nothing to store." in office.get(page.location).text


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"%PDF-1.7", "paper.xml", "it is a PDF"),
        (b"<quiz><question", "cut.xml", "cannot be read"),
        (b'<!DOCTYPE q [<!ENTITY a "b">]><quiz/>', "bomb.xml", "cannot be read"),
        (b"", "empty.csv", "empty"),
        (b"hello", "x.exe", "must be"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(office, bank, session, content, name, words):
    page = office.post(f"/questions/banks/{bank.id}/import", sent(content, name), 422)
    assert words in page.errors["file"]
    assert session.scalar(select(ItemFile)) is None


def test_a_table_to_fill_in_is_offered_and_comes_back_ready(office, bank, session):
    where = f"/questions/banks/{bank.id}/import"
    page = office.get(where)
    for title in ("CSV", "Excel"):
        answer = office.get(page.link(title)).response
        name = f"questions.{page.link(title).rpartition('.')[2]}"
        assert name in answer.headers["Content-Disposition"]
        office.post(where, sent(answer.get_data(), name), 303)
    file = session.scalars(select(ItemFile)).first()
    assert {one.value: n for one, n in counts_of(file).items() if n} == {"ready": 3}
    office.get("/questions/banks/template.gift", 404)


def test_an_export_is_asked_for_decided_by_another_and_fetched(
    office, bank, make, sign_in_as, session
):
    author = make.person(Role.ITEM_AUTHOR, organisation=bank.epao)
    make.item(bank, author, choice("Which is taken out?"))
    page = office.get("/questions/exports")
    where = page.link("Ask for an export")
    assert {"format", "reason"} <= set(office.post(where, {}, 422).errors)
    office.post(where, {"format": "moodle-xml", "reason": "We move."}, 303)
    page = office.get("/questions/exports")
    decide = page.link("Look at it")
    assert "somebody else must decide" in office.get(decide).text
    office.post(decide, {"decision": "approved"}, 422)
    fetch = decide.replace("/decide", "/file")
    office.post(fetch, {}, 409)
    ray = sign_in_as(make.person(Role.ITEM_REVIEWER, organisation=bank.epao, given="Ray"))
    page = ray.get("/questions/exports")
    assert "We move." in ray.get(page.link("Decide")).text
    ray.post(decide, {"decision": "approved"}, 303)
    ray.post(fetch, {}, 403)
    assert "Fetch the file" in office.get("/questions/exports").text
    answer = office.post(fetch, {}, 200).response
    assert b"Which is taken out?" in answer.get_data()
    assert "ours export 1.xml" in answer.headers["Content-Disposition"]
    sign_in_as(author).get("/questions/exports", 403)
