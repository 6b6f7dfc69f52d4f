from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.conduct import clock
from epa.conduct.clock import ClockEntry, ClockState, PauseReason, TimerAction
from epa.conduct.rules import counted_questions
from epa.errors import RuleBroken
from frameworks import load_plan

PLAN = load_plan("st0663")
OBSERVATION = PLAN.judged_method("observation")
PRESENTATION = PLAN.judged_method("presentation")
NINE = datetime(2026, 6, 9, 8, 0, tzinfo=UTC)


def after(minutes):
    return NINE + timedelta(minutes=minutes)


def entries(*steps, part="observing"):
    return [
        ClockEntry(part, TimerAction(action), after(minutes), PauseReason.BREAK)
        for minutes, action in steps
    ]


def observing(*steps):
    return clock.clocks_of(OBSERVATION, entries(*steps))["observing"]


def test_it_counts_what_ran_and_leaves_pauses_out():
    one = observing((0, "start"), (60, "pause"), (75, "resume"), (100, "pause"))
    assert one.minutes(after(500)) == 85
    assert one.state is ClockState.PAUSED
    assert [(p.began_at, p.ended_at) for p in one.pauses] == [
        (after(60), after(75)),
        (after(100), None),
    ]


def test_it_goes_on_counting_while_it_runs():
    one = observing((0, "start"), (60, "pause"), (75, "resume"))
    assert one.minutes(after(90)) == 75
    assert one.elapsed(after(90)) == timedelta(minutes=75)


def test_a_split_observation_has_sections_with_nothing_between():
    one = observing((0, "start"), (60, "end"), (180, "start"), (240, "end"))
    assert len(one.sections) == 2
    assert one.minutes(after(600)) == 120
    assert one.sections[-1].ended_at == after(240)


def test_a_section_ended_too_early_goes_on_and_the_gap_does_not_count():
    one = observing((0, "start"), (60, "end"), (70, "resume"), (100, "end"))
    assert len(one.sections) == 1
    assert one.minutes(after(600)) == 90
    assert one.pauses[0].reason is None


def test_an_extension_is_a_recorded_choice_with_its_hour():
    one = observing((0, "start"), (170, "extend"))
    assert one.extended_at == after(170)
    assert TimerAction.EXTEND not in clock.possible(
        OBSERVATION, {"observing": one, "questions": clock.PartClock("questions")}, "observing"
    )


@pytest.mark.parametrize(
    ("steps", "can"),
    [
        ([], {"start"}),
        ([(0, "start")], {"pause", "end", "extend"}),
        ([(0, "start"), (1, "pause")], {"resume", "end", "extend"}),
        ([(0, "start"), (1, "end")], {"start", "resume"}),
    ],
)
def test_it_knows_what_may_be_done_now(steps, can):
    clocks = clock.clocks_of(OBSERVATION, entries(*steps))
    assert clock.possible(OBSERVATION, clocks, "observing") == can


def test_a_presentation_is_not_split():
    clocks = clock.clocks_of(PRESENTATION, entries((0, "start"), (60, "end"), part="presenting"))
    assert clock.possible(PRESENTATION, clocks, "presenting") == {"resume"}


def test_the_questions_come_after_the_observation_and_close_it():
    running = clock.clocks_of(OBSERVATION, entries((0, "start")))
    assert clock.possible(OBSERVATION, running, "questions") == frozenset()
    done = [*entries((0, "start"), (170, "end")), *entries((175, "start"), part="questions")]
    clocks = clock.clocks_of(OBSERVATION, done)
    assert clock.possible(OBSERVATION, clocks, "observing") == frozenset()
    assert clock.possible(OBSERVATION, clocks, "questions") == {"pause", "end"}  # no tenth here


def refused(method, entry, steps=(), held_on=None, today=date(2026, 6, 9)):
    clocks = clock.clocks_of(method, entries(*steps, part=method.parts[0].code))
    with pytest.raises(RuleBroken) as broken:
        clock.must_be_possible(method, clocks, entry, held_on=held_on, today=today)
    return broken.value.code


def test_it_refuses_what_is_out_of_order_with_its_reason():
    def entry(action, reason=None, words="", part="observing"):
        return ClockEntry(part, TimerAction(action), NINE, reason, words)

    assert refused(OBSERVATION, entry("pause", PauseReason.BREAK)) == "clock-order"
    assert refused(OBSERVATION, entry("start", part="dancing")) == "unknown-part"
    running = [(0, "start")]
    assert refused(OBSERVATION, entry("pause"), running) == "pause-reason"
    assert refused(OBSERVATION, entry("pause", PauseReason.OTHER), running) == "pause-reason"
    long = entry("pause", PauseReason.OTHER, "x" * 301)
    assert refused(OBSERVATION, long, running) == "reason-too-long"


def test_all_sections_lie_on_one_working_day():
    again = ClockEntry("observing", TimerAction.START, NINE)
    ended = [(0, "start"), (60, "end")]
    code = refused(OBSERVATION, again, ended, held_on=date(2026, 6, 8), today=date(2026, 6, 9))
    assert code == "another-day"


def test_only_where_the_employer_may_clarify_is_that_a_reason_for_a_pause():
    assert PauseReason.EMPLOYER in clock.pause_reasons(PRESENTATION)
    assert PauseReason.EMPLOYER not in clock.pause_reasons(OBSERVATION)


@given(said=st.integers(-600, 600), last=st.none() | st.integers(-600, 0))
def test_what_was_kept_offline_is_never_in_the_future_and_never_out_of_order(said, last):
    before = after(last) if last is not None else None
    at = clock.reckoned(after(said), last=before, now=NINE)
    assert at <= NINE
    assert before is None or at >= before
    assert clock.reckoned(None, last=before, now=NINE) == NINE


@given(
    gaps=st.lists(st.integers(0, 40), min_size=1, max_size=12),
    picks=st.lists(st.integers(0, 9), min_size=12, max_size=12),
)
def test_the_time_that_counts_is_never_more_than_passed(gaps, picks):
    done, minute = [], 0
    for gap, pick in zip(gaps, picks, strict=False):
        clocks = clock.clocks_of(OBSERVATION, done)
        can = sorted(clock.possible(OBSERVATION, clocks, "observing"))
        minute += gap
        done += entries((minute, can[pick % len(can)].value))
    one = clock.clocks_of(OBSERVATION, done)["observing"]
    assert timedelta() <= one.elapsed(after(minute)) <= timedelta(minutes=minute)


def test_follow_ups_count_where_the_plan_counts_them():
    asked = [(1, 0), (1, 1), (2, 0)]
    assert counted_questions(OBSERVATION, asked) == 2
    assert counted_questions(PRESENTATION, asked) == 3
