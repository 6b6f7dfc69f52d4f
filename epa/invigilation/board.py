"""What the board of a session on screens shows of each candidate: never a question, never an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from epa.invigilation import queries
from epa.invigilation.models import EventCandidate, IntegrityFinding, InvigilatedEvent
from epa.invigilation.rules import DISPOSITION_TITLES, DOCUMENT_TITLES
from epa.web.filters import plural, saved_time, time_of_day
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import IntegrityEvent, Sitting
from question_bank.sittings.rules import (
    BEFORE_START,
    INTEGRITY_TITLES,
    RUNNING,
    STATE_TITLES,
    IntegrityKind,
    SittingState,
    Tally,
)
from question_bank.sittings.writing import is_silent

_MINUTE: Final = timedelta(minutes=1)
_VERBS: Final = {
    IntegrityKind.COPIED: "copied",
    IntegrityKind.PASTED: "pasted",
    IntegrityKind.SECOND: "opened again",
    IntegrityKind.MOVED: "went on from elsewhere",
}
_KINDS: Final = {
    SittingState.PAUSED: "waiting",
    SittingState.SUBMITTED: "done",
    SittingState.MARKED: "done",
    SittingState.VOIDED: "stopped",
}


@dataclass(frozen=True)
class BoardRow:
    """One candidate, in words and figures.

    Attributes:
        id: the candidate's in the session.
        name: who.
        state: where the paper stands.
        kind: the shape and colour of its tag.
        identity: whether the identity was checked.
        answered: how many questions have an answer; None while there is no paper.
        questions: how many there are.
        unsaved: how many changes wait on the device.
        heard: how long ago the page was heard of.
        left: the time left, in minutes.
        extra: what was added and granted beyond the plan, never why.
        to_look_at: what needs somebody, or nothing.
        look: what kind of thing that is, for the row's wash.
        noted: what the page told of itself, in counts.
        agreed: what is to be done for this candidate, never why.
    """

    id: str
    name: str
    state: str
    kind: str = "neutral"
    identity: str = ""
    answered: int | None = None
    questions: int = 0
    unsaved: str = ""
    heard: str = ""
    left: str = ""
    extra: str = ""
    to_look_at: str = ""
    look: str = ""
    noted: str = ""
    agreed: tuple[str, ...] = ()


def rows(event: InvigilatedEvent, at: datetime) -> list[BoardRow]:
    """The candidates, those who need somebody first, then by name."""
    candidates = queries.with_names(event)
    found = sittings.of_attempts([one.attempt_id for one in candidates])
    ids = [one.id for one in found.values()]
    answered, counts = sittings.answered_counts(ids), sittings.question_counts(ids)
    told, looked_at = sittings.integrity_counts(ids), queries.findings(event)
    plan, agreed = queries.method_of(event).minutes * _MINUTE, queries.agreed(event)
    listed = []
    for one in candidates:
        words = agreed.get(one.attempt_id, ())
        sitting = found.get(one.attempt_id)
        if sitting is None:
            identity = _identity(one)
            name = one.person.name
            listed.append(
                BoardRow(str(one.id), name, "No paper yet", identity=identity, agreed=words)
            )
            continue
        numbers = answered[sitting.id], counts.get(sitting.id, 0)
        noted = noted_words(told[sitting.id], looked_at.get(one.id))
        row = _row(one, sitting, numbers, plan, at)
        listed.append(replace(row, noted=noted, agreed=words))
    return sorted(listed, key=lambda row: not row.look)


def noted_words(told: Mapping[IntegrityKind, Tally], found: IntegrityFinding | None = None) -> str:
    """What a page told of itself in counts, and how much of it nobody has looked at."""
    parts = []
    if left := told.get(IntegrityKind.LEFT):
        away = told.get(IntegrityKind.BACK, Tally(0, 0)).amount
        parts.append(f"left {_times(left.times)}, {_span(away)} in all")
    parts += [
        f"{verb} {_times(tally.times)}"
        for kind, verb in _VERBS.items()
        if (tally := told.get(kind)) is not None
    ]
    if not parts:
        return ""
    new = sum(one.times for one in told.values()) - (found.events if found else 0)
    state = f"; {new} not looked at" if new > 0 else ""
    text = ", ".join(parts)
    return f"{text[0].upper()}{text[1:]}{state}"


def noted(candidate: EventCandidate) -> dict[str, Any]:
    """What a candidate's page told of itself, one after the other, and what people made of it."""
    sitting = sittings.of_attempts([candidate.attempt_id]).get(candidate.attempt_id)
    events = sittings.integrity_of(sitting.id) if sitting else ()
    told = sittings.integrity_counts([sitting.id])[sitting.id] if sitting else {}
    found = queries.findings_on(candidate)
    return {
        "candidate": candidate,
        "words": noted_words(told, found[0] if found else None),
        "events": [(it.happened_at, INTEGRITY_TITLES[it.kind], _amount(it)) for it in events],
        "findings": [(DISPOSITION_TITLES[it.disposition], it) for it in found],
    }


def _amount(event: IntegrityEvent) -> str:
    if event.kind is IntegrityKind.BACK:
        return f"after {_span(event.amount)}"
    if event.kind in {IntegrityKind.COPIED, IntegrityKind.PASTED}:
        return plural(event.amount, "letter")
    return ""


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _span(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def as_json(event: InvigilatedEvent, at: datetime) -> dict[str, Any]:
    """The same for the page's script."""
    found = rows(event, at)
    return {
        "updated": saved_time(at),
        "rows": [asdict(one) for one in found],
        "sums": sums(found),
    }


def sums(found: list[BoardRow]) -> str:
    """How many stand where, in words."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one.state] = counts.get(one.state, 0) + 1
    return ", ".join(f"{count} {state.lower()}" for state, count in counts.items())


def _row(
    candidate: EventCandidate,
    sitting: Sitting,
    numbers: tuple[int, int],
    plan: timedelta,
    at: datetime,
) -> BoardRow:
    runs, clock = sitting.state in RUNNING, sitting.clock
    is_lost = runs and is_silent(sitting, at)
    more = clock.allowed + clock.added - plan
    look, words = _look(sitting, at, is_lost=is_lost)
    return BoardRow(
        id=str(candidate.id),
        name=candidate.person.name,
        state="Offline" if is_lost else STATE_TITLES[sitting.state],
        kind="stopped" if is_lost else _KINDS.get(sitting.state, "neutral"),
        identity=_identity(candidate),
        answered=numbers[0],
        questions=numbers[1],
        unsaved=str(sitting.unsaved) if runs else "",
        heard=_ago(sitting.heard_at, at) if sitting.heard_at else "",
        left=f"{-(-clock.left(at) // _MINUTE)} min" if runs else "",
        extra=f"+{more // _MINUTE} min" if more else "",
        to_look_at=words,
        look=look,
    )


def _look(sitting: Sitting, at: datetime, *, is_lost: bool) -> tuple[str, str]:
    """What needs somebody, and the kind of it; a pause is told without a wash."""
    if sitting.state in BEFORE_START and not is_silent(sitting, at):
        return "", "In the waiting room"
    if sitting.state not in RUNNING:
        return "", ""
    if sitting.clock.is_over(at):
        return "over", "Time is up"
    if is_lost:
        since = f", {time_of_day(sitting.heard_at)}" if sitting.heard_at else ""
        return "offline", f"Connection lost{since}"
    if sitting.hand_raised_at is not None:
        return "hand", f"Hand up, {time_of_day(sitting.hand_raised_at)}"
    return "", _told(sitting)


def _told(sitting: Sitting) -> str:
    """What is worth knowing, and needs nobody."""
    if sitting.may_change_device:
        return "Another device may take over"
    if sitting.paused_at is None:
        return ""
    kind = "Rest break" if sitting.is_rest else "Paused"
    return f"{kind} since {time_of_day(sitting.paused_at)}"


def _ago(heard_at: datetime, at: datetime) -> str:
    return _span(max(0, round((at - heard_at).total_seconds())))


def _identity(candidate: EventCandidate) -> str:
    document = candidate.identity_document
    return DOCUMENT_TITLES[document] if document else "Not yet"
