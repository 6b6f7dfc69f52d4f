from enum import Enum
from uuid import UUID

import pytest

from epa.web.fields import Choice, ChoiceField, ManyChoices, SelectBox, Tick
from tests.epa.web.fields import filled, message

ID = UUID("12345678-1234-5678-1234-567812345678")


class Source(Enum):
    SEEN = "seen"
    ASKED = "asked"


def radios(**about):
    return ChoiceField("Source", choices=[(Source.SEEN, "Seen"), (Source.ASKED, "Asked")], **about)


def test_it_gives_the_value_and_not_its_text():
    assert filled(radios(), "seen").data is Source.SEEN
    assert filled(SelectBox("Assessor", choices=[(ID, "Helen")]), str(ID)).data == ID


@pytest.mark.parametrize("typed", ["heard", "SEEN", "\0", "None"])
def test_it_refuses_what_was_never_offered(typed):
    assert message(radios(), typed) == "Source: choose one of the options shown"


def test_it_asks_for_a_choice():
    assert message(radios(), None) == "Choose the source"
    assert message(radios(missing="Say how you know"), "") == "Say how you know"


def test_it_leaves_an_optional_choice_open():
    assert filled(radios(optional=True), "").data is None


def test_it_takes_choices_that_come_later():
    field = filled(SelectBox("Assessor"), str(ID))
    assert field.errors
    field.choices = [Choice(ID, "Helen", "free on 12 June")]
    assert field.data == ID
    assert field.is_chosen(field.choices[0])


def test_it_shows_the_choice_on_record():
    field = filled(radios(default=Source.ASKED))
    assert field.shown(Source.ASKED) == "asked"


def many(**about):
    return ManyChoices("Activities", choices=[("a", "Engaging"), ("b", "Profiling")], **about)


def test_it_gives_several_in_the_order_shown():
    assert filled(many(), ["b", "a", "a"]).data == ["a", "b"]


def test_it_asks_for_at_least_one():
    assert message(many()) == "Choose the activities"
    assert filled(many(optional=True)).data == []


def test_it_refuses_a_box_that_was_never_offered():
    assert message(many(), ["a", "z"]) == "Activities: choose from the options shown"


@pytest.mark.parametrize(
    ("typed", "value"), [("yes", True), ("on", True), ("", False), (None, False)]
)
def test_it_reads_a_tick(typed, value):
    assert filled(Tick("Tell them"), typed).data is value


def test_it_asks_for_a_tick_that_must_be():
    assert (
        message(Tick("I confirm", missing="Tick the box to confirm")) == "Tick the box to confirm"
    )
