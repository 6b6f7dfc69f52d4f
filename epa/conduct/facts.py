"""The facts of an assessor's day and what the plan asks of them: limits, consent, reasons.

Every number comes from the definition. A limit that the plan lets the assessor stretch asks for
the recorded choice; beyond that, for a reason; what the plan says *must* be blocks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

from pydantic import BaseModel, ConfigDict

from epa.conduct.rules import Measured
from frameworks.assessment_plan import JudgedMethod, QuestionLimits, Stretch

APPRENTICE: Final = "apprentice"


@dataclass(frozen=True)
class Missing:
    """One thing that stands in the way of signing, and where to put it right.

    ``ksb`` is the code of the KSB it concerns, or ``field`` the fact of the day.
    """

    code: str
    message: str
    ksb: str | None = None
    field: str | None = None


class Recording(StrEnum):
    """What was recorded, with the consent of everybody recorded."""

    VIDEO = "video"
    AUDIO = "audio"
    NONE = "none"


RECORDING_TITLES: Final[dict[Recording, str]] = {
    Recording.VIDEO: "Video, with consent",
    Recording.AUDIO: "Sound only, with consent",
    Recording.NONE: "Nothing was recorded",
}


class Conduct(BaseModel, ABC):
    """The facts of the day that the judged methods share; each method adds its own.

    ``measured_as`` says which fact is which measure, ``minutes_and_counts`` which of them must
    agree with what was measured or say why not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    main_part: ClassVar[str]
    measured_as: ClassVar[Mapping[str, str]] = {
        "held_on": "held_on",
        "questions_asked": "questions_asked",
        "question_minutes": "question_minutes",
    }
    must_agree: ClassVar[Mapping[str, str]] = {
        "questions_asked": "{given} questions were entered, {measured} are written down.",
        "question_minutes": "{given} min of questions were entered, the clock measured {measured}.",
    }

    held_on: date | None = None
    identity_checked: bool = False
    present: str = ""
    recording: Recording | None = None
    consent_of: tuple[str, ...] = ()
    no_recording_reason: str = ""
    not_attached_reason: str = ""
    questions_asked: int | None = None
    questions_reason: str = ""
    question_minutes: int | None = None
    question_time_reason: str = ""
    clock_reason: str = ""

    @property
    @abstractmethod
    def main_minutes(self) -> int | None:
        """How long the method's main part took; None while it is not entered."""

    @abstractmethod
    def limits(self, method: JudgedMethod) -> list[Missing]:
        """What is left out, or over a limit without the reason it needs; empty when in order."""

    def completed(self, measured: Measured) -> Conduct:
        """The same facts, with what was measured where nothing was entered."""
        found = {
            name: value
            for name, source in self.measured_as.items()
            if (value := getattr(measured, source)) is not None
            and getattr(self, name) in (None, False)
        }
        return self.model_copy(update=found)

    def missing(self, method: JudgedMethod, measured: Measured | None = None) -> list[Missing]:
        """Everything that stands in the way of signing, with what was measured taken in.

        Args:
            method: the method, with the adjustments in force.
            measured: what the clock, the questions and the files say; nothing by default.
        """
        measured = measured or Measured()
        whole = self.completed(measured)
        return [
            *whole.limits(method),
            *recording_limits(whole, method, measured.recordings),
            *self._disagreements(measured),
        ]

    def _disagreements(self, measured: Measured) -> list[Missing]:
        found = []
        for name, words in self.must_agree.items():
            given, said = getattr(self, name), getattr(measured, self.measured_as[name])
            if given is not None and said is not None and given != said:
                problem = words.format(given=given, measured=said)
                found += unless(
                    self.clock_reason,
                    f"{problem} Leave the box empty, or say why they differ.",
                    "clock_reason",
                )
        return found


def not_said(conduct: BaseModel, wanted: Mapping[str, str]) -> list[Missing]:
    """The facts that are not given yet, by field: the sentence that asks for each."""
    given = {field: getattr(conduct, field) for field in wanted}
    return [
        Missing("fact-missing", sentence, field=field)
        for field, sentence in wanted.items()
        if given[field] is None or given[field] is False or given[field] == ""
    ]


def over_time(part: Stretch, minutes: int | None, *, stretched: bool) -> str | None:
    """What is wrong with the minutes of one timed part, by how much; None when nothing is.

    Args:
        part: the part, with the plan's minutes and what may be added to them.
        minutes: how long it took.
        stretched: whether the assessor recorded the choice to add the plan's tolerance.
    """
    if minutes is None or minutes <= part.minutes:
        return None
    if minutes <= part.longest_minutes:
        if stretched:
            return None
        return (
            f"{part.title}: {minutes} min is {minutes - part.minutes} min over the {part.minutes}"
            f" of the plan. Record that you added time {part.tolerance_for}, or give a reason."
        )
    most = f"{part.minutes} min"
    if part.tolerance_percent:
        most = f"{part.longest_minutes} min that {part.minutes} may be stretched to"
    return (
        f"{part.title}: {minutes} min is {minutes - part.longest_minutes} min over the {most}."
        " Give a reason."
    )


def over_count(limits: QuestionLimits, asked: int | None) -> str | None:
    """What is wrong with the number of questions, by how much; None when nothing is."""
    if asked is None or asked <= limits.maximum:
        return None
    return (
        f"{asked} questions is {asked - limits.maximum} over the {limits.maximum} that may be"
        " asked. Give a reason."
    )


def unless(reason: str, problem: str | None, field: str) -> list[Missing]:
    """A problem that a reason settles: none when there is no problem, or a reason is given."""
    if problem is None or reason.strip():
        return []
    return [Missing("limit-broken", problem, field=field)]


def question_limits(conduct: Conduct, method: JudgedMethod, *, stretched: bool) -> list[Missing]:
    """The number of questions and their minutes, held to the plan."""
    part = method.part(method.questions.part)
    many = over_count(method.questions, conduct.questions_asked)
    long = over_time(part, conduct.question_minutes, stretched=stretched)
    return [
        *unless(conduct.questions_reason, many, "questions_reason"),
        *unless(conduct.question_time_reason, long, "question_time_reason"),
    ]


def recording_limits(conduct: Conduct, method: JudgedMethod, attached: int) -> list[Missing]:
    """What was recorded, with whose consent, and whether it is attached.

    Source: the plan's method 1: consent before any recording, at least the sound if video is
    refused. A method whose plan does not speak of recording may go without one.

    Args:
        conduct: the facts.
        method: the method.
        attached: how many recordings are attached.
    """
    if conduct.recording in {Recording.VIDEO, Recording.AUDIO}:
        found = []
        if APPRENTICE not in conduct.consent_of:
            found.append(
                Missing(
                    "no-consent",
                    "Tick that the apprentice agreed before the recording began.",
                    field="consent_of",
                )
            )
        unattached = (
            None if attached else "The recording is not attached. Attach it, or say why not."
        )
        return [*found, *unless(conduct.not_attached_reason, unattached, "not_attached_reason")]
    if method.recording is None:
        return []
    if conduct.recording is None:
        return [
            Missing("fact-missing", "Say what was recorded, with whose consent.", field="recording")
        ]
    unrecorded = "Nothing was recorded, not even the sound. Give a reason."
    return unless(conduct.no_recording_reason, unrecorded, "no_recording_reason")


def day_in_order(held_on: date | None, *, starts_on: date | None, today: date) -> list[Missing]:
    """A method is held on a day of the EPA period that has come."""
    if held_on is None:
        return []
    if held_on > today:
        return [Missing("day-to-come", "The day it was held is still to come.", field="held_on")]
    if starts_on is not None and held_on < starts_on:
        return [
            Missing(
                "before-the-period",
                f"The day it was held is before the EPA period, which starts on"
                f" {starts_on.day} {starts_on:%B %Y}.",
                field="held_on",
            )
        ]
    return []
