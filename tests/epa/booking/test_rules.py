import pytest

from epa.booking.rules import Standing, duties_open, hindrances, minutes_needed
from epa.lifecycle.rules import Duty
from frameworks import load_plan

PLAN = load_plan("st0663")
CLEAR = Standing("Helen Marsh")


def codes(standing, duty=Duty.ASSESSOR):
    return [found.code for found in hindrances(standing, duty)]


def test_it_finds_nothing_against_somebody_with_the_role_and_no_conflict():
    assert hindrances(CLEAR, Duty.ASSESSOR) == ()


@pytest.mark.parametrize(
    ("standing", "code", "words"),
    [
        (Standing("Helen Marsh", is_disabled=True), "disabled", "Helen Marsh is disabled"),
        (Standing("Helen Marsh", has_role=False), "role-missing", "does not hold a role"),
        (
            Standing("Helen Marsh", implied=("Has a role at Harbour Homes",)),
            "implied-conflict",
            "Helen Marsh cannot do this. Has a role at Harbour Homes. Choose somebody else",
        ),
        (
            Standing("Helen Marsh", declared=("Trained the apprentice: Ana Reis",)),
            "conflict-of-interest",
            "Trained the apprentice: Ana Reis. Choose somebody else, or have an internal quality",
        ),
    ],
)
def test_it_says_why_somebody_will_not_do(standing, code, words):
    [found] = hindrances(standing, Duty.ASSESSOR)
    assert found.code == code
    assert words in found.message


def test_it_keeps_the_two_markers_apart():
    [found] = hindrances(Standing("Helen Marsh", has_other_duty=True), Duty.SECOND_MARKER)
    assert found.code == "segregation"
    assert "Helen Marsh is the first marker" in found.message


def test_it_lists_everything_that_stands_against_somebody():
    standing = Standing("Helen Marsh", has_role=False, implied=("A", "B"), declared=("C",))
    assert codes(standing) == [
        "role-missing",
        "implied-conflict",
        "implied-conflict",
        "conflict-of-interest",
    ]


def test_it_takes_the_longest_a_method_may_last():
    assert minutes_needed(PLAN.methods["presentation"]) == 99
    assert minutes_needed(PLAN.methods["observation"]) == 228
    assert minutes_needed(PLAN.methods["knowledge_test"]) == 120


def test_it_names_the_duties_nobody_has():
    duties = (Duty.INVIGILATOR, Duty.FIRST_MARKER, Duty.SECOND_MARKER)
    assert duties_open(duties, {Duty.FIRST_MARKER: "somebody"}) == (
        Duty.INVIGILATOR,
        Duty.SECOND_MARKER,
    )
