"""A drawn paper explained in words, for whoever asks how it came about."""

from __future__ import annotations

from collections.abc import Iterator

from question_bank.drawing.paper import DrawBlueprint, DrawnPaper


def explanation(paper: DrawnPaper, blueprint: DrawBlueprint) -> tuple[str, ...]:
    """Say how a paper was drawn: one sentence for each rule. Its cells speak for themselves."""
    return tuple(_rules(paper, blueprint))


def _rules(paper: DrawnPaper, blueprint: DrawBlueprint) -> Iterator[str]:
    yield f"Drawn by the blueprint {paper.blueprint} from the seed {paper.seed}."
    beyond = sum(cell.beyond_fewest for cell in paper.cells)
    if beyond:
        yield (
            f"{beyond} of {len(paper.items)} items had been used more often than others of their"
            " cell: without them there was no paper that keeps the other rules."
        )
    else:
        yield "Every item is among the least used of its cell."
    if blueprint.target is None:
        yield f"The predicted mark is {paper.predicted_mark:.1f}; the blueprint asks for none."
    else:
        yield (
            f"The predicted mark is {paper.predicted_mark:.1f}; the blueprint asks for"
            f" {blueprint.target:.1f} within {blueprint.tolerance:.1f}."
        )
    if paper.redraws or paper.exchanges:
        yield (
            f"To reach it {paper.redraws} papers were set aside and {paper.exchanges} items"
            " exchanged."
        )
    if paper.estimated:
        yield (
            f"{paper.estimated} of {len(paper.items)} facilities are the setters' estimates: too"
            " few answers have been marked."
        )
