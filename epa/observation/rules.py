"""What the plan asks of an observation: its day, its length, its service users, its questions."""

from __future__ import annotations

from datetime import time
from typing import ClassVar, Final

from epa.judgements.rules import Conduct, Missing, not_said, over_time, question_limits, unless
from frameworks.assessment_plan import AssessmentPlan, JudgedMethod

METHOD: Final = "observation"

_WANTED: Final = {
    "held_on": "Enter the day of the observation.",
    "started": "Enter when the observation started.",
    "ended": "Enter when the observation ended.",
    "minutes_observed": "Enter how many minutes were observed.",
    "service_users": "Enter how many service users were seen.",
    "questions_asked": "Enter how many questions were asked; 0 if none.",
    "question_minutes": "Enter how many minutes the questions took; 0 if none.",
    "identity_checked": "Check who the person is, and tick that you did.",
    "format_told": "Tell them the format and the timings beforehand, and tick that you did.",
}


class ObservationConduct(Conduct):
    """The facts of an observation, as far as they are known.

    ``started`` and ``ended`` are clock times in London on ``held_on``, breaks included;
    ``minutes_observed`` leaves the breaks out.
    """

    main_part: ClassVar[str] = "observing"

    started: time | None = None
    ended: time | None = None
    minutes_observed: int | None = None
    finished_a_task: bool = False
    time_reason: str = ""
    service_users: int | None = None
    day_reason: str = ""
    format_told: bool = False

    @property
    def main_minutes(self) -> int | None:
        """How long it took, without breaks."""
        return self.minutes_observed

    def missing(self, plan: AssessmentPlan) -> list[Missing]:
        """What is left out, or over a limit without the reason it needs.

        Source: the plan's method 2 (three hours, one working day, two service users, six
        questions in half an hour).
        """
        method = plan.judged_method(METHOD)
        length = over_time(
            method.part(self.main_part), self.minutes_observed, stretched=self.finished_a_task
        )
        return [
            *not_said(self, _WANTED),
            *self._hours(method),
            *unless(self.time_reason, length, "time_reason"),
            *self._service_users(method),
            *question_limits(self, method, stretched=False),
        ]

    def _hours(self, method: JudgedMethod) -> list[Missing]:
        if self.started is None or self.ended is None:
            return []
        span = _minutes(self.ended) - _minutes(self.started)
        if span <= 0:
            return [
                Missing(
                    "ends-before-start",
                    "The end must be after the start, on the same day.",
                    field="ended",
                )
            ]
        found = []
        if self.minutes_observed is not None and self.minutes_observed > span:
            found.append(
                Missing(
                    "longer-than-the-day",
                    f"{self.minutes_observed} min were observed, but there are only {span} min"
                    " between the start and the end.",
                    field="minutes_observed",
                )
            )
        day = method.working_day_hours
        if day is not None and span > day * 60:
            over = span - int(day * 60)
            problem = f"From start to end is {over} min over the working day of {day:g} hours."
            found += unless(self.day_reason, f"{problem} Give a reason.", "day_reason")
        return found

    def _service_users(self, method: JudgedMethod) -> list[Missing]:
        least = method.service_users_min
        if self.service_users is None or self.service_users >= least:
            return []
        return [
            Missing(
                "too-few-service-users",
                f"{self.service_users} of {least} service users were seen. The plan asks for at"
                f" least {least}, so this cannot be signed.",
                field="service_users",
            )
        ]


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
