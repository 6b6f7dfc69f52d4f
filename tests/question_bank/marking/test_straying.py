from hypothesis import given
from hypothesis import strategies as st

from question_bank.marking.straying import SeedRule, missed, seeds_by, strays


@given(st.text(), st.integers(0, 300), st.integers(1, 20))
def test_a_seed_comes_once_in_each_row_of_answers_at_no_fixed_place(seed, marked, every):
    met = seeds_by(seed, marked, every)
    assert met in {marked // every, marked // every + 1}
    assert met <= seeds_by(seed, marked + 1, every) <= met + 1
    assert seeds_by(seed, marked, 0) == 0


def test_the_places_of_seeds_differ_between_markers():
    first = {next(n for n in range(11) if seeds_by(str(seed), n, 10)) for seed in range(50)}
    assert len(first) == 10


def test_too_many_of_the_newest_seeds_marked_differently_stop_a_marker():
    rule = SeedRule(every=10, last=4, misses=2)
    assert not strays([], rule)
    assert not strays([1, 1, 0, 0, 0, -1], rule)
    assert strays([0, 1, 0, -1], rule)
    assert missed([2, 2, 2, 0, 0, 0, -1], rule) == 1
