from datetime import date
from types import SimpleNamespace

import pytest

from epa.answer_marking import queries, tasks
from epa.database import db
from epa.people.rules import Permission, Role
from question_bank.marking import queries as marking
from question_bank.marking import seeding, seeds
from question_bank.marking import services as marks
from question_bank.marking.answers import AnswerState, MarkFields, is_in_sample
from question_bank.marking.models import MarkerStop

MARK = Permission.MARK_ANSWERS
TODAY = date(2026, 6, 9)
ONE, NONE = MarkFields((1,)), MarkFields(())
UNDRAWN = next(str(one) for one in range(99) if not is_in_sample(str(one), 3, 10))


@pytest.fixture
def world(make, short_plan, frozen):
    """Two answers agreed on and graded, four that wait, each second answer a seed."""
    make.marking_numbers(seed_every=2, stop_seeds=2, stop_misses=2)
    bank = make.test_bank()
    agreed = [make.handed_in(bank, f"Agreed {n}", right=1) for n in range(2)]
    before = [make.person(Role.MARKER, organisation=bank.epao) for _ in range(2)]
    for paper in agreed:
        (answer,) = marking.answers_of(paper)
        marks.give(answer, ONE, actor=before[0], at=make.at)
    goes_on()
    for paper in agreed:
        (answer,) = marking.answers_of(paper)
        marks.give(answer, ONE, actor=before[1], at=make.at)
    goes_on()
    open_ones = [make.handed_in(bank, f"Open {n}", right=0) for n in range(4)]
    for paper in open_ones:
        paper.seed = UNDRAWN
    db.session.commit()
    return SimpleNamespace(
        bank=bank,
        agreed=[marking.answers_of(one)[0] for one in agreed],
        open=[marking.answers_of(one)[0] for one in open_ones],
        marker=make.person(Role.MARKER, organisation=bank.epao),
        lead=make.person(Role.INTERNAL_QUALITY_ASSURER, organisation=bank.epao),
        before=before,
    )


def goes_on():
    db.session.commit()
    tasks.come_round()


def test_seeds_come_among_the_others_and_a_marker_who_strays_is_stopped(world, sign_in_as, at):
    lead, browser = sign_in_as(world.lead), sign_in_as(world.marker)
    table = lead.get("/marking/seeds")
    assert f"{world.agreed[0].version.item.reference}, version 1 2 0" in table.text
    link = table.html.select_one("main table a")["href"]
    page = lead.get(link)
    assert "Agreed 1" in page.text
    assert "Open" not in page.html.select_one("main").text
    for form in page.html.select("main form"):
        lead.post(form["action"])
    assert lead.get(link).text.count("In use") == 2
    version = world.agreed[0].version
    met, address = [], browser.get(f"/marking/questions/{version.id}", status=302).location
    while "/answers/" in address:
        shown = browser.get(address)
        met.append(shown.html.select_one(".given-answer").text.strip())
        for betrays in ("seed", "agreed on", "Settled"):
            assert betrays not in shown.html.select_one("main").text
        if len(met) == 1:
            first = shown.html.select_one("[data-marking]")["data-marking"]
        address = browser.post(address.split("?")[0], {"none": "yes"}).location
    given = [one for one in met if one.startswith("Agreed")]
    assert len(given) == 2
    assert len(set(met)) == len(met)
    assert first
    assert "Your marking is stopped" in browser.get("/marking").text
    (stop,) = db.session.query(MarkerStop)
    assert (stop.seeds, stop.missed, stop.sent_back) == (2, 2, len(met) - 2)
    assert [one.marks for one in world.open] == [[]] * 4
    assert [one.marks for one in world.agreed] == [[1, 1]] * 2
    assert queries.next_answer(world.marker, MARK, version.id, on=TODAY) is None
    is_let_on(world, lead, browser, stop)


def is_let_on(world, lead, browser, stop):
    """By another, with a reason; the seeds of before count no more, and stay in the figures."""
    assert "Look at a marker’s marks" in lead.get("/").text
    assert f"{world.marker.name} : 2 of 2 seeds differ" in lead.get("/marking/progress").text
    path = f"/marking/stops/{stop.id}"
    assert "0, differs" in lead.get(path).text
    lead.post(path, {"reason": ""}, status=422)
    lead.post(path, {"reason": "We went through the guide"})
    assert "They can mark again." in lead.get(path).text
    assert "Your marking is stopped" not in browser.get("/marking").text
    version = world.agreed[0].version
    assert queries.next_answer(world.marker, MARK, version.id, on=TODAY) is not None
    assert seeding.stop_if_straying(world.marker, world.bank.epao_id, at=stop.let_on_at) is None
    assert seeding.differences(world.marker, world.bank.epao_id) == [-1, -1]


def test_a_seed_may_be_undone_and_counts_for_nothing_but_figures(world, at):
    answer, marker = world.agreed[0], world.marker
    seeding.use(answer, actor=world.lead, at=at)
    assert queries.answer_for(marker, MARK, answer.id, on=TODAY) is answer
    for person in world.before:
        assert queries.answer_for(person, MARK, answer.id, on=TODAY) is None
    assert seeding.give(answer, ONE, actor=marker, at=at)
    assert queries.answer_for(marker, MARK, answer.id, on=TODAY) is None
    assert queries.marked_for(marker, MARK, answer.id) is answer
    seeding.take_back(answer, actor=marker, at=at)
    assert seeding.differences(marker, world.bank.epao_id) == []
    assert queries.answer_for(marker, MARK, answer.id, on=TODAY) is answer
    assert seeding.give(answer, NONE, actor=marker, at=at)
    assert seeding.differences(marker, world.bank.epao_id) == [-1]
    assert (answer.state, answer.marks) == (AnswerState.SETTLED, [1, 1])
    assert marking.last_marker(answer.paper) is world.before[1]
    seeding.end(answer, actor=world.lead, at=at)
    assert seeds.seed_of(answer).ended_at == at


def test_what_a_stopped_marker_gave_beside_others_goes_back_alone(world, at):
    first, second, third = world.open[:3]
    other = world.before[0]
    for answer in (first, second):
        answer.twice_for = ["flagged"]
    marks.give(first, MarkFields((1,), is_flagged=True), actor=world.marker, at=at)
    marks.give(first, ONE, actor=other, at=at)
    marks.give(second, MarkFields((1,), is_flagged=True), actor=other, at=at)
    marks.give(second, NONE, actor=world.marker, at=at)
    marks.give(third, ONE, actor=other, at=at)
    for answer in world.agreed:
        seeding.use(answer, actor=world.lead, at=at)
        seeding.give(answer, NONE, actor=world.marker, at=at)
    stop = seeding.stop_if_straying(world.marker, world.bank.epao_id, at=at)
    assert stop.sent_back == 2
    assert [(one.marks, one.state) for one in (first, second)] == [([1], AnswerState.SECOND)] * 2
    assert third.markers == [other.id]
