import csv
import io
import re

import pytest
from openpyxl import Workbook
from pypdf import PdfReader
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.people.rules import Role
from question_bank.papers.models import Paper
from question_bank.responses import queries
from tests.factories.items import choice, short_answer

HEAD = "candidate,1,2"


@pytest.fixture
def bank(make):
    return make.bank(code="st0663-test")


@pytest.fixture
def author(make, bank):
    return make.person(Role.ITEM_AUTHOR, organisation=bank.epao)


@pytest.fixture
def ready(make, bank, author):
    reviewer = make.person(Role.ITEM_REVIEWER, organisation=bank.epao)
    return [
        make.approved_item(bank, author, reviewer, content)
        for content in (choice(), short_answer(ksbs=("K10",)))
    ]


@pytest.fixture
def office(make, bank, sign_in_as):
    return sign_in_as(make.person(Role.ADMINISTRATOR, organisation=bank.epao, given="Ruth"))


@pytest.fixture
def paper(office, bank, ready, session):
    """A live paper of one multiple choice question and one short answer, drawn in the browser."""
    sent = {"name": "short", "tolerance": "1"}
    cells = {"cell_K9_multiple_choice": "1", "cell_K10_short_answer": "1"}
    office.post(f"/questions/banks/{bank.id}/blueprints/new", sent | cells, 303)
    sent = {"blueprint": "short", "purpose": "live", "seed": "7"}
    office.post(f"/questions/banks/{bank.id}/papers/draw", sent, 303)
    return session.scalars(select(Paper)).one()


def table(*rows, name="marks.csv"):
    return {"file": (io.BytesIO("\n".join(rows).encode()), name)}


def right_letter(paper):
    asked = queries.asked_on(paper)[0]
    return "ABCD"[asked.order.index(asked.key)]


def bring_in(office, paper, rows):
    """The page of what a table brings, and its address."""
    sent = table(HEAD, *rows)
    where = office.post(f"/questions/papers/{paper.id}/results/upload", sent, 303).location
    return office.get(where), where


@pytest.fixture
def results(paper):
    return f"/questions/papers/{paper.id}/results"


def answers(paper):
    """Rows of 24 candidates of whom 15 chose right, and a letter that is wrong."""
    right = right_letter(paper)
    wrong = next(one for one in "ABCD" if one != right)
    chosen = (right if n < 15 else wrong for n in range(24))
    return [f"C{n:02},{one},{2 if n < 8 else 1}" for n, one in enumerate(chosen)], wrong


def test_a_table_at_fault_is_refused_cell_by_cell(office, results):
    assert "Nobody’s answers are here yet." in office.get(results).text
    blank = office.get(f"{results}/blank.csv").response.get_data(as_text=True)
    assert blank.lstrip("\ufeff").splitlines() == ["candidate,1,2", "max,1,2"]
    office.get(f"{results}/blank.doc", 404)

    refused = office.post(f"{results}/upload", table(HEAD, "C1,E,1", "C2,1,3"), 422)
    assert "Put the table right" in refused.text
    assert "a letter from A to D, 0 or 1 was expected; it says 'E'" in refused.text
    assert "Row 3" in refused.text
    assert "file" in office.post(f"{results}/upload", {}, 422).errors
    odd = office.post(f"{results}/upload", table("PK\x03\x04", name="marks.xlsx"), 422)
    assert "The table cannot be read" in odd.text


def test_answers_are_looked_over_count_are_corrected_and_left_out(office, paper, results):
    rows, wrong = answers(paper)
    page, store = bring_in(office, paper, rows)
    assert "24" in page.text
    assert "Let these answers count?" in page.text
    assert "Why answers are changed" not in page.text
    page = office.get(office.post(store, {}, 303).location)
    for words in ("24 candidates", "Cronbach’s alpha", "Standard error", "make no grade"):
        assert words in page.text
    assert page.html.select_one("svg title").text == "Totals of 24 candidates"
    assert "Stored." in office.get(store).text

    # A correction is asked for its reason.
    page, store = bring_in(office, paper, [f"C00,{wrong},2"])
    assert "Why answers are changed" in page.text
    refused = office.post(store, {}, 422)
    assert refused.errors == {"reason": "Say why answers that are here are changed."}
    office.post(store, {"reason": "Misread."}, 303)
    page, store = bring_in(office, paper, [f"C00,{wrong},2"])
    assert "Nothing new." in page.text

    page = office.post(f"{results}/leave-out", {"candidate": "", "reason": ""}, 422)
    assert "reason" in page.errors
    office.post(f"{results}/leave-out", {"candidate": "", "reason": "Another’s."}, 303)
    assert "Nobody’s answers are here yet." in office.get(results).text


@pytest.fixture
def answered(office, paper):
    """The paper with its 24 candidates' answers, one of them corrected."""
    rows, wrong = answers(paper)
    rows[0] = f"C00,{wrong},2"
    office.post(bring_in(office, paper, rows)[1], {}, 303)
    return paper


@pytest.mark.usefixtures("answered")
def test_questions_and_tests_have_their_figures(office, ready, bank):
    page = office.get(f"/questions/{ready[0].id}/statistics")
    for words in ("24 answers", "58%", "95% confidence", "the right answer", "An option nobody"):
        assert words in page.text
    assert page.html.select_one("svg title").text == "58% were given every mark"
    office.get(f"/questions/{ready[0].id}/statistics?version=9", 404)
    page = office.get(f"/questions/banks/{bank.id}/statistics")
    assert "An option nobody chose" in page.text
    page = office.get(f"/questions/banks/{bank.id}/statistics?flag=too_easy")
    assert "No question is like this." in page.text
    assert "short: 1 paper, 24 candidates" in office.get(f"/questions/banks/{bank.id}/tests").text


@pytest.mark.usefixtures("answered")
def test_the_yearly_report_holds_figures_and_no_question(office, bank):
    report = f"/questions/banks/{bank.id}/statistics/report"
    text = office.get(f"{report}.csv").response.get_data(as_text=True).lstrip("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [one["reference"] for one in lines] == ["MC-0001", "SA-0001"]
    assert lines[0]["answers"] == "24"
    assert float(lines[0]["facility_percent"]) == pytest.approx(58.33)
    assert float(lines[0]["facility_low"]) < 58.33 < float(lines[0]["facility_high"])
    assert lines[0]["flags"] == "An option nobody chose"
    pdf = PdfReader(io.BytesIO(office.get(f"{report}.pdf").response.get_data()))
    words = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in pdf.pages))
    assert "MC-0001,\N{NO-BREAK SPACE}1" in words or "MC-0001, 1" in words
    assert "first step" not in words
    office.get(f"{report}.doc", 404)


@pytest.mark.usefixtures("answered")
def test_the_figures_of_tests_are_taken_away_and_that_is_written_down(office, bank, session):
    tests = f"/questions/banks/{bank.id}/tests"
    assert office.get(tests).html.select_one(f'.take-away a[href="{tests}.pdf"]').text == "PDF"
    text = office.get(f"{tests}.csv").response.get_data(as_text=True).lstrip("\ufeff")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {(one["test"], one["papers"], one["candidates"]) for one in lines} == {
        ("short", "1", "24")
    }
    by_figure = {one["figure"]: one for one in lines}
    mean = by_figure["mean"]
    assert float(mean["low"]) < float(mean["value"]) < float(mean["high"])
    assert {"alpha", "standard_error", "skewness"} < set(by_figure)
    totals = {one["of"]: int(one["value"]) for one in lines if one["figure"] == "total"}
    assert list(totals) == ["0", "1", "2", "3"]
    assert sum(totals.values()) == 24
    pdf = PdfReader(io.BytesIO(office.get(f"{tests}.pdf").response.get_data()))
    words = re.sub(r"\s+", " ", " ".join(one.extract_text() for one in pdf.pages))
    for said in (
        "short: 1 paper, 24 candidates",
        "Cronbach’s alpha",
        "Standard error",
        "Every total",
    ):
        assert said in words
    assert "its totals make no grade" in words
    office.get(f"{tests}.doc", 404)
    taken = select(AuditEntry).where(AuditEntry.action == "test results taken")
    assert [one.details["ending"] for one in session.scalars(taken)] == ["csv", "pdf"]


@pytest.mark.usefixtures("answered")
def test_authors_see_figures_of_questions_and_none_of_papers(
    ready, bank, author, sign_in_as, results, session
):
    reader = sign_in_as(author)
    reader.get(f"/questions/{ready[0].id}/statistics")
    reader.get(f"/questions/banks/{bank.id}/statistics")
    reader.get(f"/questions/banks/{bank.id}/tests", 403)
    reader.get(f"/questions/banks/{bank.id}/tests.pdf", 403)
    reader.get(results, 403)
    viewed = select(AuditEntry).where(
        AuditEntry.action == "item viewed", AuditEntry.actor_id == author.id
    )
    assert [one.details["how"] for one in session.scalars(viewed)] == ["statistics"]


def test_a_workbook_is_read_and_its_formulas_are_not(office, paper):
    book = Workbook()
    for row in ((None, None, None), ("candidate", 1, 2), ("C1", "a", 2), ("C2", 1, "=1+1")):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    sent = {"file": (io.BytesIO(out.getvalue()), "marks.xlsx")}
    page = office.post(f"/questions/papers/{paper.id}/results/upload", sent, 422)
    assert "Row 4" in page.text
    assert "holds a formula" in page.text
