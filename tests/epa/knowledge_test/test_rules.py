from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.knowledge_test.rules import MarkingState, SittingFacts, marking_state, sitting_faults
from epa.lifecycle.period import epa_period
from frameworks import grade_method, load_plan

PLAN = load_plan("st0663")
METHOD = PLAN.marked_method("knowledge_test")
START = date(2026, 6, 9)
PERIOD = epa_period(START, PLAN.clock)
TODAY = date(2026, 7, 14)
FACTS = SittingFacts(TODAY, 120, identity_checked=True, venue_checked=True)


def codes(facts, today=TODAY):
    return [fault.code for fault in sitting_faults(facts, METHOD, PERIOD, today)]


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        replace(FACTS, held_on=START, minutes=1),
        replace(FACTS, minutes=150, adjustment="Agreed adjustment"),
    ],
)
def test_it_takes_a_sitting_within_the_plan(facts):
    assert codes(facts) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (replace(FACTS, held_on=TODAY + timedelta(days=1)), "in-the-future"),
        (replace(FACTS, held_on=START - timedelta(days=1)), "outside-period"),
        (replace(FACTS, minutes=0), "no-time"),
        (replace(FACTS, minutes=121), "over-time"),
        (replace(FACTS, minutes=121, adjustment="  "), "over-time"),
        (replace(FACTS, identity_checked=False), "identity-unchecked"),
        (replace(FACTS, venue_checked=False), "venue-unchecked"),
    ],
)
def test_it_refuses_a_sitting_that_breaks_one_rule(facts, code):
    assert codes(facts) == [code]


def test_it_names_everything_that_is_wrong():
    facts = SittingFacts(START, 0, identity_checked=False, venue_checked=False)
    assert codes(facts) == ["no-time", "identity-unchecked", "venue-unchecked"]


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.dates(date(2026, 1, 1)))
def test_it_takes_no_date_in_the_future_nor_outside_the_period(held_on, today):
    taken = codes(replace(FACTS, held_on=held_on), today) == []
    assert taken == (held_on <= today and PERIOD.holds(held_on))


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"is_sat": False, "is_graded": False, "different": None}, MarkingState.NOT_SAT),
        ({"is_sat": True, "is_graded": False, "different": None}, MarkingState.WAITING),
        ({"is_sat": True, "is_graded": False, "different": (3,)}, MarkingState.DIFFERENT),
        ({"is_sat": True, "is_graded": True, "different": ()}, MarkingState.GRADED),
    ],
)
def test_it_says_how_far_the_marking_is(facts, state):
    assert marking_state(**facts) is state


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        (0, "fail"),
        (45, "fail"),
        (46, "pass"),
        (52, "pass"),
        (53, "distinction"),
        (66, "distinction"),
    ],
)
def test_the_definition_grades_the_edges_of_its_boundaries(total, grade):
    assert grade_method(PLAN, "knowledge_test", total).grade == grade
