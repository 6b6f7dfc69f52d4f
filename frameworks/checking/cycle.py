"""Cross-checks of a review's cycle: who and when must be there, and the timetable must run."""

from collections.abc import Iterator
from itertools import pairwise

from frameworks.checking.problems import Problem, repeated
from frameworks.review_cycle import Cycle, CycleStep, Due, Visit


def problems_in(cycle: Cycle) -> Iterator[Problem]:
    """Find what does not add up in a cycle."""
    yield from repeated("cycle.actors", [actor.code for actor in cycle.actors])
    dated = [*(day.code for day in cycle.days), *(step.code for step in cycle.steps)]
    yield from repeated("cycle.steps", dated)
    actors = {actor.code for actor in cycle.actors}
    for step in cycle.steps:
        where = f"cycle.steps.{step.code}"
        if step.by not in actors:
            yield f"{where}.by", f"there is no actor '{step.by}'"
        if step.due is not None:
            yield from _due_problems(step, step.due, dated, f"{where}.due")
    yield from _circles(cycle)
    if cycle.visit is not None:
        yield from _visit_problems(cycle.visit)


def _due_problems(step: CycleStep, due: Due, dated: list[str], where: str) -> Iterator[Problem]:
    if due.of not in dated or due.of == step.code:
        yield f"{where}.of", f"there is no other day or step '{due.of}'"
    if (due.amount is None) != (due.unit is None):
        yield where, "amount and unit belong together"
    if (due.when == "on") != (due.amount is None):
        yield where, "before and after need an amount and a unit, and on needs neither"


def _circles(cycle: Cycle) -> Iterator[Problem]:
    """No step may wait, over other steps, for itself."""
    waits_for = {step.code: step.due.of for step in cycle.steps if step.due is not None}
    for code, at in waits_for.items():
        seen = [code]
        while at in waits_for and at not in seen:
            seen.append(at)
            at = waits_for[at]  # noqa: PLW2901 - following the chain is what the loop is for
        if at == code and len(seen) > 1:
            yield f"cycle.steps.{code}.due.of", f"it waits for itself: {', '.join(seen)}"


def _visit_problems(visit: Visit) -> Iterator[Problem]:
    if visit.lead_assessors > visit.assessors:
        yield "cycle.visit.lead_assessors", "there are more leads than assessors"
    if visit.sample is not None and visit.sample.least > visit.sample.most:
        yield "cycle.visit.sample.least", "it is above most"
    for block in visit.timetable:
        if block.ends <= block.starts:
            yield "cycle.visit.timetable", f"'{block.title}' ends before it begins"
        if block.day > visit.days:
            yield "cycle.visit.timetable", f"'{block.title}' is on day {block.day}"
    for first, second in pairwise(visit.timetable):
        if (second.day, second.starts) < (first.day, first.ends):
            yield "cycle.visit.timetable", f"'{second.title}' begins before '{first.title}' ends"
