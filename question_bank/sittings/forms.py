"""What a candidate's page sends: each a shape of its own, so that nothing else gets further."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    field_validator,
)

from question_bank.sittings.edits import ANSWER_LETTERS, LAST_SEQUENCE
from question_bank.sittings.integrity import Told
from question_bank.sittings.rules import FOUND_BY_SERVER, IntegrityKind
from question_bank.sittings.writing import EditSent

_FURTHEST_QUESTION = 1000
_MOST_EDITS = 2000
_MOST_EVENTS = 50
_MOST_AMOUNT = 1_000_000
_MOST_SEALED = 1024 * 1024

Token = Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{24,64}$")]
KeyName = Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{32}$")]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    device: Token


class PaperAsked(_Sent):
    """A device that asks for its paper; ``sealed`` names the key of the one it holds already."""

    sealed: KeyName | None = None


class EditSave(BaseModel):
    """One change of one answer; ``made_at`` as the page reckons by the server's clock."""

    model_config = ConfigDict(extra="forbid")

    number: StrictInt = Field(ge=1, le=_FURTHEST_QUESTION)
    sequence: StrictInt = Field(ge=1, le=LAST_SEQUENCE)
    # A little more than is taken, so that the sentence about it says how long the answer may be.
    value: StrictStr | None = Field(max_length=2 * ANSWER_LETTERS)
    made_at: AwareDatetime

    @property
    def sent(self) -> EditSent:
        """The edit for the service."""
        return EditSent(self.number, self.sequence, self.value, self.made_at)


class AnswerSave(_Sent):
    """An edit of the device that has the paper."""

    edit: EditSave


class Sign(_Sent):
    """A sign of life."""

    unsaved: StrictInt = Field(ge=0, le=_MOST_EDITS)
    hand_is_up: StrictBool


class EventSent(BaseModel):
    """Something that the page tells of itself; ``amount`` in seconds or letters."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{16,32}$")]
    kind: IntegrityKind
    happened_at: AwareDatetime
    amount: StrictInt = Field(ge=0, le=_MOST_AMOUNT)

    @field_validator("kind")
    @classmethod
    def _is_for_pages(cls, kind: IntegrityKind) -> IntegrityKind:
        if kind in FOUND_BY_SERVER:
            raise ValueError("no page can tell this of itself")
        return kind

    @property
    def told(self) -> Told:
        """The event for the service."""
        return Told(self.name, self.kind, self.happened_at, self.amount)


class EventsSent(_Sent):
    """Some of them at once."""

    events: list[EventSent] = Field(min_length=1, max_length=_MOST_EVENTS)


class HandIn(_Sent):
    """A paper that is handed in."""


class LateSave(_Sent):
    """What a device still had after the end."""

    edits: list[EditSave] = Field(min_length=1, max_length=_MOST_EDITS)


class SealedBatch(BaseModel):
    """The same sealed for the server, as a page sends it or as a file of its own."""

    model_config = ConfigDict(extra="forbid")

    sitting: UUID
    key: StrictStr = Field(max_length=200)
    iv: StrictStr = Field(max_length=40)
    sealed: StrictStr = Field(max_length=_MOST_SEALED)


class SealedSave(_Sent):
    """What a device still had, sealed."""

    batch: SealedBatch
