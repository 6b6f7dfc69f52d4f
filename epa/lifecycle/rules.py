"""Stages and their order, kinds of attempt, duties on an attempt, levels of English and maths."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from frameworks.outcome import Grade as Grade  # noqa: PLC0414 (the lifecycle speaks of grades too)


class Stage(StrEnum):
    """Where an end-point assessment stands; stored, so that lists need not work it out."""

    ON_PROGRAMME = "on_programme"
    GATEWAY = "gateway"
    ASSESSMENT = "assessment"
    RESULTS = "results"
    COMPLETE = "complete"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


STAGE_TITLES: Final[dict[Stage, str]] = {
    Stage.ON_PROGRAMME: "On programme",
    Stage.GATEWAY: "At the gateway",
    Stage.ASSESSMENT: "In the EPA period",
    Stage.RESULTS: "Waiting for results",
    Stage.COMPLETE: "Result released",
    Stage.PAUSED: "Paused",
    Stage.WITHDRAWN: "Withdrawn",
    Stage.CLOSED: "Closed as failed",
}

# A withdrawn apprentice may be reinstated, to where the facts say that they stand.
# A method failed and released goes back to assessment for its re-sit; RESULTS means that every
# method's newest attempt has a grade.
TRANSITIONS: Final[dict[Stage, frozenset[Stage]]] = {
    Stage.ON_PROGRAMME: frozenset({Stage.GATEWAY, Stage.PAUSED, Stage.WITHDRAWN}),
    Stage.GATEWAY: frozenset({Stage.ASSESSMENT, Stage.PAUSED, Stage.WITHDRAWN}),
    Stage.ASSESSMENT: frozenset({Stage.RESULTS, Stage.PAUSED, Stage.WITHDRAWN, Stage.CLOSED}),
    Stage.RESULTS: frozenset({Stage.ASSESSMENT, Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED}),
    Stage.COMPLETE: frozenset(),
    Stage.PAUSED: frozenset({Stage.ON_PROGRAMME, Stage.GATEWAY, Stage.ASSESSMENT, Stage.WITHDRAWN}),
    Stage.WITHDRAWN: frozenset(
        {Stage.ON_PROGRAMME, Stage.GATEWAY, Stage.ASSESSMENT, Stage.RESULTS}
    ),
    Stage.CLOSED: frozenset(),
}


# Where the EPA is over: nothing of it changes any more.
ENDED: Final = frozenset({Stage.COMPLETE, Stage.CLOSED})


def may_advance(current: Stage, to: Stage) -> bool:
    """Whether the way leads from one stage straight to another."""
    return to in TRANSITIONS[current]


class AttemptKind(StrEnum):
    """A first attempt, a re-sit (no further learning) or a re-take (further learning)."""

    FIRST = "first"
    RESIT = "resit"
    RETAKE = "retake"


GRADE_TITLES: Final[dict[Grade, str]] = {
    Grade.FAIL: "Fail",
    Grade.PASS: "Pass",
    Grade.DISTINCTION: "Distinction",
}


ATTEMPT_TITLES: Final[dict[AttemptKind, str]] = {
    AttemptKind.FIRST: "First attempt",
    AttemptKind.RESIT: "Re-sit",
    AttemptKind.RETAKE: "Re-take",
}


def capped(grade: Grade, kind: AttemptKind, best: Grade) -> Grade:
    """The grade that an attempt may be given: a later one is never above the plan's best.

    Source: the plan's section on re-sits and re-takes; ``best`` is the definition's
    ``resits.best_grade``.
    """
    if kind is AttemptKind.FIRST:
        return grade
    order = list(Grade)
    return min(grade, best, key=order.index)


class Duty(StrEnum):
    """What a person is allocated to do on one attempt; the definition lists each method's."""

    ASSESSOR = "assessor"
    INVIGILATOR = "invigilator"
    FIRST_MARKER = "first_marker"
    SECOND_MARKER = "second_marker"


DUTY_TITLES: Final[dict[Duty, str]] = {
    Duty.ASSESSOR: "Independent assessor",
    Duty.INVIGILATOR: "Invigilator",
    Duty.FIRST_MARKER: "First marker",
    Duty.SECOND_MARKER: "Second marker",
}

# Nobody enters the same marks twice, and nobody invigilates and marks the same paper unseen.
GRADING_DUTIES: Final = frozenset({Duty.ASSESSOR, Duty.FIRST_MARKER, Duty.SECOND_MARKER})


class Attainment(StrEnum):
    """A level of English or mathematics, as a registration states it."""

    LEVEL_2 = "level_2"
    ENTRY_3 = "entry_3"
    NONE = "none"
    NOT_REQUIRED = "not_required"


# What the learner record holds while somebody has no number of their own yet.
PLACEHOLDER_ULN: Final = "9999999999"
_ULN_LENGTH: Final = 10


def is_uln(text: str) -> bool:
    """Whether this is written like a unique learner number: ten figures, the first not 0."""
    return (
        len(text) == _ULN_LENGTH
        and text.isascii()
        and text.isdecimal()
        and not text.startswith("0")
    )


def uln_adds_up(uln: str) -> bool:
    """Whether the check digit is right: figures times 10 down to 1, modulo 11, leave 10.

    Sandbox and sample numbers do not add up, so that a wrong one is a warning, never a refusal.
    """
    weights = range(_ULN_LENGTH, 0, -1)
    total = sum(int(figure) * weight for figure, weight in zip(uln, weights, strict=True))
    return total % 11 == _ULN_LENGTH
