from types import SimpleNamespace

import pytest

from epa.answer_marking import queries, tasks
from epa.database import db
from epa.lifecycle.rules import Grade
from epa.people.rules import Role
from question_bank.marking import queries as marking
from question_bank.marking.answers import AnswerState, is_in_sample

UNDRAWN = next(str(one) for one in range(99) if not is_in_sample(str(one), 3, 10))


@pytest.fixture
def world(make, short_plan):
    """Two tests with an answer each, and three who mark."""
    make.marking_numbers(new_question_marks=1)
    bank = make.test_bank()
    papers = [make.handed_in(bank, words) for words in ("Ask <b>first</b>.", "Listen.")]
    for paper in papers:
        paper.seed = UNDRAWN
    db.session.commit()
    people = [make.person(Role.MARKER, organisation=bank.epao) for _ in range(3)]
    lead = make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=bank.epao)
    return SimpleNamespace(papers=papers, people=people, lead=lead)


def begin(browser):
    """From what needs one to the first answer."""
    assert "Mark 2 answers" in browser.get("/").text
    link = browser.get("/marking").html.select_one("a[href*='/marking/questions/']")["href"]
    return browser.get(browser.get(link, status=302).location)


def test_two_markers_and_a_third_take_answers_to_their_grade(world, sign_in_as):
    browsers = [sign_in_as(person) for person in world.people]
    (answer,) = marking.answers_of(world.papers[0])
    (other,) = marking.answers_of(world.papers[1])
    page = begin(browsers[0])
    for paper in world.papers:
        case = queries.attempt_of(paper).assessment.apprenticeship
        for betrays in (case.person.family_name, case.uln, case.employer.name):
            assert betrays not in page.text
    assert "1 of 2" in page.text
    at, said = f"/marking/answers/{answer.id}", "Ask <b>first</b>."
    assert said in browsers[0].get(at).text
    refused = browsers[0].post(at, {}, status=422)
    assert refused.errors == {"ticks": "Tick the points, or that there are none"}
    kept = browsers[0].post(at, {"ticks": ["1", "2"], "is_flagged": "yes"})
    following = browsers[0].get(kept.location)
    assert said not in following.text
    assert "Undo the last mark" in following.text
    assert browsers[0].get("/marking?last=nothing").status == 200
    undone = browsers[0].post(f"{at}/undo")
    assert said in browsers[0].get(undone.location).text
    browsers[0].post(at, {"ticks": ["1", "2"]})
    browsers[1].post(at, {"ticks": ["1"]})
    assert answer.state is AnswerState.THIRD
    assert "Settle 1 answer" in browsers[2].get("/").text
    settling = browsers[2].get(at).text
    assert "two people’s marks differ" in settling
    assert "The two marks" not in settling
    looking = browsers[2].get(browsers[2].post(at, {"none": "yes"}).location).text
    assert "The two marks 2 marks , for points 1 and 2 1 mark , for point 1" in looking
    browsers[2].post(at, {"none": "yes"})
    tasks.come_round()
    assert queries.attempt_of(world.papers[0]).grade is Grade.FAIL
    for reloaded in (browsers[0].get(at, status=302), browsers[0].post(at, {"ticks": ["1"]})):
        gone = browsers[0].get(reloaded.location).text
        assert "That answer waits no more." in gone
        assert said not in gone
    browsers[1].get(at, status=404)  # who never began with the question
    again = f"/marking/answers/{other.id}"
    assert "Settled before" not in browsers[1].get(again).text
    browsers[1].post(again, {"ticks": ["1"]})
    assert f"Settled before {said} 0 marks" in browsers[1].get(again).text
    lead = sign_in_as(world.lead)
    progress = lead.get("/marking/progress").text
    assert "1 test on a screen waits for a grade" in progress
    assert f"{world.people[0].name} 1 1 0% 0.00 +1.00" in progress
    test = f"/attempts/{queries.attempt_of(world.papers[1]).id}/test"
    assert "The test is taken on a screen" in lead.get(test).text
    browsers[0].get("/marking/progress", status=403)
