import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.invigilation.rules import (
    SAT,
    Attendance,
    missing_to_close,
    most_candidates,
    next_invigilator,
)


@pytest.mark.parametrize(
    ("invigilators", "each", "capacity", "most"),
    [(1, 20, None, 20), (2, 20, 24, 24), (0, 20, 24, 0), (3, 5, 24, 15)],
)
def test_a_session_takes_as_many_as_its_people_and_its_room(invigilators, each, capacity, most):
    assert most_candidates(invigilators, each, capacity) == most


@given(st.integers(1, 5), st.integers(1, 8), st.integers(0, 60))
def test_nobody_ever_has_more_than_the_number(invigilators, each, candidates):
    loads = dict.fromkeys(range(invigilators), 0)
    for _ in range(candidates):
        chosen = next_invigilator(loads, list(loads), each)
        if chosen is None:
            assert all(load == each for load in loads.values())
            break
        loads[chosen] += 1
    assert max(loads.values()) <= each
    assert max(loads.values()) - min(loads.values()) <= 1


def test_it_passes_over_those_with_a_conflict():
    assert next_invigilator({"ines": 3, "tom": 0}, ["ines"], 20) == "ines"
    assert next_invigilator({"ines": 0}, [], 20) is None


def test_it_says_what_is_still_to_be_recorded():
    standing = [(Attendance.PRESENT, False), (Attendance.EXPECTED, False)]
    assert missing_to_close(standing, room_checked=None) == [
        "Say whether the room is suitable.",
        "Say of 1 more whether they came.",
        "Check the identity of 1 more.",
    ]
    assert missing_to_close([], room_checked=False) == [
        "The room was found not suitable, so no test is held in it."
    ]


@given(st.lists(st.tuples(st.sampled_from(list(Attendance)), st.booleans())))
def test_nothing_is_missing_only_when_everybody_who_sat_was_checked(standing):
    missing = missing_to_close(standing, room_checked=True)
    whole = all(
        came is not Attendance.EXPECTED and (came not in SAT or checked)
        for came, checked in standing
    )
    assert (not missing) == whole
