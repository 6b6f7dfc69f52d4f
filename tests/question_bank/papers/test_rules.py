from hypothesis import given
from hypothesis import strategies as st

from question_bank.drawing.loading import default_blueprint
from question_bank.drawing.paper import DrawBlueprint, DrawCell, PoolItem
from question_bank.papers.rules import adequacy_of, as_record, digest_of, from_record
from tests.factories.items import choice, short_answer

CELLS = (DrawCell("K9", "multiple_choice", 2), DrawCell("K10", "short_answer", 3))


def pool(*sizes, uses=0):
    return [
        PoolItem(f"{cell.ksb}-{number}", 1, cell.type_code, cell.ksb, 1, 0.5, uses=uses)
        for cell, size in zip(CELLS, sizes, strict=True)
        for number in range(size)
    ]


def test_a_blueprint_comes_back_from_its_record():
    blueprint = default_blueprint("st0663")
    assert from_record(as_record(blueprint)) == blueprint


def test_it_counts_papers_and_resits_and_says_what_to_write():
    blueprint = DrawBlueprint("short", CELLS)
    reach = adequacy_of(blueprint, pool(7, 8), {CELLS[0].key: 4}, {CELLS[1].key: 1})
    assert [(one.ready, one.papers, one.for_one_more) for one in reach.cells] == [
        (7, 3, 1),
        (8, 2, 1),
    ]
    assert (reach.papers, reach.resits) == (2, 1)
    assert [(one.ksb, one.coming) for one in reach.to_write_next] == [("K10", 1)]
    assert reach.cells[0].due_soon == 4


def test_what_is_worn_out_is_not_ready_and_what_was_used_is_not_fresh():
    capped = DrawBlueprint("capped", CELLS, exposure_cap=2)
    assert adequacy_of(capped, pool(6, 6, uses=2), {}, {}).papers == 0
    reach = adequacy_of(capped, pool(6, 6, uses=1), {}, {})
    assert (reach.papers, reach.fresh_papers) == (2, 0)


@given(sizes=st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_writing_what_is_asked_for_gives_one_paper_more(sizes):
    blueprint = DrawBlueprint("short", CELLS)
    reach = adequacy_of(blueprint, pool(*sizes), {}, {})
    more = {one.ksb: one.for_one_more for one in reach.to_write_next}
    assert more
    grown = [size + more.get(cell.ksb, 0) for cell, size in zip(CELLS, sizes, strict=True)]
    assert adequacy_of(blueprint, pool(*grown), {}, {}).papers == reach.papers + 1


def test_a_digest_tells_every_change_of_a_paper():
    paper = [(choice(), (0, 1, 2, 3)), (short_answer(), ())]
    others = [
        [(choice(), (1, 0, 2, 3)), paper[1]],
        [paper[1], paper[0]],
        [(choice("Which?"), (0, 1, 2, 3)), paper[1]],
        [paper[0], (short_answer(model_answer="Other."), ())],
        [paper[0], (short_answer(guide=("Other",)), ())],
    ]
    digests = {digest_of(one) for one in (paper, *others)}
    assert len(digests) == len(others) + 1
    assert digest_of(paper) == digest_of(list(paper))
