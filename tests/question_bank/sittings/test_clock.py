from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from question_bank.sittings.clock import GRACE, SKEW, SittingClock, Timing, WindowTooShort

START = datetime(2026, 6, 9, 12, 0, tzinfo=UTC)
STEP = timedelta(milliseconds=100)


def minutes(count):
    return timedelta(minutes=count)


def running(**more):
    return SittingClock(minutes(60), **more).started(START)


def test_it_ends_after_what_was_allowed():
    clock = running()
    assert clock.deadline(START) == START + minutes(60)
    assert clock.left(START + minutes(10)) == minutes(50)
    assert clock.left(START + minutes(61)) == timedelta()


def test_it_has_all_its_time_and_no_deadline_before_the_start():
    clock = SittingClock(minutes(60))
    assert clock.left(START) == minutes(60)
    assert not clock.is_over(START + minutes(600))
    with pytest.raises(ValueError, match="not started"):
        clock.deadline(START)


def test_it_stands_still_in_a_pause_however_long():
    clock = running().paused(START + minutes(20), is_rest=False)
    assert clock.left(START + minutes(20)) == clock.left(START + minutes(500)) == minutes(40)
    assert not clock.is_over(START + minutes(500))
    assert clock.resumed(START + minutes(500)).deadline(START) == START + minutes(540)


def test_it_takes_rest_off_the_clock_as_far_as_it_was_granted():
    clock = running(rest=minutes(10)).paused(START + minutes(20), is_rest=True)
    assert clock.left(START + minutes(30)) == minutes(40)
    assert clock.left(START + minutes(35)) == minutes(35)
    after = clock.resumed(START + minutes(35))
    assert after.deadline(START) == START + minutes(70)
    again = after.paused(START + minutes(40), is_rest=True).resumed(START + minutes(50))
    assert again.deadline(START) == START + minutes(70)


def test_a_clock_set_back_during_a_pause_takes_nothing_away():
    clock = running().paused(START + minutes(20), is_rest=False).resumed(START + minutes(10))
    assert clock.deadline(START) == START + minutes(60)


def test_it_lets_nobody_in_who_would_lose_time_to_the_end_of_the_session():
    closes = START + minutes(75)
    assert running(closes_at=closes, rest=minutes(15)).left(START) == minutes(60)
    with pytest.raises(WindowTooShort) as short:
        running(closes_at=closes, rest=minutes(16))
    assert short.value.missing == minutes(1)


def test_it_says_what_the_end_of_the_session_takes():
    clock = running(closes_at=START + minutes(70)).extended(minutes(15))
    assert clock.deadline(START) == START + minutes(70)
    assert clock.cut(START) == minutes(5)


def test_the_edge_of_the_deadline_in_steps_of_100_ms():
    clock = running()
    end = clock.deadline(START)
    for count in range(-20, int(GRACE / STEP) + 21):
        received = end + count * STEP
        in_time = clock.timing(end - STEP, received)
        after_it = clock.timing(max(end + STEP, received - STEP), received)
        if count <= 0:
            assert (in_time, after_it) == (Timing.IN_TIME, Timing.IN_TIME)
        else:
            grace = received <= end + GRACE
            assert in_time is (Timing.IN_GRACE if grace else Timing.TOO_LATE)
            assert after_it is Timing.TOO_LATE or received - STEP <= end
        assert clock.is_over(received) == (received > end + GRACE)


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_both_changes_of_the_clocks_leave_it_alone(month, day):
    at = datetime(2026, month, day, 0, 30, tzinfo=ZoneInfo("Europe/London")).astimezone(UTC)
    clock = SittingClock(minutes(60)).started(at)
    assert clock.deadline(at) - at == minutes(60)


def test_it_refuses_a_time_that_cannot_be():
    clock = running()
    at = START + minutes(5)
    assert clock.claim_fault(at, at) is None
    assert clock.claim_fault(at + SKEW, at) is None
    assert "future" in clock.claim_fault(at + SKEW + STEP, at)
    assert "before the start" in clock.claim_fault(START - SKEW - STEP, at)
