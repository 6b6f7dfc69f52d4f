"""Our own items survive export and import unchanged, pictures, guides and labels included."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from question_bank.interchange.item import SHORT_ANSWER, Draft, Item
from question_bank.interchange.markup import safe
from tests.question_bank.interchange.items import PICTURES, items, markups, read_items, written

thorough = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FAITHFUL = ["qti3", "qti2", "moodle-xml", "csv", "xlsx"]


@pytest.mark.parametrize("chosen", FAITHFUL)
@thorough
@given(these=st.lists(items(), min_size=1, max_size=3))
@example(these=[Item("r", "x", SHORT_ANSWER, "x", marks=1, guide=("a\x85", "b\u2028c"))])
def test_it_brings_our_own_items_back_unchanged(tmp_path, chosen, these):
    assert read_items(tmp_path / "bank", written(these, chosen)) == these


@thorough
@given(these=st.lists(items(), min_size=1, max_size=3))
def test_it_brings_back_through_gift_what_gift_can_hold(tmp_path, these):
    for item, again in zip(
        these, read_items(tmp_path / "bank", written(these, "gift")), strict=True
    ):
        assert (again.stem, again.options, again.key) == (item.stem, item.options, item.key)
        assert (again.title, again.model_answer) == (item.title, item.model_answer)


@pytest.mark.parametrize("chosen", FAITHFUL)
def test_it_writes_the_same_bytes_for_the_same_items(chosen):
    draft = Draft(PICTURES.get)
    stem = draft.markup('Look: <img src="dot1.png" alt="a dot">')
    item = draft.item(Item("r", "t", SHORT_ANSWER, stem, marks=2, guide=("x",)))
    if chosen != "xlsx":  # a workbook says when it was made
        assert written([item], chosen) == written([item], chosen)
    assert len(item.pictures) == 1


@thorough
@given(markups())
def test_it_has_one_form_for_each_text(text):
    once = safe(text, Draft(PICTURES.get).album)
    again = Draft({f"pictures/{name}": data for name, data in PICTURES.items()}.get)
    assert "<script" not in once
    assert "onclick" not in once
    if "<img" not in once:
        assert safe(once, again.album) == once
