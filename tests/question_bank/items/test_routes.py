import io
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.people.rules import Role
from question_bank.items import queries
from question_bank.items.models import BankItem, QuestionBank
from tests.factories.items import choice, short_answer

CHOICE = {
    "ksb": "K9",
    "stem": "Which is <strong>not</strong> a barrier?",
    "key": "2",
    "facility": "72.5",
    "tags": "law, 2026",
    "sources": "The plan\nA book",
    **{f"option_{one}": f"Answer {one}" for one in "abcd"},
    **{f"rationale_{one}": f"Since {one}" for one in "abcd"},
}


@pytest.fixture
def bank(make):
    return make.bank(code="st0663-test")


@pytest.fixture
def author(make, bank):
    return make.person(Role.ITEM_AUTHOR, organisation=bank.epao, given="Ada", family="Author")


@pytest.fixture
def desk(author, sign_in_as):
    return sign_in_as(author)


@pytest.fixture
def reviewer(make, bank):
    return make.person(Role.ITEM_REVIEWER, organisation=bank.epao, given="Ray", family="Reviewer")


def the_item(session):
    session.expire_all()
    return session.scalars(select(BankItem)).one()


def test_an_item_goes_from_the_editor_to_the_draw(desk, bank, reviewer, sign_in_as, session):
    page = desk.get("/questions")
    assert "There are no questions yet" in page.text
    page = desk.get(page.link("Write the first one"))
    address = page.link("Multiple choice")
    page = desk.get(address)
    sent = {**CHOICE, "bank": str(bank.id)}

    page = desk.post(address, {**sent, "step": "preview"}, 200)
    assert "Answer c" in page.html.find(id="preview").text
    assert "The checks find nothing to put right" in page.text
    assert session.scalar(select(BankItem)) is None

    page = desk.post(address, {**sent, "step": "send"}, 303)
    page = desk.get(page.location)
    assert "It is sent to review." in page.text
    assert "Which is not a barrier?" in page.text
    assert "MC-0001" in page.html.title.text
    item = the_item(session)
    assert queries.newest(item).facility == 0.725

    ray = sign_in_as(reviewer)
    page = ray.get(f"/questions/{item.id}")
    page = ray.get(page.link("Review it"))
    where = f"/questions/{item.id}/review"
    assert "decision" in ray.post(where, {}, 422).errors
    assert "comment" in ray.post(where, {"decision": "returned"}, 422).errors
    ray.post(where, {"decision": "returned", "comment": "C is right too."}, 303)

    page = desk.get(f"/questions/{item.id}")
    assert "C is right too." in page.text
    page = desk.get(page.link("Change it"))
    boxes = {one["name"]: one.get_text().strip() for one in page.html.select("textarea")}
    assert boxes["stem"] == "Which is <strong>not</strong> a barrier?"
    assert boxes["option_a"] == "Answer a"
    assert boxes["sources"] == "The plan\nA book"
    assert page.html.find(id="facility")["value"] == "72.5"
    sent_again = {one["name"]: one.get("value", "") for one in page.html.select("input[type=text]")}
    assert not desk.post(
        f"/questions/{item.id}/edit", {**CHOICE, **sent_again, "step": "preview"}, 200
    ).errors
    seen = page.html.find(id="seen")["value"]
    mended = {**CHOICE, "seen": seen, "option_c": "Another answer", "step": "send"}
    desk.post(f"/questions/{item.id}/edit", mended, 303)
    ray.post(where, {"decision": "approved", "comment": ""}, 303)
    assert "Next review by 9 June 2027" in ray.get(f"/questions/{item.id}").text
    assert queries.approved(the_item(session)).options[2].text == "Another answer"


def test_it_says_what_is_wrong_and_keeps_what_was_typed(desk, bank):
    address = "/questions/new/multiple_choice"
    page = desk.post(address, {**CHOICE, "bank": str(bank.id), "stem": "", "step": "keep"}, 422)
    assert "stem" in page.errors
    assert "Answer a" in page.html.find(id="option_a").text
    sent = {**CHOICE, "bank": str(bank.id), "ksb": "", "step": "send"}
    page = desk.post(address, sent, 422)
    assert page.errors == {"ksb": "Say what it asks about: it is drawn for that."}
    page = desk.post(address, {**CHOICE, "bank": str(bank.id), "enemies": "XX-9"}, 422)
    assert "enemies" in page.errors
    desk.get("/questions/new/essay", 404)


def test_a_picture_is_added_with_words_and_served_to_those_who_may(
    desk, bank, session, sign_in_as, make
):
    address = "/questions/new/short_answer"
    data = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(data, "PNG")

    def sent(**more):
        data.seek(0)
        named = (io.BytesIO(data.getvalue()), "chart.png")
        return {
            "bank": str(bank.id),
            "stem": "Read the chart & say why.",
            "guide": "One point\nAnother <b>point</b>",
            "ksb": "K10",
            "facility": "60",
            "picture": named,
            **more,
        }

    assert "picture" in desk.post(address, sent(), 422).errors
    desk.post(address, sent(picture_words="A chart of jobs"), 303)
    version = queries.newest(the_item(session))
    assert [one.text for one in version.guide] == ["One point", "Another <b>point</b>"]
    (picture,) = version.pictures
    page = desk.get(f"/questions/{version.item_id}")
    shown = page.html.select_one(".stem img")
    assert (shown["src"], shown["alt"]) == (f"/questions/pictures/{picture.id}", "A chart of jobs")
    answer = desk.get(shown["src"]).response
    assert answer.mimetype == "image/png"
    other = make.person(Role.ITEM_AUTHOR)
    sign_in_as(other).get(shown["src"], 404)


def test_two_versions_are_compared(desk, bank, author, reviewer, make, session):
    item = make.approved_item(bank, author, reviewer, choice("Which is the first step?"))
    assert "There is one version only" in desk.get(f"/questions/{item.id}/compare").text
    page = desk.get(f"/questions/{item.id}")
    page = desk.get(page.link("Write a new version"))
    assert "becomes version 2" in page.text
    assert page.html.find(id="facility")["value"] == "70"
    sent = {**CHOICE, "stem": "Which is the last step?", "seen": page.html.find(id="seen")["value"]}
    desk.post(f"/questions/{item.id}/edit", {**sent, "step": "keep"}, 303)
    page = desk.get(f"/questions/{item.id}")
    page = desk.get(page.link("Compare versions"))
    assert page.html.select("p.compared del")[0].text == "first"
    assert "An older version." in desk.get(f"/questions/{item.id}?version=1").text
    desk.get(f"/questions/{item.id}?version=7", 404)


def test_what_is_said_and_done_is_on_the_page(desk, bank, author, make, sign_in_as, reviewer):
    item = make.item(bank, author)
    desk.post(f"/questions/{item.id}/comment", {"comment": ""}, 422)
    desk.post(f"/questions/{item.id}/comment", {"comment": "Is this law?\nI wonder."}, 303)
    desk.post(f"/questions/{item.id}/submit", {}, 303)
    desk.get(f"/questions/{item.id}/edit", 409)
    desk.post(f"/questions/{item.id}/take-back", {}, 303)
    page = desk.get(f"/questions/{item.id}")
    for words in ("Is this law?", "Ada Author", "Sent to review", "Taken back"):
        assert words in page.text
    ray = sign_in_as(reviewer)
    ray.get(f"/questions/{item.id}/review", 409)
    assert "reason" in ray.post(f"/questions/{item.id}/retire", {"reason": ""}, 422).errors
    ray.post(f"/questions/{item.id}/retire", {"reason": "Off the plan."}, 303)
    assert "Off the plan." in ray.get(f"/questions/{item.id}").text


def test_an_administrator_opens_banks_and_writes_no_questions(make, sign_in_as, bank, session):
    office = sign_in_as(make.person(Role.ADMINISTRATOR, organisation=bank.epao))
    page = office.get("/questions")
    page = office.get(page.link("Banks"))
    assert "st0663-test" in page.text
    sent = {"epao": str(bank.epao_id), "framework": "st0663", "title": "Second", "code": "second"}
    for code in ("st0663-test", "Not good", ""):
        assert "code" in office.post("/questions/banks/new", {**sent, "code": code}, 422).errors
    office.post("/questions/banks/new", sent, 303)
    assert session.scalar(select(QuestionBank).where(QuestionBank.code == "second"))
    office.get("/questions/new", 403)


def test_a_list_is_narrowed_and_titles_give_nothing_of_a_question_away(
    desk, bank, author, reviewer, make, session
):
    make.approved_item(bank, author, reviewer, choice("What is hidden?", title="Benefits"))
    make.item(bank, author, short_answer("Nothing to see?"))
    page = desk.get("/questions?q=hidden")
    assert "MC-0001" in page.text
    assert "SA-0001" not in page.text
    assert "What is hidden" not in page.text
    assert "No question is like this" in desk.get("/questions?state=retired&ksb=K9").text
    desk.get("/questions?kind=nonsense&bank=nonsense&sort=-due&page=99&q=%00")
    assert "What is hidden" not in desk.get("/search?q=hidden").text.replace("“hidden”", "")
    listed = select(AuditEntry.details).where(AuditEntry.action == "items listed")
    assert session.scalars(listed).all()[0] == {"items": 1, "search": True}


def test_reviewers_and_authors_see_what_waits_for_them(
    bank, author, reviewer, make, sign_in_as, session
):
    desk = sign_in_as(author)
    item = make.item_in_review(bank, author)
    ray = sign_in_as(reviewer)
    page = ray.get("/")
    assert "Review 1 question" in page.text
    page = ray.get(page.link("Review 1 question"))
    assert "No yearly review comes up" in page.text
    page = ray.get(page.link("MC-0001"))
    sent = {"decision": "returned", "comment": "Too long."}
    ray.post(f"/questions/{item.id}/review", sent, 303)
    page = desk.get("/")
    assert "Mend 1 question" in page.text
    assert "Returned to you" in desk.get("/questions/reviews").text
    desk.post(f"/questions/{item.id}/submit", {}, 303)
    ray.post(f"/questions/{item.id}/review", {"decision": "approved"}, 303)
    assert "Nothing waits for review" in ray.get("/questions/reviews").text
    the_item(session).review_due_on = date(2026, 6, 8)
    session.commit()
    page = ray.get("/questions/reviews")
    assert "Not drawn" in page.text
    assert "1 day over" in page.text
    assert "Review 1 question again" in ray.get("/").text
    ray.post(f"/questions/{item.id}/review", {"decision": "kept"}, 303)
    assert the_item(session).review_due_on == date(2027, 6, 9)


@pytest.mark.parametrize(
    ("role", "way_on"),
    [(Role.ADMINISTRATOR, "Open a bank"), (Role.ITEM_AUTHOR, "An administrator opens one")],
)
def test_it_says_what_comes_first_where_there_is_no_bank(make, sign_in_as, role, way_on):
    page = sign_in_as(make.person(role)).get("/questions")
    assert "There is no question bank yet." in page.text
    assert way_on in page.text
