"""The facts of the day of an observation, and what is done with a prompt of the bank."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from epa.conduct.rules import FURTHEST_QUESTION, Measured
from epa.judgements.conduct_form import ConductForm, limit_words
from epa.judgements.forms import Kept, Token
from epa.observation.rules import REASON_LETTERS, ObservationConduct
from epa.web.fields import ChoiceField, ManyChoices, TextField, Tick, TimeBox, WholeNumber
from epa.web.fields.question import Question
from epa.web.forms import PlumblineForm
from frameworks import AssessmentPlan, JudgedMethod

_MOST_ROWS: Final = 20


class PromptAction(StrEnum):
    """What is done with a prompt of the bank."""

    DRAW = "draw"
    SET_ASIDE = "pass_over"


class PromptSave(BaseModel):
    """A prompt drawn or passed over, as the page's script sends it."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=1, le=FURTHEST_QUESTION)
    action: PromptAction
    reason: Kept = Field(default="", max_length=REASON_LETTERS)
    token: Token


class PromptForm(PlumblineForm):
    """The same without scripts."""

    number = WholeNumber("Question", least=1, most=FURTHEST_QUESTION)
    action = ChoiceField("What to do", choices=[(one, one.value) for one in PromptAction])
    reason = TextField(
        "Why it is passed over", called="The reason", most_letters=REASON_LETTERS, optional=True
    )


class ObservationConductForm(ConductForm):
    """The facts of an observation, as far as they are known; a row for each service user."""

    conduct_type = ObservationConduct
    rows: tuple[int, ...] = ()

    started = TimeBox("Started at", hint="For example, 9:30")
    ended = TimeBox("Ended at", hint="Breaks included")
    minutes_observed = WholeNumber("Length of the observation", unit="min", most=1440)
    finished_a_task = Tick("I added time so that a task could be finished")
    time_reason = TextField("Reason for more time", optional=True)
    day_reason = TextField("Reason for a longer working day", optional=True)
    format_told = Tick("Told the format and the timings beforehand")

    @classmethod
    def of(
        cls, plan: AssessmentPlan, method: JudgedMethod, measured: Measured, known: dict[str, Any]
    ) -> Self:
        """The form with one row more than there are service users, and at least the plan's."""
        seen = {one["number"]: one for one in known.get("service_users") or ()}
        last = min(max(method.service_users_min, *seen, 0) + 1, _MOST_ROWS)
        rows = tuple(range(1, last + 1))
        boxes: dict[str, Any] = {"rows": rows}
        for number in rows:
            boxes[f"su{number}_activities"] = ManyChoices(
                f"SU-{number}: activities seen",
                choices=[(one.code, one.title) for one in plan.portfolio.activities],
                optional=True,
            )
            boxes[f"su{number}_agreed"] = Tick(f"SU-{number} was told about me and was content")
        found = {
            f"su{number}_{name}": one[name]
            for number, one in seen.items()
            for name in ("activities", "agreed")
        }
        whole: type[Self] = type(cls.__name__, (cls,), boxes)
        return super(ObservationConductForm, whole).of(plan, method, measured, known | found)

    @property
    def service_user_rows(self) -> list[tuple[Question, Question]]:
        """The two questions of each row."""
        return [
            (self._fields[f"su{number}_activities"], self._fields[f"su{number}_agreed"])
            for number in self.rows
        ]

    def say_limits(self, method: JudgedMethod) -> None:
        """Write the plan's numbers under the questions they limit."""
        super().say_limits(method)
        part = method.part(ObservationConduct.main_part)
        self.minutes_observed.description = f"Without breaks. {limit_words(method, part.code)}"
        self.time_reason.description = f"Only if it took more than {part.longest_minutes} minutes"
        if method.working_day_hours:
            hours = f"{method.working_day_hours:g} hours"
            self.day_reason.description = f"Only if it took more than {hours} from start to end"

    def anchor_of(self, name: str) -> str:
        """Where on the page a fact is asked for."""
        if name == "service_users":
            return super().anchor_of("su1_activities")
        return super().anchor_of(name)

    def _given(self) -> dict[str, Any]:
        seen: list[Mapping[str, Any]] = []
        for number in self.rows:
            activities = self._fields[f"su{number}_activities"].data or []
            agreed = bool(self._fields[f"su{number}_agreed"].data)
            if activities or agreed:
                row = {"number": number, "activities": tuple(activities), "agreed": agreed}
                seen.append(row)
        return super()._given() | {"service_users": tuple(seen)}
