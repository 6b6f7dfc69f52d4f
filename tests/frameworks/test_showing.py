"""What terminals and JSON are given, for frameworks of any scheme."""

import pytest

from frameworks import Outcome, showing
from frameworks.checking import SCHEME_CHECKS
from frameworks.schema import Framework, Source


@pytest.fixture
def plain(plan):
    """A framework with no parts beyond those every framework shares."""
    fields = {name: getattr(plan, name) for name in Framework.model_fields}
    return Framework(**fields | {"interpretations": ()})


def test_it_shows_the_criteria_of_a_framework_of_any_scheme(plain):
    lines = list(showing.whole_framework(plain))
    assert "K1    knowledge   Holistic Assessments & Diagnostics" in lines
    assert "How we read the source" not in lines


def test_it_leaves_out_what_does_not_apply_to_a_scheme():
    outcome = Outcome("seqf", "1", missing=(), outcome=None, reasons=("A reason.",))
    assert outcome.as_json() == {
        "framework": "seqf",
        "version": "1",
        "complete": True,
        "missing": [],
        "reasons": ["A reason."],
    }
    assert list(showing.outcome(outcome)) == ["seqf 1", "", "A reason."]


def test_it_checks_plans_as_plans_only(plain):
    with pytest.raises(TypeError, match="st0663 is no end-point assessment plan"):
        list(SCHEME_CHECKS["grading"](plain))


def test_it_cites_a_source_that_has_no_edition_by_its_document(plan):
    fields = {name: getattr(plan.source, name) for name in Source.model_fields}
    assert Source(**fields).cited == plan.source.document
    assert plan.source.cited == f"{plan.source.document}, {plan.source.plan_version}"


def test_it_aligns_a_table_by_its_widest_entries():
    assert list(showing.table(("a", "b"), [("long", "x"), ("s", "yy")])) == [
        "a     b",
        "long  x",
        "s     yy",
    ]
