"""Taking handed-in answers to the markers, giving and taking back marks, settling a paper."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from epa.audit.services import record
from epa.background.queue import later
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.in_transaction import lock
from epa.people.models import Person
from epa.settings import queries as settings
from question_bank.items.models import ItemVersion
from question_bank.marking import corrections, queries
from question_bank.marking.answers import (
    OPEN,
    AnswerState,
    MarkFields,
    MarkKind,
    MarkRefused,
    Sampling,
    TwiceFor,
    is_blank,
    is_in_sample,
    is_near,
    mark_of,
    said_alike,
    twice_for,
)
from question_bank.marking.models import (
    AnswerToMark,
    ChoiceRemark,
    GivenMark,
    MarkingOrder,
    PaperToMark,
)
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import SittingState

# Asked for when no answer of a paper waits any more; who keeps grades answers to the name.
BRING_HOME: Final = "answer_marking.bring_home"
_SEED_BYTES: Final = 16


def take_in(sitting: Sitting, *, at: datetime) -> PaperToMark | None:
    """Hand the written answers of a paper to the markers, as its newest receipt stands for them.

    Where late answers were let in, those that changed are marked anew and the others keep their
    marks. What was left blank gets 0 by the plan, except that somebody looks at a paper on which
    nothing was written.

    Returns:
        The paper; None where it is with the markers already, or nothing is handed in.
    """
    lock(sitting)
    receipt, paper = sittings.receipt_of(sitting), queries.paper_of(sitting)
    if sitting.state is not SittingState.SUBMITTED or receipt is None:
        return None
    if paper is None:
        paper = PaperToMark(sitting=sitting, seed=secrets.token_hex(_SEED_BYTES), taken_in_at=at)
        db.session.add(paper)
    elif paper.receipt_id == receipt.id:
        return None
    paper.receipt_id, paper.settled_at, paper.total = receipt.id, None, None
    db.session.flush()
    count = _take_answers(paper, at)
    record(None, "answers to mark", sitting, at=at, version=receipt.version, answers=count)
    return paper


def begin(version: ItemVersion, *, actor: Person, at: datetime) -> MarkingOrder:
    """Draw the order in which a marker meets the answers to a version; the first time only."""
    order = queries.order_of(actor, version.id)
    if order is None:
        seed = secrets.token_hex(_SEED_BYTES)
        order = MarkingOrder(person_id=actor.id, version_id=version.id, seed=seed, begun_at=at)
        db.session.add(order)
        db.session.flush()
        record(actor, "marking begun", version, at=at)
    return order


def has_more_to_see(answer: AnswerToMark) -> bool:
    """Whether a marker is shown others' marks once they have given their own."""
    return answer.state is AnswerState.THIRD or queries.has_precedents(answer)


def give(
    answer: AnswerToMark,
    fields: MarkFields,
    also: Sequence[AnswerToMark] = (),
    *,
    actor: Person,
    at: datetime,
) -> bool:
    """Give an answer a mark, and the same to answers with the same words if that is wanted.

    Where there are precedents, or two marks to decide between, the first time is provisional: the
    marker sees them then, and what they say next counts.

    Args:
        answer: one that waits for a mark of the actor's; conflicts are the caller's to check.
        fields: what the marker says.
        also: answers to the same version with the same words, for the same mark.
        actor: the marker.
        at: when.

    Returns:
        Whether the mark counts.

    Raises:
        RuleBroken: the mark cannot be, or somebody marked the answer meanwhile.
    """
    for one in sorted((answer, *also), key=lambda row: row.id):
        lock(one)
    _refuse_unless_theirs(answer, actor)
    try:
        mark = mark_of(fields, queries.points_of(answer.version_id), answer.marks_max)
    except MarkRefused as fault:
        raise RuleBroken(fault.code, fault.message, fault.field) from fault
    if has_more_to_see(answer) and queries.provisional_of(answer, actor) is None:
        write_mark(answer, MarkKind.PROVISIONAL, mark, fields, actor=actor, at=at)
        return False
    given = _count(answer, mark, fields, None, actor=actor, at=at)
    same = [one for one in also if _is_alike(one, answer) and _is_theirs(one, actor)]
    for one in same:
        _count(one, mark, fields, given, actor=actor, at=at)
    record(actor, "answer marked", answer, at=at, turn=given.turn, also=len(same))
    _hurry((answer, *same))
    return True


def may_take_back(answer: AnswerToMark, person: Person) -> bool:
    """Whether a person's mark is the newest of an answer whose paper is not settled yet."""
    markers = answer.markers
    return (
        answer.state is not AnswerState.WITHDRAWN
        and bool(markers)
        and markers[-1] == person.id
        and answer.paper.settled_at is None
        and answer.paper.sitting.state is SittingState.SUBMITTED
    )


def take_back(answer: AnswerToMark, *, actor: Person, at: datetime) -> None:
    """Take one's newest mark back, with those given in the same action: the answers wait again.

    Raises:
        RuleBroken: somebody has marked it since, or the paper is settled.
    """
    lock(answer.paper)
    lock(answer)
    given = queries.last_by(answer, actor)
    if given is None or not may_take_back(answer, actor):
        raise RuleBroken("marked-since", "This mark can no longer be taken back.")
    same = sorted(queries.given_with(given), key=lambda row: row.id)
    for one in (answer, *same):
        lock(one)
        if may_take_back(one, actor):
            write_mark(one, MarkKind.TAKEN_BACK, None, MarkFields(), actor=actor, at=at)
            marks, markers = one.marks[:-1], one.markers[:-1]
            if not marks:
                one.twice_for = []
            one.placed(marks, markers, at)
    db.session.flush()
    record(actor, "mark taken back", answer, at=at, also=len(same))


def settle(paper: PaperToMark, boundaries: Sequence[int], error: float, *, at: datetime) -> bool:
    """Settle a paper none of whose answers waits for a mark.

    A total near a boundary sends every answer that one person marked to a second person first.

    Args:
        paper: the paper.
        boundaries: the lowest mark of each grade.
        error: how far from one is near, in marks.
        at: when.

    Returns:
        Whether it is settled.
    """
    lock(paper)
    answers = queries.answers_of(paper)
    if paper.settled_at is not None:
        return True
    if any(one.state is not AnswerState.SETTLED for one in answers) or not queries.is_whole(paper):
        return False
    mark_by_newest_keys(paper)
    total = sum(queries.marks_of(paper).values())
    if is_near(total, boundaries, error):
        once = [one for one in answers if len(one.marks) == 1 and one.first_by_id is not None]
        for one in once:
            one.twice_for = [*one.twice_for, TwiceFor.BOUNDARY.value]
            one.placed(one.marks, one.markers, at)
        if once:
            db.session.flush()
            record(None, "paper near a boundary", paper.sitting, at=at, answers=len(once))
            return False
    paper.settled_at, paper.total = at, total
    db.session.flush()
    record(None, "paper settled", paper.sitting, at=at, answers=len(answers))
    return True


def mark_by_newest_keys(paper: PaperToMark) -> None:
    """Mark the choices of a paper by every corrected key that holds for it and was not used yet."""
    known = corrections.remarked(paper)
    missing = [one for one in corrections.remarkings_of(paper) if one[0].id not in known]
    if not missing:
        return
    chosen = sittings.chosen_of(paper.sitting)
    most = {one["number"]: one["marks"] for one in sittings.stored_layout(paper.sitting)}
    for remarking, number in missing:
        is_right = chosen.get(number) == remarking.by_version.key
        mark = most[number] if is_right else 0
        row = ChoiceRemark(
            receipt_id=paper.receipt_id, remarking_id=remarking.id, number=number, mark=mark
        )
        db.session.add(row)
    db.session.flush()


def _take_answers(paper: PaperToMark, at: datetime) -> int:
    known = {one.number: one for one in queries.answers_of(paper)}
    given = {one.number: one.value or "" for one in sittings.standing_of(paper.sitting)}
    layout = [one for one in sittings.stored_layout(paper.sitting) if not one["options"]]
    written = {one["number"]: given.get(one["number"], "") for one in layout}
    looked_at = min(written, default=0) if all(map(is_blank, written.values())) else 0
    for one in layout:
        number, words = one["number"], written[one["number"]]
        before = known.get(number)
        if before is not None and before.words == words:
            continue
        if before is not None:
            before.state, before.since = AnswerState.WITHDRAWN, at
            db.session.flush()
        answer = AnswerToMark(
            paper=paper,
            number=number,
            version_id=UUID(one["version"]),
            words=words,
            said=said_alike(words),
            marks_max=one["marks"],
            twice_for=[],
        )
        by_rule = is_blank(words) and number != looked_at
        answer.placed([0] if by_rule else [], [None] if by_rule else [], at)
        db.session.add(answer)
    db.session.flush()
    return len(layout)


def _is_theirs(answer: AnswerToMark, actor: Person) -> bool:
    return answer.state in OPEN and actor.id not in answer.markers


def _is_alike(one: AnswerToMark, answer: AnswerToMark) -> bool:
    same = (one.version_id, one.said) == (answer.version_id, answer.said)
    return same and one.id != answer.id and one.state is not AnswerState.THIRD


def _refuse_unless_theirs(answer: AnswerToMark, actor: Person) -> None:
    if actor.id in answer.markers:
        raise NotAllowed("You have marked this answer. The next mark is another person's.")
    if answer.state not in OPEN or answer.paper.sitting.state is not SittingState.SUBMITTED:
        raise RuleBroken("marked-meanwhile", "Somebody else has marked this answer meanwhile.")


def _count(
    answer: AnswerToMark,
    mark: int,
    fields: MarkFields,
    given_with: GivenMark | None,
    *,
    actor: Person,
    at: datetime,
) -> GivenMark:
    if not answer.marks:
        answer.twice_for = [why.value for why in _why_twice(answer, fields, actor)]
    given = write_mark(answer, MarkKind.FINAL, mark, fields, given_with, actor=actor, at=at)
    answer.placed([*answer.marks, mark], [*answer.markers, actor.id], at)
    db.session.flush()
    return given


def _why_twice(answer: AnswerToMark, fields: MarkFields, actor: Person) -> tuple[TwiceFor, ...]:
    sampling = Sampling(
        percent=settings.value("second_marks_percent"),
        marker_marks=settings.value("new_marker_marks"),
        question_marks=settings.value("new_question_marks"),
    )
    return twice_for(
        sampling,
        drawn=is_in_sample(answer.paper.seed, answer.number, sampling.percent),
        marker_marks=queries.marked_by(actor),
        question_marks=queries.settled_count(answer.version_id),
        is_flagged=fields.is_flagged,
    )


def write_mark(  # noqa: PLR0913 (a row of facts)
    answer: AnswerToMark,
    kind: MarkKind,
    mark: int | None,
    fields: MarkFields,
    given_with: GivenMark | None = None,
    *,
    actor: Person,
    at: datetime,
) -> GivenMark:
    """Write down what somebody did to an answer; whether it counts is the caller's."""
    given = GivenMark(
        answer_id=answer.id,
        place=queries.last_place(answer) + 1,
        kind=kind,
        turn=answer.state,
        mark=mark,
        ticks=sorted(set(fields.ticks or ())),
        reason=fields.reason.strip(),
        is_flagged=fields.is_flagged,
        with_id=given_with.id if given_with else None,
        by_id=actor.id,
        at=at,
    )
    db.session.add(given)
    db.session.flush()
    return given


def _hurry(answers: Sequence[AnswerToMark]) -> None:
    """Papers that wait for nobody's mark any more go on at once; the rest comes round."""
    for paper in {one.paper_id: one.paper for one in answers}.values():
        if all(one.state is AnswerState.SETTLED for one in queries.answers_of(paper)):
            later(BRING_HOME, paper.id)
