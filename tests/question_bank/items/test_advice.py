import pytest

from frameworks import load_plan
from question_bank.interchange.item import Option
from question_bank.items.advice import reading_ease, remarks_on, what_is_needed
from question_bank.items.comparing import changes_between, compared
from tests.factories.items import choice, prompt, short_answer

METHOD = load_plan("st0663").marked_method("knowledge_test")


def said(item):
    return " | ".join(one.text for one in remarks_on(item, METHOD))


def options(*texts):
    return tuple(Option(text, "so") for text in texts)


@pytest.mark.parametrize("item", [choice(), short_answer(), prompt()])
def test_it_finds_nothing_in_a_good_item(item):
    assert remarks_on(item, METHOD) == ()


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (choice(key=None), "no key"),
        (choice(options=options("a", "b", "c", "")), "option 4 is empty"),
        (choice(options=options("a", "b", "c", "A ")), "Two options say the same"),
        (
            choice(options=options("a", "b", "c", "All of the above")),
            "Leave out “all of the above”",
        ),
        (choice(options=options("a", "b", "c", "None of these")), "Leave out “all of the above”"),
        (choice(options=options("a", "b", "c", "Both A and B")), "Leave out “all of the above”"),
        (choice('What is <img src="pictures/a.png">?'), "Describe each picture in words"),
        (short_answer(guide=()), "no marking guide"),
        (prompt(guide=()), "what a good answer shows"),
        (prompt(ksbs=()), "Say what it asks about"),
    ],
)
def test_it_names_what_must_be_put_right(item, words):
    assert words in " | ".join(one.text for one in what_is_needed(item, METHOD))
    assert remarks_on(item, METHOD)[0].is_needed


@pytest.mark.parametrize(
    ("stem", "is_told"),
    [
        ("Which of these is not a barrier?", True),
        ("Which of these isn’t a barrier?", True),
        ("All of these help, except which?", True),
        ("Which is <strong>not</strong> a barrier?", False),
        ("Which is NOT a barrier?", False),
        ("Which knot is a barrier?", False),
    ],
)
def test_it_asks_for_emphasis_on_a_negative_word(stem, is_told):
    assert ("set the negative word apart" in said(choice(stem))) == is_told
    assert what_is_needed(choice(stem), METHOD) == ()


@pytest.mark.parametrize(
    ("texts", "is_told"),
    [
        (("A short one", "B short one", "C short one", "D is one that goes on and on"), True),
        (("A short one", "B short one", "C short one", "D longer one"), False),
        (("1", "22", "333", "4444"), False),
        (("Yes", *("A rather long answer here" for _ in "123")), True),
    ],
)
def test_it_tells_an_option_that_stands_out(texts, is_told):
    assert ("stands out by its length" in said(choice(options=options(*texts)))) == is_told


def test_it_asks_for_reasons_points_and_a_model_answer():
    assert "why it is right or wrong" in said(choice(options=tuple(Option(one) for one in "abcd")))
    assert "fewer points than the 2 marks" in said(short_answer(guide=("One",)))
    assert "model answer helps" in said(short_answer(model_answer=""))


def test_it_tells_long_sentences_and_hard_words():
    assert "One sentence has 31 words" in said(choice(" ".join(["word"] * 31) + "?"))
    hard = "Organisational multidisciplinary interdependencies necessitate " * 6
    assert "hard to read" in said(choice(hard + "."))


def test_it_measures_reading_ease_by_the_formula():
    text = "The cat sat on the mat. " * 4  # 24 words, 4 sentences, 24 syllables
    assert reading_ease(text) == pytest.approx(206.835 - 1.015 * 6 - 84.6)
    assert reading_ease("Too short.") is None


def test_it_compares_word_by_word():
    pieces = changes_between("Which is the first step", "Which one is the last step")
    assert [(one.kind, one.words) for one in pieces] == [
        ("same", "Which"),
        ("new", "one"),
        ("same", "is the"),
        ("gone", "first"),
        ("new", "last"),
        ("same", "step"),
    ]


def test_it_compares_every_part_that_either_version_has():
    before = choice("Which?", facility=0.5)
    parts = {one.title: one for one in compared(before, short_answer("Which?"))}
    assert not parts["Question"].is_changed
    assert {one.kind for one in parts["Option A"].pieces} == {"gone"}
    assert {one.kind for one in parts["Point 1 of the guide"].pieces} == {"new"}
    assert [one.words for one in parts["Estimate"].pieces] == ["50.0%", "60.0%"]
