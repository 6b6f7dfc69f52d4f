"""What the board of a session on screens shows of each candidate: never a question, never an answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from epa.invigilation import queries
from epa.invigilation.models import EventCandidate, InvigilatedEvent
from epa.invigilation.rules import DOCUMENT_TITLES
from epa.web.filters import saved_time, time_of_day
from question_bank.sittings import queries as sittings
from question_bank.sittings.models import Sitting
from question_bank.sittings.rules import RUNNING, STATE_TITLES, SittingState
from question_bank.sittings.writing import is_silent

_MINUTE: Final = timedelta(minutes=1)
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


def rows(event: InvigilatedEvent, at: datetime) -> list[BoardRow]:
    """The candidates, those who need somebody first, then by name."""
    candidates = queries.with_names(event)
    found = sittings.of_attempts([one.attempt_id for one in candidates])
    ids = [one.id for one in found.values()]
    answered, counts = sittings.answered_counts(ids), sittings.question_counts(ids)
    plan = queries.method_of(event).minutes * _MINUTE
    listed = []
    for one in candidates:
        sitting = found.get(one.attempt_id)
        if sitting is None:
            listed.append(BoardRow(str(one.id), one.person.name, "No paper yet"))
        else:
            numbers = answered[sitting.id], counts.get(sitting.id, 0)
            listed.append(_row(one, sitting, numbers, plan, at))
    return sorted(listed, key=lambda row: not row.look)


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
    document = candidate.identity_document
    return BoardRow(
        id=str(candidate.id),
        name=candidate.person.name,
        state="Offline" if is_lost else STATE_TITLES[sitting.state],
        kind="stopped" if is_lost else _KINDS.get(sitting.state, "neutral"),
        identity=DOCUMENT_TITLES[document] if document else "Not yet",
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
    seconds = max(0, round((at - heard_at).total_seconds()))
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
