"""What a mark sheet's pages send: one KSB by form or by script, and the facts of the day."""

from __future__ import annotations

import contextlib
import re
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, field_validator
from wtforms.fields import HiddenField
from wtforms.validators import StopValidation

from epa.judgements.rules import FURTHEST_SERVICE_USER, NOTE_LETTERS, Conduct, NoteFields
from epa.lifecycle.rules import Grade
from epa.web.fields import ChoiceField, DateBoxes, SelectBox, TextBox, TextField, Tick, WholeNumber
from epa.web.fields.question import Question
from epa.web.fields.text import unstorable
from epa.web.forms import PlumblineForm
from frameworks import JudgedMethod

NOT_JUDGED = "none"
_MOST_MINUTES = 1440
_MOST_QUESTIONS = 99


class JudgementSave(BaseModel):
    """A judgement as the page's script sends it."""

    model_config = ConfigDict(extra="forbid")

    grade: Grade | None
    seen: int = Field(ge=0, le=1_000_000)


class NoteSave(BaseModel):
    """An evidence note as the page's script sends it."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(max_length=40)
    service_user: int | None = Field(default=None, ge=1, le=FURTHEST_SERVICE_USER)
    text: str = Field(max_length=NOTE_LETTERS)
    replaces: UUID | None = None
    token: str = Field(pattern=r"^[0-9a-zA-Z-]{8,40}$")

    @field_validator("text")
    @classmethod
    def _can_be_kept(cls, text: str) -> str:
        if unstorable(text):
            raise ValueError("a character that cannot be kept")
        return text

    @property
    def fields(self) -> NoteFields:
        """The note for the service."""
        return NoteFields(**self.model_dump())


class KsbForm(PlumblineForm):
    """One KSB without scripts: its judgement, and a new or changed note."""

    grade = ChoiceField("Judgement", optional=True)
    source = ChoiceField("Where it comes from", optional=True)
    service_user = SelectBox("Service user", optional=True)
    text = TextBox("Note", called="The note", most_letters=NOTE_LETTERS, optional=True)
    seen = HiddenField()
    replaces = HiddenField()
    undo = HiddenField()

    @classmethod
    def of(cls, method: JudgedMethod, service_users: int) -> Self:
        """The form with a method's choices."""
        form = cls()
        form.grade.choices = [(grade, grade.value) for grade in Grade]
        form.source.choices = [(source.code, source.title) for source in method.sources]
        form.service_user.choices = [
            (number, f"SU-{number}") for number in range(1, service_users + 1)
        ]
        return form

    def validate_undo(self, field: HiddenField) -> None:
        """Undo goes back to a grade, or to none."""
        if field.data and field.data not in {NOT_JUDGED, *Grade}:
            raise StopValidation("Choose one of the judgements shown")

    @property
    def judgement(self) -> tuple[bool, Grade | None]:
        """Whether a judgement was sent, and which: Undo sends the one to go back to."""
        if self.undo.data:
            return True, None if self.undo.data == NOT_JUDGED else Grade(self.undo.data)
        return self.grade.data is not None, self.grade.data

    @property
    def seen_sequence(self) -> int:
        """The sequence of the newest judgement that the page showed."""
        return _number_seen(self.seen) or 0

    @property
    def replaced(self) -> UUID | None:
        """The note that this one is a new version of."""
        with contextlib.suppress(ValueError):
            return UUID(str(self.replaces.data))
        return None

    @property
    def has_note(self) -> bool:
        """Whether a note was written, or one is to be taken back."""
        return bool(self.text.data) or self.replaced is not None

    @property
    def note(self) -> NoteFields:
        """The note for the service."""
        return NoteFields(
            source=self.source.data or "",
            text=self.text.data or "",
            service_user=self.service_user.data,
            replaces=self.replaced,
        )


def _number_seen(field: HiddenField) -> int | None:
    """The number that a page carried with it; what is none, or is no number of ours, is None."""
    digits = str(field.data or "")
    return int(digits) if re.fullmatch(r"\d{1,9}", digits, re.ASCII) else None


class ConductForm(PlumblineForm):
    """The facts of the day. They may come one by one: signing asks for those that are left out."""

    conduct_type: type[Conduct]

    held_on = DateBoxes("Day it was held", hint="For example, 9 6 2026")
    identity_checked = Tick("Identity checked against a document with a photograph")
    questions_asked = WholeNumber("Questions asked", most=_MOST_QUESTIONS)
    questions_reason = TextField("Reason for more questions", optional=True)
    question_minutes = WholeNumber("Length of the questions", unit="min", most=_MOST_MINUTES)
    question_time_reason = TextField("Reason for more time on questions", optional=True)
    seen = HiddenField()

    @classmethod
    def questions(cls) -> list[tuple[str, str, str]]:
        """Each fact's name, its question and its unit, as the form's class asks for them."""
        asked = [(name, getattr(cls, name, None)) for name in cls.conduct_type.model_fields]
        return [
            (name, str(one.args[0]), str(one.kwargs.get("unit", ""))) for name, one in asked if one
        ]

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
        part = method.part(method.questions.part)
        self.questions_asked.description = f"At most {method.questions.maximum}"
        self.question_minutes.description = limit_words(method, part.code)
        self.questions_reason.description = f"Only if there were more than {self._most(method)}"
        self.question_time_reason.description = (
            f"Only if it took more than {part.longest_minutes} minutes"
        )

    def _most(self, method: JudgedMethod) -> int:
        return method.questions.maximum

    @property
    def conduct(self) -> Conduct:
        """The facts that were given."""
        names = self.conduct_type.model_fields
        given = {name: self._fields[name].data for name in names if name in self._fields}
        return self.conduct_type(**{name: data for name, data in given.items() if data is not None})

    @property
    def seen_version(self) -> int | None:
        """The sheet's version that the page showed."""
        return _number_seen(self.seen)


def limit_words(method: JudgedMethod, part_code: str) -> str:
    """What the plan allows for one timed part: '60 minutes, 66 to let … complete the last point'."""
    part = method.part(part_code)
    if not part.tolerance_percent:
        return f"At most {part.minutes} minutes"
    return f"{part.minutes} minutes, or {part.longest_minutes} {part.tolerance_for}"
