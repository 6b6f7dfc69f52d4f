from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.needs.rules import Need, count_in_words, counted, days_left, grouped

TODAY = date(2026, 6, 9)


def need(due=None, since=None, what="Book the observation", who="Callum Reid"):
    return Need(
        what=what,
        who=who,
        text="",
        action="Book",
        place="booking.book",
        assessment_id=None,
        due_on=None if due is None else TODAY + timedelta(days=due),
        since=None if since is None else TODAY - timedelta(days=since),
    )


def test_what_closes_soon_stands_first_and_is_urgent():
    groups = grouped([need(due=14), need(since=3), need(due=13), need(due=-2)], TODAY)
    assert [group.title for group in groups] == [
        "Closing within 14 days",
        "Coming up",
        "Waiting, with no closing date",
    ]
    assert [group.is_urgent for group in groups] == [True, False, False]
    assert [days_left(one, TODAY) for one in groups[0].needs] == [-2, 13]


def test_what_waits_stands_longest_first():
    (group,) = grouped([need(since=1), need(since=9), need(since=3)], TODAY)
    assert [days_left(one, TODAY) for one in group.needs] == [9, 3, 1]


def test_one_s_own_things_need_no_name():
    assert need(who="").title == "Book the observation"
    assert need().title == "Book the observation: Callum Reid"


@given(st.lists(st.one_of(st.none(), st.integers(-400, 400)), max_size=30))
def test_nothing_is_lost_or_doubled(days):
    needs = [need(due=day) if day is not None else need(since=1) for day in days]
    grouped_needs = [one for group in grouped(needs, TODAY) for one in group.needs]
    assert sorted(map(id, grouped_needs)) == sorted(map(id, needs))


def test_what_is_urgent_is_an_administrators_to_set():
    groups = grouped([need(due=6), need(due=8)], TODAY, urgent_days=7)
    assert [(group.title, len(group.needs)) for group in groups] == [
        ("Closing within 7 days", 1),
        ("Coming up", 1),
    ]


@pytest.mark.parametrize(
    ("needs", "words"),
    [
        ([need(due=5), need(due=9)], "2 times: Book the observation (the first in 5 days)"),
        ([need(due=1)], "Book the observation (in 1 day)"),
        ([need(due=0)], "Book the observation (today)"),
        ([need(due=-2)], "Book the observation (2 days over)"),
        ([need(since=0)], "Book the observation (since today)"),
        (
            [need(since=1), need(since=12)],
            "2 times: Book the observation (longest waiting 12 days)",
        ),
        ([need(since=3)], "Book the observation (waiting 3 days)"),
    ],
)
def test_a_count_names_nobody(needs, words):
    (count,) = counted(grouped(needs, TODAY), TODAY)
    assert count_in_words(count) == words
