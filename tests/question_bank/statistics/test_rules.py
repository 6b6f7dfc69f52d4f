"""The measures agree with the published formulas in exact fractions, and know when they are none."""

from dataclasses import asdict
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.statistics.rules import (
    MarkMatrix,
    matrix_measures,
    measures_by_item,
    random_guess_score,
)
from tests.question_bank.statistics import exact


def matrix_of(rows, maxima, unit=1):
    marks = np.array(rows, dtype=np.int64).reshape(len(rows), len(maxima))
    names = tuple(f"c{number}" for number in range(len(rows)))
    codes = tuple(f"q{number}" for number in range(len(maxima)))
    return MarkMatrix(names, codes, np.array(maxima), marks, unit)


@st.composite
def matrices(draw):
    unit = draw(st.sampled_from([1, 2, 10, 1000]))
    maxima = draw(st.lists(st.integers(1, 4 * unit), min_size=1, max_size=6))
    rows = draw(
        st.lists(st.tuples(*(st.integers(0, most) for most in maxima)), min_size=1, max_size=12)
    )
    return rows, maxima, unit


def agree(found, wanted):
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        if value is None:
            assert found[name] is None, name
        else:
            assert found[name] is not None, name
            assert abs(Fraction(found[name]) - Fraction(value)) < Fraction(1, 10**9), name


class TestAgainstFractions:
    @settings(deadline=None)
    @given(matrices())
    def test_it_measures_items_and_test_as_the_formulas_say(self, given_matrix):
        rows, maxima, unit = given_matrix
        items, test = matrix_measures(matrix_of(rows, maxima, unit))
        in_marks = [[Fraction(mark, unit) for mark in row] for row in rows]
        most = [Fraction(one, unit) for one in maxima]
        for column, code in enumerate(items):
            agree(asdict(items[code]), exact.item(in_marks, column, most))
        agree(asdict(test), exact.test(in_marks))

    @settings(deadline=None)
    @given(matrices(), st.integers(2, 10))
    def test_it_does_not_matter_in_which_units_marks_are_counted(self, given_matrix, finer):
        rows, maxima, unit = given_matrix
        coarse = matrix_measures(matrix_of(rows, maxima, unit))
        fine = matrix_measures(
            matrix_of(
                [[mark * finer for mark in row] for row in rows],
                [one * finer for one in maxima],
                unit * finer,
            )
        )
        for code, one in coarse[0].items():
            agree(asdict(fine[0][code]), asdict(one))
        agree(asdict(fine[1]), asdict(coarse[1]))

    def test_it_stays_exact_where_sums_outgrow_64_bits(self):
        rows = [[10**15, 3], [10**15 - 1, 1], [0, 2], [5, 0]]
        items, test = matrix_measures(matrix_of(rows, [10**15, 3]))
        agree(asdict(items["q1"]), exact.item(rows, 1, [10**15, 3]))
        found, wanted = asdict(test), exact.test(rows)
        assert found["alpha"] == pytest.approx(float(wanted["alpha"]), rel=1e-12)
        assert found["sd"] == pytest.approx(float(wanted["sd"]), rel=1e-12)


class TestWhereUndefined:
    def test_it_has_no_spread_for_one_attempt(self):
        items, test = matrix_measures(matrix_of([[1, 0]], [1, 2]))
        assert items["q0"].facility == 1
        assert (items["q0"].sd, items["q0"].effective_weight) == (None, None)
        assert (test.mean, test.median, test.sd, test.alpha) == (1, 1, None, None)

    def test_it_measures_nothing_without_attempts(self):
        items, test = matrix_measures(matrix_of([], [1]))
        assert asdict(items["q0"]) == {**dict.fromkeys(asdict(items["q0"])), "n": 0}
        assert set(asdict(test).values()) == {None}

    def test_it_does_not_discriminate_where_everybody_is_right(self):
        items, _ = matrix_measures(matrix_of([[1, 0], [1, 1], [1, 2]], [1, 2]))
        one = items["q0"]
        assert (one.facility, one.sd, one.discrimination_index) == (1, 0, None)
        assert (one.discriminative_efficiency, one.effective_weight) == (None, 0)

    def test_it_gives_no_weight_to_an_item_against_the_total(self):
        rows = [[1, 0, 0], [0, 2, 2], [1, 0, 1], [0, 2, 1]]
        items, _ = matrix_measures(matrix_of(rows, [1, 2, 2]))
        assert items["q0"].discrimination_index < 0
        assert items["q0"].effective_weight is None
        assert items["q1"].effective_weight + items["q2"].effective_weight == pytest.approx(100)

    def test_it_has_no_alpha_for_one_item_or_equal_totals(self):
        assert matrix_measures(matrix_of([[0], [1], [2]], [2]))[1].alpha is None
        equal = matrix_measures(matrix_of([[0, 1], [1, 0]], [1, 1]))[1]
        assert (equal.sd, equal.alpha, equal.skewness, equal.kurtosis) == (0, None, None, None)

    def test_it_needs_three_for_skewness_and_four_for_kurtosis(self):
        three = matrix_measures(matrix_of([[0, 1], [1, 1], [2, 1]], [2, 2]))[1]
        assert (three.skewness, three.kurtosis) == (0, None)


class TestRandomPapers:
    def test_it_measures_each_item_from_the_attempts_that_held_it(self):
        items = np.array([0, 1, 1, 0, 2, 1])
        marks = np.array([1, 2, 0, 0, 1, 1])
        totals = np.array([5, 6, 2, 1, 3, 4])
        first, second, third, fourth = measures_by_item(items, marks, totals, [1, 2, 2, 1])
        assert (first.n, first.facility) == (2, 0.5)
        assert (second.n, second.facility) == (3, 0.5)
        assert second.discrimination_index == pytest.approx(100)
        assert (third.n, third.sd) == (1, None)
        assert (fourth.n, fourth.facility) == (0, None)

    def test_it_agrees_with_the_matrix_when_everybody_sat_everything(self):
        rows = [[0, 2, 1], [1, 1, 1], [1, 2, 0], [0, 0, 1]]
        columns = np.tile(np.arange(3), 4)
        totals = np.repeat([sum(row) for row in rows], 3)
        found = measures_by_item(columns, np.array(rows).ravel(), totals, [1, 2, 1])
        wanted, _ = matrix_measures(matrix_of(rows, [1, 2, 1]))
        for one, other in zip(found, wanted.values(), strict=True):
            assert {**asdict(one), "effective_weight": None} == {
                **asdict(other),
                "effective_weight": None,
            }


def test_it_knows_what_guessing_earns():
    assert random_guess_score(4) == 0.25
