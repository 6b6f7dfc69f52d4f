import pytest
from sqlalchemy import select

from epa.audit.models import AuditEntry
from epa.grading.services import release_overall
from epa.lifecycle.rules import Grade
from epa.people.rules import Role

METHODS = ("presentation", "observation", "knowledge_test")


@pytest.fixture
def quality_assurer(make):
    row = make.assessment_in_epa()
    return row, make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=row.epao)


def actions(session):
    return session.scalars(select(AuditEntry.action).order_by(AuditEntry.row)).all()


def test_it_writes_down_who_was_shown_a_grade_before_its_release(
    make, sign_in_as, session, quality_assurer
):
    """The page that asks whether to release shows as much as the page of results."""
    row, reader = quality_assurer
    attempt = make.graded(make.attempt(row, "observation"))
    page = sign_in_as(reader).get(f"/attempts/{attempt.id}/release")
    assert "Pass" in page.text
    assert actions(session)[-1] == "unreleased grade read"


def test_it_writes_down_who_was_shown_the_results_of_many(
    make, sign_in_as, session, quality_assurer, at
):
    row, reader = quality_assurer
    for code in METHODS:
        make.released(make.attempt(row, code), Grade.PASS)
    browser = sign_in_as(reader)
    browser.get("/results")
    assert "list of results read" not in actions(session)
    browser.get(f"/apprentices/{row.id}/release")
    assert actions(session)[-1] == "results read"
    release_overall(row, actor=reader, at=at)
    session.commit()
    browser.get("/results")
    assert actions(session)[-1] == "list of results read"


def test_nobody_releases_a_grade_other_than_the_one_they_saw(
    make, sign_in_as, session, quality_assurer
):
    row, reader = quality_assurer
    attempt = make.graded(make.attempt(row, "observation"), Grade.PASS)
    browser, here = sign_in_as(reader), f"/attempts/{attempt.id}/release"
    seen = browser.get(here).html.find(attrs={"name": "seen"})["value"]
    attempt.grade = Grade.DISTINCTION
    session.commit()
    page = browser.post(here, {"seen": seen}, status=409)
    assert "something changed. Observation: Distinction since 9" in page.text
    assert attempt.released_at is None
    seen = page.html.find(attrs={"name": "seen"})["value"]
    browser.post(here, {"seen": seen})
    page = browser.post(here, {"seen": seen}, status=422)
    assert f"released already by {reader.name}" in page.text
