from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from epa.gateway import off_the_job
from epa.gateway.off_the_job import Measure, Terms
from epa.gateway.queries import training_policies
from epa.lifecycle.period import Break
from frameworks import load_plan

PERCENT = load_plan("st0663").gateway.off_the_job_percent
TODAY = date(2026, 6, 9)
YEAR = Fraction(52)


def policy(started, on=TODAY):
    return off_the_job.policy_for(training_policies(), started=started, on=on)


BY_SHARE, BY_WEEK, PUBLISHED = policy(date(2022, 7, 31)), policy(date(2022, 8, 1)), policy(TODAY)


def finding(said, under, weeks=YEAR, published=0):
    return off_the_job.finding(said, Terms(under, PERCENT, weeks, published))


def test_the_start_chooses_the_policy_and_nobody_is_judged_by_one_that_came_later():
    assert BY_SHARE.measures == (Measure.SHARE,)
    assert Measure.WEEKLY in BY_WEEK.measures
    assert policy(date(2025, 7, 31)) is BY_WEEK
    assert policy(date(2025, 8, 1)) is PUBLISHED
    assert PUBLISHED.measures == (Measure.PUBLISHED,)
    assert policy(date(2025, 8, 1), on=date(2025, 7, 31)) is BY_WEEK
    assert policy(date(2010, 1, 1), on=date(2010, 1, 1)) is BY_SHARE


@pytest.mark.parametrize(
    ("declared", "met", "shown"),
    [
        ("21.4", True, "21.4% declared; 20% needed"),
        ("20", True, "20% declared; 20% needed"),
        ("19.96", False, "19.9% declared; 20% needed, 0.1% short"),
        ("0", False, "0% declared; 20% needed, 20% short"),
    ],
)
def test_it_never_rounds_a_short_percentage_up(declared, met, shown):
    found = finding({"percent": declared}, BY_SHARE)
    assert (found.is_met, found.shown) == (met, shown)


def test_it_works_the_share_out_from_hours_and_says_what_is_short_in_both():
    assert finding({"hours": 400, "paid_hours": 2000}, BY_SHARE).is_met
    short = finding({"hours": 399, "paid_hours": 2000}, BY_SHARE)
    assert short.shown == "399 hours of 2,000, 19.9% declared; 20% needed, 0.1% short, or 1 hour"
    assert off_the_job.share(Decimal(400), Decimal(0)) == 0


def test_it_counts_a_full_week_as_thirty_hours_and_takes_statutory_leave_off():
    said = {"hours": 279, "weekly_hours": "37.5"}
    assert finding(said, BY_WEEK).is_met
    short = finding(said | {"hours": 278}, BY_WEEK)
    assert short.shown == "278 hours declared; 279 needed for 52 weeks of training, 1 hour short"
    assert finding({"hours": 140, "weekly_hours": "15"}, BY_WEEK).is_met
    assert finding({"percent": "20"}, BY_WEEK).is_met


def test_it_holds_hours_against_those_published_less_prior_learning():
    said = {"hours": 500, "hours_needed": 500}
    assert finding(said, PUBLISHED).is_met
    assert finding(said, PUBLISHED, published=620).shown == (
        "500 hours declared; 620 needed, 120 hours short"
    )
    assert finding(said | {"hours": 440, "hours_off": 60}, PUBLISHED).shown == (
        "440 hours declared; 440 needed of 500 published, the rest being prior learning"
    )
    assert not finding({"hours": 186, "hours_needed": 500, "hours_off": 400}, PUBLISHED).is_met
    assert finding({"hours": 187, "hours_needed": 500, "hours_off": 400}, PUBLISHED).is_met
    assert finding({"hours": 100, "hours_needed": 100, "hours_off": 10}, PUBLISHED).is_met
    assert "not said" in finding({"hours": 500}, PUBLISHED).shown


def test_it_says_what_counts_when_something_else_was_declared():
    assert finding({"percent": "25"}, PUBLISHED).shown == (
        "25% declared; what counts for a start from 1 August 2025 is the hours, against those"
        " published for the standard"
    )
    other = finding({"hours": 1, "hours_needed": 1}, BY_SHARE)
    assert other.shown == "1 hour declared; what counts is the share of paid hours"
    assert finding(None, BY_SHARE).shown == "Nothing supplied yet"


def test_a_break_in_learning_is_no_week_of_training():
    start, end = date(2024, 3, 4), date(2026, 3, 2)
    assert off_the_job.training_weeks(start, end, []) == 104
    pause = Break(date(2025, 2, 3), date(2025, 3, 16))
    assert off_the_job.training_weeks(start, end, [pause]) == 98
    assert off_the_job.training_weeks(end, start, []) == 0
