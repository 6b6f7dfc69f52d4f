from bench import question_bank
from bench.question_bank import DRAW_BAR, IMPORT_BAR, STATISTICS_BAR


def test_it_measures_draw_import_and_statistics_beside_their_floors():
    lines = list(question_bank.lines(rounds=3, pool=400, package=6, attempts=30))
    assert {line.title: line.bar for line in lines} == {
        "A paper of 400 items": DRAW_BAR,
        "A package of 6 questions": IMPORT_BAR,
        "Statistics of 1,200 answers": STATISTICS_BAR,
    }
    assert all(line.cost.cpu >= 0 and not line.queries for line in lines)
