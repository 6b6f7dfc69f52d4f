"""Keeping candidates' marked answers, each correction beside what stood before, and measuring."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken
from epa.people.models import Person
from question_bank.items.models import QuestionBank
from question_bank.papers.models import ItemMeasure, Paper
from question_bank.responses import queries
from question_bank.responses.models import AnswerFile, Script, ScriptMark
from question_bank.responses.rules import MarkedScript, ScriptFate, ScriptSource

_AT_ONCE: Final = 500


def keep_scripts(
    paper: Paper,
    scripts: Sequence[MarkedScript],
    *,
    source: ScriptSource,
    reason: str = "",
    actor: Person | None,
    at: datetime,
) -> int:
    """Keep candidates' marked answers to a paper, and measure its questions anew.

    Answers that are kept already are not kept again; what changed becomes the candidate's next
    revision. For a sitting that is marked it is called with the one script.

    Args:
        paper: what they answered.
        scripts: one a candidate, an answer for each question of the paper.
        source: where they come from.
        reason: why answers that were kept before are changed; asked for where some are.
        actor: who keeps them; None for the programme itself.
        at: when.

    Returns:
        How many were kept.

    Raises:
        RuleBroken: an answer is to no question of the paper, a mark is none it gives, or a change
            has no reason.
    """
    _one_at_a_time(paper)
    asked = {one.version_id: one.marks for one in queries.asked_on(paper)}
    for script in scripts:
        _check(script, asked)
    words = queries.fates(paper, scripts)
    if ScriptFate.CHANGED in words and not reason:
        raise RuleBroken("change-reason", "Say why answers that are here are changed.", "reason")
    kept = [one for one, word in zip(scripts, words, strict=True) if word is not ScriptFate.SAME]
    revisions = queries.last_revisions(paper)
    rows = [
        {
            **_script(paper, one.candidate, revisions, source, actor, at),
            "total": one.total,
            "is_left_out": False,
            "reason": reason if word is ScriptFate.CHANGED else "",
        }
        for one, word in zip(scripts, words, strict=True)
        if word is not ScriptFate.SAME
    ]
    _insert(Script, rows)
    _insert(ScriptMark, _marks(kept, [row["id"] for row in rows]))
    measure(asked, at=at)
    about = {"paper": paper.number, "kept": len(kept), "changed": words.count(ScriptFate.CHANGED)}
    record(actor, "answers kept", paper, at=at, source=source.value, **about)
    return len(kept)


def _check(script: MarkedScript, asked: dict[UUID, tuple[int, ...]]) -> None:
    given = [one.version_id for one in script.answers]
    if len(given) != len(asked) or set(given) != asked.keys():
        raise RuleBroken("not-this-paper", "The answers are not to the questions of this paper.")
    if any(one.mark not in asked[one.version_id] for one in script.answers):
        raise RuleBroken("no-such-mark", "A question of this paper does not give such a mark.")


def _one_at_a_time(paper: Paper) -> None:
    """Two who keep answers at once: the second waits here, and then sees the first's."""
    db.session.execute(
        select(QuestionBank.id).where(QuestionBank.id == paper.bank_id).with_for_update()
    )


def _script(
    paper: Paper,
    candidate: str,
    revisions: dict[str, int],
    source: ScriptSource,
    actor: Person | None,
    at: datetime,
) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "paper_id": paper.id,
        "candidate": candidate,
        "revision": revisions.get(candidate, 0) + 1,
        "source": source,
        "kept_at": at,
        "kept_by_id": actor.id if actor else None,
    }


def _marks(scripts: Sequence[MarkedScript], ids: Sequence[UUID]) -> list[dict[str, Any]]:
    return [
        {
            "script_id": script_id,
            "version_id": answer.version_id,
            "mark": answer.mark,
            "chosen": answer.chosen,
        }
        for script, script_id in zip(scripts, ids, strict=True)
        for answer in script.answers
    ]


def _insert(model: type, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        db.session.execute(insert(model), rows[start : start + _AT_ONCE])


def leave_out(paper: Paper, candidate: str, reason: str, *, actor: Person, at: datetime) -> int:
    """Take answers out of every figure; they stay on record, with who did so and why.

    Args:
        paper: whose answers.
        candidate: whose; empty for everybody's.
        reason: why.
        actor: who does so.
        at: when.

    Returns:
        How many candidates were left out.

    Raises:
        RuleBroken: nobody of this name has answers that count, or no reason is given.
    """
    if not reason:
        raise RuleBroken("leave-out-reason", "Say why they are left out.", "reason")
    _one_at_a_time(paper)
    counting = {one.candidate: one for one in db.session.scalars(queries.counting(paper))}
    chosen = [candidate] if candidate else sorted(counting)
    if not set(chosen) & counting.keys():
        raise RuleBroken("nobody-there", "Nobody of this reference has answers here.", "candidate")
    revisions = queries.last_revisions(paper)
    rows = [
        {
            **_script(paper, name, revisions, counting[name].source, actor, at),
            "total": 0,
            "is_left_out": True,
            "reason": reason,
        }
        for name in chosen
    ]
    _insert(Script, rows)
    measure([one.version_id for one in queries.asked_on(paper)], at=at)
    record(actor, "answers left out", paper, at=at, paper=paper.number, candidates=len(rows))
    return len(rows)


def measure(version_ids: Collection[UUID], *, at: datetime) -> None:
    """Work the figures of versions out anew from all answers to them that count."""
    versions = {one.id: one for one in queries.with_options(version_ids)}
    figures = queries.figures_of(versions.values())
    db.session.execute(delete(ItemMeasure).where(ItemMeasure.version_id.in_(versions)))
    rows = [
        {
            "version_id": version_id,
            "n": one.measures.n,
            "facility": one.measures.facility,
            "discrimination": one.measures.discrimination_index,
            "flags": " ".join(one.flags),
            "measured_at": at,
        }
        for version_id, one in figures.items()
        if one.measures.n
    ]
    _insert(ItemMeasure, rows)


# --------------------------------------------------------------------------------- in the browser


def keep_file(
    paper: Paper, scripts: Iterable[MarkedScript], *, name: str, actor: Person, at: datetime
) -> AnswerFile:
    """Keep what a file would bring, so that somebody looks at it before it counts."""
    rows = [
        [one.candidate, [[answer.mark, answer.chosen] for answer in one.answers]] for one in scripts
    ]
    file = AnswerFile(paper=paper, name=name[:300], rows=rows, read_at=at, read_by=actor)
    db.session.add(file)
    db.session.flush()
    record(actor, "answer file read", file, at=at, paper=paper.number, candidates=len(rows))
    return file


def store_file(file: AnswerFile, reason: str, *, actor: Person, at: datetime) -> int:
    """Store what a file brings, all of it or nothing.

    Returns:
        How many candidates' answers were kept.

    Raises:
        RuleBroken: it was stored already, or as for `keep_scripts`.
    """
    if file.stored_at is not None:
        raise RuleBroken("stored-already", "This file is stored already.")
    count = keep_scripts(
        file.paper,
        queries.scripts_in(file),
        source=ScriptSource.FILE,
        reason=reason,
        actor=actor,
        at=at,
    )
    file.stored_at = at
    file.rows = []  # what counts stands with the scripts; a second copy would outlive a purge
    db.session.flush()
    return count


def note_results(paper: Paper, *, actor: Person, at: datetime) -> None:
    """Record that somebody looked at how a paper came out."""
    record(actor, "paper results viewed", paper, at=at, number=paper.number)


def note_test(
    bank: QuestionBank, *, ending: str | None = None, actor: Person, at: datetime
) -> None:
    """Record that somebody looked at how the tests of a bank came out, or took it away as a file."""
    if ending is None:
        record(actor, "test results viewed", bank, at=at)
    else:
        record(actor, "test results taken", bank, at=at, ending=ending)


def note_report(bank: QuestionBank, *, ending: str, actor: Person, at: datetime) -> None:
    """Record that somebody took the report on a bank's questions away."""
    record(actor, "item report taken", bank, at=at, ending=ending)
