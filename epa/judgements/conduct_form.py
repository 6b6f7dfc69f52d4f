"""The form that asks for the facts of the day; each judged method adds its own questions."""

from __future__ import annotations

from typing import Any, Self

from wtforms.fields import HiddenField

from epa.conduct.facts import RECORDING_TITLES, Conduct, Recording
from epa.conduct.rules import Measured
from epa.judgements.forms import number_seen
from epa.web.fields import (
    ChoiceField,
    DateBoxes,
    ManyChoices,
    TextBox,
    TextField,
    Tick,
    WholeNumber,
)
from epa.web.fields.question import Question
from epa.web.forms import PlumblineForm
from frameworks import AssessmentPlan, JudgedMethod

_MOST_MINUTES = 1440
_MOST_QUESTIONS = 99


class ConductForm(PlumblineForm):
    """The facts of the day. They may come one by one: signing asks for those that are left out."""

    conduct_type: type[Conduct]

    held_on = DateBoxes("Day it was held", hint="For example, 9 6 2026")
    identity_checked = Tick("Identity checked against a document with a photograph")
    present = TextBox(
        "Who was present?",
        hint="What each is: the apprentice, the assessor. No service user by name.",
        rows=3,
        most_letters=1000,
    )
    recording = ChoiceField(
        "What was recorded?", choices=[(one, RECORDING_TITLES[one]) for one in Recording]
    )
    consent_of = ManyChoices("Who agreed, before it began?", optional=True)
    no_recording_reason = TextField(
        "Reason why nothing was recorded", hint="Only if nothing was recorded", optional=True
    )
    not_attached_reason = TextField(
        "Reason why the recording is not attached", hint="Only if it is not", optional=True
    )
    questions_asked = WholeNumber("Questions asked", most=_MOST_QUESTIONS)
    questions_reason = TextField("Reason for more questions", optional=True)
    question_minutes = WholeNumber("Length of the questions", unit="min", most=_MOST_MINUTES)
    question_time_reason = TextField("Reason for more time on questions", optional=True)
    clock_reason = TextField("Reason for figures other than those measured", optional=True)
    seen = HiddenField()

    @classmethod
    def questions(cls) -> list[tuple[str, str, str]]:
        """Each fact's name, its question and its unit, as the form's class asks for them."""
        asked = [(name, getattr(cls, name, None)) for name in cls.conduct_type.model_fields]
        return [
            (name, str(one.args[0]), str(one.kwargs.get("unit", ""))) for name, one in asked if one
        ]

    @classmethod
    def of(
        cls,
        plan: AssessmentPlan,  # noqa: ARG003 (an observation's form asks it for the activities)
        method: JudgedMethod,
        measured: Measured,
        known: dict[str, Any],
    ) -> Self:
        """The form with what is known, and with the plan's numbers under what they limit.

        Args:
            plan: the definition.
            method: the method, with the adjustments in force.
            measured: what need not be entered, since it was measured.
            known: the facts by name.
        """
        form = cls(data=known)
        parties = method.recording.consent_of if method.recording else ("apprentice",)
        form.consent_of.choices = [(code, code.replace("_", " ").capitalize()) for code in parties]
        form.say_limits(method)
        form.say_measures(measured)
        return form

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what was given; leave out what was not."""
        asked = [one for one in self if isinstance(one, Question) and not one.optional]
        for one in asked:
            one.optional = True
        is_in_order = super().validate(extra_validators)
        for one in asked:
            one.optional = False
        return bool(is_in_order)

    def say_limits(self, method: JudgedMethod) -> None:
        """Write the plan's numbers under the questions they limit."""
        part, most = method.part(method.questions.part), method.questions.maximum
        self.questions_asked.description = f"At most {most}"
        self.question_minutes.description = limit_words(method, part.code)
        self.questions_reason.description = f"Only if there were more than {most}"
        self.question_time_reason.description = (
            f"Only if it took more than {part.longest_minutes} minutes"
        )

    def say_measures(self, measured: Measured) -> None:
        """Write under each box what was measured: left empty, that is what counts."""
        for name, source in self.conduct_type.measured_as.items():
            value = getattr(measured, source)
            if value is None or isinstance(value, bool) or name not in self._fields:
                continue
            box = self._fields[name]
            words = f"Measured: {_measure(value, getattr(box, 'unit', ''))}. Leave it empty to keep that"
            box.description = f"{box.description}. {words}" if box.description else words

    def anchor_of(self, name: str) -> str:
        """Where on the page a fact is asked for."""
        box = self._fields.get(name)
        return str(box.focus_id) if isinstance(box, Question) else name

    @property
    def conduct(self) -> Conduct:
        """The facts that were given."""
        return self.conduct_type(**self._given())

    def _given(self) -> dict[str, Any]:
        names = self.conduct_type.model_fields
        given = {name: self._fields[name].data for name in names if name in self._fields}
        return {name: data for name, data in given.items() if data is not None}

    @property
    def seen_version(self) -> int | None:
        """The sheet's version that the page showed."""
        return number_seen(self.seen)


def _measure(value: Any, unit: str) -> str:
    if hasattr(value, "strftime"):
        words = f"{value:%H:%M}" if hasattr(value, "hour") else f"{value.day} {value:%B %Y}"
    else:
        words = str(value)
    return f"{words} {unit}".strip()


def limit_words(method: JudgedMethod, part_code: str) -> str:
    """What the plan allows for one timed part: '60 minutes, 66 to let … complete the last point'."""
    part = method.part(part_code)
    if not part.tolerance_percent:
        return f"At most {part.minutes} minutes"
    return f"{part.minutes} minutes, or {part.longest_minutes} {part.tolerance_for}"
