"""What the plan asks of a presentation with questions: its length, its questions, consent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

from epa.conduct.facts import Conduct, Missing, not_said, over_time, question_limits, unless
from frameworks.assessment_plan import JudgedMethod

METHOD: Final = "presentation"

LAST_CALL_DAYS: Final = 1


def reminder_due(days_left: int, reminder_days: int) -> int | None:
    """How many days before the last day the newest reminder of the file falls; None for none yet.

    There are two: one some days before, one on the eve. Once the day is over 0 stands for the word
    that it is late.

    Args:
        days_left: whole days to the last day; negative after it.
        reminder_days: how many days before it the first one goes out.
    """
    if days_left < 0:
        return 0
    return min((one for one in (LAST_CALL_DAYS, reminder_days) if days_left <= one), default=None)


_WANTED: Final = {
    "held_on": "Enter the day of the presentation.",
    "minutes_presented": "Enter how many minutes were presented.",
    "questions_asked": "Enter how many questions were asked; 0 if none.",
    "question_minutes": "Enter how many minutes the questions took; 0 if none.",
    "identity_checked": "Check who the person is, and tick that you did.",
    "present": "Enter who was present.",
}


class PresentationConduct(Conduct):
    """The facts of a presentation, as far as they are known.

    Time in which an employer's representative answered does not count into either length.
    """

    main_part: ClassVar[str] = "presenting"
    measured_as: ClassVar[Mapping[str, str]] = {
        **Conduct.measured_as,
        "minutes_presented": "main_minutes",
        "finished_a_point": "main_added",
        "finished_an_answer": "questions_added",
    }
    must_agree: ClassVar[Mapping[str, str]] = {
        **Conduct.must_agree,
        "minutes_presented": "{given} min were entered, the clock measured {measured}.",
    }

    minutes_presented: int | None = None
    finished_a_point: bool = False
    time_reason: str = ""
    finished_an_answer: bool = False

    @property
    def main_minutes(self) -> int | None:
        """How long it took, without breaks."""
        return self.minutes_presented

    def limits(self, method: JudgedMethod) -> list[Missing]:
        """What is left out, or over a limit without the reason it needs.

        Source: the plan's method 1 (sixty minutes, then thirty of at most six questions, to
        each of which the assessor may add a tenth; consent before any recording).
        """
        length = over_time(
            method.part(self.main_part), self.minutes_presented, stretched=self.finished_a_point
        )
        return [
            *not_said(self, _WANTED),
            *unless(self.time_reason, length, "time_reason"),
            *question_limits(self, method, stretched=self.finished_an_answer),
        ]
