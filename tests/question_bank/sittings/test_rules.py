import pytest

from question_bank.sittings.rules import (
    BEFORE_START,
    OVER,
    RUNNING,
    SittingState,
    SittingStep,
    after,
)

S, E = SittingState, SittingStep


def test_it_goes_from_issue_to_marks_in_one_way_only():
    state = S.ISSUED
    way = [E.CHECK_IDENTITY, E.UNLOCK, E.START, E.PAUSE, E.RESUME, E.HAND_IN, E.MARK]
    seen = []
    for step in way:
        state = after(state, step)
        seen.append(state)
    assert seen == [
        *(S.ID_CHECKED, S.UNLOCKED, S.IN_PROGRESS, S.PAUSED, S.IN_PROGRESS, S.SUBMITTED, S.MARKED),
    ]


@pytest.mark.parametrize("state", [S.ISSUED, S.ID_CHECKED])
def test_it_starts_nobody_whose_identity_was_not_checked_and_unlocked(state):
    assert after(state, E.START) is None


@pytest.mark.parametrize("state", sorted(OVER))
def test_it_never_opens_again_what_is_over(state):
    reached, grown = {state}, True
    while grown:
        further = {after(one, step) for one in reached for step in E} - {None}
        grown = not further <= reached
        reached |= further
    assert reached <= OVER


def test_it_knows_every_state_as_before_while_or_after():
    assert set(S) == BEFORE_START | RUNNING | OVER
    assert len(BEFORE_START) + len(RUNNING) + len(OVER) == len(S)


def test_it_voids_anything_but_what_is_marked_or_void():
    assert {one for one in S if after(one, E.VOID) is None} == {S.MARKED, S.VOIDED}


def test_issuing_follows_on_nothing():
    assert all(after(state, E.ISSUE) is None for state in S)
