from epa.answer_marking.rules import HELD_TITLES, HeldBack, held_back
from epa.lifecycle.rules import Stage


def test_a_settled_paper_is_graded_in_the_period_once_and_only_if_it_is_the_plans():
    said = {"stage": Stage.ASSESSMENT, "is_graded": False, "paper_marks": 66, "plan_marks": 66}
    assert held_back(**said) is None
    assert held_back(**said | {"is_graded": True}) is HeldBack.GRADED
    assert held_back(**said | {"paper_marks": 4}) is HeldBack.OTHER_MARKS
    for stage in set(Stage) - {Stage.ASSESSMENT}:
        assert held_back(**said | {"stage": stage}) is HeldBack.NOT_OPEN
    assert set(HELD_TITLES) == set(HeldBack)
