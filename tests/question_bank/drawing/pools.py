"""Pools for the tests of the draw."""

from itertools import combinations

from hypothesis import strategies as st

from question_bank.drawing.paper import DrawBlueprint, DrawCell, PoolItem

KINDS = {"multiple_choice": (1, 4), "short_answer": (2, 0)}


def item(reference, ksb="K1", kind="multiple_choice", estimate=0.7, **given):
    marks, options = KINDS[kind]
    return PoolItem(reference, 1, kind, ksb, marks, estimate, options=options, **given)


def pool_items(cells, each, spread=5):
    """For each cell so many items, their facilities spread around 0.7."""
    return [
        item(
            f"{cell.ksb}-{cell.type_code}-{number:05}",
            cell.ksb,
            cell.type_code,
            0.7 + 0.2 * ((number % spread) / (spread - 1) - 0.5) if spread > 1 else 0.7,
        )
        for cell in cells
        for number in range(each)
    ]


def blueprint(*cells, **given):
    return DrawBlueprint("trial", tuple(DrawCell(*cell) for cell in cells), **given)


@st.composite
def situations(draw, easy=False):
    """A small pool with uses, enemies, caps and seen items, and a blueprint that may not fit.

    An easy one has no target, no cap and nothing seen, so that most give a paper.
    """
    kinds = list(KINDS)
    cells = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["K1", "K2"]),
                st.sampled_from(kinds),
                st.integers(1, 2 if easy else 4),
            ),
            min_size=1,
            max_size=3,
            unique_by=lambda cell: cell[:2],
        )
    )
    count = draw(st.integers(8 if easy else 1, 12))
    references = [f"i{number}" for number in range(count)]
    pairs = list(combinations(references, 2))
    hostile = draw(st.lists(st.sampled_from(pairs), max_size=12)) if pairs else []
    homes = [cell[:2] for cell in cells]
    items = [
        item(
            reference,
            *homes[number % len(homes)],
            draw(st.sampled_from([0.2, 0.5, 0.8])),
            uses=draw(st.integers(0, 3)),
            enemies=tuple(other for one, other in hostile if one == reference),
        )
        for number, reference in enumerate(references)
    ]
    if easy:
        return items, blueprint(*cells), frozenset()
    seen = draw(st.sets(st.sampled_from(references), max_size=3))
    target = draw(st.none() | st.floats(0, 8))
    cap = draw(st.none() | st.integers(1, 4))
    return items, blueprint(*cells, target=target, exposure_cap=cap), frozenset(seen)


def is_lawful(chosen, wanted, seen):
    """Whether a choice of items keeps every rule, asked the plain way."""
    references = {one.reference for one in chosen}
    cells = [(one.ksb, one.type_code) for one in chosen]
    predicted = sum(one.predicted_mark for one in chosen)
    return (
        len(references) == len(chosen)
        and sorted(cells) == sorted(cell.key for cell in wanted.cells for _ in range(cell.count))
        and not references & seen
        and all(not references & set(one.enemies) for one in chosen)
        and all(wanted.exposure_cap is None or one.uses < wanted.exposure_cap for one in chosen)
        and (wanted.target is None or abs(predicted - wanted.target) <= wanted.tolerance + 1e-9)
    )


def a_lawful_choice(items, wanted, seen):
    """Some choice that keeps every rule, found by trying all; None when there is none."""
    size = sum(cell.count for cell in wanted.cells)
    for chosen in combinations(items, size):
        if is_lawful(chosen, wanted, seen):
            return chosen
    return None
