from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.booking.dates import Openings, Slot, window
from epa.booking.diaries import Away, Engagement, Hours, PersonDiary, RoomDiary, Validity
from epa.booking.terms import Proposals, Terms
from epa.clock import LONDON, london_instant
from epa.lifecycle.period import epa_period
from frameworks import load_plan

PLAN = load_plan("st0663")
PERIOD = epa_period(date(2026, 6, 9), PLAN.clock)
TODAY = date(2026, 6, 12)
TUESDAY = date(2026, 7, 14)
GAP = timedelta(minutes=45)
PROPOSALS = Proposals(time(8), time(18), timedelta(minutes=30), lambda day: day.weekday() < 5)


def at(hour, minute=0, day=TUESDAY):
    return london_instant(day, time(hour, minute))


def engaged(hour, minutes=60, place="Leeds", day=TUESDAY, group=None):
    return Engagement(Slot(at(hour, day=day), minutes), place, group)


def helen(**diary):
    return PersonDiary("Helen Marsh", **diary)


def terms(*people, room=None, openings=None):
    return Terms(
        window(PERIOD, openings or Openings(TODAY, 7)), people or (helen(),), room, GAP, PROPOSALS
    )


def refusal(wanted, *people, **more):
    found = terms(*people, **more).refusal(wanted)
    return (found.code, found.message.replace("\xa0", " ")) if found else None


def test_it_takes_what_breaks_no_rule():
    assert refusal(engaged(10)) is None


def test_it_names_the_rule_and_the_nearest_date():
    code, message = refusal(engaged(10, day=date(2026, 9, 10)))
    assert code == "after-period"
    assert message.endswith("The nearest date that would do is 9 September 2026, at 10:00.")
    code, message = refusal(engaged(10, day=date(2026, 6, 13)))
    assert code == "notice"
    assert message.endswith("The nearest date that would do is 19 June 2026, at 10:00.")


def test_it_proposes_no_weekend_but_takes_one_that_is_asked_for():
    saturday = date(2026, 6, 20)
    assert refusal(engaged(10, day=saturday)) is None
    friday = helen(away=(Away(date(2026, 6, 19), date(2026, 6, 19)),))
    code, message = refusal(engaged(10, day=date(2026, 6, 19)), friday)
    assert code == "away"
    assert message.endswith("The nearest date that would do is 22 June 2026, at 10:00.")


def test_somebody_is_not_in_two_places():
    busy = helen(engagements=(engaged(10, 228),), is_alone="One at a time.")
    code, message = refusal(engaged(13, 60), busy)
    assert code == "double-booked"
    assert "Helen Marsh is booked from 10:00 to 13:48 on 14 July 2026. One at a time." in message
    assert message.endswith("The nearest time that would do is 13:48 on 14 July 2026.")


def test_it_keeps_the_way_between_two_places_free():
    busy = helen(engagements=(engaged(10, 60, "York"),))
    code, message = refusal(engaged(11, 60), busy)
    assert code == "travel-gap"
    assert "45 minutes are kept for the way" in message
    assert message.endswith("The nearest time that would do is 11:45 on 14 July 2026.")
    assert refusal(engaged(11, 60, " york "), busy) is None
    assert refusal(engaged(11, 60, ""), busy) is None


def test_it_holds_to_the_hours_that_somebody_gave():
    mornings = helen(hours=(Hours(1, time(9), time(12), TODAY), Hours(3, time(9), time(12), TODAY)))
    assert refusal(engaged(9, 180), mornings) is None
    code, message = refusal(engaged(10, 180), mornings)
    assert code == "outside-hours"
    assert "on a Tuesday from 09:00 to 12:00" in message
    assert message.endswith("The nearest time that would do is 09:00 on 14 July 2026.")
    _, message = refusal(engaged(10, day=date(2026, 7, 15)), mornings)
    assert "not available on a Wednesday" in message
    assert message.endswith("is 14 July 2026, at 10:00.")


def test_hours_count_from_their_first_day_to_their_last():
    past = helen(hours=(Hours(0, time(9), time(10), TODAY, date(2026, 7, 13)),))
    assert refusal(engaged(14), past) is None


def test_it_asks_for_what_must_be_valid_on_the_day():
    none = helen(validities=(Validity("standardisation", "standardisation", ()),))
    code, message = refusal(engaged(10), none)
    assert (code, "no standardisation on record" in message) == ("standardisation", True)
    assert message.endswith("No other date would do with these people and this place.")
    span = ((date(2025, 7, 11), date(2026, 7, 10)),)
    lapsed = helen(validities=(Validity("standardisation", "standardisation", span),))
    _, message = refusal(engaged(10), lapsed)
    assert "valid from 11 July 2025 to 10 July 2026" in message
    assert message.endswith("The nearest date that would do is 10 July 2026, at 10:00.")


def test_candidates_of_one_test_share_their_invigilator_up_to_the_number():
    beside = tuple(engaged(10, 120, "Hall", group="test") for _ in range(2))
    wanted = engaged(10, 120, "Hall", group="test")
    assert refusal(wanted, helen(engagements=beside, together=3)) is None
    code, message = refusal(wanted, helen(engagements=beside, together=2))
    assert code == "candidates-per-invigilator"
    assert "has 2 candidates then, and 2 is the most" in message
    elsewhere = engaged(10, 120, "Annex", group="test")
    assert refusal(elsewhere, helen(engagements=beside, together=3))[0] == "double-booked"


def test_a_room_takes_one_observation_or_as_many_candidates_as_it_has_places():
    taken = RoomDiary("Room 2", 12, (engaged(10, 120),))
    code, message = refusal(engaged(11), room=taken)
    assert (code, "Room 2 is taken from 10:00 to 12:00" in message) == ("room-taken", True)
    test = engaged(10, 120, group="test")
    assert refusal(test, room=RoomDiary("Room 2", 2, (test,))) is None
    code, message = refusal(test, room=RoomDiary("Room 2", 1, (test,)))
    assert code == "room-full"
    assert message.endswith("The nearest time that would do is 08:00 on 14 July 2026.")


def test_it_works_through_both_clock_changes():
    spring = epa_period(date(2026, 3, 1), PLAN.clock)
    found = Terms(window(spring, Openings(date(2026, 3, 1))), (helen(),), None, GAP, PROPOSALS)
    start = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert found.hindrance(Engagement(Slot(start, 120))) is None
    early = PersonDiary("Helen Marsh", away=(Away(date(2026, 3, 29), date(2026, 3, 29)),))
    moved = Terms(found.window, (early,), None, GAP, PROPOSALS).nearest(Engagement(Slot(start, 60)))
    assert moved.astimezone(LONDON).date() == date(2026, 3, 30)


ENGAGED = st.builds(
    lambda day, hour, minutes, place: engaged(hour, minutes, place, TUESDAY + timedelta(days=day)),
    st.integers(-4, 4),
    st.integers(8, 16),
    st.integers(15, 240),
    st.sampled_from(["Leeds", "York", ""]),
)
DAYS_AWAY = st.builds(
    lambda start, days: Away(
        TUESDAY + timedelta(days=start), TUESDAY + timedelta(days=start + days)
    ),
    st.integers(-10, 10),
    st.integers(0, 5),
)
HOURS = st.builds(
    lambda weekday, start, length: Hours(weekday, time(start), time(start + length), TODAY),
    st.integers(0, 6),
    st.integers(7, 12),
    st.integers(1, 8),
)
PEOPLE = st.builds(
    lambda busy, away, hours: helen(engagements=tuple(busy), away=tuple(away), hours=tuple(hours)),
    st.lists(ENGAGED, max_size=6),
    st.lists(DAYS_AWAY, max_size=2),
    st.lists(HOURS, max_size=4),
)


@given(ENGAGED, st.lists(PEOPLE, min_size=1, max_size=2))
def test_what_it_proposes_breaks_no_rule_and_lies_inside_the_period(wanted, people):
    found = terms(*people)
    nearest = found.nearest(wanted)
    if nearest is None:
        return
    proposed = Engagement(Slot(nearest, wanted.slot.minutes), wanted.place)
    assert found.hindrance(proposed) is None
    assert PERIOD.holds(proposed.slot.day)
    if found.hindrance(wanted) is None:
        assert nearest == wanted.slot.starts_at


@given(ENGAGED, PEOPLE)
def test_a_refusal_says_its_rule_and_what_would_do(wanted, person):
    found = terms(person).refusal(wanted)
    if found is not None:
        assert found.field in {"day", "time", "room"}
        assert "would do" in found.message


@pytest.mark.parametrize("minutes", [15, 99, 228, 590])
def test_nobody_is_found_in_two_places_whatever_is_taken_from_it(minutes):
    busy = tuple(engaged(hour, 90, "York") for hour in (8, 11, 14))
    found = terms(helen(engagements=busy))
    wanted = engaged(9, minutes)
    nearest = found.nearest(wanted)
    taken = Slot(nearest, minutes)
    assert not any(taken.overlaps(one.slot, GAP) for one in busy)
