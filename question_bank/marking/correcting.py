"""Marking by a corrected key or guide: asked for, agreed to by a second person, and then done."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from epa.audit.services import record
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.in_transaction import lock
from epa.people.models import Person
from question_bank.items import queries as items
from question_bank.items.models import ItemVersion
from question_bank.marking import corrections, queries
from question_bank.marking.answers import AnswerState, MarkFields, MarkKind
from question_bank.marking.effects import why_not
from question_bank.marking.models import AnswerToMark, PaperToMark, RemarkedPaper, Remarking
from question_bank.marking.services import mark_by_newest_keys, write_mark
from question_bank.sittings.rules import SittingState, SittingStep
from question_bank.sittings.services import take

_FOR: Final = "Marked anew by a corrected key or guide"


def ask(version: ItemVersion, reason: str, *, actor: Person, at: datetime) -> Remarking:
    """Ask for answers to a version to count by the key or guide of the item's approved version.

    Raises:
        RuleBroken: no later version is approved, it asks something else or is marked alike, the
            same is asked for or agreed already, or nothing says why.
    """
    lock(version.item)
    by = items.approved(version.item)
    if by is None or by.number <= version.number:
        raise RuleBroken("no-newer", "No newer version of this question is approved.")
    if fault := why_not(items.content_of(version), items.content_of(by)):
        raise RuleBroken("not-alike", fault)
    if corrections.open_remarking(version) is not None:
        raise RuleBroken("asked", "This waits for a second person already.")
    if corrections.marked_by_version(version.id) == by.id:
        raise RuleBroken("agreed", "Answers to this version are marked by the newer one already.")
    if not reason.strip():
        raise RuleBroken("reason-missing", "Enter why", "reason")
    remarking = Remarking(
        version=version, by_version=by, reason=reason.strip(), asked_at=at, asked_by=actor
    )
    db.session.add(remarking)
    db.session.flush()
    record(actor, "re-marking asked for", remarking, at=at, by_version=by.number)
    return remarking


def decide(
    remarking: Remarking, reason: str, *, is_agreed: bool, actor: Person, at: datetime
) -> None:
    """Agree to a re-marking, or not; from then on the other key or guide holds for new marks too.

    Raises:
        NotAllowed: it is one's own.
        RuleBroken: it is decided already, the newer version is no longer approved, or nothing says
            why.
    """
    lock(remarking)
    if actor.id == remarking.asked_by_id:
        raise NotAllowed("You asked for this: a second person decides.")
    if remarking.decided_at is not None:
        raise RuleBroken("decided", "Somebody has decided about this already.")
    if not reason.strip():
        raise RuleBroken("reason-missing", "Enter why", "reason")
    newest = items.approved(remarking.version.item)
    if is_agreed and (newest is None or newest.id != remarking.by_version_id):
        raise RuleBroken("no-newer", "Another version is approved by now: ask for that one.")
    remarking.decided_at, remarking.decided_by_id = at, actor.id
    remarking.is_agreed, remarking.decided_for = is_agreed, reason.strip()
    db.session.flush()
    word = "re-marking agreed" if is_agreed else "re-marking refused"
    record(actor, word, remarking, at=at)


def note(
    remarking: Remarking, paper: PaperToMark, *, was_released: bool, after: int | None
) -> RemarkedPaper:
    """Keep what a re-marking comes to for a paper; a released one waits for a decision.

    Args:
        remarking: agreed.
        paper: one on which the question was asked.
        was_released: whether its grade is.
        after: the question's new mark; None where people give it.
    """
    number = corrections.number_of(paper, remarking.version_id)
    row = RemarkedPaper(
        remarking=remarking,
        paper=paper,
        number=number,
        mark_before=queries.marks_of(paper).get(number),
        mark_after=after,
        was_released=was_released,
    )
    db.session.add(row)
    db.session.flush()
    return row


def apply(row: RemarkedPaper, *, actor: Person, at: datetime) -> None:
    """Mark a paper's question anew: a choice at once, a written answer by sending it back.

    A paper that was marked is open again until every mark is settled.
    """
    paper, remarking = row.paper, row.remarking
    lock(paper)
    if paper.sitting.state is SittingState.MARKED:
        take(paper.sitting, SittingStep.REMARK, _FOR, actor=actor, at=at)
    paper.settled_at = paper.total = None
    if remarking.version.key is not None:
        mark_by_newest_keys(paper)
    else:
        for answer in queries.answers_of(paper):
            if answer.version_id == remarking.version_id:
                _send_back(answer, at)
    db.session.flush()
    details = {"number": row.number, "before": row.mark_before, "after": row.mark_after}
    record(actor, "paper marked anew", paper.sitting, at=at, **details)


def decide_released(
    row: RemarkedPaper, reason: str, *, is_changed: bool, actor: Person, at: datetime
) -> None:
    """Say whether a released result is taken back for a re-marking or stands.

    Taking back is the caller's; `apply` follows it.

    Raises:
        RuleBroken: it was not released, it is decided already, or nothing says why.
    """
    lock(row)
    if not row.was_released or row.decided_at is not None:
        raise RuleBroken("decided", "There is nothing to decide here any more.")
    if not reason.strip():
        raise RuleBroken("reason-missing", "Enter why", "reason")
    row.decided_at, row.decided_by_id = at, actor.id
    row.is_changed, row.reason = is_changed, reason.strip()
    db.session.flush()
    word = "released result taken back" if is_changed else "released result stands"
    record(actor, word, row.paper.sitting, at=at, number=row.number)


def _send_back(answer: AnswerToMark, at: datetime) -> None:
    """Take every person's mark off; a blank keeps the 0 that the plan gives it."""
    if answer.state is AnswerState.SETTLED and answer.first_by_id is None:
        return
    for person_id in corrections.touched_by(answer):
        person = db.session.get_one(Person, person_id)
        fields = MarkFields(reason=_FOR)
        write_mark(answer, MarkKind.TAKEN_BACK, None, fields, actor=person, at=at)
    answer.twice_for = []
    answer.placed([], [], at)
