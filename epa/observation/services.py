"""Signing the mark sheet of an observation, and the prompts drawn for its questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from epa.audit.services import record
from epa.clock import london_date
from epa.conduct import queries as days
from epa.conduct.services import must_be_the_assessor, must_be_under_way
from epa.database import db
from epa.errors import RuleBroken
from epa.in_transaction import lock
from epa.judgements import signing
from epa.judgements.models import MarkSheet
from epa.lifecycle.models import MethodAttempt
from epa.observation import queries
from epa.observation.models import DrawnPrompt, PassedOverPrompt
from epa.observation.rules import ObservationConduct, must_be_a_reason, must_be_drawable
from epa.people.models import Person
from question_bank.prompts.queries import enemies_among, ready_prompts
from question_bank.prompts.rules import drawn_from
from question_bank.prompts.services import note_shown

_SHEET: Final = "mark sheet"


def sign(sheet: MarkSheet, *, actor: Person, at: datetime, seen: str | None = None) -> None:
    """Sign the sheet; see ``epa.judgements.signing.sign``."""
    conduct = ObservationConduct.model_validate(sheet.conduct)
    signing.sign(sheet, conduct, actor=actor, at=at, seen=seen)


def draw_prompt(
    attempt: MethodAttempt,
    number: int,
    *,
    seed: int,
    actor: Person,
    at: datetime,
    token: str | None = None,
) -> DrawnPrompt:
    """Draw a prompt of the bank for a question; each that is ready and new is equally likely.

    Source: the plan's method 2: some questions are drawn at random from a bank that is reviewed
    every year.

    Args:
        attempt: one under way.
        number: which question it is for.
        seed: what the draw begins from; a secret of the system's until then.
        actor: the attempt's assessor.
        at: now.
        token: the browser's name for this request: the same one again draws nothing more.

    Returns:
        The draw; the one that stands for this question already, if one does.

    Raises:
        RuleBroken: no prompts belong to the method, the question is one too many or was asked
            already, or the bank has none left for this apprentice.
    """
    _must_be_open(attempt, actor)
    draws = queries.draws_of(attempt)
    for one in draws:
        if (token and one.token == token) or (one.number == number and one.passed_over is None):
            return one
    asked = {one.number for one in days.questions_of(attempt)}
    must_be_drawable(days.method_of(attempt).questions, number, asked)
    ready = _ready(attempt, draws, at)
    name = drawn_from(list(ready), seed)
    drawn = DrawnPrompt(
        attempt=attempt,
        number=number,
        place=len(draws) + 1,
        version_id=ready[name],
        seed=str(seed),
        pool=list(ready),
        drawn_at=at,
        drawn_by_id=actor.id,
        token=token,
    )
    db.session.add(drawn)
    db.session.flush()
    about: dict[str, Any] = {"number": number, "item": drawn.version.item.reference}
    about |= {"version": drawn.version.number, "pool": len(ready)}
    record(actor, "prompt drawn", attempt, at=at, **about)
    note_shown(drawn.version, _SHEET, actor=actor, at=at)
    return drawn


def _ready(
    attempt: MethodAttempt, draws: Sequence[DrawnPrompt], at: datetime
) -> Mapping[str, UUID]:
    """The versions that may be drawn, by name, in the order in which the seed chooses."""
    standing = [one.version.item_id for one in draws if one.passed_over is None]
    ready = ready_prompts(
        attempt.assessment.epao_id,
        attempt.assessment.framework_code,
        today=london_date(at),
        without=queries.met_before(attempt) | enemies_among(standing),
    )
    if not ready:
        raise RuleBroken(
            "no-prompt-left",
            "The bank has no further prompt that is ready and new here. Ask what arose from what"
            " you saw.",
        )
    return {one.name: one.version_id for one in ready}


def pass_over(
    attempt: MethodAttempt, number: int, reason: str, *, actor: Person, at: datetime
) -> None:
    """Pass over the prompt that stands for a question, with the reason; nothing if none stands.

    Raises:
        RuleBroken: no reason or too long a one, or the question was asked.
    """
    _must_be_open(attempt, actor)
    drawn = queries.standing_draws(attempt).get(number)
    if drawn is None:
        return
    if number in {one.number for one in days.questions_of(attempt)}:
        raise RuleBroken(
            "asked-already", f"Question {number} was asked. Take it back before you pass it over."
        )
    must_be_a_reason(reason)
    passed = PassedOverPrompt(
        prompt_id=drawn.id, reason=reason.strip(), passed_at=at, passed_by_id=actor.id
    )
    db.session.add(passed)
    db.session.flush()
    db.session.expire(drawn, ["passed_over"])
    about = {"item": drawn.version.item.reference, "version": drawn.version.number}
    record(actor, "prompt passed over", attempt, at=at, number=number, **about)


def note_prompts(attempt: MethodAttempt, *, actor: Person, at: datetime) -> None:
    """Write down that the prompts that stand were shown on the sheet once more."""
    for one in queries.standing_draws(attempt).values():
        note_shown(one.version, _SHEET, actor=actor, at=at)


def _must_be_open(attempt: MethodAttempt, actor: Person) -> None:
    must_be_the_assessor(attempt, actor)
    lock(attempt)
    must_be_under_way(attempt)
