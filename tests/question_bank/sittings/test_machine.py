"""Any order of steps, edits, replays and clocks: what must hold of a sitting holds throughout.

``SITTING_STEPS`` says how many steps are taken in all.
"""

import os
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from question_bank.sittings.clock import GRACE, SittingClock, Timing
from question_bank.sittings.edits import (
    Edit,
    EditFault,
    EditOutcome,
    log_digest,
    outcome_of,
    receipt_digest,
    standing,
)
from question_bank.sittings.rules import OVER, RUNNING, SittingState, SittingStep, after

STEPS = int(os.environ.get("SITTING_STEPS", "1000"))
A_RUN = 50
ALLOWED, REST = timedelta(minutes=60), timedelta(minutes=10)
VALUES = st.sampled_from(["a", "b", None])


class Sitting(RuleBasedStateMachine):
    """A sitting made of the pure rules alone, with a candidate, a network and an invigilator."""

    def __init__(self):
        super().__init__()
        self.now = datetime(2026, 6, 9, 12, 0, tzinfo=UTC)
        self.state = SittingState.ISSUED
        self.clock = SittingClock(ALLOWED, rest=REST)
        self.log, self.sent, self.receipt = [], [], None
        self.device, self.count, self.ran = 1, 0, timedelta()
        self.acknowledged = {}

    def step(self, step):
        following = after(self.state, step)
        if following is not None:
            self.state = following
        return following is not None

    @rule(seconds=st.integers(0, 900))
    def wait(self, seconds):
        wait = timedelta(seconds=seconds)
        if self.state is SittingState.IN_PROGRESS:
            self.ran += wait
        self.now += wait

    @rule(step=st.sampled_from([SittingStep.CHECK_IDENTITY, SittingStep.UNLOCK]))
    def admit(self, step):
        self.step(step)

    @rule()
    def start(self):
        if self.step(SittingStep.START):
            self.clock = self.clock.started(self.now)

    @rule(is_rest=st.booleans())
    def pause(self, is_rest):
        if not self.clock_is_over() and self.step(SittingStep.PAUSE):
            self.clock = self.clock.paused(self.now, is_rest=is_rest)

    @rule()
    def resume(self):
        if self.step(SittingStep.RESUME):
            self.clock = self.clock.resumed(self.now)

    @rule(minutes=st.integers(1, 15))
    def extend(self, minutes):
        if not self.clock_is_over() and self.step(SittingStep.EXTEND):
            self.clock = self.clock.extended(timedelta(minutes=minutes))

    @rule()
    def take_over(self):
        if self.step(SittingStep.TAKE_OVER):
            self.device, self.count = self.device + 1, 0

    @precondition(lambda self: self.clock.started_at is not None)
    @rule(number=st.integers(1, 3), value=VALUES, lag=st.integers(0, 60))
    def answer(self, number, value, lag):
        self.count += 1
        edit = Edit(number, self.device, self.count, value, self.now)
        self.sent.append(edit)
        if lag < 50:  # the others are lost on the way, or sent again later
            self.arrives(edit)

    @precondition(lambda self: self.sent)
    @rule(data=st.data(), value=VALUES)
    def send_again(self, data, value):
        edit = data.draw(st.sampled_from(self.sent))
        self.arrives(edit)
        forged = Edit(edit.number, edit.device, edit.sequence, value, edit.made_at)
        if forged != edit and self.arrives(forged):
            self.sent.append(forged)  # it came first: then it is what was sent

    def arrives(self, edit):
        if self.state is not SittingState.IN_PROGRESS or edit.device != self.device:
            return False
        timing = self.clock.timing(edit.made_at, self.now)
        if timing is Timing.TOO_LATE:
            return False
        kept = {(one.number, one.place): one for one in self.log}
        places = [one.place for one in self.log if one.number == edit.number]
        counts = [one.sequence for one in self.log if one.device == edit.device]
        same = kept.get((edit.number, edit.place))
        before = receipt_digest("paper", self.log)
        try:
            outcome = outcome_of(edit, same, max(places, default=None), max(counts, default=0))
        except EditFault:
            return False
        if outcome is EditOutcome.REPEATED:
            return False
        assert self.now <= self.clock.deadline(self.now) + GRACE
        self.log.append(edit)
        self.acknowledged[edit.number, edit.place] = edit.value
        if outcome is EditOutcome.STALE:
            assert receipt_digest("paper", self.log) == before
        return True

    @rule()
    def hand_in(self):
        if not self.clock_is_over() and self.step(SittingStep.HAND_IN):
            self.give_receipt()

    @rule()
    def sweep(self):
        if self.clock_is_over() and self.step(SittingStep.RUN_OUT):
            self.give_receipt()

    @rule(step=st.sampled_from([SittingStep.MARK, SittingStep.VOID]))
    def settle(self, step):
        # Voiding ends most runs at once; it is tried on what is over alone.
        if self.state in OVER:
            self.step(step)

    def clock_is_over(self):
        return self.state in RUNNING and self.clock.is_over(self.now)

    def give_receipt(self):
        self.receipt = (receipt_digest("paper", self.log), log_digest(self.log))

    @invariant()
    def every_acknowledged_answer_is_readable(self):
        kept = {(one.number, one.place): one.value for one in self.log}
        assert kept == self.acknowledged

    @invariant()
    def nothing_counts_that_nobody_sent(self):
        assert all(one in self.sent for one in standing(self.log).values())

    @invariant()
    def the_receipt_is_that_of_the_paper(self):
        if self.receipt is not None:
            now = (receipt_digest("paper", self.log), log_digest(self.log))
            assert now == self.receipt

    @invariant()
    def nobody_loses_time_and_nobody_gains_what_was_not_given(self):
        if self.clock.started_at is None or self.state not in RUNNING:
            return
        given = ALLOWED + self.clock.added
        left = self.clock.left(self.now)
        rest_overrun = max(timedelta(), self.rest_taken() - REST)
        assert left == max(timedelta(), given - self.ran - rest_overrun)

    def rest_taken(self):
        taken = self.clock.rested
        if self.clock.paused_at is not None and self.clock.is_rest:
            taken += self.now - self.clock.paused_at
        return taken


Sitting.TestCase.settings = settings(
    max_examples=max(1, STEPS // A_RUN),
    stateful_step_count=A_RUN,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_a_sitting_keeps_its_promises = Sitting.TestCase
