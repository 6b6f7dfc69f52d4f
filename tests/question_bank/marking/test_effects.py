from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from question_bank.marking.effects import Shift, shift_of, why_not
from tests.factories.items import choice, short_answer


def test_a_version_marks_another_only_if_the_candidate_read_the_same_and_it_is_marked_otherwise():
    asked, written = choice(), short_answer()
    assert why_not(asked, replace(asked, key=2)) is None
    assert why_not(written, replace(written, guide=("Asks",))) is None
    assert why_not(written, replace(written, model_answer="Ask.")) is None
    assert "marked as this one" in why_not(asked, asked)
    for other in (
        replace(asked, key=2, stem="Another?"),
        replace(asked, key=2, options=asked.options[::-1]),
        replace(asked, key=2, marks=2),
    ):
        assert "something else" in why_not(asked, other)


@given(st.integers(0, 64), st.integers(0, 2), st.none() | st.integers(0, 2))
def test_a_total_moves_by_what_one_mark_does(rest, mark, anew):
    shift = shift_of(rest + mark, mark, anew=anew, most=2)
    assert shift.before == rest + mark
    least, most = (0, 2) if anew is None else (anew, anew)
    assert shift == Shift(rest + mark, rest + least, rest + most)
