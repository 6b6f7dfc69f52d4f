from types import SimpleNamespace

import pytest
from sqlalchemy import select

from epa.answer_marking import correcting, queries, tasks
from epa.audit.models import AuditEntry
from epa.database import db
from epa.errors import RuleBroken
from epa.grading.services import release_method
from epa.lifecycle.rules import Grade
from epa.people.rules import Role
from question_bank.marking import correcting as asking
from question_bank.marking import queries as marking
from question_bank.marking import services as marks
from question_bank.marking.answers import AnswerState, MarkFields
from question_bank.marking.models import RemarkedPaper
from question_bank.papers.queries import questions_of
from question_bank.responses.models import Script
from question_bank.sittings.rules import SittingState

ONE = MarkFields((1,))


@pytest.fixture
def world(make, short_plan, frozen):
    """Three tests that are graded: two right choices, one, one that is released."""
    make.marking_numbers()
    bank = make.test_bank()
    people = [make.person(Role.MARKER, organisation=bank.epao) for _ in range(3)]
    leads = [make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=bank.epao) for _ in range(3)]
    papers = [make.handed_in(bank, f"Answer {n}", right=n) for n in (2, 1, 2)]
    for paper in papers:
        marked(paper, people, ONE)
    release_method(queries.attempt_of(papers[2]), actor=leads[2], at=make.at)
    db.session.commit()
    return SimpleNamespace(bank=bank, people=people, leads=leads, papers=papers, at=make.at)


def marked(paper, people, fields):
    """By as many as it takes."""
    (answer,) = marking.answers_of(paper)
    for person in people:
        if answer.state is AnswerState.SETTLED:
            goes_on()
        if answer.state in {AnswerState.FIRST, AnswerState.SECOND}:
            marks.give(answer, fields, actor=person, at=paper.taken_in_at)
    goes_on()
    assert answer.state is AnswerState.SETTLED


def goes_on():
    db.session.commit()
    tasks.come_round()


def version_of(paper, number):
    return questions_of(paper.sitting.paper)[number - 1].version


def refused(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        act(*args, **kwargs)
    return broken.value.code


def agreed(world, version):
    asked = asking.ask(version, "Wrong", actor=world.leads[0], at=world.at)
    decide = {"is_agreed": True, "actor": world.leads[1], "at": world.at}
    correcting.decide(asked, "So it is", **decide)
    return asked


def grades(world):
    return [queries.attempt_of(one).grade for one in world.papers]


def totals(world):
    return [queries.attempt_of(one).scoring_input["marks"] for one in world.papers]


def test_a_corrected_key_moves_what_is_not_released_and_nothing_else(make, world, sign_in_as):
    version = version_of(world.papers[0], 1)
    assert (totals(world), grades(world)) == ([3, 2, 3], [Grade.PASS] * 3)
    about = {"actor": world.leads[0], "at": world.at}
    assert refused(asking.ask, version, "Wrong", **about) == "no-newer"
    by = make.corrected(version, key=2)
    found = {one.paper: one for one in correcting.effects(version, by)}
    assert {one.after for one in found.values()} == {0}
    assert found[world.papers[0]].grades == ("Pass",)
    first, second = (sign_in_as(one) for one in world.leads[:2])
    page = first.get("/marking/corrections")
    link = page.html.select_one("main table a")["href"]
    dry = first.get(link).text
    assert "1 result is released and waits for a decision" in dry
    assert "Released: waits for a decision" in dry
    first.post(link, {"reason": ""}, status=422)
    first.post(link, {"reason": "The second option is right"})
    assert refused(asking.ask, version, "Again", **about) == "asked"
    link = first.get("/marking/corrections").html.select_one("main ul a")["href"]
    assert "A second person decides" in first.get(link).text
    first.post(link, {"decision": "yes", "reason": "Mine"}, status=403)
    assert "Decide on marks by a corrected version" in second.get("/").text
    second.post(link, {"decision": "yes", "reason": "It is"})
    goes_on()
    changed = [one for one in world.papers[:2] if one in found]
    assert changed
    for paper in changed:
        assert paper.sitting.state is SittingState.MARKED
    assert totals(world) == [2, 1 if world.papers[1] in found else 2, 3]
    assert grades(world)[0] is Grade.PASS
    scripts = db.session.scalars(select(Script).where(Script.revision == 2))
    assert {one.paper_id: one.total for one in scripts} == {
        one.sitting.paper_id: one.total for one in changed
    }
    told = [one.action for one in db.session.scalars(select(AuditEntry))]
    assert "marks by a corrected version read" in told
    assert told.count("grade corrected") == told.count("paper marked anew") == len(changed)
    released_result_is_decided(world, sign_in_as(world.leads[0]))


def released_result_is_decided(world, browser):
    """It stands as released until somebody says otherwise; then it is released anew."""
    row = db.session.scalars(select(RemarkedPaper).where(RemarkedPaper.was_released)).one()
    attempt = queries.attempt_of(world.papers[2])
    assert (row.paper, row.is_changed, attempt.released_at) == (world.papers[2], None, world.at)
    assert "Decide on a released result" in browser.get("/").text
    path = f"/marking/corrections/papers/{row.id}"
    assert "3, then 2" in browser.get(path).text
    browser.post(path, {"decision": "yes"}, status=422)
    browser.post(path, {"decision": "yes", "reason": "The key was wrong"})
    goes_on()
    assert (attempt.released_at, totals(world)[2]) == (None, 2)
    assert "was taken back" in browser.get(path).text
    release_method(attempt, actor=world.leads[1], at=world.at)


def test_a_released_result_may_stand_with_a_reason(make, world):
    version = version_of(world.papers[2], 1)
    make.corrected(version, key=2)
    agreed(world, version)
    row = db.session.scalars(select(RemarkedPaper).where(RemarkedPaper.was_released)).one()
    about = {"is_changed": False, "actor": world.leads[0], "at": world.at}
    assert refused(correcting.decide_released, row, " ", **about) == "reason-missing"
    correcting.decide_released(row, "No grade hangs on it", **about)
    goes_on()
    attempt = queries.attempt_of(world.papers[2])
    assert (attempt.scoring_input, attempt.released_at) == ({"marks": 3}, world.at)
    assert refused(correcting.decide_released, row, "Again", **about) == "decided"


def test_a_corrected_guide_sends_answers_back_and_holds_for_new_marks(make, world):
    paper, attempt = world.papers[0], queries.attempt_of(world.papers[0])
    version = version_of(paper, 3)
    by = make.corrected(version, guide=("Asks", "Says why", "Listens"))
    found = {one.paper: one for one in correcting.effects(version, by)}
    assert set(found) == set(world.papers)
    assert found[paper].after is None
    assert found[paper].grades == ("Pass", "Distinction")
    asked = agreed(world, version)
    (answer,) = marking.answers_of(paper)
    assert (answer.state, answer.marks, answer.twice_for) == (AnswerState.FIRST, [], [])
    assert paper.sitting.state is SittingState.SUBMITTED
    assert marking.points_of(version.id) == 3
    goes_on()
    about = {"actor": world.leads[2], "at": world.at}
    assert refused(release_method, attempt, **about) == "marked-anew"
    assert attempt.grade is Grade.PASS
    marked(paper, world.people, MarkFields((2, 3)))
    assert (attempt.grade, attempt.scoring_input) == (Grade.DISTINCTION, {"marks": 4})
    (still,) = marking.answers_of(world.papers[2])
    assert still.state is AnswerState.SETTLED
    decide = {"is_agreed": False, "actor": world.leads[1], "at": world.at}
    assert refused(correcting.decide, asked, "No", **decide) == "decided"
    assert refused(asking.ask, version, "Again", actor=world.leads[0], at=world.at) == "agreed"
    new = make.handed_in(world.bank, "New words", right=1)
    assert version_of(new, 3) is by
