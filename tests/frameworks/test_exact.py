"""Numbers are taken at their digits, and shown without being rounded up."""

from fractions import Fraction

import pytest

from frameworks.exact import exact, plain, shown


@pytest.mark.parametrize(
    ("number", "fraction"),
    [(4.2, Fraction(21, 5)), (20, Fraction(20)), (20.0, Fraction(20)), (1e-05, Fraction(1, 10**5))],
)
def test_it_takes_a_number_at_its_digits(number, fraction):
    assert exact(number) == fraction


@pytest.mark.parametrize(
    ("value", "json"), [(Fraction(55), 55), (Fraction(1, 3), 1 / 3), (Fraction("54.99"), 54.99)]
)
def test_it_gives_json_an_unrounded_number(value, json):
    assert plain(value) == json
    assert type(plain(value)) is type(json)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("100", "100"),
        ("20", "20"),
        ("0.5", "0.5"),
        ("54.99", "54.99"),
        ("54.999", "54.99…"),
        ("1/3", "0.33…"),
        ("200/3", "66.66…"),
        ("1/1000", "0.00…"),
        ("-2.5", "-2.5"),
    ],
)
def test_it_shows_two_decimals_cut_and_says_so(value, text):
    assert shown(Fraction(value)) == text
