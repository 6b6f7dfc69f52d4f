import pytest

from epa.web.tables import harmless


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "\uff1d1"])
def test_it_turns_a_formula_into_text(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "O'Neill", "a=b", "李小龙", "1+1"])
def test_it_leaves_everything_else(cell):
    assert harmless(cell) == cell
