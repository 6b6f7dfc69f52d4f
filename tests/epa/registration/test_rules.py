from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.lifecycle.rules import PLACEHOLDER_ULN, is_uln, uln_adds_up
from epa.registration.rules import Registration, faults_in

TODAY = date(2026, 6, 9)
GOOD = Registration(
    uln="1000000019",
    given_names="李小龙",
    family_name="Nguyễn Thị",
    date_of_birth=date(2003, 5, 28),
    employer_id=uuid4(),
    learning_start_on=date(2025, 3, 4),
)


def test_it_finds_nothing_wrong_with_a_good_one():
    assert list(faults_in(GOOD, today=TODAY)) == []
    assert GOOD.original_start == GOOD.learning_start_on


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"uln": "0123456789"}, "uln"),
        ({"uln": "123456789"}, "uln"),
        ({"uln": "12345678901"}, "uln"),
        ({"uln": "12345abcde"}, "uln"),
        ({"uln": "１２３４５６７８９０"}, "uln"),
        ({"date_of_birth": date(2012, 3, 5)}, "date_of_birth"),
        ({"date_of_birth": date(1901, 1, 1)}, "date_of_birth"),
        ({"date_of_birth": date(1, 1, 1)}, "date_of_birth"),
        ({"learning_start_on": date(2011, 12, 31)}, "learning_start_on"),
        ({"learning_start_on": date(2027, 6, 10)}, "learning_start_on"),
        ({"original_start_on": date(2025, 3, 5)}, "original_start_on"),
        ({"planned_end_on": date(2025, 3, 4)}, "planned_end_on"),
    ],
)
def test_it_blames_the_field_that_cannot_be(change, field):
    found = [fault.field for fault in faults_in(replace(GOOD, **change), today=TODAY)]
    assert field in found


def test_it_judges_age_at_the_original_start():
    born = date(2009, 3, 5)
    fields = replace(GOOD, date_of_birth=born)
    assert list(faults_in(fields, today=TODAY)) == []
    earlier = replace(fields, original_start_on=date(2024, 3, 4))
    message = next(faults_in(earlier, today=TODAY)).message
    assert message.startswith("The date of birth makes the apprentice 14 at the original start")


# HESA's example, then numbers of the DfE's sandbox.
@pytest.mark.parametrize(
    "uln", ["9276308686", "1000000019", "1000000027", "1000000035", "1000000043", "1000000078"]
)
def test_it_knows_numbers_that_add_up(uln):
    assert is_uln(uln)
    assert uln_adds_up(uln)


@pytest.mark.parametrize(
    "uln", ["1234567890", "9876543210", "5555555555", "6666666666", PLACEHOLDER_ULN]
)
def test_it_knows_numbers_that_do_not_add_up(uln):
    assert is_uln(uln)
    assert not uln_adds_up(uln)


@given(first=st.integers(100_000_000, 999_999_999))
def test_it_takes_at_most_one_check_figure_for_nine_figures(first):
    right = [figure for figure in range(10) if uln_adds_up(f"{first}{figure}")]
    weighted = sum(
        int(one) * weight for one, weight in zip(str(first), range(10, 1, -1), strict=True)
    )
    remainder = weighted % 11
    assert right == ([] if remainder == 0 else [10 - remainder])
