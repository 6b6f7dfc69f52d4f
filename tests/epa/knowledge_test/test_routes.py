import pytest

from epa.audit.models import AuditEntry
from epa.knowledge_test import queries
from epa.lifecycle.rules import Duty, Grade
from epa.people.rules import Role

SITTING = {
    "held_on-day": "9",
    "held_on-month": "6",
    "held_on-year": "2026",
    "minutes": "120",
    "identity_checked": "yes",
    "venue_checked": "yes",
    "incidents": "Fire alarm at 10:40.",
}


@pytest.fixture
def attempt(make):
    row = make.attempt(make.assessment_in_epa(), "knowledge_test")
    return make.with_people(row)


@pytest.fixture
def first(attempt, sign_in_as):
    return sign_in_as(attempt.allocated(Duty.FIRST_MARKER))


@pytest.fixture
def second(attempt, sign_in_as):
    return sign_in_as(attempt.allocated(Duty.SECOND_MARKER))


@pytest.fixture
def invigilator(attempt, sign_in_as):
    return sign_in_as(attempt.allocated(Duty.INVIGILATOR))


def address(attempt, page=""):
    return f"/attempts/{attempt.id}/test{page}"


def typed(make, attempt, total=50, **changes):
    marks = enumerate(make.marks(attempt, total), start=1)
    return {f"question_{number}": str(mark) for number, mark in marks} | changes


def faults(page):
    """The errors of fields, without the summary's last line."""
    return {field: message for field, message in page.errors.items() if field}


def test_a_test_goes_from_the_sitting_to_a_grade_that_two_people_agree_on(
    make, attempt, first, second, invigilator
):
    assert "has not been recorded yet" in first.get(address(attempt)).text
    invigilator.get(address(attempt, "/sitting"))
    invigilator.post(address(attempt, "/sitting"), SITTING)
    page = first.get(address(attempt))
    page = first.get(page.link("Enter your marks"))
    assert len(page.html.select("[data-marks]")) == 40
    first.post(address(attempt, "/marks"), typed(make, attempt))
    page = second.get(address(attempt))
    assert "Two people enter the marks" in page.text
    changed = typed(make, attempt, question_3="0", question_30="1", question_40="2")
    second.post(address(attempt, "/marks"), changed)
    for marker in (first, second):
        page = marker.get(address(attempt))
        assert "Look again at questions 3, 30 and 40" in page.text
        assert attempt.grade is None
    page = second.get(page.link("Look at your marks again"))
    assert [box["id"] for box in page.html.select(".differs .box")] == [
        "question_3",
        "question_30",
        "question_40",
    ]
    assert page.html.find(id="question_3")["value"] == "0"
    second.post(address(attempt, "/marks"), typed(make, attempt))
    assert attempt.grade is Grade.PASS
    page = first.get(address(attempt))
    assert "Pass" in page.text
    assert "Not yet released" in page.text
    assert "graded" in first.get(address(attempt, "/marks")).text


def test_a_marker_never_sees_the_others_marks(make, attempt, first, second, invigilator):
    invigilator.post(address(attempt, "/sitting"), SITTING)
    first.post(address(attempt, "/marks"), typed(make, attempt))
    page = second.get(address(attempt, "/marks"))
    assert {box["value"] for box in page.html.select("[data-marks]")} == {""}


def test_every_wrong_box_is_named_and_all_that_was_typed_stays(make, attempt, first, invigilator):
    invigilator.post(address(attempt, "/sitting"), SITTING)
    page = first.post(
        address(attempt, "/marks"),
        typed(make, attempt, question_2="", question_14="2", question_40="x"),
        status=422,
    )
    assert faults(page) == {
        "question_2": "Question 2 has no mark yet: enter 0 or 1",
        "question_14": "Question 14 can only be given 0 or 1",
        "question_40": "Question 40 can only be given 0, 1 or 2",
    }
    assert page.html.find(id="question_40")["value"] == "x"
    assert page.html.find(id="question_14")["value"] == "2"
    assert page.html.find(id="question_1")["value"] == "1"
    assert queries.newest_entries(attempt) == {}


def test_an_empty_form_asks_for_forty_marks(attempt, first, invigilator):
    invigilator.post(address(attempt, "/sitting"), SITTING)
    assert len(faults(first.post(address(attempt, "/marks"), {}, status=422))) == 40


def test_marks_wait_for_the_sitting(make, attempt, first):
    assert "has not been recorded yet" in first.get(address(attempt, "/marks")).text
    page = first.post(address(attempt, "/marks"), typed(make, attempt), status=422)
    assert page.errors == {"": "The sitting has not been recorded yet."}


def test_every_fault_of_a_sitting_is_named_and_what_was_typed_stays(attempt, invigilator):
    page = invigilator.post(
        address(attempt, "/sitting"),
        {"held_on-day": "31", "held_on-month": "6", "held_on-year": "2026", "minutes": "two"},
        status=422,
    )
    assert list(faults(page)) == ["held_on-day", "minutes", "identity_checked", "venue_checked"]
    assert page.html.find(id="minutes")["value"] == "two"
    page = invigilator.post(
        address(attempt, "/sitting"),
        SITTING | {"held_on-day": "10", "minutes": "150"},
        status=422,
    )
    assert faults(page) == {
        "held_on-day": "The date of the test must be today, 9\xa0June\xa02026, or earlier",
        "adjustment": "There are 120 minutes for it: enter why 150 were given",
    }


def test_why_extra_time_was_given_is_read_only_by_those_who_record_it(
    session, attempt, first, invigilator
):
    secret = "Agreed adjustment 7"
    invigilator.post(
        address(attempt, "/sitting"), SITTING | {"minutes": "150", "adjustment": secret}
    )
    assert secret in invigilator.get(address(attempt, "/sitting")).text
    assert session.query(AuditEntry).filter_by(action="sitting read").count() == 1
    page = first.get(address(attempt))
    assert "+30 min" in page.text
    assert secret not in page.text
    assert "Fire alarm" not in page.text


def test_those_who_oversee_see_the_state_and_the_grade_and_are_written_down(
    make, session, attempt, sign_in_as
):
    make.marked_test(attempt, total=53)
    assurer = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=attempt.assessment.epao)
    page = sign_in_as(assurer).get(address(attempt))
    assert "Distinction" in page.text
    read = session.query(AuditEntry).filter_by(action="test marks read", actor_id=assurer.id)
    assert read.count() == 1
    sign_in_as(assurer).get(address(attempt, "/marks"), status=403)


def test_an_assessor_who_only_invigilates_sees_no_grade_and_enters_nothing(
    make, attempt, sign_in_as
):
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=attempt.assessment.epao)
    make.allocate(attempt, helen, Duty.INVIGILATOR)
    make.marked_test(attempt, total=53)
    page = sign_in_as(helen).get(address(attempt))
    assert "The test is graded" in page.text
    assert "Distinction" not in page.text
    sign_in_as(helen).get(address(attempt, "/marks"), status=403)


def test_a_marker_does_not_record_the_sitting(make, attempt, sign_in_as):
    helen = make.person(Role.INDEPENDENT_ASSESSOR, organisation=attempt.assessment.epao)
    make.allocate(attempt, helen, Duty.FIRST_MARKER)
    sign_in_as(helen).get(address(attempt, "/sitting"), status=403)
    sign_in_as(helen).post(address(attempt, "/sitting"), SITTING, status=403)


@pytest.mark.parametrize("page", ["", "/sitting", "/marks"])
def test_outsiders_never_reach_these_pages(make, attempt, sign_in_as, browser, page):
    apprenticeship = attempt.assessment.apprenticeship
    for person in (
        apprenticeship.person,
        make.person(Role.EMPLOYER, organisation=apprenticeship.employer),
        make.person(Role.TRAINING_PROVIDER, organisation=apprenticeship.provider),
    ):
        sign_in_as(person).get(address(attempt, page), status=403)
    stranger = make.person(Role.INDEPENDENT_ASSESSOR, organisation=attempt.assessment.epao)
    sign_in_as(stranger).get(address(attempt, page), status=404)
    browser.get(address(attempt, page), status=302)


def test_a_judged_method_has_no_test_pages(make, attempt, sign_in_as):
    admin = make.person(Role.ADMINISTRATOR, organisation=attempt.assessment.epao)
    observation = make.attempt(attempt.assessment, "observation")
    sign_in_as(admin).get(address(observation), status=404)
