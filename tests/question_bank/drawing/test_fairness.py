"""The draw is fair, and the report on its fairness can tell fair from unfair."""

import pytest

from question_bank.drawing import fairness as room
from question_bank.drawing.draw import draw
from question_bank.drawing.fairness import chi_square_p, fairness
from question_bank.drawing.loading import default_blueprint
from question_bank.drawing.paper import DrawnPaper, DrawRules
from question_bank.drawing.pool import Pool
from tests.question_bank.drawing.pools import blueprint, item, pool_items

PLAIN = DrawRules(enemies=False, target=False)


def test_it_draws_each_item_of_a_cell_within_what_chance_allows():
    wanted = default_blueprint("st0663")
    report = fairness(Pool(pool_items(wanted.cells, 8)), wanted, 10_000, 20260609, PLAIN)
    assert len(report.cells) == 20
    # The smallest of twenty: each at 0.001 would fail a fair draw once in fifty seeds.
    assert min(cell.p for cell in report.cells) > 0.001 / len(report.cells)
    whole = sum(cell.chi_square for cell in report.cells)
    assert chi_square_p(whole, sum(cell.items - 1 for cell in report.cells)) > 0.001


def test_it_would_notice_an_unfair_draw(monkeypatch):
    def leaning(pool, wanted, seed, rules=None):
        """Draws again, one time in ten, when the first item of the cell is not on the paper."""
        paper = draw(pool, wanted, seed, rules=rules)
        if seed % 10 == 0 and all(one.reference != "i0" for one in paper.items):
            return draw(pool, wanted, seed + 10**9, rules=rules)
        return paper

    monkeypatch.setattr(room, "draw", leaning)
    items = [item(f"i{number}") for number in range(8)]
    report = fairness(Pool(items), blueprint(("K1", "multiple_choice", 3)), 5_000, 1, PLAIN)
    assert report.cells[0].p < 0.001


def test_it_would_be_misled_without_the_correction():
    """Drawing most of a cell, the usual chi-square lies far below its degrees of freedom."""
    items = [item(f"i{number}") for number in range(20)]
    cell = fairness(Pool(items), blueprint(("K1", "multiple_choice", 18)), 2_000, 1, PLAIN).cells[0]
    assert 5 < cell.chi_square < 40
    assert cell.chi_square * (20 - 18) / (20 - 1) < 5


def test_it_reports_inclusion_and_spread_with_the_rules_on():
    cells = default_blueprint("st0663").cells
    wanted = blueprint(
        *((cell.ksb, cell.type_code, cell.count) for cell in cells), target=47.5, tolerance=0.5
    )
    items = pool_items(cells, 8)
    report = fairness(Pool(items), wanted, 60, 1)
    assert report.largest_ratio > 1
    assert report.predicted.sd < report.plain.sd
    assert report.predicted.lowest == pytest.approx(47)
    assert report.predicted.highest <= 48
    assert report.plain.lowest < 47


def test_it_looks_only_at_the_items_between_which_chance_decides():
    items = [item("new1"), item("new2")] + [item(f"old{number}", uses=1) for number in range(5)]
    report = fairness(Pool(items), blueprint(("K1", "multiple_choice", 3)), 100, 1, PLAIN)
    assert (report.cells[0].items, report.cells[0].places) == (5, 1)
    nothing = fairness(Pool(items[:2]), blueprint(("K1", "multiple_choice", 2)), 10, 1, PLAIN)
    assert (nothing.cells, nothing.largest_ratio) == ((), 1.0)


def test_it_has_no_ratio_where_an_item_was_never_drawn():
    items = [item(f"i{number}") for number in range(50)]
    report = fairness(Pool(items), blueprint(("K1", "multiple_choice", 1)), 3, 1, PLAIN)
    assert report.largest_ratio is None


@pytest.mark.parametrize(
    ("statistic", "degrees", "p"),
    [(3.841458821, 1, 0.05), (10.828, 1, 0.001), (16.919, 9, 0.05), (2.088, 9, 0.99), (0, 3, 1)],
)
def test_it_knows_the_tables_of_chi_square(statistic, degrees, p):
    assert chi_square_p(statistic, degrees) == pytest.approx(p, rel=2e-3)


def test_it_draws_quickly_and_whole_from_a_large_pool():
    wanted = default_blueprint("st0663")
    pool = Pool(pool_items(wanted.cells, 5_000))
    assert isinstance(draw(pool, wanted, 1), DrawnPaper)
    assert len(pool.items) == 100_000
