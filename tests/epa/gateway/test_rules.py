from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.gateway import rules
from epa.gateway.queries import qualification_policies
from epa.gateway.rules import Break, Check, Learner
from epa.lifecycle.rules import Attainment
from frameworks import load_plan

PLAN = load_plan("st0663")
GATEWAY = PLAN.gateway
START = date(2024, 3, 4)
DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@st.composite
def breaks(draw):
    first = draw(DAYS)
    length = draw(st.none() | st.integers(0, 700))
    return Break(first, None if length is None else first + timedelta(days=length))


BREAKS = st.lists(breaks(), max_size=4)


def test_it_knows_how_each_requirement_of_the_plan_is_looked_at():
    checks = {one.code: rules.check_of(one) for one in GATEWAY.requirements}
    assert checks == {
        "time_on_programme": Check.TIME,
        "off_the_job": Check.OFF_THE_JOB,
        "english_and_mathematics": Check.QUALIFICATIONS,
        "portfolio": Check.PORTFOLIO,
        "certificate_permission": Check.PERMISSION,
        "employer_confirmation": Check.CONFIRMATION,
    }


# time on programme


@pytest.mark.parametrize(
    ("gateway_on", "months"),
    [
        (date(2024, 3, 4), 0),
        (date(2025, 3, 3), 11),
        (date(2025, 3, 4), 12),
        (date(2026, 3, 4), 24),
        (date(2024, 1, 1), 0),
    ],
)
def test_it_counts_full_months_without_breaks(gateway_on, months):
    assert rules.months_on_programme(START, gateway_on, []) == months


@pytest.mark.parametrize(
    ("start", "gateway_on", "months"),
    [
        (date(2024, 2, 29), date(2025, 2, 27), 11),
        (date(2024, 2, 29), date(2025, 2, 28), 12),
        (date(2023, 8, 31), date(2024, 2, 28), 5),
        (date(2023, 8, 31), date(2024, 2, 29), 6),
    ],
)
def test_it_ends_a_month_with_the_month_where_the_day_is_missing(start, gateway_on, months):
    assert rules.months_on_programme(start, gateway_on, []) == months


def test_it_takes_breaks_off_and_counts_days_in_two_breaks_once():
    one = Break(date(2025, 2, 3), date(2025, 3, 16))
    again = Break(date(2025, 3, 1), date(2025, 3, 16))
    assert rules.break_days([one], START, date(2026, 4, 14)) == 42
    assert rules.break_days([again, one], START, date(2026, 4, 14)) == 42
    assert rules.months_on_programme(START, date(2026, 4, 14), [one]) == 23


def test_it_says_by_how_much_the_time_is_short_and_until_when():
    pause = Break(date(2024, 6, 1), date(2024, 7, 12))
    finding = rules.time_finding(START, date(2025, 3, 4), [pause], 12)
    assert not finding.is_met
    assert finding.shown == (
        "10 full months after a break of 42 days; 12 needed, 2 months short until 15 April 2025"
    )
    assert rules.time_finding(START, date(2025, 4, 14), [pause], 12).shown.startswith(
        "11 full months after a break of 42 days; 12 needed, 1 month short"
    )
    assert rules.time_finding(START, date(2025, 4, 15), [pause], 12).is_met


def test_it_names_no_day_while_a_break_lasts():
    finding = rules.time_finding(START, date(2025, 3, 4), [Break(date(2025, 2, 4), None)], 12)
    assert finding.shown == "11 full months after a break of 28 days; 12 needed, 1 month short"


@given(start=DAYS, on=DAYS, later=st.integers(0, 800), pauses=BREAKS)
def test_it_never_counts_a_later_gateway_for_less(start, on, later, pauses):
    assert rules.months_on_programme(start, on, pauses) <= rules.months_on_programme(
        start, on + timedelta(days=later), pauses
    )


@given(start=DAYS, on=DAYS, pauses=BREAKS, one_more=breaks())
def test_it_only_ever_loses_by_a_break(start, on, pauses, one_more):
    with_it = rules.months_on_programme(start, on, [*pauses, one_more])
    assert 0 <= with_it <= rules.months_on_programme(start, on, pauses)


@given(start=DAYS, pauses=BREAKS, months=st.integers(0, 36))
def test_it_names_the_very_first_day_with_enough_months(start, pauses, months):
    first = rules.earliest_gateway(start, months, pauses)
    if first is None:
        assert any(one.ends_on is None for one in pauses)
        return
    assert rules.months_on_programme(start, first, pauses) >= months
    if months:
        before = first - timedelta(days=1)
        assert rules.months_on_programme(start, before, pauses) < months


# English and mathematics


BEFORE, SINCE = date(2025, 2, 10), date(2025, 2, 11)


def _finding(on, age=24, *, opted_in=False, grounds=(), bsl=False, **attained):
    learner = Learner(age, opted_in, attained, frozenset(grounds), bsl)
    policy = rules.policy_in_force(qualification_policies(), on)
    return rules.qualifications_finding(learner, GATEWAY.qualifications, policy)


def test_it_asks_adults_only_before_11_february_2025_or_when_they_opted_in():
    assert not _finding(BEFORE).is_met
    assert _finding(SINCE).is_met
    assert _finding(SINCE).waived
    assert _finding(SINCE, age=19).is_met
    assert not _finding(SINCE, age=18).is_met
    assert not _finding(SINCE, opted_in=True).is_met


def test_it_writes_what_is_known_even_where_nothing_is_asked():
    assert _finding(SINCE, mathematics=Attainment.LEVEL_2).shown == (
        "English not required: 24 at original start, not opted in. Mathematics at level 2"
    )


def test_it_says_which_subject_is_missing_and_what_would_do():
    finding = _finding(
        BEFORE, english=Attainment.LEVEL_2, mathematics=Attainment.ENTRY_3, grounds=()
    )
    assert finding.shown == ("English at level 2. Mathematics at Entry Level 3; level 2 needed")
    assert _finding(BEFORE).shown == (
        "English not shown; level 2 needed. Mathematics not shown; level 2 needed"
    )


@pytest.mark.parametrize("ground", ["ehc_plan", "legacy_statement"])
def test_it_takes_entry_level_3_on_the_plans_grounds_without_saying_why(ground):
    entry = {"english": Attainment.ENTRY_3, "mathematics": Attainment.ENTRY_3}
    finding = _finding(BEFORE, grounds=[ground], **entry)
    assert finding.is_met
    assert "plan" not in finding.shown
    assert not _finding(BEFORE, grounds=["something_else"], **entry).is_met


def test_it_takes_sign_language_for_english_and_not_for_mathematics():
    assert _finding(BEFORE, bsl=True, mathematics=Attainment.LEVEL_2).is_met
    assert not _finding(BEFORE, bsl=True, english=Attainment.LEVEL_2).is_met


@given(on=st.dates(), age=st.integers(0, 120), opted_in=st.booleans())
def test_it_has_a_policy_for_every_day(on, age, opted_in):
    policy = rules.policy_in_force(qualification_policies(), on)
    assert policy.effective_from <= on or policy == qualification_policies()[0]
    assert policy.asks(age, opted_in=opted_in) in (True, False)


@given(
    english=st.sampled_from(Attainment),
    mathematics=st.sampled_from(Attainment),
    age=st.integers(14, 80),
    opted_in=st.booleans(),
    on=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_it_always_takes_level_2_in_both_and_says_something(
    english, mathematics, age, opted_in, on
):
    finding = _finding(on, age, opted_in=opted_in, english=english, mathematics=mathematics)
    assert finding.shown
    if english is mathematics is Attainment.LEVEL_2:
        assert finding.is_met


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2006, 2, 28), date(2025, 2, 27), 18),
        (date(2006, 2, 28), date(2025, 2, 28), 19),
        (date(2004, 2, 29), date(2023, 2, 28), 18),
        (date(2004, 2, 29), date(2023, 3, 1), 19),
    ],
)
def test_it_counts_age_in_whole_years(born, day, age):
    assert rules.age_on(born, day) == age


# portfolio


EVERY_ACTIVITY = [one.code for one in PLAN.portfolio.activities]


@pytest.mark.parametrize(
    ("pieces", "users", "ending"),
    [
        (24, 4, "needed"),
        (36, 6, "needed"),
        (22, 4, "needed, 2 pieces short"),
        (38, 7, "needed, 2 pieces too many, 1 service user too many"),
    ],
)
def test_it_blocks_on_the_limits_with_by_how_much(pieces, users, ending):
    finding = rules.portfolio_finding(pieces, users, EVERY_ACTIVITY, PLAN.portfolio)
    assert finding.shown.endswith(ending)
    assert finding.is_met is (ending == "needed")


def test_it_names_an_activity_that_no_piece_shows():
    finding = rules.portfolio_finding(24, 4, EVERY_ACTIVITY[:-1], PLAN.portfolio)
    assert not finding.is_met
    assert finding.shown.endswith("No piece shows in-work support")


# the employer's confirmation


def test_it_takes_a_decision_made_between_the_start_and_today():
    today = date(2026, 6, 9)
    assert rules.decision_date_fault(today, started=START, today=today) is None
    late = rules.decision_date_fault(date(2026, 6, 10), started=START, today=today)
    assert late == "The date of your decision must be 9 June 2026 or earlier"
    early = rules.decision_date_fault(date(1, 1, 1), started=START, today=today)
    assert early == "The date of your decision must be 4 March 2024 or later"
