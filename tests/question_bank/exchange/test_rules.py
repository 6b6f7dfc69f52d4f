from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from question_bank.exchange.rules import (
    Outcome,
    as_record,
    from_record,
    marked,
    outcome_of,
    unmarked,
    without_known,
)
from question_bank.interchange.outcome import Duplicate, Read, Refused
from tests.factories.items import choice, short_answer
from tests.question_bank.interchange.items import items


@given(st.lists(st.sampled_from(["A", "B", "A (2)", "B (3)"]), max_size=8))
def test_it_gives_each_item_a_reference_of_its_own(names):
    taken = {"A", "B (2)"}
    read = [Read(choice(f"Which {n}?", reference=name)) for n, name in enumerate(names)]
    given_out = [one.item.reference for one in without_known(read, set(), taken)]
    assert len(set(given_out)) == len(names)
    assert taken.isdisjoint(given_out)


def test_what_is_known_is_a_duplicate_even_with_the_mark_of_an_export():
    item = choice(reference="A")
    found = without_known([Read(marked(item, "x"))], {item.fingerprint().hex()}, set())
    assert [type(one) for one in found] == [Duplicate]


@given(items())
def test_an_item_comes_back_from_its_record_and_loses_its_mark(item):
    assert from_record(as_record(item)) == item
    assert unmarked(marked(item, "ours 3")) == unmarked(item)


def test_it_says_what_becomes_of_each():
    item = short_answer(reference="A")
    assert outcome_of(Read(item)) is Outcome.READY
    assert outcome_of(Read(item, ("no key",))) is Outcome.DRAFT
    assert outcome_of(Refused("A", "why")) is Outcome.REFUSED
    assert outcome_of(Duplicate(replace(item))) is Outcome.DUPLICATE
