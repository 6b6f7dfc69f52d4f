from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.allowances.rules import (
    NOTHING,
    AdjustmentKind,
    Allowance,
    Granted,
    adjusted,
    as_allowance,
    in_force,
    minutes_of,
)
from epa.lifecycle.definitions import latest

METHODS = latest("st0663").methods
PRESENTATION, OBSERVATION = METHODS["presentation"], METHODS["observation"]
TEST = METHODS["knowledge_test"]
PERCENTS = st.integers(min_value=0, max_value=100)


def test_it_gives_the_granted_time_and_the_tolerance_on_top():
    longer = adjusted(PRESENTATION, Allowance(extra_percent=25))
    assert [(part.minutes, part.longest_minutes) for part in longer.parts] == [(75, 82), (37, 40)]
    assert adjusted(TEST, Allowance(extra_percent=25)).minutes == 150
    assert adjusted(PRESENTATION, NOTHING) is PRESENTATION
    assert adjusted(TEST, NOTHING) is TEST


def test_it_leaves_everything_else_of_a_method_as_it_is():
    longer = adjusted(OBSERVATION, Allowance(extra_percent=50))
    assert longer.questions == OBSERVATION.questions
    assert [part.code for part in longer.parts] == [part.code for part in OBSERVATION.parts]


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
@given(one=PERCENTS, other=PERCENTS)
def test_more_percent_are_never_less_time(method, one, other):
    less, more = sorted((one, other))
    minutes = [minutes_of(adjusted(method, Allowance(it))) for it in (0, less, more)]
    assert minutes == sorted(minutes)
    assert minutes[0] == minutes_of(method)


@given(percent=PERCENTS)
def test_it_never_gives_more_than_was_granted(percent):
    longer = adjusted(PRESENTATION, Allowance(percent))
    for part, before in zip(longer.parts, PRESENTATION.parts, strict=True):
        exactly = before.minutes * (1 + percent / 100)
        assert exactly - 1 < part.minutes <= exactly + 1e-9


def test_it_says_what_is_granted_in_sentences():
    granted = Granted(
        25,
        20,
        {
            AdjustmentKind.OTHER: "A room of their own.",
            AdjustmentKind.READER: "reads the questions aloud",
            AdjustmentKind.FORMAT: "large print",
        },
    )
    assert as_allowance(granted, TEST).in_words == (
        "+30 min (25% extra time).",
        "Rest breaks of up to 20 min in all, off the clock.",
        "A reader: reads the questions aloud.",
        "Another format: large print.",
        "A room of their own.",
    )
    assert as_allowance(Granted(), TEST) == NOTHING
    assert Granted().is_nothing
    assert not granted.is_nothing


@dataclass(frozen=True)
class Version:
    decided_on: date


def test_the_newest_version_counts_until_the_day_and_none_after_it():
    first, second = Version(date(2026, 6, 1)), Version(date(2026, 6, 9))
    assert in_force([], None) is None
    assert in_force([first, second], None) is second
    assert in_force([first, second], date(2026, 6, 9)) is second
    assert in_force([first, second], date(2026, 6, 8)) is first
    assert in_force([first, second], date(2026, 5, 31)) is None
