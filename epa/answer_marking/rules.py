"""Why a paper that everybody has marked is not graded yet."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from epa.lifecycle.rules import Stage


class HeldBack(StrEnum):
    """What keeps a settled paper from its grade."""

    GRADED = "graded"
    NOT_OPEN = "not_open"
    OTHER_MARKS = "other_marks"


HELD_TITLES: Final[dict[HeldBack, str]] = {
    HeldBack.GRADED: "This attempt has a grade already.",
    HeldBack.NOT_OPEN: "The assessment does not go on at the moment; it is graded when it does.",
    HeldBack.OTHER_MARKS: "The paper gives other marks than the plan's test: it makes no grade.",
}


def held_back(
    *, stage: Stage, is_graded: bool, is_anew: bool = False, paper_marks: int, plan_marks: int
) -> HeldBack | None:
    """Why a settled paper is not graded; None when it may be.

    Args:
        stage: where the assessment stands.
        is_graded: whether the attempt has a grade that this paper may not change.
        is_anew: whether the paper has its grade and was marked anew: other methods may be done.
        paper_marks: the most marks that the paper gives.
        plan_marks: the most marks of the plan's test.
    """
    if is_graded:
        return HeldBack.GRADED
    if stage is not Stage.ASSESSMENT and not (is_anew and stage is Stage.RESULTS):
        return HeldBack.NOT_OPEN
    return HeldBack.OTHER_MARKS if paper_marks != plan_marks else None
