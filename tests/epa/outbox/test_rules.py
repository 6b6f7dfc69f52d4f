from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from epa.outbox.rules import wait_after


def test_it_waits_a_minute_at_first_and_six_hours_at_most():
    assert wait_after(1) == timedelta(minutes=1)
    assert wait_after(2) == timedelta(minutes=2)
    assert wait_after(12) == timedelta(hours=6)


@given(st.integers(0, 10_000))
def test_it_never_waits_less_for_more_tries(attempts):
    assert wait_after(attempts) <= wait_after(attempts + 1) <= timedelta(hours=6)
