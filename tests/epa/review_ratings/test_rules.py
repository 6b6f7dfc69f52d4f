"""A figure as it can be typed: never one that reaches a step which the exact one does not."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.review_ratings.rules import MOST_DECIMALS, figure_to_type
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
