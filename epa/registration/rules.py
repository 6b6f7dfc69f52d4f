"""What a registration must hold: dates in their order, an age that can be, one open assessment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from epa.lifecycle.period import months_after
from epa.lifecycle.rules import Attainment, Stage, is_uln

# Bounds that catch slips of the keyboard; no plan names them.
YOUNGEST_AT_START: Final = 15
OLDEST_AT_START: Final = 100
FIRST_START: Final = date(2012, 1, 1)
LONGEST_AHEAD_MONTHS: Final = 12

# What stands in the way of a second registration for the same standard.
FINISHED: Final = frozenset({Stage.COMPLETE, Stage.WITHDRAWN, Stage.CLOSED})


class InvitationState(StrEnum):
    """Where somebody without a password stands with their invitation."""

    NOT_INVITED = "not_invited"
    LAPSED = "lapsed"
    WAITING = "waiting"


INVITATION_TITLES: Final[dict[InvitationState, str]] = {
    InvitationState.NOT_INVITED: "Not invited yet",
    InvitationState.LAPSED: "Invited; the link no longer works",
    InvitationState.WAITING: "Invited; the link still works",
}
# How many are invited by one press: more would hold the database too long.
MOST_INVITED_AT_ONCE: Final = 500


@dataclass(frozen=True)
class Registration:
    """One apprentice as they are registered; names are kept exactly."""

    uln: str
    given_names: str
    family_name: str
    date_of_birth: date
    employer_id: UUID
    learning_start_on: date
    provider_id: UUID | None = None
    email: str | None = None
    original_start_on: date | None = None
    planned_end_on: date | None = None
    planned_gateway_on: date | None = None
    workplace_address: str | None = None
    english: Attainment = Attainment.NONE
    maths: Attainment = Attainment.NONE
    has_ehc_plan: bool = False
    has_legacy_statement: bool = False
    has_bsl: bool = False
    opted_in_to_english_maths: bool = False
    standard: str = "st0663"

    @property
    def original_start(self) -> date:
        """The first start of all, which a restart does not change."""
        return self.original_start_on or self.learning_start_on


class Stated(Protocol):
    """What is judged of a registration on its face, wherever it was typed."""

    @property
    def uln(self) -> str:
        """The unique learner number."""

    @property
    def date_of_birth(self) -> date:
        """The date of birth."""

    @property
    def learning_start_on(self) -> date:
        """The first day of learning."""

    @property
    def original_start(self) -> date:
        """The first start of all."""

    @property
    def planned_end_on(self) -> date | None:
        """The last day of learning as it is planned."""


class Fault(NamedTuple):
    """A field and what to do about it."""

    field: str
    message: str


def _words(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"


def _whole_years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def faults_in(fields: Stated, *, today: date) -> Iterator[Fault]:
    """Everything that is wrong with a registration on its face, field by field."""
    if not is_uln(fields.uln):
        yield Fault("uln", "The ULN must be 10 figures, the first of them not 0")
    latest = months_after(today, LONGEST_AHEAD_MONTHS)
    if not FIRST_START <= fields.learning_start_on <= latest:
        yield Fault(
            "learning_start_on",
            f"The start of learning must be from {_words(FIRST_START)} to {_words(latest)}",
        )
    if fields.original_start > fields.learning_start_on:
        yield Fault(
            "original_start_on",
            "The original start must not be after the start of learning,"
            f" {_words(fields.learning_start_on)}",
        )
    if fields.planned_end_on and fields.planned_end_on <= fields.learning_start_on:
        yield Fault(
            "planned_end_on",
            f"The planned end must be after the start of learning,"
            f" {_words(fields.learning_start_on)}",
        )
    age = _whole_years(fields.date_of_birth, fields.original_start)
    if not YOUNGEST_AT_START <= age <= OLDEST_AT_START:
        yield Fault(
            "date_of_birth",
            f"The date of birth makes the apprentice {age} at the original start;"
            f" from {YOUNGEST_AT_START} to {OLDEST_AT_START} can be registered",
        )
