"""Small numbers are left out so that no difference gives them away."""

from hypothesis import given, settings
from hypothesis import strategies as st

from epa.small_cells import left_out


@settings(deadline=None)
@given(st.lists(st.integers(1, 30), max_size=12), st.integers(2, 12))
def test_what_is_left_when_the_shown_is_taken_away_is_large_enough(numbers, threshold):
    found = left_out(numbers, threshold)
    shown = [number for place, number in enumerate(numbers) if place not in found.places]
    assert all(number >= threshold for number in shown)
    hidden = sum(numbers) - sum(shown)
    if found.sum_is_shown and found.places:
        assert len(found.places) > 1
        assert hidden >= threshold
    if not found.sum_is_shown:
        assert shown == []
        assert sum(numbers) < threshold
