import io

import pytest
from pypdf import PdfReader

from epa.grading.services import release_overall
from epa.lifecycle.rules import Grade
from epa.people.rules import Role
from epa.settings import services as settings

METHODS = ("presentation", "observation", "knowledge_test")


@pytest.fixture
def graded(make):
    row = make.assessment_in_epa(
        apprentice=make.person(Role.APPRENTICE, given="Nguyễn Thị", family="Lan 李小龙")
    )
    for code, grade in zip(METHODS, ("distinction", "distinction", "pass"), strict=True):
        make.released(make.attempt(row, code), Grade(grade))
    return row


@pytest.fixture
def released(graded, make, at, session):
    quality_assurer = make.person(
        Role.INTERNAL_QUALITY_ASSURER, organisation=graded.epao, given="Angela", family="Lowther"
    )
    release_overall(graded, actor=quality_assurer, at=at)
    session.commit()
    return graded


def test_there_is_no_statement_before_the_overall_grade_is_released(graded, sign_in_as):
    browser = sign_in_as(graded.apprenticeship.person)
    for form in ("statement", "statement.pdf"):
        browser.get(f"/apprentices/{graded.id}/{form}", status=404)


def test_the_page_says_who_what_and_why(released, sign_in_as):
    page = sign_in_as(released.apprenticeship.person).get(f"/apprentices/{released.id}/statement")
    for words in (
        "Nguyễn Thị Lan 李小龙",
        "Distinction",
        "Angela Lowther",
        "This is not a certificate",
    ):
        assert words in page.text


def test_marks_are_shown_after_release_or_hidden(released, make, sign_in_as, at):
    """A setting; the organisation's own people see them in the results either way."""
    apprentice = sign_in_as(released.apprenticeship.person)
    ruth = make.person(Role.ADMINISTRATOR, organisation=released.epao)
    paths = [f"/apprentices/{released.id}/{page}" for page in ("results", "statement")]
    assert all("of 66 marks" in apprentice.get(path).text for path in paths)
    settings.change({"marks_shown": False}, seen=0, actor=ruth, at=at)
    assert not any("of 66 marks" in apprentice.get(path).text for path in paths)
    assert "of 66 marks" in sign_in_as(ruth).get(paths[0]).text


def test_the_pdf_says_the_same_and_has_a_title_a_language_and_page_numbers(released, sign_in_as):
    page = sign_in_as(released.apprenticeship.person).get(
        f"/apprentices/{released.id}/statement.pdf"
    )
    assert page.response.mimetype == "application/pdf"
    assert "attachment" in page.response.headers["Content-Disposition"]
    pdf = PdfReader(io.BytesIO(page.response.data))
    text = " ".join(sheet.extract_text() for sheet in pdf.pages)
    for words in ("Lan", "李小龙", "Distinction", "Page 1 of", "2026-00001"):
        assert words in text
    assert pdf.metadata.title.startswith("Statement of results")
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"


def test_somebody_else_s_statement_does_not_exist(released, make, sign_in_as):
    stranger = make.assessment_in_epa(epao=released.epao).apprenticeship.person
    sign_in_as(stranger).get(f"/apprentices/{released.id}/statement.pdf", status=404)


@pytest.mark.parametrize("name", ["Assessment " * 18, "李小龙 Łódź"])
def test_the_pdf_is_printed_whatever_the_organisation_is_called(
    graded, make, at, session, sign_in_as, name
):
    """A long name leaves the foot; a number with letters of any script is a file's name."""
    graded.epao.name = name.strip()
    quality_assurer = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=graded.epao)
    number = release_overall(graded, actor=quality_assurer, at=at).statement_number
    session.commit()
    page = sign_in_as(quality_assurer).get(f"/apprentices/{graded.id}/statement.pdf")
    page.response.headers["Content-Disposition"].encode("latin-1")
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(page.response.data)).pages)
    closed_up = "".join(text.split())
    named = name if len(name) < 100 else "the organisation named above"
    assert f"{number}.Tocheck" in closed_up
    assert "".join(f"give this number to {named}".split()) in closed_up
