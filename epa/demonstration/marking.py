"""Knowledge tests in the demonstration: sat on paper, marked by two people, entered by both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Final

from epa.demonstration.company import Company
from epa.demonstration.notes import INCIDENT
from epa.demonstration.stories import Method, Reach
from epa.knowledge_test import queries, services
from epa.knowledge_test.rules import SittingFacts
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import Duty

Step = tuple[int, int, Callable[[datetime], None]]

_SECOND_AFTER: Final = 2
# Where two entries of one paper differ, the second has a mark less.
_DIFFERENT: Final = (22, 31)
_ALARMS: Final = 8


def sit_and_mark(company: Company, attempt: MethodAttempt, method: Method) -> list[Step]:
    """What happens with one paper, as steps with their day and hour."""
    marks = _marks(company.rng, attempt, method.score)
    other = list(marks)
    if method.reach is Reach.DIFFERING:
        for number in _DIFFERENT:
            other[number - 1] = (marks[number - 1] or 1) - 1 if marks[number - 1] else 1
    steps: list[Step] = [
        (method.on, 13, lambda at: _sit(company.rng, attempt, method, company, at)),
        (method.on + 1, 10, lambda at: _enter(attempt, Duty.FIRST_MARKER, marks, at)),
    ]
    if method.reach >= Reach.DIFFERING:
        steps.append(
            (
                method.on + _SECOND_AFTER,
                15,
                lambda at: _enter(attempt, Duty.SECOND_MARKER, other, at),
            )
        )
    return steps


def _sit(
    rng: Random, attempt: MethodAttempt, method: Method, company: Company, at: datetime
) -> None:
    invigilator = attempt.allocated(Duty.INVIGILATOR)
    assert invigilator is not None, "a test is dated when its people are allocated"
    services.record_sitting(
        attempt,
        SittingFacts(
            held_on=company.days.day(method.on),
            minutes=queries.method_of(attempt).minutes,
            identity_checked=True,
            venue_checked=True,
            incidents=INCIDENT if rng.randrange(_ALARMS) == 0 else "",
        ),
        actor=invigilator,
        at=at,
    )


def _enter(attempt: MethodAttempt, duty: Duty, marks: list[int], at: datetime) -> None:
    marker = attempt.allocated(duty)
    assert marker is not None, "a test is dated when its people are allocated"
    services.enter_marks(attempt, duty, marks, actor=marker, at=at)


def _marks(rng: Random, attempt: MethodAttempt, total: int) -> list[int]:
    """A mark for every question that come to a total: full marks, less some here and there."""
    paper = queries.paper_of(attempt)
    marks = [max(question.marks) for question in paper]
    while sum(marks) > total:
        place = rng.randrange(len(marks))
        marks[place] = max(0, marks[place] - 1)
    return marks
