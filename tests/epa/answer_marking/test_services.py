from datetime import date, timedelta

import pytest
from sqlalchemy import select

from epa.answer_marking import queries, services, tasks
from epa.audit.models import AuditEntry
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.invigilation.models import EventCandidate
from epa.lifecycle.rules import Duty, Grade, Stage
from epa.people import services as people
from epa.people.queries import conflicts_between
from epa.people.rules import ConflictKind, Permission, Role
from question_bank.marking import queries as marking
from question_bank.marking import services as marks
from question_bank.marking.answers import AnswerState, MarkFields, TwiceFor, is_in_sample
from question_bank.marking.models import GivenMark
from question_bank.responses.models import Script, ScriptMark
from question_bank.sittings import finishing, late
from question_bank.sittings.rules import SittingState
from question_bank.sittings.writing import EditSent
from tests.factories.sittings import DEVICE

MARK = Permission.MARK_ANSWERS
TODAY = date(2026, 6, 9)
UNDRAWN = next(str(one) for one in range(99) if not is_in_sample(str(one), 3, 10))
BOTH, ONE, NONE = MarkFields((1, 2)), MarkFields((2,)), MarkFields(())


@pytest.fixture
def bank(make, short_plan):
    make.marking_numbers()
    return make.test_bank()


@pytest.fixture
def markers(make, bank):
    return [make.person(Role.MARKER, organisation=bank.epao) for _ in range(3)]


@pytest.fixture
def paper(make, bank):
    """A test with one right choice and an answer that no sample draws."""

    def made(words="Ask, because it is theirs.", right=0, **more):
        paper = make.handed_in(bank, words, right=right, **more)
        paper.seed = UNDRAWN
        db.session.commit()
        return paper

    return made


@pytest.fixture
def give(at):
    def given(answer, person, fields, also=()):
        return marks.give(answer, fields, also, actor=person, at=at)

    return given


def goes_on():
    """What the queue does once somebody's marks are kept."""
    db.session.commit()
    tasks.come_round()


def only(paper):
    (answer,) = marking.answers_of(paper)
    return answer


def waiting(person):
    return set(db.session.scalars(queries.waiting(person, MARK, on=TODAY)))


def refused(act, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        act(*args, **kwargs)
    return broken.value.code


def test_a_settled_answer_brings_the_test_its_grade_and_the_figures_its_marks(
    paper, markers, give, at, frozen
):
    one = paper(right=0)
    answer, attempt = only(one), queries.attempt_of(one)
    assert waiting(markers[0]) == {answer}
    assert give(answer, markers[0], NONE)
    goes_on()
    assert (answer.state, one.total) == (AnswerState.SETTLED, 0)
    assert (attempt.grade, attempt.graded_by_id) == (Grade.FAIL, markers[0].id)
    assert attempt.scoring_input == {"marks": 0}
    assert attempt.released_at is None
    assert one.sitting.state is SittingState.MARKED
    script = db.session.scalars(select(Script)).one()
    assert (script.total, script.candidate[:2]) == (0, "S-")
    rows = db.session.scalars(select(ScriptMark)).all()
    assert sorted((row.mark, row.chosen) for row in rows if row.chosen is None) == [(0, None)] * 3
    assert not services.bring_home(one, at=at)
    told = [entry.action for entry in db.session.scalars(select(AuditEntry))]
    for action in ("answers to mark", "answer marked", "paper settled", "method graded"):
        assert told.count(action) == 1
    assert "Ask" not in str([entry.details for entry in db.session.scalars(select(AuditEntry))])


def test_two_who_differ_send_an_answer_to_a_third_who_sees_both_after_their_own(
    make, paper, markers, give, frozen
):
    make.marking_numbers(new_marker_marks=5)
    one = paper(right=1)
    answer, (first, second, third) = only(one), markers
    give(answer, first, BOTH)
    assert answer.state is AnswerState.SECOND
    assert TwiceFor.NEW_MARKER in answer.twice_for
    assert waiting(first) == set()
    with pytest.raises(NotAllowed):
        give(answer, first, BOTH)
    give(answer, second, ONE)
    assert answer.state is AnswerState.THIRD
    assert waiting(second) == set()
    assert not give(answer, third, ONE)
    assert answer.state is AnswerState.THIRD
    assert [mark.mark for mark in marking.differing(answer)] == [2, 1]
    assert give(answer, third, BOTH)
    goes_on()
    assert (answer.marks, answer.state) == ([2, 1, 2], AnswerState.SETTLED)
    assert queries.attempt_of(one).scoring_input == {"marks": 3}
    other = only(paper("Something else."))
    assert not give(other, first, NONE)
    assert [mark.mark for _, mark in marking.precedents(other)] == [2]
    pair = (first.id, 2, second.id, 1)
    assert marking.marks_beside([pair]) == {first.id: ([2], [1]), second.id: ([1], [2])}


def test_a_total_near_a_boundary_is_marked_twice_before_it_counts(paper, markers, give, frozen):
    one = paper(right=1)
    answer = only(one)
    give(answer, markers[0], ONE)
    goes_on()
    assert (answer.state, answer.twice_for) == (AnswerState.SECOND, [TwiceFor.BOUNDARY])
    assert queries.attempt_of(one).grade is None
    give(answer, markers[1], ONE)
    goes_on()
    assert queries.attempt_of(one).grade is Grade.PASS


def test_the_same_words_take_one_action_and_one_undo(paper, markers, give, at):
    words = ("Ask  FIRST!", "ask first", "Ask last.")
    rows = [only(paper(one, right=1)) for one in words]
    also = queries.alike(markers[0], MARK, rows[0], on=TODAY)
    assert also == [rows[1]]
    give(rows[0], markers[0], MarkFields((1, 2), is_flagged=True), [*also, rows[2]])
    assert [row.state for row in rows] == [AnswerState.SECOND] * 2 + [AnswerState.FIRST]
    assert rows[1].twice_for == [TwiceFor.FLAGGED]
    given = {row.answer_id: row.with_id for row in db.session.scalars(select(GivenMark))}
    assert given[rows[1].id] is not None
    assert given[rows[0].id] is None
    marks.take_back(rows[0], actor=markers[0], at=at)
    assert [(row.state, row.marks, row.twice_for) for row in rows] == [
        (AnswerState.FIRST, [], [])
    ] * 3
    give(rows[0], markers[0], BOTH)
    assert rows[1].state is AnswerState.FIRST


def test_a_mark_is_not_taken_back_once_somebody_went_on(make, paper, markers, give, at, frozen):
    make.marking_numbers(new_question_marks=1)
    one = paper()
    answer = only(one)
    give(answer, markers[0], NONE)
    give(answer, markers[1], NONE)
    assert refused(marks.take_back, answer, actor=markers[0], at=at) == "marked-since"
    goes_on()
    assert queries.attempt_of(one).grade is Grade.FAIL
    assert refused(marks.take_back, answer, actor=markers[1], at=at) == "marked-since"
    assert refused(give, answer, markers[2], NONE) == "marked-meanwhile"


def test_whoever_has_a_part_or_a_conflict_marks_nothing_of_it(make, bank, paper, at):
    one = paper()
    attempt = queries.attempt_of(one)
    case, office = attempt.assessment, make.person(Role.ADMINISTRATOR, organisation=bank.epao)
    people_of = {
        name: make.person(Role.INDEPENDENT_ASSESSOR, organisation=bank.epao)
        for name in (
            "free",
            "assessor",
            "invigilator",
            "on_shift",
            "friend",
            "provider",
            "employer",
        )
    }
    make.allocate(make.attempt(case, "observation"), people_of["assessor"], Duty.ASSESSOR, office)
    make.allocate(attempt, people_of["invigilator"], Duty.INVIGILATOR, office)
    event = make.event(bank.epao, on_shift=(people_of["on_shift"],))
    seat = EventCandidate(attempt=attempt, added_at=at, added_by_id=office.id)
    event.every_candidate.append(seat)
    apprenticeship = case.apprenticeship
    for name, other in (
        ("friend", {"with_person": apprenticeship.person}),
        ("provider", {"with_organisation": apprenticeship.provider}),
        ("employer", {"with_organisation": apprenticeship.employer}),
    ):
        said = people.Declaration(ConflictKind.PERSONAL, "Once", **other)
        people.declare_conflict(people_of[name], said, actor=people_of[name], at=at)
    stranger = make.person(Role.MARKER, organisation=make.organisation())
    assert waiting(stranger) == set()
    bodies = [apprenticeship.employer_id, apprenticeship.provider_id]
    for name, person in people_of.items():
        assert (only(one) in waiting(person)) is (name == "free"), name
        between = conflicts_between(
            person,
            people_ids=[apprenticeship.person_id],
            organisation_ids=bodies,
            on=TODAY,
        )
        assert bool(between) is (name in {"friend", "provider", "employer"})
    assert queries.answer_for(people_of["friend"], MARK, only(one).id, on=TODAY) is None


def test_what_was_left_blank_gets_nothing_but_somebody_looks_at_an_empty_paper(
    make, bank, paper, markers, give, frozen
):
    one = paper("  ")
    answer = only(one)
    assert (answer.state, answer.marks) == (AnswerState.FIRST, [])
    give(answer, markers[0], NONE)
    goes_on()
    assert queries.attempt_of(one).grade is Grade.FAIL


def test_each_marker_meets_the_answers_once_in_an_order_of_their_own(paper, markers, give, at):
    rows = [only(paper(f"Answer {number}")) for number in range(4)]
    version = rows[0].version
    assert queries.next_answer(markers[0], MARK, version.id, on=TODAY) is None
    order = marks.begin(version, actor=markers[0], at=at)
    assert marks.begin(version, actor=markers[0], at=at) is order
    met = []
    while (following := queries.next_answer(markers[0], MARK, version.id, on=TODAY)) is not None:
        met.append(following)
        give(marking.db.session.get(type(rows[0]), following), markers[0], ONE)
    assert sorted(met) == sorted(row.id for row in rows)
    (left,) = queries.questions_for(markers[1], MARK, on=TODAY) or [None]
    assert left is None


def test_a_grade_waits_until_late_answers_are_decided_and_the_apprentice_is_back(
    paper, markers, give, make, at, frozen
):
    one = paper("Before the cut")
    answer, attempt = only(one), queries.attempt_of(one)
    late_at = at + timedelta(minutes=70)
    sent = [EditSent(3, 9, "In the cut", at)]
    one.sitting.finished_at = late_at
    batch = late.receive(one.sitting, DEVICE, sent, at=late_at)
    give(answer, markers[0], NONE)
    goes_on()
    assert attempt.grade is None
    invigilator = make.person(Role.INVIGILATOR, organisation=attempt.assessment.epao)
    late.decide(batch, "Line", is_accepted=True, actor=invigilator, at=late_at)
    finishing.mark_choices(one.sitting, at=late_at)
    goes_on()
    attempt.assessment.stage = Stage.PAUSED
    goes_on()
    newest = only(one)
    assert (newest.words, answer.state) == ("In the cut", AnswerState.WITHDRAWN)
    give(newest, markers[0], NONE)
    goes_on()
    assert (one.total, attempt.grade) == (0, None)
    assert queries.why_held(one) == "not_open"
    attempt.assessment.stage = Stage.ASSESSMENT
    goes_on()
    assert attempt.grade is Grade.FAIL


BAD = (
    (MarkFields(), "nothing-said"),
    (MarkFields((3,)), "no-such-point"),
    (MarkFields((1,), mark=3), "no-such-mark"),
    (MarkFields((1,), mark=2), "reason-missing"),
)


def test_a_mark_that_cannot_be_is_refused_and_another_than_the_ticks_says_why(paper, markers, give):
    answer = only(paper(right=1))
    for fields, code in BAD:
        assert refused(give, answer, markers[0], fields) == code
    assert answer.marks == []
    give(answer, markers[0], MarkFields((1,), mark=2, reason="Says both in one"))
    assert answer.marks == [2]
