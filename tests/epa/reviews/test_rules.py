"""Days of a review in England's working days, marks, and the timetable of steps."""

from datetime import date

import pytest

from epa.reviews import rules
from epa.working_days import counted_from, is_working_day, on_or_before
from frameworks import load_quality_framework

SEQF = load_quality_framework("seqf")
VISIT = {"first_day": date(2026, 5, 20), "last_day": date(2026, 5, 21)}


def test_it_counts_what_is_due_before_and_after_the_visit():
    due = rules.due_days(SEQF.cycle, VISIT)
    assert due["self_assessment"] == date(2026, 5, 6)
    assert due["formative_feedback"] == date(2026, 5, 20)
    assert due["report"] == date(2026, 6, 4)
    # Five working days after the day on which the report is due, then after the day it was sent.
    assert due["factual_errors"] == date(2026, 6, 11)
    sent = rules.due_days(SEQF.cycle, VISIT | {"report": date(2026, 5, 22)})
    assert sent["factual_errors"] == date(2026, 6, 1)  # 25 May is a bank holiday


def test_it_gives_no_day_to_a_step_that_counts_from_nothing_yet():
    assert rules.due_days(SEQF.cycle, {}) == {}
    assert "yearly_upkeep" not in rules.due_days(SEQF.cycle, VISIT)


def test_a_limit_in_weeks_that_ends_on_no_working_day_ends_before_it():
    # Two weeks before Monday 18 May 2026 is 4 May, a bank holiday: Friday 1 May.
    due = rules.due_days(SEQF.cycle, VISIT | {"first_day": date(2026, 5, 18)})
    assert due["self_assessment"] == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_it_counts_months_to_the_same_day_or_the_last(day, months, later):
    assert rules.months_after(day, months) == later


def test_it_knows_englands_working_days():
    assert not is_working_day(date(2026, 5, 25))
    assert on_or_before(date(2026, 5, 25)) == date(2026, 5, 22)
    assert counted_from(date(2026, 5, 22), 5) == date(2026, 6, 1)
    assert counted_from(date(2026, 6, 1), -5) == date(2026, 5, 22)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 5, 21), date(2026, 5, 20), "must not be before"),
        (date(2026, 5, 20), date(2026, 5, 20), "takes 2 days"),
        (date(2026, 5, 20), date(2026, 5, 21), None),
    ],
)
def test_it_wants_days_in_order_with_room_for_the_visit(first, last, words):
    fault = rules.dates_fault(first, last, SEQF.cycle.visit.days)
    assert words in fault if words else fault is None


@pytest.mark.parametrize(
    ("framework", "outcome", "mark"),
    [
        ("seqf", "good", "Good"),
        ("seqf", "none", None),
        ("seqf", None, None),
        ("matrix", "accredited", "Accredited"),
        ("matrix", "not_accredited", None),
        ("iep_qif", None, None),
        ("scottish_standards", None, None),
    ],
)
def test_a_mark_is_what_is_above_the_lowest_outcome(framework, outcome, mark):
    assert rules.mark_of(load_quality_framework(framework), outcome) == mark


def test_the_last_upkeep_comes_before_the_end_of_the_award():
    assert not rules.is_beyond(2, 12, 3)
    assert rules.is_beyond(3, 12, 3)


def test_it_knows_whose_step_each_is():
    cycles = [load_quality_framework(one).cycle for one in ("seqf", "matrix", "scottish_standards")]
    doers = {step.by: rules.doer_of(step.by) for cycle in cycles for step in cycle.steps}
    assert doers["lead_contact"] is doers["partnership"] is rules.Doer.PROVIDER
    assert doers["awarding_body"] is rules.Doer.ORGANISATION
    assert doers["moderator"] is rules.Doer.MODERATOR
    assert doers["assessors"] is rules.Doer.ASSESSORS
