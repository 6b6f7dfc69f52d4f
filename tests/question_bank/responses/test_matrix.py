from uuid import uuid4

import pytest

from question_bank.responses.matrix import MOST_FAULTS, MOST_ROWS, Asked, read_answers

IDS = [uuid4() for _ in range(3)]
QUESTIONS = (
    Asked(1, "MC-1", IDS[0], (0, 1), order=(2, 0, 1, 3), key=2),
    Asked(2, "MC-2", IDS[1], (0, 1), order=(0, 1, 2, 3), key=3),
    Asked(3, "SA-1", IDS[2], (0, 1, 2)),
)


def read(*lines, formulas=None):
    rows = [(number, line.split(",")) for number, line in enumerate(lines, start=1)]
    return read_answers(rows, QUESTIONS, formulas or {})


def faults(*lines, **more):
    found = read(*lines, **more)
    return [(one.row, one.column, one.problem) for one in found.faults]


def test_letters_become_options_as_written_and_marks_by_the_key():
    found = read("candidate,1,2,3", "C1,A,a,2", "C2,b,D,", "C3,1,0,1")
    assert found.faults == ()
    assert [one.candidate for one in found.scripts] == ["C1", "C2", "C3"]
    said = [[(one.mark, one.chosen) for one in script.answers] for script in found.scripts]
    assert said == [
        [(1, 2), (0, 0), (2, None)],
        [(0, 0), (1, 3), (0, None)],
        [(1, None), (0, None), (1, None)],
    ]
    assert [one.total for one in found.scripts] == [3, 1, 2]
    assert [one.version_id for one in found.scripts[0].answers] == IDS


def test_columns_are_known_by_number_or_by_reference_in_any_order():
    found = read("who,sa-1,Question 2,Q01,Total", "max,2,1,1,", "C1,2,D,A,4", "", "C2,1.0,,,1")
    assert found.faults == ()
    assert [one.total for one in found.scripts] == [4, 1]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("candidate,1,2",), (1, "question 3", "has no column")),
        (("candidate,1,2,3,MC-2",), (1, "question 2", "has two columns")),
        (("candidate,1,2,3,4",), (1, "4", "is no question of this paper")),
        ((), (1, "question 1", "has no column")),
        (("candidate,1,2,3",), (2, "", "a row for each candidate was expected; there is none")),
        (("candidate,1,2,3", ",1,1,1"), (2, "candidate", "the candidate's number was expected")),
        (
            ("candidate,1,2,3", "C1,1,1,1", "C1,1,1,1"),
            (3, "candidate", "this candidate stands in row 2 already"),
        ),
        (
            ("candidate,1,2,3", "C1,E,1,1"),
            (2, "question 1", "a letter from A to D, 0 or 1 was expected; it says 'E'"),
        ),
        (
            ("candidate,1,2,3", "C1,1,1,3"),
            (2, "question 3", "0 or 1 or 2 was expected; it says '3'"),
        ),
        (
            ("candidate,1,2,3", "C1,1,1,1.5"),
            (2, "question 3", "0 or 1 or 2 was expected; it says '1.5'"),
        ),
        (
            ("candidate,1,2,3", "C1,1,1,٢"),
            (2, "question 3", "0 or 1 or 2 was expected; it says '٢'"),
        ),
        (
            ("candidate,1,2,3", "max,1,1,66", "C1,1,1,1"),
            (2, "question 3", "the paper gives 2; it says '66'"),
        ),
        (
            ("candidate,1,2,3,total", "C1,1,1,1,4"),
            (2, "total", "the marks come to 3; it says '4'"),
        ),
        (
            ("candidate,1,2,3", "C\x07,1,1,1"),
            (2, "candidate", "at most 100 plain characters were expected"),
        ),
    ],
)
def test_each_cell_at_fault_is_named(lines, said):
    assert said in faults(*lines)


def test_a_formula_is_refused_where_it_stands():
    lines = ("candidate,1,2,3", "C1,1,1,1", "C2,1,1,1")
    assert faults(*lines, formulas={3: "B3"}) == [(3, "B3", "holds a formula; put its value there")]


def test_faults_end_somewhere_and_so_do_rows():
    many = faults("candidate,1,2,3", *(f"C{n},9,9,9" for n in range(MOST_FAULTS)))
    assert len(many) == MOST_FAULTS + 1
    assert many[-1][2] == "and more from here on"
    long = faults("candidate,1,2,3", *(f"C{n},1,1,1" for n in range(MOST_ROWS + 2)))
    assert [problem for _, _, problem in long] == ["a file has at most 5,000 candidates"]
