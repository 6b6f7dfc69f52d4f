"""What marked answers tell of a question and of a test, always with the number they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt

from frameworks.assessment_plan import Boundary
from question_bank.statistics.bands import Band, boundary_bands
from question_bank.statistics.flags import Flag, OptionChosen, Thresholds, distractor_table, flags
from question_bank.statistics.intervals import (
    Interval,
    alpha_interval,
    discrimination_interval,
    facility_change,
    facility_interval,
    mean_interval,
)
from question_bank.statistics.rules import (
    ItemMeasures,
    Whole,
    WholeMeasures,
    item_measures,
    random_guess_score,
    whole_measures,
)

FEWEST: Final = Thresholds().fewest

FLAG_TITLES: Final = {
    Flag.PROBABLE_MISKEY: "Probably the wrong key",
    Flag.DISTRACTOR_NEVER_CHOSEN: "An option nobody chose",
    Flag.TOO_EASY: "Too easy",
    Flag.TOO_HARD: "Too hard",
    Flag.NEGATIVE_DISCRIMINATION: "Divides the wrong way",
}
FLAG_WORDS: Final = {
    Flag.PROBABLE_MISKEY: "Those who chose another option did better in the rest of the test than"
    " those who chose the key.",
    Flag.DISTRACTOR_NEVER_CHOSEN: "A wrong option that tempts nobody makes guessing easier.",
    Flag.TOO_EASY: "Nearly everybody gets it right, so it tells nobody apart.",
    Flag.TOO_HARD: "Hardly anybody gets it right, or no more than by guessing.",
    Flag.NEGATIVE_DISCRIMINATION: "Those who do well in the rest of the test do worse here.",
}


class ScriptSource(StrEnum):
    """Where a candidate's marked answers come from."""

    FILE = "file"
    SITTING = "sitting"


class ScriptFate(StrEnum):
    """What becomes of a candidate's answers in a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


FATE_TITLES: Final = {
    ScriptFate.NEW: "New",
    ScriptFate.CHANGED: "Changed",
    ScriptFate.SAME: "There already",
}


@dataclass(frozen=True)
class Answer:
    """One candidate's marked answer to one question.

    Attributes:
        version_id: the version of the item that stood on the paper.
        mark: what it was given, in marks.
        chosen: the option chosen, from 0 in the item as written; None for an open question, for
            no answer, and where it was not kept.
    """

    version_id: UUID
    mark: int
    chosen: int | None = None


@dataclass(frozen=True)
class MarkedScript:
    """A candidate's answers to a whole paper, in its order.

    Attributes:
        candidate: how the candidate is known to whoever marked; never a name.
        answers: one for each question of the paper.
    """

    candidate: str
    answers: tuple[Answer, ...]

    @property
    def total(self) -> int:
        """The sum of its marks."""
        return sum(one.mark for one in self.answers)


# ------------------------------------------------------------------------------------ of a question


@dataclass(frozen=True)
class ItemAnswers:
    """Everybody's answers to one version of an item, one place an attempt.

    Attributes:
        marks: what each was given.
        totals: what each was given for the whole paper, this question included.
        chosen: the option of each, from 0 in the item as written; -1 where none is known.
    """

    marks: npt.NDArray[np.int64]
    totals: npt.NDArray[np.int64]
    chosen: npt.NDArray[np.int64]


@dataclass(frozen=True)
class MarkCount:
    """How many were given one mark, and which share of all that is, 0 to 1."""

    mark: int
    count: int
    share: float


@dataclass(frozen=True)
class ItemFigures:
    """How one version of an item behaved.

    Attributes:
        measures: facility, discrimination and the rest, with n.
        facility_interval: both ends, 0 to 1; None without attempts.
        discrimination_interval: both ends, -100 to 100; None with too few.
        marks: how often each mark was given, from 0 to the maximum.
        options: who chose which option; empty for an open question and where no option is known.
        unknown: how many gave no option, or none that was kept.
        guess: the share of marks that guessing earns; None for an open question.
        flags: what calls for a look; none below the fewest attempts.
    """

    measures: ItemMeasures
    facility_interval: Interval | None
    discrimination_interval: Interval | None
    marks: tuple[MarkCount, ...]
    options: tuple[OptionChosen, ...]
    unknown: int
    guess: float | None
    flags: tuple[Flag, ...]


def item_figures(
    answers: ItemAnswers, maximum: int, options: int = 0, key: int | None = None
) -> ItemFigures:
    """Measure a version of an item.

    The table of options rests on those attempts alone whose option is known; it raises a flag only
    where these are as many as any flag asks for.

    Args:
        answers: everybody's.
        maximum: the most marks it gives; above 0.
        options: how many options it has; 0 for an open question.
        key: which of them is right.
    """
    measures = item_measures(answers.marks, answers.totals, maximum)
    known = answers.chosen >= 0
    rest = answers.totals - answers.marks
    table = (
        distractor_table(answers.chosen[known], rest[known], options, key)
        if options and key is not None and known.any()
        else ()
    )
    index = measures.discrimination_index
    return ItemFigures(
        measures=measures,
        facility_interval=(
            None if measures.facility is None else facility_interval(measures.facility, measures.n)
        ),
        discrimination_interval=(
            None if index is None else discrimination_interval(index, measures.n)
        ),
        marks=mark_counts(answers.marks, maximum),
        options=table,
        unknown=int(len(known) - known.sum()),
        guess=random_guess_score(options) if options else None,
        flags=flags(measures, table if known.sum() >= FEWEST else ()),
    )


def mark_counts(marks: Whole, maximum: int) -> tuple[MarkCount, ...]:
    """How often each mark from 0 to the maximum was given."""
    counts = np.bincount(marks, minlength=maximum + 1).tolist()
    n = len(marks)
    return tuple(
        MarkCount(mark, count, count / n if n else 0.0) for mark, count in enumerate(counts)
    )


@dataclass(frozen=True)
class Drift:
    """How a facility changed from one version to the next.

    Attributes:
        change: after minus before, -1 to 1.
        low: the lower end of its interval.
        high: the upper end.
    """

    change: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether the interval leaves no change out."""
        return self.low > 0 or self.high < 0


def drift(before: ItemMeasures, after: ItemMeasures) -> Drift | None:
    """How far a facility moved between two versions; None where one has no answers."""
    if before.facility is None or after.facility is None:
        return None
    found = facility_change((before.facility, before.n), (after.facility, after.n))
    if found is None:
        return None
    return Drift(after.facility - before.facility, *found)


# --------------------------------------------------------------------------------------- of a test


@dataclass(frozen=True)
class GradeCount:
    """How many totals lie within the marks of one grade."""

    grade: str
    lowest: int
    highest: int
    count: int
    share: float


@dataclass(frozen=True)
class WholeFigures:
    """How a test behaved.

    Attributes:
        n: the attempts.
        positions: how many questions a paper has.
        measures: mean, alpha, standard error and the rest.
        mean_interval: both ends, in marks.
        alpha_interval: both ends, in percent.
        grades: how many totals lie within each grade's marks.
        bands: who lies within one standard error of each boundary above the lowest.
        totals: how often each total was reached, from 0 to the most there is.
    """

    n: int
    positions: int
    measures: WholeMeasures
    mean_interval: Interval | None
    alpha_interval: Interval | None
    grades: tuple[GradeCount, ...]
    bands: tuple[Band, ...]
    totals: tuple[MarkCount, ...]


def whole_figures(marks: Whole, maximum: int, boundaries: Sequence[Boundary]) -> WholeFigures:
    """Measure a test.

    Args:
        marks: a row an attempt, a column a position.
        maximum: the most marks that the test gives.
        boundaries: the plan's, from the lowest grade up; empty where this paper is not the plan's,
            so that its marks make no grade.
    """
    n, positions = marks.shape
    measures = whole_measures(marks)
    totals = marks.sum(axis=1) if n else np.zeros(0, dtype=np.int64)
    lowest: dict[str, float] = {one.grade: one.lowest for one in boundaries if one.lowest > 0}
    return WholeFigures(
        n=n,
        positions=positions,
        measures=measures,
        mean_interval=(
            None
            if measures.mean is None or measures.sd is None
            else mean_interval(measures.mean, measures.sd, n)
        ),
        alpha_interval=(
            None if measures.alpha is None else alpha_interval(measures.alpha, n, positions)
        ),
        grades=tuple(_grade(one, totals) for one in boundaries),
        bands=boundary_bands(totals.tolist(), lowest, measures.standard_error),
        totals=mark_counts(totals, maximum),
    )


def _grade(boundary: Boundary, totals: Whole) -> GradeCount:
    count = int(((totals >= boundary.lowest) & (totals <= boundary.highest)).sum())
    share = count / len(totals) if len(totals) else 0.0
    return GradeCount(boundary.grade, boundary.lowest, boundary.highest, count, share)
