"""Joining instructions: how a method goes, how long it takes, what to bring and where to be."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from epa.audit.services import record
from epa.booking import letters, queries
from epa.booking.models import JoiningInstructions
from epa.clock import london_date
from epa.database import db
from epa.errors import RuleBroken
from epa.lifecycle.models import MethodAttempt
from epa.people.models import Person
from frameworks import JudgedMethod, MarkedMethod

_FILE: Final = Path(__file__).with_name("joining.toml")


class Joining(BaseModel):
    """What is said before one method: how it goes, and what to bring."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    framework: str
    method: str
    effective_from: date
    format: str
    bring: tuple[str, ...]


@cache
def _every_text() -> tuple[Joining, ...]:
    entries = tomllib.loads(_FILE.read_text(encoding="utf-8"))["joining"]
    return tuple(Joining.model_validate(entry) for entry in entries)


def joining_of(attempt: MethodAttempt, on: date) -> Joining | None:
    """The newest text for the attempt's method on a day; None for a method without one."""
    found = [
        one
        for one in _every_text()
        if one.framework == attempt.assessment.framework_code
        and one.method == attempt.method_code
        and one.effective_from <= on
    ]
    return max(found, key=lambda one: one.effective_from, default=None)


def timings(method: JudgedMethod | MarkedMethod) -> list[str]:
    """How long each part takes by the plan, as lines."""
    if isinstance(method, MarkedMethod):
        return [f"{method.question_count} questions in {method.minutes} minutes"]
    return [f"{part.title}: up to {part.minutes} minutes" for part in method.parts]


def instructions_text(
    attempt: MethodAttempt, starts_at: datetime, place: str, *, is_online: bool, on: date
) -> str:
    """The whole text, with the day, the place, the plan's timings and what to bring."""
    method = queries.method_of(attempt)
    where = (
        "Where: online. The link stands on your page, once you have signed in."
        if is_online
        else f"Where: {place}"
    )
    lines = [
        f"Your {method.short_title.lower()} is on {letters.when_words(starts_at)}.",
        where,
    ]
    joining = joining_of(attempt, on)
    if joining is not None:
        lines += ["", "How it goes", joining.format]
    lines += ["", "How long it takes", *(f"- {line}" for line in timings(method))]
    # Said to everybody: what was agreed for one apprentice does not stand in a mail.
    lines += ["Anything that was agreed for you comes on top; it stands on your record."]
    if joining is not None:
        lines += ["", "What to bring", *(f"- {line}" for line in joining.bring)]
    lines += ["", "If something stands in the way, say so as soon as you can."]
    return "\n".join(lines)


def send(attempt: MethodAttempt, *, actor: Person, at: datetime) -> JoiningInstructions:
    """Send the apprentice the joining instructions for the confirmed date.

    Raises:
        RuleBroken: no date is confirmed, or they were sent for this date and place already.
    """
    starts_at, place = attempt.scheduled_at, attempt.place
    if starts_at is None or place is None:
        raise RuleBroken("not-confirmed", "Joining instructions are sent for a confirmed date.")
    sent = queries.instructions_of(attempt)
    if queries.current_of(sent, attempt) is not None:
        raise RuleBroken("sent-already", "They were sent for this date and place already.")
    booking = queries.booking_of(attempt)
    is_online = booking is not None and booking.is_online
    text = instructions_text(attempt, starts_at, place, is_online=is_online, on=london_date(at))
    row = JoiningInstructions(
        attempt=attempt,
        number=len(sent) + 1,
        starts_at=starts_at,
        place=place,
        is_online=is_online,
        text=text,
        sent_at=at,
        sent_by=actor,
    )
    db.session.add(row)
    record(actor, "joining instructions sent", attempt, at=at, number=row.number)
    letters.send_instructions(attempt, text, at=at)
    return row


def acknowledge(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Say that one has read the joining instructions; saying it again changes nothing.

    Raises:
        RuleBroken: none were sent for the date as it is now.
    """
    current = queries.current_instructions(attempt)
    if current is None:
        raise RuleBroken("nothing-sent", "There are no joining instructions for this date yet.")
    if current.acknowledged_at is None:
        current.acknowledged_at, current.acknowledged_by = at, actor
        record(actor, "joining instructions acknowledged", attempt, at=at, number=current.number)
