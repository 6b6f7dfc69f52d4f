from collections import Counter

from question_bank.prompts.rules import drawn_from

POOL = [f"bank/OP-{number:04}/1" for number in range(1, 13)]


def test_each_prompt_of_a_pool_is_equally_likely():
    draws = 12_000
    times = Counter(drawn_from(POOL, seed) for seed in range(draws))
    expected = draws / len(POOL)
    chi_square = sum((times[one] - expected) ** 2 / expected for one in POOL)
    assert chi_square < 31.26  # 11 degrees of freedom, 0.001


def test_the_same_seed_and_pool_give_the_same_prompt_again():
    seeds = range(40)
    drawn = [drawn_from(POOL, seed) for seed in seeds]
    assert [drawn_from(list(POOL), seed) for seed in seeds] == drawn
    assert drawn_from(POOL[:1], 663) == POOL[0]
