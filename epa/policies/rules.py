"""What a policy on booking holds, and which one is in force on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

_Whole = Annotated[int, Field(ge=0)]
_AtLeastOne = Annotated[int, Field(ge=1)]


class BookingPolicy(BaseModel):
    """The EPAO's own numbers for booking; those of the plan stand in its definition.

    Attributes:
        effective_from: the first London date on which it counts.
        source: who decided it, or where it comes from.
        notice_days: whole days between setting a date and the date itself.
        hold_days: how many days a held date waits to be confirmed.
        travel_gap_minutes: what lies at least between two places on one day.
        standardisation_months: how long one standardisation stays valid.
        candidates_per_invigilator: at most; the plan's number binds where it is lower.
        employer_agrees: whether a date is confirmed only with the employer's agreement.
        assessor_accepts: whether those who must be there accept their allocation first.
        day_starts: the earliest time of day that is proposed.
        day_ends: the latest time of day at which what is proposed is over.
        suggestion_minutes: the steps in which times are proposed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective_from: date
    source: str
    notice_days: _Whole
    hold_days: _AtLeastOne
    travel_gap_minutes: _Whole
    standardisation_months: _AtLeastOne
    candidates_per_invigilator: _AtLeastOne
    employer_agrees: bool
    assessor_accepts: bool
    day_starts: time
    day_ends: time
    suggestion_minutes: _AtLeastOne


def in_force(policies: Sequence[BookingPolicy], on: date) -> BookingPolicy:
    """The newest policy in effect on a day; before all of them, the first one."""
    ordered = sorted(policies, key=lambda one: one.effective_from)
    return next((one for one in reversed(ordered) if one.effective_from <= on), ordered[0])
