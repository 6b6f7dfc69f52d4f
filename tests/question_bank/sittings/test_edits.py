from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from question_bank.sittings.edits import (
    ANSWER_LETTERS,
    FURTHEST_AHEAD,
    Asked,
    Edit,
    EditFault,
    EditOutcome,
    answered,
    late_edits,
    log_digest,
    outcome_of,
    receipt_digest,
    standing,
    value_of,
)

AT = datetime(2026, 6, 9, 12, 0, tzinfo=UTC)
CHOICE = Asked(1, "multiple_choice", 1, ("a1", "b2", "c3", "d4"))
WRITTEN = Asked(2, "short_answer", 2, ())


def edit(sequence, value="x", number=2, device=1, at=AT):
    return Edit(number, device, sequence, value, at)


def test_it_keeps_an_option_of_the_question_and_no_other():
    assert value_of(CHOICE, "c3") == "c3"
    with pytest.raises(EditFault, match="no answer offered"):
        value_of(CHOICE, "e5")


@pytest.mark.parametrize("nothing", ["", None])
@pytest.mark.parametrize("asked", [CHOICE, WRITTEN])
def test_an_empty_answer_is_a_cleared_one(asked, nothing):
    assert value_of(asked, nothing) is None


@pytest.mark.parametrize(
    ("given", "code"),
    [("x" * (ANSWER_LETTERS + 1), "too-long"), ("a\x00b", "unstorable"), ("\ud800", "unstorable")],
)
def test_it_refuses_what_cannot_be_kept(given, code):
    with pytest.raises(EditFault) as fault:
        value_of(WRITTEN, given)
    assert fault.value.code == code


def test_it_keeps_an_answer_as_it_was_typed():
    text = "  Nguyễn:\n\tfirst, 李小龙 🙂 "
    assert value_of(WRITTEN, text) == text


def test_the_same_edit_again_has_no_second_effect():
    assert outcome_of(edit(3), edit(3), (1, 9), 9) is EditOutcome.REPEATED


def test_another_answer_under_the_same_number_is_refused():
    with pytest.raises(EditFault) as fault:
        outcome_of(edit(3, "y"), edit(3), (1, 3), 3)
    assert fault.value.code == "place-taken"


def test_an_older_edit_is_kept_and_does_not_count():
    assert outcome_of(edit(2), None, (1, 3), 3) is EditOutcome.STALE
    assert outcome_of(edit(900), None, (2, 1), 899) is EditOutcome.STALE
    assert outcome_of(edit(1, device=2), None, (1, 900), 0) is EditOutcome.SAVED


@pytest.mark.parametrize("sequence", [-1, 0, 8 + FURTHEST_AHEAD, 2**63])
def test_it_refuses_a_number_that_no_device_can_have_come_to(sequence):
    with pytest.raises(EditFault) as fault:
        outcome_of(edit(sequence), None, None, 7)
    assert fault.value.code == "sequence"


def test_whatever_order_they_come_in_the_last_one_made_counts():
    edits = [edit(1, "a"), edit(2, "b"), edit(3, None), edit(1, "d", device=2), edit(4, "e")]
    for order in permutations(edits):
        assert standing(order)[2].value == "d"
        assert receipt_digest("p", order) == receipt_digest("p", edits)
        assert log_digest(order) == log_digest(edits)


def test_a_cleared_answer_is_none():
    assert answered([edit(1), edit(2, None), edit(3, "x", number=5)]) == 1


def test_the_digests_tell_every_difference():
    one = [edit(1, "a"), edit(2, "b")]
    assert receipt_digest("p", one) != receipt_digest("q", one)
    assert receipt_digest("p", one) != receipt_digest("p", [edit(1, "a"), edit(2, "c")])
    assert receipt_digest("p", one) == receipt_digest("p", [edit(2, "b")])
    assert log_digest(one) != log_digest([edit(2, "b")])


def test_of_a_late_batch_only_what_was_changed_in_time_may_come_in():
    end = AT + timedelta(hours=1)
    batch = [edit(1, at=AT - timedelta(seconds=1)), edit(2, at=end), edit(3, at=AT)]
    batch.append(edit(4, at=end + timedelta(milliseconds=1)))
    assert [one.sequence for one in late_edits(batch, AT, end)] == [2, 3]
