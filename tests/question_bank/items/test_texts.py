from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from question_bank.interchange.item import Item
from question_bank.interchange.markup import from_either, safe
from question_bank.items.texts import (
    cleaned,
    kept_title,
    on_a_page,
    search_words,
    typed,
    typed_points,
)
from tests.factories.items import choice, short_answer

PIECES = [
    "a",
    "b <",
    "& ",
    "<b>bold</b>",
    "<br>",
    "\n",
    "<ul><li>x</li></ul>",
    "&lt;i&gt;",
    " ",
    "é",
]


@example("<br>&lt;i&gt;")
@example("b <a<b>bold</b>&lt;i&gt;")
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_what_stands_in_the_box_means_what_is_stored(text):
    stored = safe(from_either(text))
    assert safe(from_either(typed(stored))) == stored


@example("b <a<b>bold</b>&lt;i&gt;")
@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_a_guide_typed_again_is_the_same_guide(text):
    stored = tuple(filter(None, (safe(from_either(text)), "Another point")))
    lines = typed_points(stored).split("\n")
    assert tuple(safe(from_either(line)) for line in lines) == stored


def test_plain_words_are_shown_as_plain_words():
    assert typed("Tea &amp; cake<br>1 &lt; 2") == "Tea & cake\n1 < 2"
    assert typed("Not <strong>this</strong>") == "Not <strong>this</strong>"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>x",
        '<img src="https://example.org/x.png" onerror="alert(1)">x',
        '<a href="javascript:alert(1)">x</a>',
        '<p style="color:red" onclick="alert(1)">x</p>',
        "<svg><script>alert(1)</script></svg>x",
    ],
)
def test_nothing_hostile_reaches_a_page(hostile):
    kept = cleaned(choice(hostile, reference="A"), lambda _name: None)
    shown = on_a_page(kept.stem, {}.get)
    # Even if a stored text had been tampered with:
    again = on_a_page(hostile, {}.get)
    for text in (shown, again):
        assert "x" in text
        assert not {"script", "alert", "onclick", "style", "example.org"} & set(
            text.replace("<", " ").replace(">", " ").replace("=", " ").replace("(", " ").split()
        )


def test_a_picture_is_shown_from_its_address_and_one_without_is_left_out():
    text = 'A<img alt="one" src="pictures/a.png">B<img alt="two" src="pictures/b.png">'
    shown = on_a_page(text, {"pictures/b.png": "/here"}.get)
    assert shown == 'A[one]B<img alt="two" src="/here">'


def test_a_title_that_is_only_the_question_is_not_kept():
    item = Item("A-1", "What is first?", "short_answer", "What is first?")
    assert kept_title(item) == ""
    assert kept_title(replace(item, title="First things")) == "First things"
    assert kept_title(replace(item, title="A-1")) == ""


def test_a_search_finds_words_and_no_markup():
    words = search_words(short_answer("<p>Say <b>why</b></p>", reference="SA-1", tags=("law",)))
    assert {"SA-1", "Say", "why", "law", "K9"} <= set(words.split())
    assert "<" not in words
