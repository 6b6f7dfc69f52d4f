from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.booking.states import (
    ACTION_TITLES,
    NEEDS_REASON,
    STATUS_TITLES,
    TRANSITIONS,
    WITH_TIME,
    BookingAction,
    BookingStatus,
    next_status,
    status_at,
    why_not,
)

AT = datetime(2026, 6, 9, 9, 30, tzinfo=UTC)
ACTIONS = st.lists(st.sampled_from(list(BookingAction)), max_size=12)


def walked(actions):
    """Every status passed through, with what led to it; what is not possible is left out."""
    status, way = BookingStatus.OPEN, []
    for action in actions:
        if (after := next_status(status, action)) is not None:
            way.append((status, action, after))
            status = after
    return way


@given(ACTIONS)
def test_it_confirms_nothing_that_was_not_held(actions):
    for before, action, after in walked(actions):
        if after is BookingStatus.CONFIRMED:
            assert (before, action) == (BookingStatus.HELD, BookingAction.CONFIRM)


@given(ACTIONS)
def test_a_date_that_is_taken_away_was_there(actions):
    taking = {BookingAction.MOVE, BookingAction.NO_SHOW, BookingAction.LAPSE, BookingAction.OBJECT}
    for before, action, _after in walked(actions):
        if action in taking:
            assert before in WITH_TIME


@given(ACTIONS)
def test_there_is_always_a_way_to_a_confirmed_date(actions):
    way = walked(actions)
    status = way[-1][2] if way else BookingStatus.OPEN
    if status is not BookingStatus.CONFIRMED:
        held = next_status(status, BookingAction.HOLD) or status
        assert next_status(held, BookingAction.CONFIRM) is BookingStatus.CONFIRMED


@given(st.sampled_from(list(BookingStatus)), st.sampled_from(list(BookingAction)))
def test_it_says_why_something_is_not_possible_exactly_when_it_is_not(status, action):
    fault = why_not(status, action)
    assert (fault is None) == (action in TRANSITIONS[status])
    if fault is not None:
        assert STATUS_TITLES[status] in fault


def test_nobody_marks_somebody_absent_from_what_was_only_held():
    assert next_status(BookingStatus.HELD, BookingAction.NO_SHOW) is None
    assert next_status(BookingStatus.CONFIRMED, BookingAction.NO_SHOW) is BookingStatus.NO_SHOW


@pytest.mark.parametrize(
    ("until", "status"),
    [
        (AT, BookingStatus.HELD),
        (AT - timedelta(seconds=1), BookingStatus.LAPSED),
        (AT + timedelta(days=1), BookingStatus.HELD),
    ],
)
def test_a_hold_lapses_by_itself(until, status):
    assert status_at(BookingStatus.HELD, until, AT) is status


@given(st.sampled_from([one for one in BookingStatus if one is not BookingStatus.HELD]))
def test_nothing_else_lapses(status):
    assert status_at(status, AT - timedelta(days=1), AT) is status


def test_it_has_words_for_everything():
    assert set(ACTION_TITLES) == set(BookingAction)
    assert set(STATUS_TITLES) == set(BookingStatus)
    assert BookingAction.CANCEL in NEEDS_REASON
