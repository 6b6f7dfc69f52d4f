"""Flags, the table of options, intervals, bands and markers' agreement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.statistics.agreement import agreement
from question_bank.statistics.bands import boundary_bands
from question_bank.statistics.flags import Flag, Thresholds, distractor_table, flags
from question_bank.statistics.intervals import (
    discrimination_interval,
    facility_change,
    facility_interval,
)
from question_bank.statistics.rules import ItemMeasures
from tests.question_bank.statistics import exact


def measured(n=100, facility=0.6, index=30.0):
    return ItemMeasures(n, facility, 0.4, index, 40.0)


def table(chosen, rest, key=0, options=4):
    return distractor_table(np.array(chosen), np.array(rest), options, key)


class TestOptions:
    def test_it_counts_each_option_with_the_rest_of_the_marks(self):
        rows = table([0, 0, 1, -1, 2], [10, 13, 4, 2, 6])
        assert [one.count for one in rows] == [2, 1, 1, 0]
        assert [one.mean_rest for one in rows] == [11.5, 4, 6, None]
        assert [one.share for one in rows] == [0.4, 0.2, 0.2, 0]
        assert [one.is_key for one in rows] == [True, False, False, False]

    def test_it_speaks_in_marks_whatever_the_units(self):
        row = distractor_table(np.array([1, 1]), np.array([15, 20]), 2, 0, unit=10)[1]
        assert row.mean_rest == 1.75

    def test_it_has_a_row_an_option_without_attempts(self):
        rows = distractor_table(np.array([], dtype=np.int64), np.array([]), 4, 3)
        assert [(one.count, one.share, one.mean_rest) for one in rows] == [(0, 0, None)] * 4


class TestFlags:
    def test_it_leaves_a_sound_item_alone(self):
        assert flags(measured(), table([0, 0, 1, 2, 3], [9, 9, 5, 4, 3])) == ()

    def test_it_flags_a_distractor_above_the_key(self):
        assert flags(measured(), table([0, 0, 1, 2, 3], [5, 5, 9, 4, 3])) == (Flag.PROBABLE_MISKEY,)

    def test_it_flags_a_key_that_nobody_chose(self):
        found = flags(measured(), table([1, 2, 3], [5, 4, 3]))
        assert Flag.PROBABLE_MISKEY in found

    def test_it_does_not_flag_a_key_that_everybody_chose_as_miskeyed(self):
        assert Flag.PROBABLE_MISKEY not in flags(measured(), table([0, 0], [5, 4]))

    def test_it_flags_a_distractor_that_nobody_chose(self):
        assert flags(measured(), table([0, 0, 1, 2], [9, 9, 5, 4])) == (
            Flag.DISTRACTOR_NEVER_CHOSEN,
        )

    @pytest.mark.parametrize(
        ("facility", "expected"),
        [(0.96, (Flag.TOO_EASY,)), (0.95, ()), (0.2, ()), (0.19, (Flag.TOO_HARD,))],
    )
    def test_it_flags_the_too_easy_and_the_too_hard(self, facility, expected):
        assert flags(measured(facility=facility)) == expected

    def test_it_calls_too_hard_what_guessing_would_beat(self):
        choices = table([0, 0, 1, 2, 3], [9, 9, 5, 4, 3])
        assert flags(measured(facility=0.24), choices) == (Flag.TOO_HARD,)

    def test_it_flags_negative_discrimination(self):
        assert flags(measured(index=-0.1)) == (Flag.NEGATIVE_DISCRIMINATION,)
        assert flags(measured(index=None)) == ()

    def test_it_flags_nothing_below_the_fewest(self):
        worst = table([1, 1], [9, 9])
        assert flags(measured(n=19, facility=0.0, index=-50.0), worst) == ()
        assert flags(measured(n=20, facility=0.0, index=-50.0), worst) != ()

    def test_it_takes_the_house_own_thresholds(self):
        assert flags(measured(n=10, facility=0.5), thresholds=Thresholds(5, 0.4, 0.1)) == (
            Flag.TOO_EASY,
        )


class TestIntervals:
    def test_it_gives_the_textbook_interval_of_a_share(self):
        # Wilson 1927 as tabulated for 15 of 148 by Newcombe 1998.
        assert facility_interval(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)

    def test_it_gives_the_interval_of_a_correlation_worked_by_hand(self):
        # atanh 0.5 = 0.5493, 1.96 / sqrt(25) = 0.3920: tanh 0.1573 and tanh 0.9413.
        low, high = discrimination_interval(50, 28)
        assert (low, high) == pytest.approx((15.60, 73.58), abs=0.01)

    @given(st.floats(0, 1), st.integers(1, 5000))
    def test_it_holds_the_facility_inside(self, facility, n):
        low, high = facility_interval(facility, n)
        assert 0 <= low <= facility + 1e-12
        assert facility - 1e-12 <= high <= 1

    @given(st.floats(-100, 100), st.integers(4, 5000))
    def test_it_holds_the_index_inside(self, index, n):
        low, high = discrimination_interval(index, n)
        assert -100 <= low <= index + 1e-9
        assert index - 1e-9 <= high <= 100

    def test_it_knows_when_there_is_none(self):
        assert facility_interval(0.5, 0) is None
        assert discrimination_interval(50, 3) is None
        assert facility_change((0.5, 0), (0.5, 10)) is None

    def test_it_sees_a_drift_and_its_absence(self):
        # Newcombe 1998, method 10: 56 of 70 against 48 of 80 differ by 0.0524 to 0.3339.
        assert facility_change((48 / 80, 80), (56 / 70, 70)) == pytest.approx(
            (0.0524, 0.3339), abs=5e-5
        )
        low, high = facility_change((0.5, 20), (0.55, 20))
        assert low < 0 < high


class TestBands:
    def test_it_counts_who_is_within_one_standard_error(self):
        passing, distinction = boundary_bands(
            [40, 43, 45, 46, 49, 50, 53], {"pass": 46, "distinction": 53}, 3.0
        )
        assert (passing.low, passing.high, passing.count) == (43, 49, 4)
        assert passing.share == pytest.approx(4 / 7)
        assert (distinction.count, distinction.grade) == (2, "distinction")

    def test_it_has_no_band_without_a_standard_error(self):
        band = boundary_bands([1.0], {"pass": 46}, None)[0]
        assert (band.low, band.high, band.count, band.share) == (None, None, 0, None)
        assert boundary_bands([], {"pass": 46}, 2.0)[0].share is None


class TestAgreement:
    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
    def test_it_agrees_with_the_table_of_counts(self, pairs):
        first, second = [one for one, _ in pairs], [other for _, other in pairs]
        found = agreement(first, second)
        wanted = exact.kappa(first, second, 3)
        assert found.n == len(pairs)
        assert found.exact == sum(1 for one, other in pairs if one == other) / len(pairs)
        assert (found.weighted_kappa is None) == (wanted is None)
        if wanted is not None:
            assert found.weighted_kappa == pytest.approx(float(wanted), abs=1e-12)

    def test_it_says_who_is_generous(self):
        found = agreement([2, 2, 1, 0], [1, 2, 0, 0])
        assert (found.n, found.exact, found.mean_difference) == (4, 0.5, 0.5)

    def test_it_has_no_figures_without_scripts(self):
        assert agreement([], []).exact is None
