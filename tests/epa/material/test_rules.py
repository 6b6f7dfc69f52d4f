from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from epa.material.rules import MaterialStanding, is_late, standing

DUE = date(2026, 7, 7)


def where(**facts):
    known = {"is_dropped": False, "is_supplied": False, "was_let_in": False, "due_on": DUE}
    return standing(**known | {"today": DUE} | facts)


def test_it_is_open_to_the_end_of_its_day_and_late_from_the_next():
    assert where() is MaterialStanding.OPEN
    assert where(today=DUE + timedelta(days=1)) is MaterialStanding.LATE


def test_it_is_never_late_before_the_period_has_begun():
    assert not is_late(None, date.max)
    assert where(due_on=None, today=date.max) is MaterialStanding.OPEN


def test_it_says_when_it_was_let_in_late():
    assert where(is_supplied=True) is MaterialStanding.SUPPLIED
    assert where(is_supplied=True, was_let_in=True) is MaterialStanding.SUPPLIED_LATE


@given(st.dates(), st.booleans(), st.booleans())
def test_what_is_dropped_or_supplied_is_never_late(today, dropped, let_in):
    found = where(is_dropped=dropped, is_supplied=not dropped, was_let_in=let_in, today=today)
    assert found not in {MaterialStanding.LATE, MaterialStanding.OPEN}
