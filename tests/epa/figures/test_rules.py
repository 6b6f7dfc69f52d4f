"""Rates by group, and that nobody is found in them, not even by subtraction."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.figures.rules import (
    GroupedBy,
    Judged,
    Result,
    Row,
    bars,
    counts_shown,
    figures,
    heat_maps,
    quarter,
    suppressed,
)
from frameworks.outcome import Grade

PASS, FAIL, BEST = Grade.PASS, Grade.FAIL, Grade.DISTINCTION


def result(
    employer="Tidewell", overall=PASS, firsts=(PASS, PASS, PASS), late=False, on=(2026, 5, 9)
):
    return Result(
        employer=employer,
        provider="Fellgate",
        released_on=date(*on),
        overall=overall,
        first_grades=firsts,
        last_held_on=date(2026, 5, 2 if not late else 4),
        ends_on=date(2026, 5, 3),
    )


def rows(*numbers):
    return [Row(f"G{place}", number, 0, 0, 0) for place, number in enumerate(numbers)]


def shown(*numbers, threshold=5):
    table = suppressed(rows(*numbers), Row("All", sum(numbers)), threshold)
    return [row.number for row in table.rows], table.total.number


def test_it_counts_what_each_rate_means():
    found = figures(
        [
            result(),
            result(late=True),
            result(overall=BEST),
            result(firsts=(PASS, FAIL, PASS)),
            result(overall=FAIL, firsts=(FAIL, PASS, PASS)),
        ],
        GroupedBy.EMPLOYER,
        5,
    )
    (row,) = found.rows
    assert row == Row("Tidewell", 5, in_time=4, at_first=3, distinctions=1)
    assert row.percent(row.at_first) == 60
    assert [(one.title, one.words, one.share) for one in bars(found, "in_time")] == [
        ("Tidewell", "80%", 80.0),
        ("All", "80%", 80.0),
    ]


def test_it_stands_by_name_and_quarters_the_latest_first():
    many = [result("b"), result("A"), result("C", on=(2025, 12, 31))] * 5
    assert [row.title for row in figures(many, GroupedBy.EMPLOYER, 2).rows] == ["A", "b", "C"]
    assert [row.title for row in figures(many, GroupedBy.PERIOD, 2).rows] == [
        "2026, April to June",
        "2025, October to December",
    ]


@pytest.mark.parametrize("month", range(1, 13))
def test_a_quarter_holds_three_months(month):
    first = (month - 1) // 3 * 3 + 1
    words = quarter(date(2024, month, 29))
    assert words == f"2024, {date(2024, first, 1):%B} to {date(2024, first + 2, 1):%B}"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((9, 7, 5), ([9, 7, 5], 21)),
        ((9, 7, 1), ([9, None, None], 17)),  # the one small group takes the next with it
        ((9, 3, 2), ([9, None, None], 14)),  # together they are enough
        ((9, 2, 1), ([None, None, None], 12)),  # together they are too few: one more
        ((1, 2), ([None, None], None)),  # nothing is left to hide them behind
        ((3,), ([None], None)),
        ((8,), ([8], 8)),
        ((), ([], 0)),
    ],
)
def test_a_small_group_is_hidden_so_that_no_sum_gives_it_away(numbers, expected):
    assert shown(*numbers) == expected


@given(st.lists(st.integers(1, 30), max_size=12), st.integers(2, 12))
def test_no_difference_gives_a_small_group_away(numbers, threshold):
    found, total = shown(*numbers, threshold=threshold)
    visible = [number for number in found if number is not None]
    assert all(number >= threshold for number in visible)
    hidden = len(found) - len(visible)
    if total is not None and hidden:
        assert hidden > 1
        assert total - sum(visible) >= threshold
    if all(number >= threshold for number in numbers):
        assert (found, total) == (numbers, sum(numbers))


@given(st.lists(st.integers(0, 30), min_size=1, max_size=8), st.integers(2, 12))
def test_counts_by_stage_give_nobody_away_either(numbers, threshold):
    counts = {f"S{place}": number for place, number in enumerate(numbers)}
    found = counts_shown(counts, threshold)
    total = found.pop("All")
    assert all(found[title] == 0 for title, number in counts.items() if number == 0)
    visible = [number for number in found.values() if number]
    assert all(number >= threshold for number in visible)
    if total is not None and total != sum(visible):
        assert total - sum(visible) >= threshold


def test_a_hidden_group_has_no_bar_and_no_rate():
    found = figures([*[result()] * 6, result("Small")], GroupedBy.EMPLOYER, 5)
    assert [one.title for one in bars(found, "in_time")] == ["All"]
    assert found.rows[0].percent(found.rows[0].in_time) is None


def test_a_heat_map_shows_how_many_reach_distinction_and_leaves_the_same_out():
    table = figures(
        [*[result()] * 6, *[result("Small")] * 2, *[result("Two")] * 3], GroupedBy.EMPLOYER, 5
    )
    best = {"S10": "distinction", "S2": "pass", "K1": "distinction"}

    def sheet(employer, ratings):
        return Judged(employer, "Fellgate", date(2026, 5, 9), "Observation", ratings)

    judged = [
        *[sheet("Tidewell", best)] * 3,
        *[sheet("Tidewell", {"S10": "pass", "S2": "fail"})] * 3,
        *[sheet("Small", best)] * 2,
    ]
    (found,) = heat_maps(judged, GroupedBy.EMPLOYER, table, 5)
    assert (found.method, found.columns) == ("Observation", ("Tidewell", "All"))
    assert [(row.title, [cell.words for cell in row.cells]) for row in found.rows] == [
        ("K1", ["", "100%"]),
        ("S2", ["0%", "0%"]),
        ("S10", ["50%", "62%"]),
    ]
    assert [head["title"] for head in found.heads] == ["Tidewell", "All"]
