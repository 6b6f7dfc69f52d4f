from dataclasses import replace
from datetime import date, timedelta

import pytest

from epa.audit.models import AuditEntry
from epa.errors import NotAllowed, RuleBroken, RulesBroken
from epa.knowledge_test import queries, services
from epa.knowledge_test.models import MarkEntry
from epa.knowledge_test.rules import SittingFacts
from epa.lifecycle.rules import Duty, Grade, Stage
from epa.outbox.models import Mail
from epa.people.rules import Role

FIRST, SECOND = Duty.FIRST_MARKER, Duty.SECOND_MARKER
TODAY = date(2026, 6, 9)
FACTS = SittingFacts(TODAY, 120, identity_checked=True, venue_checked=True)


@pytest.fixture
def attempt(make):
    return make.attempt(make.assessment_in_epa(), "knowledge_test")


@pytest.fixture
def sat(make, attempt):
    return make.sat_test(attempt)


@pytest.fixture
def enter(sat, at):
    def entered(duty, marks, actor=None):
        actor = actor or sat.allocated(duty)
        return services.enter_marks(sat, duty, marks, actor=actor, at=at)

    return entered


def changed(marks, **by_number):
    return [by_number.get(f"q{number}", mark) for number, mark in enumerate(marks, start=1)]


def test_the_invigilator_records_the_sitting(make, session, attempt, at):
    make.with_people(attempt)
    invigilator = attempt.allocated(Duty.INVIGILATOR)
    facts = replace(FACTS, incidents=" Fire alarm at 10:40. ", adjustment="not needed")
    services.record_sitting(attempt, facts, actor=invigilator, at=at)
    session.commit()
    sitting = queries.sitting_of(attempt)
    assert (sitting.held_on, sitting.minutes, sitting.adjustment) == (TODAY, 120, None)
    assert sitting.incidents == "Fire alarm at 10:40."
    entry = session.query(AuditEntry).filter_by(action="sitting recorded").one()
    assert entry.details == {"held_on": "2026-06-09", "minutes": 120, "has_incidents": True}


def test_an_administrator_puts_the_record_right_until_the_test_is_graded(
    make, session, attempt, at
):
    make.sat_test(attempt, minutes=150, adjustment="Agreed adjustment")
    admin = make.person(Role.ADMINISTRATOR, organisation=attempt.assessment.epao)
    services.record_sitting(attempt, replace(FACTS, minutes=100), actor=admin, at=at)
    session.commit()
    assert (queries.sitting_of(attempt).minutes, queries.sitting_of(attempt).adjustment) == (
        100,
        None,
    )
    assert session.query(AuditEntry).filter_by(action="sitting corrected").count() == 1
    make.marked_test(attempt)
    with pytest.raises(RuleBroken, match="graded"):
        services.record_sitting(attempt, FACTS, actor=admin, at=at)


def test_nobody_else_records_the_sitting(make, attempt, at):
    make.with_people(attempt)
    for person in (attempt.allocated(FIRST), make.person(Role.ADMINISTRATOR)):
        with pytest.raises(NotAllowed):
            services.record_sitting(attempt, FACTS, actor=person, at=at)


def test_a_sitting_needs_an_invigilator(make, attempt, at):
    admin = make.person(Role.ADMINISTRATOR, organisation=attempt.assessment.epao)
    with pytest.raises(RuleBroken, match="invigilator"):
        services.record_sitting(attempt, FACTS, actor=admin, at=at)


def test_every_fault_of_a_sitting_is_named(make, attempt, at):
    make.with_people(attempt)
    facts = SittingFacts(TODAY + timedelta(days=1), 130, identity_checked=True, venue_checked=False)
    with pytest.raises(RulesBroken) as refused:
        services.record_sitting(attempt, facts, actor=attempt.allocated(Duty.INVIGILATOR), at=at)
    fields = [one.field for one in refused.value.each]
    assert fields == ["held_on", "adjustment", "venue_checked"]
    assert queries.sitting_of(attempt) is None


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (0, Grade.FAIL),
        (45, Grade.FAIL),
        (46, Grade.PASS),
        (52, Grade.PASS),
        (53, Grade.DISTINCTION),
        (66, Grade.DISTINCTION),
    ],
)
def test_two_equal_entries_grade_the_test(make, session, sat, enter, total, grade):
    marks = make.marks(sat, total)
    assert enter(FIRST, marks) is None
    assert sat.grade is None
    assert enter(SECOND, marks) == ()
    session.commit()
    assert sat.grade is grade
    assert sat.held_on == TODAY
    assert sat.scoring_input == {"marks": total}
    assert sat.graded_by is sat.allocated(SECOND)
    assert f"{total}" in " ".join(sat.explanation)
    assert sat.released_at is None


def test_different_entries_give_no_grade_and_tell_both_without_the_marks(make, session, sat, enter):
    marks = make.marks(sat, 50)
    enter(SECOND, marks)
    different = enter(FIRST, changed(marks, q3=0, q40=1))
    session.commit()
    assert different == (3, 40)
    assert queries.differences(sat) == (3, 40)
    assert sat.grade is None
    mails = session.query(Mail).filter_by(event="marks differ").all()
    assert {mail.to_person for mail in mails} == {sat.allocated(FIRST), sat.allocated(SECOND)}
    assert not any(figure.isdigit() for mail in mails for figure in mail.body.split("Sign in:")[0])
    compared = session.query(AuditEntry).filter_by(action="marks compared").one()
    assert compared.details == {"different": 2}


def test_each_may_enter_again_until_they_agree_and_every_entry_is_kept(make, session, sat, enter):
    marks = make.marks(sat, 50)
    enter(FIRST, marks)
    enter(SECOND, changed(marks, q1=0))
    assert enter(FIRST, changed(marks, q1=0, q2=0)) == (2,)
    assert enter(SECOND, changed(marks, q1=0, q2=0)) == ()
    session.commit()
    versions = session.query(MarkEntry).filter_by(attempt_id=sat.id, duty=SECOND).all()
    assert sorted(entry.version for entry in versions) == [1, 2]
    assert sat.scoring_input == {"marks": 48}
    with pytest.raises(RuleBroken, match="graded"):
        enter(FIRST, marks)


@pytest.mark.parametrize(
    ("number", "mark", "words"),
    [
        (1, None, "Question 1 has no mark yet"),
        (14, 2, "Question 14 can only be given 0 or 1"),
        (15, 3, "Question 15 can only be given 0, 1 or 2"),
        (40, -1, "Question 40 can only be given 0, 1 or 2"),
    ],
)
def test_a_paper_is_marked_whole_and_within_each_questions_marks(
    make, sat, enter, number, mark, words
):
    marks = make.marks(sat, 50)
    marks[number - 1] = mark
    with pytest.raises(RuleBroken, match=words) as refused:
        enter(FIRST, marks)
    assert refused.value.field == f"question_{number}"
    assert queries.newest_entry(sat, FIRST) is None


def test_a_paper_has_as_many_marks_as_questions(sat, enter):
    with pytest.raises(RuleBroken, match="40 questions") as refused:
        enter(FIRST, [1])
    assert refused.value.field is None


def test_a_marker_enters_only_their_own(make, sat, enter):
    marks = make.marks(sat, 50)
    for duty, actor in (
        (FIRST, sat.allocated(SECOND)),
        (Duty.INVIGILATOR, sat.allocated(Duty.INVIGILATOR)),
        (FIRST, make.person(Role.MARKER, organisation=sat.assessment.epao)),
    ):
        with pytest.raises(NotAllowed):
            enter(duty, marks, actor)


def test_one_person_is_never_both_markers(make, sat, enter):
    make.allocate(sat, sat.allocated(FIRST), SECOND)
    with pytest.raises(NotAllowed, match="different people"):
        enter(FIRST, make.marks(sat, 50))


def test_nothing_is_marked_before_it_is_sat(make, attempt, at):
    make.with_people(attempt)
    marker = attempt.allocated(FIRST)
    with pytest.raises(RuleBroken, match="not been recorded"):
        services.enter_marks(attempt, FIRST, make.marks(attempt, 50), actor=marker, at=at)


def test_nothing_is_marked_while_the_assessment_is_paused(make, sat, enter):
    make.close_stage(sat.assessment, Stage.PAUSED)
    with pytest.raises(RuleBroken, match="Paused"):
        enter(FIRST, make.marks(sat, 50))


def test_marks_of_somebody_no_longer_a_marker_do_not_count(make, sat, enter):
    marks = make.marks(sat, 50)
    enter(FIRST, marks)
    make.allocate(sat, make.staff_for(sat, FIRST), FIRST)
    assert enter(SECOND, marks) is None
    assert enter(FIRST, marks) == ()


def test_a_marked_test_from_the_factory_is_graded(make, attempt):
    first = make.person(Role.MARKER, organisation=attempt.assessment.epao)
    make.marked_test(attempt, first, total=53)
    assert attempt.grade is Grade.DISTINCTION
    assert queries.marker_duty(attempt, first) is FIRST
    assert not queries.is_marked(make.attempt(attempt.assessment, "observation"))
