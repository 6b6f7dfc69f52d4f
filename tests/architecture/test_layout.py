"""The layout keeps its promises: places, sizes, names, docstrings, no numbers of a plan in code."""

import ast

import pytest

from tests.architecture import tree

LONGEST_FILE, LONGEST_TEST, LONGEST_FUNCTION = 400, 500, 40
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "lib", "core"}
TOPS = {
    *tree.PACKAGES,
    "templates",
    "static",
    "migrations",
    "tests",
    "bench",
    "docs",
    ".ci",
    "config.py",
    "pyproject.toml",
    "requirements.txt",
    "requirements-test.txt",
    "Makefile",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    ".gitignore",
}
# The numbers of the plan (pieces, months and days, marks, KSBs): they stand in its definition.
PLAN_NUMBERS = {24, 36, 40, 46, 53, 66, 120}
# The same figures where they measure something else, each with what it measures.
OTHER_MEASURES = {
    ("epa/commands/serve.py", 120): "seconds before gunicorn gives a worker up",
    ("epa/knowledge_test/forms.py", 24): "hours of a day",
    ("epa/pdf/document.py", 24): "millimetres of a page's margin",
    ("epa/uploads/names.py", 120): "letters of a file's name",
}
# Invented marks, dates and addresses: data, no rules.
FICTION = "epa/demonstration/"
# A text's greatest length is told apart by the call or the keyword it stands in.
COLUMN_TYPES, LENGTHS = {"String", "Enum"}, {"length", "max_length"}


def features_and_files():
    return [
        name
        for name in tree.python("epa", "question_bank")
        if len(name.split("/")) == 3 and f"{name.split('/')[0]}.{name.split('/')[1]}" in FEATURES
    ]


FEATURES = tree.features()


def test_it_has_the_top_level_that_was_agreed():
    assert {name.split("/")[0] for name in tree.tracked()} - TOPS == set()


def test_it_lists_every_feature_in_both_contracts():
    alike = tree.contract("Inside a feature")["containers"]
    own = {name for name in FEATURES if tree.has_contract(f"Inside {name}")}
    assert own & set(alike) == set(), "under two contracts"
    inside = own | set(alike)
    layers = tree.contract("The factory")["layers"]
    above = {name.strip() for layer in layers for name in layer.split("|")}
    assert set(FEATURES) - inside == set(), (
        "missing in the contract 'Inside a feature', and without its own"
    )
    assert inside - set(FEATURES) == set(), "in the contract, but no package"
    missing = {name for name in FEATURES if name.startswith("epa.")} - above
    assert missing == set(), "missing in the layers of the first contract"


@pytest.mark.parametrize("top", tree.PACKAGES)
def test_it_says_in_one_line_what_each_room_is_for(top):
    silent = [
        name
        for name in [*tree.python(top), "config.py"]
        if not (ast.get_docstring(tree.parsed(name)) or "").split("\n")[0].strip()
    ]
    assert silent == []


@pytest.mark.parametrize("package", ["epa", "question_bank"])
def test_it_imports_nothing_with_the_package(package):
    body = tree.parsed(f"{package}/__init__.py").body
    assert [type(node) for node in body] == [ast.Expr]


def test_it_has_no_empty_feature_files():
    empty = [
        name
        for name in features_and_files()
        if not name.endswith("__init__.py") and len(tree.parsed(name).body) < 2
    ]
    assert empty == []


def test_it_keeps_files_short():
    def longest(name):
        return LONGEST_TEST if name.startswith("tests/") else LONGEST_FILE

    long = {
        name: len(tree.lines(name))
        for name in tree.python(*tree.PACKAGES, "config.py", "tests")
        if len(tree.lines(name)) > longest(name)
    }
    assert long == {}


def test_it_keeps_functions_short():
    long = {}
    for name in tree.python():
        for node in ast.walk(tree.parsed(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = node.end_lineno - node.lineno + 1 - _docstring_lines(node)
                if length > LONGEST_FUNCTION:
                    long[f"{name}:{node.name}"] = length
    assert long == {}


def test_it_has_no_drawer_for_everything():
    vague = [
        name
        for name in tree.python(*tree.PACKAGES, "tests")
        if {part.removesuffix(".py") for part in name.split("/")} & FORBIDDEN_NAMES
    ]
    assert vague == []


def test_it_rhymes_templates_with_packages():
    rooms = {name.rpartition("/")[0] for name in tree.tracked() if name.startswith("templates/")}
    packages = {f"templates/{name.replace('.', '/')}" for name in FEATURES}
    shared = {"templates", "templates/macros", "templates/errors", "templates/epa/reports/pdf"}
    assert rooms - packages - shared == set()


def test_it_rhymes_tests_with_packages():
    rooms = {
        "/".join(name.split("/")[1:3])
        for name in tree.tracked()
        if name.startswith(("tests/epa/", "tests/question_bank/")) and name.count("/") > 2
    }
    packages = {
        f"{name.split('/')[0]}/{name.split('/')[1]}" for name in tree.python() if "/" in name
    }
    assert rooms - packages == set()


def test_it_tests_every_feature():
    tested = {".".join(name.split("/")[1:3]) for name in tree.tracked() if "/test_" in name}
    assert set(FEATURES) - tested == set()


def test_it_spells_no_number_of_a_plan_in_code():
    found = {
        f"{name}:{node.lineno}": node.value
        for name in tree.python("epa", "question_bank")
        for node in _numbers(tree.parsed(name))
        if not name.startswith(FICTION)
        if node.value in PLAN_NUMBERS and (name, node.value) not in OTHER_MEASURES
    }
    assert found == {}


def test_it_lists_no_measure_that_is_gone():
    used = {
        (name, node.value)
        for name in tree.python("epa", "question_bank")
        for node in _numbers(tree.parsed(name))
    }
    assert OTHER_MEASURES.keys() - used == set()


def _docstring_lines(function):
    """How long a function's docstring is: what explains does not count as what is done."""
    if ast.get_docstring(function) is None:
        return 0
    return function.body[0].end_lineno - function.body[0].lineno + 1


def _numbers(module):
    """Every whole number of a module, except the greatest lengths of texts."""
    texts = [
        node
        for node in ast.walk(module)
        if (isinstance(node, ast.Call) and getattr(node.func, "id", "") in COLUMN_TYPES)
        or (isinstance(node, ast.keyword) and node.arg in LENGTHS)
    ]
    lengths = {id(inner) for node in texts for inner in ast.walk(node)}
    return [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and type(node.value) is int and id(node) not in lengths
    ]
