"""How a review runs: who does what by when, whom the assessors hear, and what is awarded.

Dates are worked out by whoever keeps reviews; here stand only the periods and what they count
from.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from frameworks.schema import AtLeastOne, Code, Part, Text

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Named(Part):
    """Something with a code and a title: somebody who acts, a day that dates count from."""

    code: Code
    title: Text


class Due(Part):
    """When a step is due: so long before or after a day or another step, or on it."""

    when: Literal["before", "on", "after"]
    of: Code
    amount: AtLeastOne | None = None
    unit: Literal["days", "working_days", "weeks", "months", "years"] | None = None


class CycleStep(Part):
    """One step of the cycle: who does what, and by when. `every` is in months."""

    code: Code
    title: Text
    by: Code
    what: Text
    due: Due | None = None
    every: AtLeastOne | None = None


class Heard(Part):
    """Whom the assessors speak to, and how many of them at least."""

    code: Code
    title: Text
    least: AtLeastOne


class Sample(Part):
    """How many clients' files the assessors draw at random."""

    least: AtLeastOne
    most: AtLeastOne


class Block(Part):
    """One block of the standard timetable."""

    day: AtLeastOne
    starts: TimeOfDay
    ends: TimeOfDay
    code: Code
    title: Text


class Visit(Part):
    """The external assessment: its days, assessors, sample, interviews and timetable."""

    days: AtLeastOne
    assessors: AtLeastOne
    lead_assessors: AtLeastOne
    sample: Sample | None = None
    interviews: tuple[Heard, ...] = ()
    timetable: tuple[Block, ...] = ()


class Award(Part):
    """Who gives the mark, for how long, and what keeps it.

    An organisation that is not the awarding body can only say what a review indicates.
    """

    awarding_body: Text
    title: Text
    years: AtLeastOne | None = None
    kept_by: tuple[Text, ...] = ()


class Cycle(Part):
    """The whole cycle. `days` are what dates count from, beside the steps themselves."""

    actors: tuple[Named, ...] = Field(min_length=1)
    days: tuple[Named, ...] = ()
    steps: tuple[CycleStep, ...] = Field(min_length=1)
    visit: Visit | None = None
    award: Award | None = None

    def step(self, code: str) -> CycleStep:
        """Return the step with this code; KeyError when there is none."""
        return {step.code: step for step in self.steps}[code]
