"""Blueprints from files: the one that comes with ST0663 fits its plan, and faults are named."""

import pytest

from frameworks import Faults, load_plan
from question_bank.drawing.loading import (
    blueprint_from,
    default_blueprint,
    differences,
    read_blueprint,
)
from tests.question_bank.drawing.pools import blueprint

GOOD = """
name = "own"
framework = "st0663"
method = "knowledge_test"
cells = [{ ksb = "K9", multiple_choice = 1, short_answer = 0 }]
"""


def test_it_fits_the_plan_it_comes_with():
    plan = load_plan("st0663")
    wanted = default_blueprint("st0663")
    assert differences(wanted, plan, "knowledge_test") == []
    assert sum(cell.count for cell in wanted.cells) == plan.methods["knowledge_test"].question_count


def test_it_reads_a_file(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(GOOD)
    wanted = read_blueprint(path)
    assert [(cell.ksb, cell.type_code, cell.count) for cell in wanted.cells] == [
        ("K9", "multiple_choice", 1)
    ]
    assert (wanted.target, wanted.tolerance, wanted.exposure_cap) == (None, 1.0, None)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name = ", ""),
        (GOOD.replace('name = "own"', ""), "name"),
        (GOOD.replace("multiple_choice = 1", "multiple_choice = -1"), "cells.0.multiple_choice"),
        (GOOD.replace("multiple_choice = 1", 'multiple_choice = "1"'), "cells.0.multiple_choice"),
        (GOOD + "targett = 3", "targett"),
        (GOOD + "target = -1", "target"),
        (
            GOOD.replace(
                "short_answer = 0 }", "short_answer = 0 }, { ksb = 'K9', multiple_choice = 1 }"
            ),
            "",
        ),
    ],
)
def test_it_names_what_is_wrong(text, where):
    with pytest.raises(Faults) as caught:
        blueprint_from(text, "own.toml")
    assert [(fault.file, fault.where) for fault in caught.value.faults] == [("own.toml", where)]


def test_it_names_a_file_it_cannot_read(tmp_path):
    (tmp_path / "odd.toml").write_bytes(b"\xff\xfe")
    for name in ("odd.toml", "none.toml"):
        with pytest.raises(Faults, match="UTF-8 text was expected"):
            read_blueprint(tmp_path / name)


@pytest.mark.parametrize("name", ["nonsense", "../st0663", "st0663.toml"])
def test_it_names_the_blueprints_there_are(name):
    with pytest.raises(Faults, match="expected one of st0663"):
        default_blueprint(name)


def test_it_says_where_a_blueprint_leaves_the_plan():
    plan = load_plan("st0663")
    odd = blueprint(
        ("K9", "multiple_choice", 13), ("K1", "short_answer", 26), ("K10", "essay", 1), target=70.0
    )
    found = differences(odd, plan, "knowledge_test")
    assert "The plan asks for 14 multiple choice questions, the blueprint for 13." in found
    assert "The plan knows no essay questions." in found
    assert "The target is above the 66 marks of a paper." in found
    assert "K1 is not graded by this method." in found
    assert "B6 is graded by this method, but no question is on it." in found
