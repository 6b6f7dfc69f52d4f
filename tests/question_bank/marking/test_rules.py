import pytest
from hypothesis import given
from hypothesis import strategies as st

from frameworks import load_plan
from question_bank.marking.rules import (
    MarkFault,
    PaperFaults,
    checked,
    differences,
    layout,
    mark_from,
    sections,
    total,
)

METHOD = load_plan("st0663").marked_method("knowledge_test")
PAPER = layout(METHOD)
MARKS = st.tuples(*(st.sampled_from(question.marks) for question in PAPER))


def test_it_lays_the_paper_out_in_the_definitions_order():
    assert [question.number for question in PAPER] == list(range(1, 41))
    assert [section.title for section in sections(PAPER)] == ["Multiple choice", "Short answer"]
    assert [len(section.questions) for section in sections(PAPER)] == [14, 26]
    assert [section.marks_in_words for section in sections(PAPER)] == ["0 or 1", "0, 1 or 2"]
    assert sum(section.marks_max for section in sections(PAPER)) == METHOD.marks_max


def test_it_reads_a_mark_that_the_question_may_get():
    assert mark_from(PAPER[0], " 1 ") == 1
    assert mark_from(PAPER[39], "2") == 2
    assert mark_from(PAPER[0], "0") == 0


@pytest.mark.parametrize("typed", ["2", "-1", "1.0", "one", "٢", "1e0", "9999", "0 1", "\x00"])
def test_it_refuses_a_mark_that_a_multiple_choice_question_cannot_get(typed):
    with pytest.raises(MarkFault, match="Question 1 can only be given 0 or 1"):
        mark_from(PAPER[0], typed)


@pytest.mark.parametrize("typed", ["", "   "])
def test_it_takes_a_blank_for_no_mark_and_not_for_nought(typed):
    with pytest.raises(MarkFault, match="Question 15 has no mark yet: enter 0, 1 or 2"):
        mark_from(PAPER[14], typed)


def test_it_names_every_question_at_fault():
    marks = [0] * 40
    marks[2], marks[13], marks[39] = None, 2, 3
    with pytest.raises(PaperFaults) as refused:
        checked(PAPER, marks)
    assert list(refused.value.faults) == [3, 14, 40]


def test_it_refuses_marks_for_another_number_of_questions():
    with pytest.raises(PaperFaults, match="has 40 questions, but 39 marks were given"):
        total(PAPER, [0] * 39)


@given(MARKS)
def test_it_keeps_every_total_between_nought_and_the_most(marks):
    assert total(PAPER, marks) == sum(marks)
    assert 0 <= total(PAPER, marks) <= METHOD.marks_max


@given(MARKS, st.integers(0, 39))
def test_it_gives_no_total_while_one_question_is_blank(marks, place):
    with pytest.raises(PaperFaults) as refused:
        total(PAPER, [*marks[:place], None, *marks[place + 1 :]])
    assert list(refused.value.faults) == [place + 1]


@given(MARKS, MARKS)
def test_it_names_the_same_differences_whoever_comes_first(first, second):
    different = differences(first, second)
    assert different == differences(second, first)
    assert (different == ()) == (first == second)
    assert all(first[number - 1] != second[number - 1] for number in different)


@given(MARKS)
def test_it_finds_no_difference_between_equal_entries(marks):
    assert differences(marks, marks) == ()
