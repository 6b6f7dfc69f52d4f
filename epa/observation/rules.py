"""What the plan asks of an observation: its day, its length, its service users, its questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import time
from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from epa.conduct.facts import Conduct, Missing, not_said, over_time, question_limits, unless
from epa.errors import RuleBroken
from frameworks.assessment_plan import JudgedMethod, QuestionLimits

METHOD: Final = "observation"
REASON_LETTERS: Final = 300

_WANTED: Final = {
    "held_on": "Enter the day of the observation.",
    "started": "Enter when the observation started.",
    "ended": "Enter when the observation ended.",
    "minutes_observed": "Enter how many minutes were observed.",
    "questions_asked": "Enter how many questions were asked; 0 if none.",
    "question_minutes": "Enter how many minutes the questions took; 0 if none.",
    "identity_checked": "Check who the person is, and tick that you did.",
    "format_told": "Tell them the format and the timings beforehand, and tick that you did.",
    "present": "Enter who was present.",
}


class ServiceUserSeen(BaseModel):
    """A service user by reference: 1 is shown as SU-1, and no name is kept.

    ``activities`` are codes of the plan's activities. ``agreed`` says that they were told who is
    there and why, and were content with it; None is a sheet that held only how many were seen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    activities: tuple[str, ...] = ()
    agreed: bool = False


class ObservationConduct(Conduct):
    """The facts of an observation, as far as they are known.

    ``started`` and ``ended`` are clock times in London on ``held_on``, breaks included;
    ``minutes_observed`` leaves the breaks out.
    """

    main_part: ClassVar[str] = "observing"
    measured_as: ClassVar[Mapping[str, str]] = {
        **Conduct.measured_as,
        "started": "started",
        "ended": "ended",
        "minutes_observed": "main_minutes",
        "finished_a_task": "main_added",
    }
    must_agree: ClassVar[Mapping[str, str]] = {
        **Conduct.must_agree,
        "minutes_observed": "{given} min of observation were entered, the clock measured {measured}.",
    }

    started: time | None = None
    ended: time | None = None
    minutes_observed: int | None = None
    finished_a_task: bool = False
    time_reason: str = ""
    service_users: tuple[ServiceUserSeen, ...] = ()
    day_reason: str = ""
    format_told: bool = False

    @field_validator("service_users", mode="before")
    @classmethod
    def _only_how_many(cls, given: Any) -> Any:
        """Read a sheet from when service users were only counted."""
        if isinstance(given, int) or given is None:
            return [{"number": number} for number in range(1, (given or 0) + 1)]
        return given

    @property
    def main_minutes(self) -> int | None:
        """How long it took, without breaks."""
        return self.minutes_observed

    def limits(self, method: JudgedMethod) -> list[Missing]:
        """What is left out, or over a limit without the reason it needs.

        Source: the plan's method 2 (three hours, one working day, two service users, six
        questions in half an hour).
        """
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
        if span < 0 or (span == 0 and self.minutes_observed):
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
        least, seen = method.service_users_min, self.service_users
        if len(seen) < least:
            return [
                Missing(
                    "too-few-service-users",
                    f"{len(seen)} of {least} service users were seen. The plan asks for at least"
                    f" {least}, so this cannot be signed.",
                    field="service_users",
                )
            ]
        found = []
        for one in seen:
            if not one.activities:
                words = f"Say which activities were seen with SU-{one.number}."
                found.append(Missing("no-activity", words, field="service_users"))
            if not one.agreed:
                words = f"Tick that SU-{one.number} was told about you and was content."
                found.append(Missing("not-agreed", words, field="service_users"))
        return found


def must_be_drawable(limits: QuestionLimits, number: int, asked: Collection[int]) -> None:
    """Refuse a draw for a question that no prompt can be drawn for.

    Source: the plan's method 2: up to so many questions, some of them from the bank; those that
    follow one up arise from its answer.

    Args:
        limits: what the plan says of the method's questions.
        number: which question it is for.
        asked: the numbers of the questions that were asked.

    Raises:
        RuleBroken: the method draws none, the number is over the limit, the question was asked.
    """
    if not limits.drawn_from_bank:
        raise RuleBroken("no-bank", "No question of this method is drawn from a bank.")
    if number > limits.maximum:
        raise RuleBroken(
            "too-many-questions", f"At most {limits.maximum} questions may be asked.", "number"
        )
    if number in asked:
        raise RuleBroken(
            "asked-already", f"Question {number} was asked already. Draw for another one."
        )


def must_be_a_reason(reason: str) -> None:
    """Refuse to pass a prompt over without a reason.

    Raises:
        RuleBroken: it is empty or too long.
    """
    if not reason.strip():
        raise RuleBroken("reason-missing", "Say why you pass it over.", "reason")
    if len(reason) > REASON_LETTERS:
        raise RuleBroken("too-long", f"At most {REASON_LETTERS} characters.", "reason")


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
