from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epa.lifecycle.rules import AttemptKind, Grade, Stage, capped
from epa.resits import rules
from epa.resits.rules import Failing, MethodState, Preparation

LAST = date(2026, 9, 9)
FAILED = Failing(
    grade=Grade.FAIL,
    is_released=True,
    is_newest=True,
    stage=Stage.ASSESSMENT,
    has_request=False,
    attempts_made=1,
)
READY = Preparation(
    needs_agreement=True,
    is_agreed=True,
    needs_plan=True,
    actions=2,
    unplanned=(),
    within_period=True,
    last_day=LAST,
)
failings = st.builds(
    Failing,
    grade=st.none() | st.sampled_from(Grade),
    is_released=st.booleans(),
    is_newest=st.booleans(),
    stage=st.sampled_from(Stage),
    has_request=st.booleans(),
    attempts_made=st.integers(1, 4),
    attempts_max=st.none() | st.integers(1, 4),
)
days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


class TestAsking:
    def test_a_released_fail_may_be_taken_again_at_once(self):
        assert rules.asking_fault(FAILED) is None

    @given(failings)
    def test_it_never_opens_a_way_from_a_pass(self, failing):
        """Nor from what is not released, already followed, asked for, or used up."""
        if rules.asking_fault(failing) is None:
            assert failing.grade is Grade.FAIL
            assert failing.is_released
            assert failing.is_newest
            assert not failing.has_request
            assert failing.stage in {Stage.ASSESSMENT, Stage.RESULTS}
            assert failing.attempts_max is None or failing.attempts_made < failing.attempts_max

    @pytest.mark.parametrize(
        ("of_plan", "of_setting", "most"),
        [(None, 0, None), (None, 3, 3), (2, 0, 2), (2, 3, 2), (4, 3, 3)],
    )
    def test_the_lower_limit_holds(self, of_plan, of_setting, most):
        assert rules.attempts_limit(of_plan, of_setting) == most

    def test_a_used_up_limit_says_how_often(self):
        assert rules.limit_fault(2, 3) is None
        assert rules.limit_fault(3, 3).message == "The method may be taken 3 times in all, and was."
        assert "once in all" in rules.limit_fault(1, 1).message


class TestOpening:
    def test_nothing_is_missing_when_agreement_and_plan_are_there_in_time(self):
        assert list(rules.opening_faults(READY, LAST)) == []

    def test_everything_that_is_missing_is_named_at_once(self):
        bare = Preparation(
            needs_agreement=True,
            is_agreed=False,
            needs_plan=True,
            actions=1,
            unplanned=("S2", "B1"),
            within_period=True,
            last_day=LAST,
        )
        codes = [one.code for one in rules.opening_faults(bare, LAST + timedelta(days=1))]
        assert codes == ["employer-agrees", "action-plan", "outside-period"]
        words = " ".join(one.message for one in rules.opening_faults(bare, LAST))
        assert "The action plan says nothing of S2, B1." in words

    @given(today=days, closes_on=st.none() | days, agreed=st.booleans(), actions=st.integers(0, 2))
    def test_it_is_opened_exactly_with_agreement_plan_and_a_day_left(
        self, today, closes_on, agreed, actions
    ):
        ready = Preparation(
            needs_agreement=True,
            is_agreed=agreed,
            needs_plan=True,
            actions=actions,
            unplanned=(),
            within_period=True,
            last_day=LAST,
            closes_on=closes_on,
        )
        in_time = today <= LAST or (closes_on is not None and today <= closes_on)
        assert (not list(rules.opening_faults(ready, today))) == (
            agreed and actions > 0 and in_time
        )

    def test_a_plan_that_asks_for_neither_is_content(self):
        silent = Preparation(
            needs_agreement=False,
            is_agreed=False,
            needs_plan=False,
            actions=0,
            unplanned=("S2",),
            within_period=False,
            last_day=LAST,
        )
        assert list(rules.opening_faults(silent, LAST + timedelta(days=99))) == []

    @pytest.mark.parametrize(
        ("closes_on", "today", "will_do"),
        [
            (date(2026, 9, 9), date(2026, 9, 1), False),
            (date(2026, 9, 10), date(2026, 9, 1), True),
            (date(2026, 9, 19), date(2026, 9, 20), False),
            (date(2026, 9, 20), date(2026, 9, 20), True),
        ],
    )
    def test_an_extension_ends_after_the_period_and_not_before_today(
        self, closes_on, today, will_do
    ):
        fault = rules.extension_fault(closes_on, today=today, last_day=LAST)
        assert (fault is None) == will_do

    @given(st.lists(st.sampled_from(["S2", "S3", "B1"]), unique=True), st.sets(st.text()))
    def test_what_is_not_planned_keeps_the_order_of_the_plan(self, codes, planned):
        left = rules.unplanned(codes, planned)
        assert list(left) == [one for one in codes if one not in planned]


class TestTheCap:
    @given(st.sampled_from(Grade), st.sampled_from(AttemptKind), st.sampled_from(Grade))
    def test_a_later_attempt_is_never_above_the_best_of_the_plan(self, grade, kind, best):
        order = list(Grade)
        given_grade = capped(grade, kind, best)
        if kind is AttemptKind.FIRST:
            assert given_grade is grade
        else:
            assert order.index(given_grade) == min(order.index(grade), order.index(best))


class TestTheEnd:
    TODAY = date(2026, 9, 10)

    def state(self, grade, *, number=1, is_released=False, scheduled_on=None):
        return rules.method_state(
            grade,
            number=number,
            is_released=is_released,
            scheduled_on=scheduled_on,
            today=self.TODAY,
        )

    def test_a_method_waits_while_somebody_has_still_to_grade_or_release_it(self):
        assert self.state(None, scheduled_on=self.TODAY) is MethodState.WAITING
        assert self.state(Grade.FAIL) is MethodState.WAITING
        later = self.TODAY + timedelta(days=1)
        assert self.state(None, scheduled_on=later) is MethodState.NOT_TAKEN
        assert self.state(None) is MethodState.NOT_TAKEN
        assert self.state(None, number=2) is MethodState.FAILED_BEFORE
        assert self.state(Grade.FAIL, is_released=True) is MethodState.FAILED
        assert self.state(Grade.DISTINCTION, is_released=True) is MethodState.PASSED

    @given(
        st.lists(st.sampled_from(MethodState), min_size=1, max_size=4),
        st.sampled_from(Stage),
        st.booleans(),
        st.booleans(),
    )
    def test_it_closes_only_what_is_not_passed_and_waits_for_nobody(
        self, states, stage, is_over, has_request
    ):
        fault = rules.closing_fault(states, stage=stage, is_over=is_over, has_request=has_request)
        closes = (
            stage in {Stage.ASSESSMENT, Stage.RESULTS}
            and MethodState.WAITING not in states
            and any(one is not MethodState.PASSED for one in states)
            and not has_request
            and (is_over or {MethodState.NOT_TAKEN, MethodState.FAILED_BEFORE}.isdisjoint(states))
        )
        assert (fault is None) == closes
