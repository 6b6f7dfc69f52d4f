"""Seeds: settled answers given to markers among the others, and the stop of a marker who strays."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from epa.audit.services import record
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.in_transaction import lock
from epa.people.models import Person
from epa.settings import queries as settings
from question_bank.marking import queries, seeds
from question_bank.marking.answers import (
    AnswerState,
    MarkFields,
    MarkKind,
    MarkRefused,
    is_blank,
    mark_of,
)
from question_bank.marking.models import AnswerToMark, MarkerStop, Seed
from question_bank.marking.services import has_more_to_see, write_mark
from question_bank.marking.straying import SeedRule, missed, strays

_TWO: Final = 2


def rule() -> SeedRule:
    """The EPAO's own numbers."""
    return SeedRule(
        every=settings.value("seed_every"),
        last=settings.value("stop_seeds"),
        misses=settings.value("stop_misses"),
    )


def may_be_seed(answer: AnswerToMark) -> bool:
    """Whether people agree on an answer's mark, so that another's can be held against it."""
    return (
        answer.state is AnswerState.SETTLED
        and len(answer.marks) >= _TWO
        and not is_blank(answer.words)
    )


def use(answer: AnswerToMark, *, actor: Person, at: datetime) -> Seed:
    """Give an answer to markers among the others from now on.

    Raises:
        RuleBroken: people do not agree on its mark.
    """
    lock(answer)
    if not may_be_seed(answer):
        raise RuleBroken("not-agreed", "A seed is an answer on whose mark two people agree.")
    seed, by_id = seeds.seed_of(answer), actor.id
    if seed is None:
        seed = Seed(answer_id=answer.id, added_at=at, added_by_id=by_id)
        db.session.add(seed)
    else:
        seed.added_at, seed.added_by_id, seed.ended_at = at, by_id, None
    db.session.flush()
    record(actor, "seed added", answer, at=at)
    return seed


def end(answer: AnswerToMark, *, actor: Person, at: datetime) -> None:
    """Give an answer to nobody as a seed any more; what was marked stays in the figures."""
    lock(answer)
    seed = seeds.seed_of(answer)
    if seed is not None and seed.ended_at is None:
        seed.ended_at = at
        db.session.flush()
        record(actor, "seed ended", answer, at=at)


def give(answer: AnswerToMark, fields: MarkFields, *, actor: Person, at: datetime) -> bool:
    """Give a seed a mark, as any other answer gets one; it counts for the marker's figures alone.

    Returns:
        Whether the mark counts there; not while the marker is to see others' marks first.

    Raises:
        RuleBroken: the mark cannot be.
    """
    lock(answer)
    if actor.id in answer.markers:
        raise NotAllowed("You have marked this answer. The next mark is another person's.")
    try:
        mark = mark_of(fields, queries.points_of(answer.version_id), answer.marks_max)
    except MarkRefused as fault:
        raise RuleBroken(fault.code, fault.message, fault.field) from fault
    if has_more_to_see(answer) and queries.provisional_of(answer, actor) is None:
        write_mark(answer, MarkKind.PROVISIONAL, mark, fields, actor=actor, at=at)
        return False
    write_mark(answer, MarkKind.FINAL, mark, fields, actor=actor, at=at)
    record(actor, "seed marked", answer, at=at)
    return True


def take_back(answer: AnswerToMark, *, actor: Person, at: datetime) -> None:
    """Take one's mark of a seed back.

    Raises:
        RuleBroken: there is none.
    """
    lock(answer)
    if not seeds.has_seed_mark(answer, actor):
        raise RuleBroken("marked-since", "This mark can no longer be taken back.")
    write_mark(answer, MarkKind.TAKEN_BACK, None, MarkFields(), actor=actor, at=at)
    record(actor, "seed mark taken back", answer, at=at)


def differences(person: Person, epao_id: UUID, *, since: datetime | None = None) -> list[int]:
    """Of each seed that a person marked the mark less the agreed one, in the order of marking.

    Args:
        person: the marker.
        epao_id: whose seeds.
        since: those after it alone; None for all.
    """
    return [
        (given.mark or 0) - answer.marks[-1]
        for answer, given in seeds.seed_marks(person, epao_id)
        if since is None or given.at > since
    ]


def stop_if_straying(person: Person, epao_id: UUID, *, at: datetime) -> MarkerStop | None:
    """Stop a marker too many of whose newest seeds differ; what is not settled goes back.

    Their marks are taken off every answer whose paper is not settled. A third person's mark goes
    with one of the two that it decided between.

    Returns:
        The stop; None where the marker goes on.
    """
    if seeds.stop_of(person, epao_id) is not None:
        return None
    numbers = rule()
    found = differences(person, epao_id, since=seeds.last_let_on(person, epao_id))
    if not strays(found, numbers):
        return None
    answers = seeds.unsettled_with(person, epao_id)
    for one in answers:
        _take_off(one, person, at)
    stop = MarkerStop(
        person=person,
        epao_id=epao_id,
        stopped_at=at,
        seeds=len(found[-numbers.last :]),
        missed=missed(found, numbers),
        sent_back=len(answers),
    )
    db.session.add(stop)
    db.session.flush()
    record(None, "marker stopped", person, at=at, missed=stop.missed, sent_back=len(answers))
    return stop


def let_on(stop: MarkerStop, reason: str, *, actor: Person, at: datetime) -> None:
    """Let a marker who was stopped go on; the seeds of before count no more.

    Raises:
        NotAllowed: it is oneself.
        RuleBroken: they go on already, or nothing says why.
    """
    lock(stop)
    if actor.id == stop.person_id:
        raise NotAllowed("Somebody else lets you go on.")
    if stop.let_on_at is not None:
        raise RuleBroken("let-on", "This marker goes on already.")
    if not reason.strip():
        raise RuleBroken("reason-missing", "Enter why", "reason")
    stop.let_on_at, stop.let_on_by_id, stop.reason = at, actor.id, reason.strip()
    db.session.flush()
    record(actor, "marker let on", stop.person, at=at)


def _take_off(answer: AnswerToMark, person: Person, at: datetime) -> None:
    lock(answer)
    first_two = list(zip(answer.marks, answer.markers, strict=True))[:_TWO]
    kept = [one for one in first_two if one[1] != person.id]
    write_mark(answer, MarkKind.TAKEN_BACK, None, MarkFields(), actor=person, at=at)
    if not kept:
        answer.twice_for = []
    answer.placed([mark for mark, _ in kept], [marker for _, marker in kept], at)
    db.session.flush()
