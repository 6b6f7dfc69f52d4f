"""The starter bank: whole, sound, and enough for four papers."""

import statistics
from collections import Counter
from importlib import resources

import pytest

from frameworks import load_plan
from question_bank.drawing.draw import draw
from question_bank.drawing.loading import default_blueprint
from question_bank.drawing.paper import PoolItem
from question_bank.drawing.pool import Pool
from question_bank.interchange.markup import plain
from question_bank.interchange.outcome import Read
from question_bank.items.advice import remarks_on
from question_bank.starter.reading import KSBS, read_ksb, read_prompts

PAPERS = 4
PLAN = load_plan("st0663")
TEST = PLAN.methods["knowledge_test"]


@pytest.fixture(scope="module")
def entries():
    return [entry for ksb in KSBS for entry in read_ksb(ksb)]


@pytest.fixture(scope="module")
def items(entries):
    return [entry.item for entry in entries]


@pytest.fixture(scope="module")
def prompts():
    return [entry.item for entry in read_prompts()]


def test_every_row_of_every_file_is_read_as_it_stands(entries):
    assert all(isinstance(one, Read) and not one.lacks and not one.notes for one in entries)
    there = {one.name for one in resources.files("question_bank.starter").iterdir()}
    files = {name for name in there if name.endswith(".csv")}
    assert files == {f"{ksb.lower()}.csv" for ksb in KSBS} | {"prompts.csv"}


def test_there_are_as_many_for_each_ksb_as_four_papers_ask_for(items):
    wanted = {
        cell.key: PAPERS * cell.count for cell in default_blueprint("st0663").cells if cell.count
    }
    assert Counter((one.ksbs[0], one.type_code) for one in items) == wanted
    assert Counter(one.type_code for one in items) == {"multiple_choice": 56, "short_answer": 104}


def test_nothing_is_remarked_on_by_the_checks_for_authors(items, prompts):
    remarks = {
        one.reference: [remark.text for remark in remarks_on(one, TEST)] for one in items + prompts
    }
    assert {name: found for name, found in remarks.items() if found} == {}


def test_no_two_ask_the_same_and_all_are_marked_as_demonstration(items, prompts):
    everything = items + prompts
    for tell in (lambda one: plain(one.stem).casefold(), lambda one: one.title.casefold()):
        assert [text for text, count in Counter(map(tell, everything)).items() if count > 1] == []
    assert len({one.reference for one in everything}) == len(everything)
    assert {one.tags for one in everything} == {("demonstration",)}


def test_the_key_gives_itself_away_neither_by_place_nor_by_length(items):
    choices = [one for one in items if one.options]
    assert Counter(one.key for one in choices) == dict.fromkeys(range(4), 14)
    longest = 0
    for one in choices:
        assert all(option.rationale for option in one.options)
        lengths = [len(plain(option.text)) for option in one.options]
        longest += lengths.count(max(lengths)) == 1 and lengths[one.key] == max(lengths)
    assert longest <= len(choices) / 3


def test_short_answers_have_more_points_than_marks_and_a_model_answer(items):
    answers = [one for one in items if not one.options]
    assert min(len(one.guide) for one in answers) > max(one.marks for one in answers)
    assert all(one.model_answer for one in answers)


def test_prompts_ask_about_every_ksb_of_the_observation(prompts):
    asked = Counter(ksb for one in prompts for ksb in one.ksbs)
    assert set(asked) == set(PLAN.ksbs_of("observation"))
    assert len(prompts) == 24
    assert min(len(one.guide) for one in prompts) >= 2


def test_four_papers_are_drawn_near_the_target_without_a_repeat(items):
    blueprint = default_blueprint("st0663")
    facilities = [one.facility for one in items]
    assert statistics.mean(facilities) == pytest.approx(0.7, abs=0.01)
    assert max(facilities) - min(facilities) >= 0.15
    pool = Pool(
        PoolItem(
            reference=one.reference,
            version=1,
            type_code=one.type_code,
            ksb=one.ksbs[0],
            marks=int(one.marks),
            estimate=one.facility,
            options=len(one.options),
        )
        for one in items
    )
    for first in (0, 16, 184, 344, 524, 536, 564, 572):  # most once left a fourth off its target
        seen = set()
        for seed in range(first, first + PAPERS):
            paper = draw(pool, blueprint, seed, seen)
            assert paper.predicted_mark == pytest.approx(blueprint.target, abs=blueprint.tolerance)
            drawn = {one.reference for one in paper.items}
            assert len(drawn) == TEST.question_count
            assert not drawn & seen
            seen |= drawn
        assert len(seen) == len(items)
