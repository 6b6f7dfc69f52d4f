from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from epa.web.ruler import clock_of

FIRST, LAST, TODAY = date(2026, 4, 14), date(2026, 7, 14), date(2026, 6, 9)


def test_it_counts_the_days_left():
    clock = clock_of(FIRST, LAST, TODAY)
    assert (clock.figure, clock.unit, clock.is_urgent) == (35, "days left", False)


def test_it_is_urgent_under_fourteen_days():
    assert not clock_of(FIRST, LAST, LAST - timedelta(14)).is_urgent
    assert clock_of(FIRST, LAST, LAST - timedelta(13)).is_urgent


def test_it_says_today_on_the_last_day_and_over_after_it():
    assert clock_of(FIRST, LAST, LAST).unit == "today"
    over = clock_of(FIRST, LAST, LAST + timedelta(2))
    assert (over.figure, over.unit, over.now_x) == (2, "days over", 100)


def test_it_stands_still_while_paused():
    clock = clock_of(FIRST, LAST, TODAY, paused_since=date(2026, 6, 1))
    assert (clock.figure, clock.unit, clock.is_urgent) == (43, "days", False)
    assert [label.name for label in clock.below] == ["First day", "Paused", "Last day"]


def test_it_lists_everything_in_the_order_of_days():
    clock = clock_of(FIRST, LAST, TODAY, methods=[("Test", date(2026, 6, 16))])
    assert [name for _, name in clock.listed] == ["First day", "Today", "Test", "Last day"]


def test_it_puts_names_that_would_touch_on_levels_of_their_own():
    clock = clock_of(
        FIRST,
        LAST,
        TODAY,
        deadlines=[
            ("Presentation file due", date(2026, 5, 4)),
            ("Material due", date(2026, 5, 12)),
        ],
    )
    levels = {label.name: label.level for label in clock.below}
    assert (levels["Material due"], levels["Presentation file due"]) == (0, 1)


def test_it_draws_a_period_of_one_day():
    clock = clock_of(FIRST, FIRST, FIRST)
    assert (clock.figure, clock.ticks) == (0, ())


DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(
    today=DAYS,
    methods=st.lists(st.tuples(st.sampled_from(["Test", "Observation"]), DAYS), max_size=5),
    deadlines=st.lists(st.tuples(st.just("Material due"), DAYS), max_size=7),
)
def test_it_never_lets_two_names_touch(today, methods, deadlines):
    clock = clock_of(FIRST, LAST, today, methods=methods, deadlines=deadlines)
    for labels in (clock.above, clock.below):
        for one in labels:
            assert 0 <= one.x <= 100
            for other in labels:
                apart = one.span[1] <= other.span[0] or other.span[1] <= one.span[0]
                assert one is other or one.level != other.level or apart
