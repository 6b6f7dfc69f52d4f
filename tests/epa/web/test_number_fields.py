from decimal import Decimal

import pytest

from epa.web.fields import DecimalNumber, WholeNumber
from tests.epa.web.fields import filled, message


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0", 0), ("12", 12), ("+7", 7), ("1,000", 1000), ("12 345", 12345), (" 5 ", 5), ("007", 7)],
)
def test_it_reads_whole_numbers(typed, value):
    assert filled(WholeNumber("Marks"), typed).data == value


@pytest.mark.parametrize(
    "typed",
    [
        "twelve",
        "1.5",
        "1e3",
        "1_000",
        "1,00",
        "\u0663",
        "\uff11\uff12",
        "²",
        "--1",
        "9" * 50,
        "NaN",
        "0x1",
    ],
)
def test_it_refuses_what_is_no_whole_number(typed):
    field = filled(WholeNumber("Marks"), typed)
    assert list(field.errors) == ["Marks must be a whole number, such as 12"]
    assert field._value() == typed


@pytest.mark.parametrize(("typed", "said"), [("67", "66 or less"), ("-1", "0 or more")])
def test_it_names_the_nearest_number_that_would_do(typed, said):
    assert message(WholeNumber("Marks", most=66), typed) == f"Marks must be {said}"


def test_it_keeps_within_what_a_database_can_hold():
    assert message(WholeNumber("Marks"), str(2**63 - 1)) == "Marks must be 1,000,000,000 or less"


def test_it_takes_zero_as_an_answer_and_shows_it():
    assert filled(WholeNumber("Marks", default=0), "0")._value() == "0"


def test_it_drops_a_unit_typed_with_the_figure():
    assert filled(DecimalNumber("Share", unit="%"), "21.4%").data == Decimal("21.4")


@pytest.mark.parametrize("typed", ["NaN", "Infinity", "1e5", "1,5", ".", "1.2.3", "-", "½"])
def test_it_refuses_what_is_no_number(typed):
    assert message(DecimalNumber("Share"), typed) == "Share must be a number, such as 12 or 12.5"


def test_it_says_how_many_decimals_will_do():
    said = message(DecimalNumber("Share", places=1), "20.25")
    assert said == "Share must have at most 1 decimal"
    assert message(DecimalNumber("Share"), "0.125") == "Share must have at most 2 decimals"
