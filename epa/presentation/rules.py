"""What the plan asks of a presentation with questions: its length, its questions, consent."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Final

from epa.judgements.rules import Conduct, Missing, not_said, over_time, question_limits, unless
from frameworks.assessment_plan import AssessmentPlan

METHOD: Final = "presentation"

_WANTED: Final = {
    "held_on": "Enter the day of the presentation.",
    "minutes_presented": "Enter how many minutes were presented.",
    "questions_asked": "Enter how many questions were asked; 0 if none.",
    "question_minutes": "Enter how many minutes the questions took; 0 if none.",
    "recording": "Say what was recorded, with whose consent.",
    "identity_checked": "Check who the person is, and tick that you did.",
    "present": "Enter who was present.",
}


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


class PresentationConduct(Conduct):
    """The facts of a presentation, as far as they are known.

    Time in which an employer's representative answered does not count into either length.
    """

    main_part: ClassVar[str] = "presenting"

    minutes_presented: int | None = None
    finished_a_point: bool = False
    time_reason: str = ""
    finished_an_answer: bool = False
    recording: Recording | None = None
    no_recording_reason: str = ""
    present: str = ""

    @property
    def main_minutes(self) -> int | None:
        """How long it took, without breaks."""
        return self.minutes_presented

    def missing(self, plan: AssessmentPlan) -> list[Missing]:
        """What is left out, or over a limit without the reason it needs.

        Source: the plan's method 1 (sixty minutes, then thirty of at most six questions, to
        each of which the assessor may add a tenth; consent before any recording).
        """
        method = plan.judged_method(METHOD)
        length = over_time(
            method.part(self.main_part), self.minutes_presented, stretched=self.finished_a_point
        )
        unrecorded = None
        if self.recording is Recording.NONE:
            unrecorded = "Nothing was recorded, not even the sound. Give a reason."
        return [
            *not_said(self, _WANTED),
            *unless(self.time_reason, length, "time_reason"),
            *question_limits(self, method, stretched=self.finished_an_answer),
            *unless(self.no_recording_reason, unrecorded, "no_recording_reason"),
        ]
