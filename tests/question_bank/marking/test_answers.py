import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.marking.answers import (
    AnswerState,
    MarkFields,
    MarkRefused,
    Sampling,
    TwiceFor,
    folded,
    following,
    in_order,
    is_blank,
    is_in_sample,
    is_near,
    mark_of,
    said_alike,
    settled_mark,
    state_of,
    twice_for,
)

MARKS = st.lists(st.integers(0, 2), max_size=3)
IDS = st.lists(st.uuids(), min_size=1, unique=True)


@given(MARKS, st.booleans())
def test_a_mark_is_settled_by_people_and_never_an_average(marks, is_twice):
    state, mark = state_of(marks, is_twice=is_twice), settled_mark(marks, is_twice=is_twice)
    assert (mark is None) == (state is not AnswerState.SETTLED)
    if mark is not None:
        assert mark in marks
    if len(marks) == 2:
        assert (state is AnswerState.THIRD) == (marks[0] != marks[1])
    if len(marks) == 1:
        assert (state is AnswerState.SECOND) == is_twice


@given(st.sets(st.integers(1, 4)), st.integers(1, 4))
def test_one_more_point_never_lowers_a_mark(ticks, most):
    mark = mark_of(MarkFields(tuple(ticks)), 4, most)
    assert 0 <= mark <= most
    for more in range(1, 5):
        assert mark_of(MarkFields((*ticks, more)), 4, most) >= mark


def test_a_mark_other_than_the_ticks_needs_a_reason_and_nothing_said_is_no_mark():
    assert mark_of(MarkFields((1,), mark=2, reason="Both in one"), 2, 2) == 2
    assert mark_of(MarkFields(mark=0), 2, 2) == 0
    assert mark_of(MarkFields(mark=1), 0, 2) == 1
    for fields, points, code in (
        (MarkFields(), 2, "nothing-said"),
        (MarkFields(()), 0, "mark-missing"),
        (MarkFields((3,)), 2, "no-such-point"),
        (MarkFields((1,), mark=3), 2, "no-such-mark"),
        (MarkFields((1,), mark=2, reason=" "), 2, "reason-missing"),
    ):
        with pytest.raises(MarkRefused) as refused:
            mark_of(fields, points, 2)
        assert refused.value.code == code


@given(st.text(), st.integers(0, 60), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_sample_holds_the_smaller(seed, number, one, other):
    low, high = sorted((one, other))
    assert is_in_sample(seed, number, high) or not is_in_sample(seed, number, low)
    assert is_in_sample(seed, number, 100)
    assert not is_in_sample(seed, number, 0)


def test_a_second_mark_is_asked_for_each_reason_that_holds():
    numbers = Sampling(percent=10, marker_marks=20, question_marks=5)
    said = {"drawn": False, "marker_marks": 20, "question_marks": 5, "is_flagged": False}
    assert twice_for(numbers, **said) == ()
    every = {"drawn": True, "marker_marks": 19, "question_marks": 4, "is_flagged": True}
    assert set(twice_for(numbers, **every)) == set(TwiceFor) - {TwiceFor.BOUNDARY}


@given(st.integers(0, 66), st.floats(0.5, 5))
def test_a_total_is_near_where_the_error_reaches_a_boundary(total, error):
    assert is_near(total, (0, 46, 53), error) == (min(abs(total - 46), abs(total - 53)) <= error)


@given(st.text(string.ascii_letters + " "), st.sampled_from([str.upper, str.lower, str.title]))
def test_case_and_punctuation_make_no_difference(words, change):
    assert said_alike(words) == said_alike(f" {change(words)}!? ")
    assert folded(folded(words)) == folded(words)


def test_figures_stay_apart_and_a_dash_is_no_blank():
    assert folded("1.5") != folded("15")
    assert is_blank(" \n")
    assert not is_blank("-")


@given(st.text(), IDS)
def test_a_marker_meets_every_answer_once_whatever_others_take(seed, ids):
    order = in_order(seed, ids)
    assert sorted(order) == sorted(ids)
    met, after = [], None
    while (one := following(seed, set(ids) - set(met), after)) is not None:
        met.append(one)
        after = one
    assert met == order
    assert following(seed, ids, order[-1]) == (order[0] if len(order) > 1 else None)
