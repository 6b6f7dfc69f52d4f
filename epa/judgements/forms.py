"""What a mark sheet's pages send as it is filled in: by script, or by form without scripts."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from wtforms.fields import HiddenField
from wtforms.validators import StopValidation

from epa.conduct.clock import REASON_LETTERS, ClockEntry, PauseReason, TimerAction
from epa.conduct.rules import (
    ANSWER_LETTERS,
    FURTHEST_QUESTION,
    QUESTION_LETTERS,
    QuestionFields,
)
from epa.judgements.models import SheetFeedback
from epa.judgements.rules import (
    FEEDBACK_LETTERS,
    FURTHEST_SERVICE_USER,
    NOTE_LETTERS,
    FeedbackFields,
    NoteFields,
)
from epa.lifecycle.rules import Grade
from epa.web.fields import ChoiceField, ManyChoices, SelectBox, TextBox, TextField, WholeNumber
from epa.web.fields.text import unstorable
from epa.web.forms import PlumblineForm
from epa.web.versioned import VersionedForm
from frameworks import JudgedMethod

NOT_JUDGED = "none"
_FURTHEST_PIECE = 999
_MOST_KSBS = 200


def _must_be_keepable(text: str) -> str:
    if unstorable(text):
        raise ValueError("a character that cannot be kept")
    return text


Kept = Annotated[str, AfterValidator(_must_be_keepable)]
Token = Annotated[str, Field(pattern=r"^[0-9a-zA-Z-]{8,40}$")]


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
    piece: int | None = Field(default=None, ge=1, le=_FURTHEST_PIECE)
    text: Kept = Field(max_length=NOTE_LETTERS)
    replaces: UUID | None = None
    token: Token

    @property
    def fields(self) -> NoteFields:
        """The note for the service."""
        return NoteFields(**self.model_dump(exclude={"ksbs"}))


class StreamSave(NoteSave):
    """A note of the stream, with the KSBs that it is evidence for."""

    ksbs: tuple[str, ...] = Field(default=(), max_length=_MOST_KSBS)


class RemarksAsked(BaseModel):
    """A text that is being typed."""

    model_config = ConfigDict(extra="forbid")

    text: Kept = Field(max_length=NOTE_LETTERS)


class TimerSave(BaseModel):
    """Something done to the clock; ``at`` is when, as the page reckons by the server's clock."""

    model_config = ConfigDict(extra="forbid")

    part: str = Field(max_length=40)
    action: TimerAction
    reason: PauseReason | None = None
    words: Kept = Field(default="", max_length=REASON_LETTERS)
    at: AwareDatetime | None = None
    token: Token


class QuestionSave(BaseModel):
    """A question that was asked, with its answer, as the page's script sends it."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=1, le=FURTHEST_QUESTION)
    follow_up: int = Field(default=0, ge=0, le=FURTHEST_QUESTION)
    question: Kept = Field(max_length=QUESTION_LETTERS)
    answer: Kept = Field(max_length=ANSWER_LETTERS)
    ksbs: tuple[str, ...] = Field(default=(), max_length=_MOST_KSBS)
    seen: int = Field(ge=0, le=1_000_000)
    token: Token

    @property
    def fields(self) -> QuestionFields:
        """The question for the service."""
        return QuestionFields(**self.model_dump(exclude={"seen"}))


class NoteForm(PlumblineForm):
    """A new or changed note without scripts, in the stream of notes or for one KSB."""

    source = ChoiceField("Where it comes from", optional=True)
    service_user = SelectBox("Service user", optional=True)
    piece = SelectBox("Piece of the portfolio", optional=True)
    text = TextBox("Note", called="The note", most_letters=NOTE_LETTERS, optional=True)
    ksbs = ManyChoices("Evidence for", optional=True)
    replaces = HiddenField()

    @classmethod
    def of(
        cls,
        method: JudgedMethod,
        service_users: int,
        pieces: Mapping[int, str],
        ksbs: Sequence[str] = (),
    ) -> Self:
        """The form with a method's choices."""
        form = cls()
        form.source.choices = [(source.code, source.title) for source in method.sources]
        form.service_user.choices = [
            (number, f"SU-{number}") for number in range(1, service_users + 1)
        ]
        form.piece.choices = list(pieces.items())
        form.ksbs.choices = [(code, code) for code in ksbs]
        return form

    @property
    def replaced(self) -> UUID | None:
        """The note that this one is a new version of."""
        with contextlib.suppress(ValueError):
            return UUID(str(self.replaces.data))
        return None

    @property
    def has_note(self) -> bool:
        """Whether a note was written, or one is to be taken back."""
        return bool(self.text.data) or self.replaced is not None or bool(self.piece.data)

    @property
    def note(self) -> NoteFields:
        """The note for the service."""
        return NoteFields(
            source=self.source.data or "",
            text=self.text.data or "",
            service_user=self.service_user.data,
            piece=self.piece.data,
            replaces=self.replaced,
        )


class FeedbackForm(VersionedForm):
    """What the assessor tells the apprentice; each text may be left out."""

    overall = TextBox(
        "Overall",
        hint="One or two sentences on the whole",
        most_letters=FEEDBACK_LETTERS,
        rows=3,
        optional=True,
    )
    went_well = TextBox(
        "What went well",
        hint="What to keep, with an example of the day. No service user by name",
        most_letters=FEEDBACK_LETTERS,
        optional=True,
    )
    work_on = TextBox(
        "What to work on",
        hint="What would take it further, or to a Pass",
        most_letters=FEEDBACK_LETTERS,
        optional=True,
    )

    @classmethod
    def of(cls, told: SheetFeedback | None) -> Self:
        """The form with what was written so far."""
        return cls(told.version if told else 0, obj=told)

    @property
    def fields(self) -> FeedbackFields:
        """The texts for the service."""
        return FeedbackFields(
            self.overall.data or "", self.went_well.data or "", self.work_on.data or ""
        )


class KsbForm(NoteForm):
    """One KSB without scripts: its judgement, and a new or changed note."""

    grade = ChoiceField("Judgement", optional=True, choices=[(one, one.value) for one in Grade])
    seen = HiddenField()
    undo = HiddenField()

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
        return number_seen(self.seen) or 0


class ClockForm(PlumblineForm):
    """Something done to the clock without scripts: a button says part, action and reason."""

    do = HiddenField()
    words = TextField("In a few words", most_letters=REASON_LETTERS, optional=True)

    def validate_do(self, field: HiddenField) -> None:
        """A button of the page, and nothing else."""
        _part, action, reason = self._said(field.data)
        if action not in set(TimerAction) or reason not in {"", *PauseReason}:
            raise StopValidation("Choose what to do with the clock")

    @staticmethod
    def _said(data: object) -> tuple[str, str, str]:
        part, action, reason, *_ = [*str(data or "").split(" "), "", "", ""]
        return part, action, reason

    def entry(self, at: datetime) -> ClockEntry:
        """What was done to the clock."""
        part, action, reason = self._said(self.do.data)
        why = PauseReason(reason) if reason else None
        return ClockEntry(part, TimerAction(action), at, why, self.words.data or "")


class QuestionForm(PlumblineForm):
    """A question without scripts."""

    number = WholeNumber("Number", least=1, most=FURTHEST_QUESTION)
    follow_up = WholeNumber("Follow-up", most=FURTHEST_QUESTION)
    question = TextBox("What was asked?", most_letters=QUESTION_LETTERS, optional=True)
    answer = TextBox("What was answered?", most_letters=ANSWER_LETTERS, optional=True)
    ksbs = ManyChoices("Evidence for", optional=True)
    seen = HiddenField()

    @classmethod
    def of(cls, ksbs: Sequence[str]) -> Self:
        """The form with a method's KSBs to choose from."""
        form = cls()
        form.ksbs.choices = [(code, code) for code in ksbs]
        return form

    @property
    def fields(self) -> QuestionFields:
        """The question for the service."""
        return QuestionFields(
            self.number.data,
            self.question.data or "",
            self.answer.data or "",
            self.follow_up.data or 0,
            tuple(self.ksbs.data or ()),
        )

    @property
    def seen_version(self) -> int | None:
        """The version of the question that the page showed."""
        return number_seen(self.seen)


def number_seen(field: HiddenField) -> int | None:
    """The number that a page carried with it; what is none, or is no number of ours, is None."""
    digits = str(field.data or "")
    return int(digits) if re.fullmatch(r"\d{1,9}", digits, re.ASCII) else None
