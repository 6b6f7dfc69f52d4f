"""A session on screens: papers issued to its candidates, and what is done to them from the board."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken, RulesBroken
from epa.invigilation import queries, windows
from epa.invigilation.admitting import admit, terms_of
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.rules import WITH_REASON, BoardDeed, Delivery
from epa.invigilation.services import give_window, refuse_clash, refuse_unless_planned
from epa.people.models import Person
from question_bank.drawing.paper import DrawBlueprint
from question_bank.items.models import QuestionBank
from question_bank.papers.queries import blueprint_called
from question_bank.papers.rules import PaperPurpose
from question_bank.papers.services import draw_paper
from question_bank.sittings import queries as sittings
from question_bank.sittings import services as overseeing
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import SittingState

_SEED_BITS: Final = 62


@dataclass(frozen=True)
class DeedFields:
    """What an invigilator does, why, and by how many minutes where it is about time."""

    deed: BoardDeed
    reason: str = ""
    minutes: int = 0


def issue_papers(event: InvigilatedEvent, *, actor: Person, at: datetime) -> int:
    """Draw a live paper for each candidate who has none, and issue it for the time that is theirs.

    A paper that nobody has started gets the time that is granted by now, and this session's end.

    Returns:
        How many were issued.

    Raises:
        RuleBroken: the session is over or on paper, closes before the longest test is over, or the
            bank gives no such paper.
    """
    refuse_unless_planned(event)
    _refuse_on_paper(event)
    refuse_if_longer(event)
    bank, blueprint = _source(event)
    standing = sittings.of_attempts([one.attempt_id for one in event.candidates])
    count = 0
    for one in event.candidates:
        known = standing.get(one.attempt_id)
        if known is not None and known.state is not SittingState.VOIDED:
            # It may have been issued for another session, or before more time was granted.
            overseeing.renew_terms(known, terms_of(one), actor=actor, at=at)
            continue
        _issue(one, bank, blueprint, actor=actor, at=at)
        count += 1
    return count


def refuse_if_longer(event: InvigilatedEvent) -> None:
    """Refuse while somebody's test takes longer than the session is open: more may be granted later.

    Raises:
        RuleBroken: it does.
    """
    windows.refuse_longer(queries.longest(event), event.starts_at, event.closes_at)


def ask_for_safe_browser(
    event: InvigilatedEvent, *, asks: bool, actor: Person, at: datetime
) -> None:
    """Let the tests of a session be sat in Safe Exam Browser alone, or in any browser again.

    It holds for whoever has not started.

    Raises:
        RuleBroken: the session is over or on paper.
    """
    refuse_unless_planned(event)
    _refuse_on_paper(event)
    event.asks_safe_browser = asks
    db.session.flush()
    found = sittings.of_attempts([one.attempt_id for one in event.candidates])
    for one in event.candidates:
        if sitting := found.get(one.attempt_id):
            overseeing.renew_terms(sitting, terms_of(one), actor=actor, at=at)
    record(actor, "test session: safe browser", event, at=at, asks=asks)


def papers_ready(event: InvigilatedEvent) -> int:
    """How many candidates of a session have a paper that counts."""
    found = sittings.of_attempts([one.attempt_id for one in event.candidates])
    return sum(one.state is not SittingState.VOIDED for one in found.values())


def move_window(
    event: InvigilatedEvent,
    closes_at: datetime,
    admits_until: datetime | None,
    *,
    actor: Person,
    at: datetime,
) -> None:
    """Let a session on screens close or admit at another time, and every test in it with it.

    Raises:
        RuleBroken: the session is over or on paper, would close before the longest test is over or
            cut one that runs, or its room is taken then.
    """
    refuse_unless_planned(event)
    _refuse_on_paper(event)
    plan = timedelta(minutes=queries.method_of(event).minutes)
    longest = queries.longest(event)
    window = windows.chosen(event.starts_at, closes_at, admits_until, plan=plan, longest=longest)
    give_window(event, window)
    refuse_clash(event)
    found = sittings.of_attempts([one.attempt_id for one in event.candidates])
    for one in event.candidates:
        if sitting := found.get(one.attempt_id):
            _move_end(one, sitting, closes_at, actor=actor, at=at)
    db.session.flush()
    record(
        actor,
        "test session window moved",
        event,
        at=at,
        closes_at=closes_at.isoformat(),
        admits_until=window.admits_until.isoformat(),
    )


def _move_end(
    candidate: EventCandidate,
    sitting: Sitting,
    closes_at: datetime,
    *,
    actor: Person,
    at: datetime,
) -> None:
    try:
        overseeing.move_end(sitting, closes_at, actor=actor, at=at)
    except RuleBroken as broken:
        said = f"{candidate.person.name}: {broken.message}"
        raise RuleBroken(broken.code, said, broken.field) from broken


def _refuse_on_paper(event: InvigilatedEvent) -> None:
    if event.delivery is not Delivery.ONLINE:
        raise RuleBroken("on-paper", "This session is taken on paper.")


def do(
    event: InvigilatedEvent,
    chosen: Sequence[EventCandidate],
    fields: DeedFields,
    *,
    actor: Person,
    at: datetime,
) -> None:
    """Do the same to the papers of one candidate or of many: to all, or to nobody.

    Raises:
        RuleBroken: nothing says why, or the session is over.
        RulesBroken: with what stands against each.
    """
    refuse_unless_planned(event)
    if fields.deed in WITH_REASON and not fields.reason.strip():
        raise RuleBroken("reason-missing", "Enter why", "reason")
    found = sittings.of_attempts([one.attempt_id for one in chosen])
    refusals = []
    for one in chosen:
        try:
            _do(one, found.get(one.attempt_id), fields, actor=actor, at=at)
        except RuleBroken as broken:
            said = f"{one.person.name}: {broken.message}"
            refusals.append(RuleBroken(broken.code, said, broken.field))
    if refusals:
        raise RulesBroken(refusals)


def _do(
    candidate: EventCandidate,
    sitting: Sitting | None,
    fields: DeedFields,
    *,
    actor: Person,
    at: datetime,
) -> None:
    if sitting is None:
        raise RuleBroken("no-paper", "No paper is issued yet.")
    if fields.deed is BoardDeed.UNLOCK:
        admit(candidate, sitting, actor=actor, at=at)
        return
    acts: dict[BoardDeed, Callable[[], None]] = {
        BoardDeed.PAUSE: lambda: overseeing.pause(
            sitting, fields.reason, is_rest=False, actor=actor, at=at
        ),
        BoardDeed.REST: lambda: overseeing.pause(
            sitting, fields.reason, is_rest=True, actor=actor, at=at
        ),
        BoardDeed.RESUME: lambda: overseeing.resume(sitting, actor=actor, at=at),
        BoardDeed.EXTEND: lambda: overseeing.extend(
            sitting, fields.minutes, fields.reason, actor=actor, at=at
        ),
        BoardDeed.OTHER_DEVICE: lambda: overseeing.allow_device(
            sitting, fields.reason, actor=actor, at=at
        ),
        BoardDeed.HAND: lambda: overseeing.answer_hand(sitting, actor=actor, at=at),
        BoardDeed.VOID: lambda: overseeing.void(sitting, fields.reason, actor=actor, at=at),
    }
    acts[fields.deed]()


def _source(event: InvigilatedEvent) -> tuple[QuestionBank, DrawBlueprint]:
    query = select(QuestionBank).where(
        QuestionBank.epao_id == event.epao_id, QuestionBank.framework_code == event.framework_code
    )
    bank = db.session.scalars(query.order_by(QuestionBank.created_at, QuestionBank.id)).first()
    blueprint = blueprint_called(bank, event.framework_code) if bank is not None else None
    if bank is None or blueprint is None:
        raise RuleBroken("no-bank", "There is no question bank with a blueprint to draw from.")
    return bank, blueprint


def _issue(
    candidate: EventCandidate,
    bank: QuestionBank,
    blueprint: DrawBlueprint,
    *,
    actor: Person,
    at: datetime,
) -> None:
    person = candidate.person
    paper = draw_paper(
        bank,
        blueprint,
        seed=secrets.randbits(_SEED_BITS),
        purpose=PaperPurpose.LIVE,
        candidate=person,
        actor=actor,
        at=at,
    )
    overseeing.open_sitting(person, paper, terms_of(candidate), actor=actor, at=at)
