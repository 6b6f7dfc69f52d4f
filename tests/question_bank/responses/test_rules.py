import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frameworks import load_plan
from question_bank.responses.rules import (
    ItemAnswers,
    drift,
    item_figures,
    whole_figures,
)
from question_bank.statistics.flags import Flag
from question_bank.statistics.rules import item_measures

BOUNDARIES = load_plan("st0663").methods["knowledge_test"].boundaries


def answers(rows):
    """From rows of mark, total and option chosen."""
    marks, totals, chosen = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return ItemAnswers(marks, totals, chosen)


def test_a_question_has_its_figures_with_what_they_rest_on():
    rows = [(1, 10 + n % 5, 2) for n in range(18)] + [(0, 4 + n, 0) for n in range(6)]
    found = item_figures(answers(rows), 1, options=4, key=2)
    assert found.measures.n == 24
    assert found.measures.facility == 0.75
    low, high = found.facility_interval
    assert low < 0.75 < high
    assert [(one.mark, one.count) for one in found.marks] == [(0, 6), (1, 18)]
    assert sum(one.share for one in found.marks) == 1
    assert [one.count for one in found.options] == [6, 0, 18, 0]
    assert found.guess == 0.25
    assert found.flags == (Flag.DISTRACTOR_NEVER_CHOSEN,)


def test_options_that_were_not_kept_raise_no_flag_and_are_counted_apart():
    rows = [(1, 12, -1)] * 20 + [(1, 11, 2)] * 3 + [(0, 5, 0)] * 3
    found = item_figures(answers(rows), 1, options=4, key=2)
    assert (found.unknown, [one.count for one in found.options]) == (20, [3, 0, 3, 0])
    assert found.flags == ()
    assert item_figures(answers([(1, 12, -1)]), 1, options=4, key=2).options == ()


def test_nothing_is_called_for_with_fewer_than_twenty():
    wrong = [(0, 12, 0)] * 10 + [(1, 2, 2)] * 9
    assert item_figures(answers(wrong), 1, options=4, key=2).flags == ()
    flags = item_figures(answers([*wrong, (0, 12, 0)]), 1, options=4, key=2).flags
    assert Flag.PROBABLE_MISKEY in flags
    assert Flag.NEGATIVE_DISCRIMINATION in flags


def test_a_question_without_answers_has_no_figures():
    found = item_figures(answers([]), 2)
    assert (found.measures.n, found.facility_interval, found.flags) == (0, None, ())
    assert [one.share for one in found.marks] == [0, 0, 0]


def test_a_facility_has_drifted_where_the_interval_leaves_none_out():
    def measures(right, n):
        marks = np.array([1] * right + [0] * (n - right), dtype=np.int64)
        return item_measures(marks, marks + 3, 1)

    moved = drift(measures(90, 100), measures(40, 100))
    assert moved.change == pytest.approx(-0.5)
    assert moved.is_certain
    assert not drift(measures(5, 10), measures(6, 10)).is_certain
    assert drift(measures(0, 0), measures(6, 10)) is None


def test_a_test_is_held_against_the_boundaries():
    totals = [40, 45, 46, 50, 53, 60]
    marks = np.array([[one - 30, 30 - one % 7, one % 7] for one in totals], dtype=np.int64)
    found = whole_figures(marks, 66, BOUNDARIES)
    assert [(one.grade, one.count) for one in found.grades] == [
        ("fail", 2),
        ("pass", 2),
        ("distinction", 2),
    ]
    assert [one.boundary for one in found.bands] == [46, 53]
    assert len(found.totals) == 67
    assert found.totals[45].count == 1
    low, high = found.mean_interval
    assert low < found.measures.mean == 49 < high


def test_a_paper_of_other_marks_makes_no_grades():
    found = whole_figures(np.array([[1, 0], [1, 1]], dtype=np.int64), 2, ())
    assert (found.grades, found.bands) == ((), ())
    assert [one.count for one in found.totals] == [0, 1, 1]


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.integers(0, 2), min_size=3, max_size=3).map(tuple), min_size=0, max_size=30
    )
)
def test_every_candidate_is_in_one_grade_and_in_one_total(rows):
    found = whole_figures(np.array(rows, dtype=np.int64).reshape(-1, 3), 66, BOUNDARIES)
    assert sum(one.count for one in found.grades) == len(rows)
    assert sum(one.count for one in found.totals) == len(rows)
