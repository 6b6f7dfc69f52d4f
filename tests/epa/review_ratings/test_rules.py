"""A figure as it can be typed, which reaches no further step; ratings as a map and a radar."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.review_ratings.rules import MOST_DECIMALS, figure_to_type, level_map, radar_of
from frameworks import load_framework
from frameworks.step_table import StepTable

MORE = StepTable(unit="percent", lowest=0, highest=100, better="more")
FEWER = StepTable(unit="weeks", lowest=0, highest=520, better="fewer")


@pytest.mark.parametrize(
    ("table", "value", "typed"),
    [
        (MORE, Fraction(125, 2), "62.5"),
        (MORE, Fraction(100), "100"),
        (MORE, Fraction(0), "0"),
        (MORE, Fraction(200, 3), "66.6666"),
        (FEWER, Fraction(200, 3), "66.6667"),
        (FEWER, Fraction(39), "39"),
        (MORE, Fraction(10**9 - 1, 10**7), "99.9999"),
    ],
)
def test_it_is_cut_against_the_better_direction(table, value, typed):
    assert str(figure_to_type(table, value)) == typed


def test_no_figure_stays_none():
    assert figure_to_type(MORE, None) is None


@given(st.fractions(min_value=0, max_value=100), st.sampled_from([MORE, FEWER]))
def test_it_is_never_better_and_never_a_decimal_away(value, table):
    typed = figure_to_type(table, value)
    apart = value - Fraction(typed) if table is MORE else Fraction(typed) - value
    assert 0 <= apart < Fraction(1, 10**MOST_DECIMALS)
    assert -typed.as_tuple().exponent <= MOST_DECIMALS
    assert Decimal(str(typed)) == typed


def test_the_map_of_levels_has_a_row_for_each_section_and_the_points_in_its_cells():
    seqf = load_framework("seqf")
    found = level_map(seqf, {"1.1.1": 0, "1.1.3": 2, "2.1.2": 1})
    assert found.columns == ("1", "3", "2")
    cells = {row.title: [(one.words, one.share) for one in row.cells] for row in found.rows}
    assert cells == {
        "1.1": [("0", 0), ("2", 100), ("", None)],
        "2.1": [("", None), ("", None), ("1", 50)],
    }
    assert found.key.startswith("0 Little or no evidence, 1 Some")
    assert level_map(seqf, {}).rows == ()


def test_a_scale_without_points_is_numbered_from_nothing():
    found = level_map(load_framework("matrix"), {"1.1": 2})
    assert found.rows[0].cells[0].words == "2"
    assert found.key == "0 Not met, 1 Partly met, 2 Met"


def test_a_radar_is_for_means_alone():
    qif = load_framework("iep_qif")
    found = radar_of(qif, {"Self": {"1": 75.0, "2": None}, "Assessed": {"1": 50.0}})
    assert (len(found.axes), found.most) == (6, 4)
    assert [one.values[:2] for one in found.series] == [[3.0, None], [2.0, None]]
    assert radar_of(load_framework("seqf"), {"Self": {"1.1": 75.0}}) is None
