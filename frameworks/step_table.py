"""What a figure earns: steps in either direction, for measures and for counted criteria."""

from fractions import Fraction
from typing import Literal

from pydantic import Field

from frameworks.exact import exact
from frameworks.schema import AtLeastOne, Number, Part, Percent, Text


class Step(Part):
    """From this figure on, in the table's better direction, so much is earned."""

    at: Number
    earns: Number


class StepTable(Part):
    """A figure's unit and range, and what it earns. Below the first step it earns nothing.

    `better` says whether more or fewer is better: 20 % of clients in work reaches a step at 20
    and at 10; 30 weeks of waiting reaches a step at 39 and at 52. Steps stand easiest first.
    """

    unit: Text
    lowest: Number
    highest: Number
    better: Literal["more", "fewer"]
    steps: tuple[Step, ...] = ()

    def reached(self, value: Fraction) -> Step | None:
        """Return the hardest step a figure reaches, None below the first."""
        reached = None
        for step in self.steps:
            if self._is_at_least(value, exact(step.at)):
                reached = step
        return reached

    def following(self, value: Fraction) -> Step | None:
        """Return the first step a figure does not reach yet, None at the top."""
        for step in self.steps:
            if not self._is_at_least(value, exact(step.at)):
                return step
        return None

    def earned(self, value: Fraction) -> Fraction:
        """Return what a figure earns by the steps."""
        step = self.reached(value)
        return Fraction(0) if step is None else exact(step.earns)

    def _is_at_least(self, value: Fraction, at: Fraction) -> bool:
        return value >= at if self.better == "more" else value <= at


class Minimum(Part):
    """How many answers a figure needs: so many, or such a share of the clients listed."""

    responses: AtLeastOne
    percent_of_listed: Percent

    def is_met(self, counted: int, listed: int) -> bool:
        """Whether one of the two minimums is reached."""
        return counted >= self.responses or counted * 100 >= self.percent_of_listed * listed


class Measure(StepTable):
    """A criterion that is measured: its figure earns marks, by steps or as it stands."""

    marks_max: Number = Field(gt=0)
    marks_are_value: bool = False
    minimum: Minimum | None = None
    how: Text

    def marks(self, value: Fraction) -> Fraction:
        """Return the marks of a figure, unrounded."""
        return value if self.marks_are_value else self.earned(value)


class Counted(StepTable):
    """How a criterion is rated by counting rather than by judgement. Steps earn points."""

    counts: Text
    within_days: AtLeastOne | None = None
