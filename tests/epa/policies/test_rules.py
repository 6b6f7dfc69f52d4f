from datetime import date

import pytest
from pydantic import ValidationError

from epa.policies.queries import booking_policies
from epa.policies.rules import BookingPolicy, in_force
from frameworks import load_plan


def policy(effective_from, notice_days):
    values = booking_policies()[0].model_dump()
    return BookingPolicy(**{**values, "effective_from": effective_from, "notice_days": notice_days})


OLD, NEW = policy(date(2020, 1, 1), 7), policy(date(2026, 6, 9), 14)


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2019, 1, 1), OLD),
        (date(2026, 6, 8), OLD),
        (date(2026, 6, 9), NEW),
        (date(2030, 1, 1), NEW),
    ],
)
def test_it_takes_the_newest_policy_in_effect(on, found):
    assert in_force([NEW, OLD], on) is found


def test_it_refuses_a_number_that_makes_no_sense_or_that_nobody_reads():
    with pytest.raises(ValidationError):
        policy(date(2026, 1, 1), -1)
    with pytest.raises(ValidationError):
        BookingPolicy(**OLD.model_dump(), extra=1)


def test_what_comes_with_plumbline_allows_no_more_candidates_than_the_plan():
    plan = load_plan("st0663").marked_method("knowledge_test")
    for one in booking_policies():
        assert one.candidates_per_invigilator <= plan.candidates_per_invigilator
