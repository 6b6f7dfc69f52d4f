"""What the register and the report of a session say of each candidate: never a question, never an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from epa.invigilation import board, queries
from epa.invigilation.models import EventCandidate, IntegrityFinding, InvigilatedEvent
from epa.invigilation.rules import ATTENDANCE_TITLES, DISPOSITION_TITLES, DOCUMENT_TITLES
from epa.web.filters import plural, time_of_day
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import LateBatch, Sitting, SittingEvent
from question_bank.sittings.rules import STATE_TITLES, IntegrityKind, SittingStep, Tally

_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Attended:
    """One candidate of a session.

    Attributes:
        name: who.
        employer: whose.
        came: whether they came.
        identity: by which document it was checked, when and by whom.
        times: state, start, end and the time that was theirs; empty where no paper was issued.
        steps: pauses, added time, other devices and the like, with their reasons, in order.
        noted: what the page told of itself in counts, and what was made of it.
        late: what came after the end.
    """

    name: str
    employer: str
    came: str
    identity: str
    times: str = ""
    steps: tuple[str, ...] = ()
    noted: tuple[str, ...] = ()
    late: tuple[str, ...] = ()


def attended(event: InvigilatedEvent) -> list[Attended]:
    """Every candidate of a session by name."""
    candidates = queries.with_names(event)
    ids = [one.attempt_id for one in candidates]
    papers: dict[UUID, list[Sitting]] = {one: [] for one in ids}
    for paper in sittings.every_of_attempts(ids):
        papers[paper.attempt_id].append(paper)
    keys = [paper.id for found in papers.values() for paper in found]
    history, told = sittings.events_of(keys), sittings.integrity_counts(keys)
    looked_at, late = queries.findings(event), queries.late_in(event)
    return [
        _attended(
            one,
            _Record(papers[one.attempt_id], history, told, looked_at.get(one.id), late),
        )
        for one in candidates
    ]


@dataclass(frozen=True)
class _Record:
    """What is kept of one candidate: their papers, the void ones too, and of all what happened."""

    papers: list[Sitting]
    history: Mapping[UUID, list[SittingEvent]]
    told: Mapping[UUID, Mapping[IntegrityKind, Tally]]
    finding: IntegrityFinding | None
    late: Iterable[LateBatch]


def _attended(candidate: EventCandidate, kept: _Record) -> Attended:
    person = candidate.person
    return Attended(
        name=person.name,
        employer=candidate.attempt.assessment.apprenticeship.employer.name,
        came=ATTENDANCE_TITLES[candidate.attendance],
        identity=_identity(candidate),
        times="; ".join(map(_times, kept.papers)),
        steps=tuple(
            words
            for paper in kept.papers
            for step in kept.history[paper.id]
            if (words := _step(step))
        ),
        noted=tuple(_noted(kept)),
        late=tuple(
            _late(one) for one in kept.late if one.sitting_id in {it.id for it in kept.papers}
        ),
    )


def _identity(candidate: EventCandidate) -> str:
    document, by = candidate.identity_document, candidate.identity_checked_by
    if document is None or by is None:
        return "Not checked"
    return f"{DOCUMENT_TITLES[document]}, {time_of_day(candidate.identity_checked_at)}, {by.name}"


def _times(paper: Sitting) -> str:
    given = (paper.clock.allowed + paper.clock.added) // _MINUTE
    if paper.started_at is None:
        return f"{STATE_TITLES[paper.state]}, not started"
    ended = f" to {time_of_day(paper.finished_at)}" if paper.finished_at else ""
    return f"{STATE_TITLES[paper.state]}, {time_of_day(paper.started_at)}{ended}, {given} min given"


def _noted(kept: _Record) -> Iterable[str]:
    for paper in kept.papers:
        if words := board.noted_words(kept.told[paper.id], kept.finding):
            yield f"{words}."
    if kept.finding is not None:
        title = DISPOSITION_TITLES[kept.finding.disposition]
        yield f"{title}: {kept.finding.words} ({kept.finding.found_by.name})"


def _late(batch: LateBatch) -> str:
    came = f"{plural(len(batch.edits), 'change')} came at {time_of_day(batch.received_at)}"
    if batch.decided_at is None:
        return f"{came}: not decided yet."
    return f"{came}: {'let in' if batch.is_accepted else 'left out'}. {batch.reason}"


_WORDS: Final[Mapping[SittingStep, Callable[[SittingEvent], str]]] = {
    SittingStep.UNLOCK: lambda _one: "Let in",
    SittingStep.PAUSE: lambda _one: "Paused",
    SittingStep.RESUME: lambda _one: "Went on",
    SittingStep.EXTEND: lambda one: f"More time, +{one.seconds // 60} min in all",
    SittingStep.ALLOW_DEVICE: lambda _one: "Another device allowed",
    SittingStep.TAKE_OVER: lambda _one: "Another device took over",
    SittingStep.VOID: lambda _one: "Paper void",
    SittingStep.RUN_OUT: lambda _one: "Time was up",
}


def _step(event: SittingEvent) -> str:
    """Such as "10:20, Paused: Fire alarm (Ines Hart)"; empty for what the times say already."""
    if event.step not in _WORDS:
        return ""
    why = f": {event.reason}" if event.reason else ""
    who = f" ({event.by.name})" if event.by else ""
    return f"{time_of_day(event.at)}, {_WORDS[event.step](event)}{why}{who}"
