"""What a sheet's bar shows of the clock, and what its questions and notes show beside the KSBs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from epa.conduct import queries as days
from epa.conduct.clock import (
    PAUSE_TITLES,
    ClockState,
    PartClock,
    may_be_split,
    pause_reasons,
    possible,
)
from epa.conduct.models import AskedQuestion
from epa.conduct.rules import DayPrompts, PromptName, QuestionFields, counted_questions
from epa.judgements import queries
from epa.judgements.board import Box, Desk, answer_row
from epa.judgements.pad import NOTES, QUESTIONS, note_rows
from epa.lifecycle.models import MethodAttempt
from epa.web.filters import time_of_day
from frameworks import JudgedMethod

_STATE_WORDS = {
    ClockState.WAITING: "not started",
    ClockState.RUNNING: "running",
    ClockState.PAUSED: "paused",
    ClockState.ENDED: "ended",
}


def clock(attempt: MethodAttempt, at: datetime) -> dict[str, Any]:
    """The clock as the bar's script takes it, and as the page is drawn: JSON values alone.

    Seconds are whole; instants are ISO 8601 by the server's clock.
    """
    method = days.method_of(attempt)
    clocks = days.clocks_from(attempt, days.timer_entries(attempt))
    return {
        "now": at.isoformat(),
        "current": _current(clocks),
        "parts": [_part(method, clocks, part.code, at) for part in method.parts],
        "history": _history(method, clocks),
    }


def _current(clocks: dict[str, PartClock]) -> str:
    """The part that the bar shows: the one that runs or is paused, else the next, else the last."""
    busy = (ClockState.RUNNING, ClockState.PAUSED)
    under_way = [code for code, one in clocks.items() if one.state in busy]
    begun = [code for code, one in clocks.items() if one.state is not ClockState.WAITING]
    return [*under_way, *begun[-1:], *clocks][0]


def _part(
    method: JudgedMethod, clocks: dict[str, PartClock], code: str, at: datetime
) -> dict[str, Any]:
    part, one = method.part(code), clocks[code]
    return {
        "code": code,
        "title": part.title,
        "minutes": part.minutes,
        "longest": part.longest_minutes,
        "added_for": part.tolerance_for or "",
        "splits": may_be_split(method, code),
        "state": one.state.value,
        "state_words": _STATE_WORDS[one.state],
        "counted": int(one.counted.total_seconds()),
        "since": one.since.isoformat() if one.since else None,
        "elapsed": one.minutes(at),
        "extended": one.extended_at is not None,
        "can": sorted(action.value for action in possible(method, clocks, code)),
    }


def history(attempt: MethodAttempt) -> list[dict[str, str]]:
    """The sections and pauses of each part that ran, in the order of time, to read."""
    return _history(days.method_of(attempt), days.clocks_from(attempt, days.timer_entries(attempt)))


def _history(method: JudgedMethod, clocks: dict[str, PartClock]) -> list[dict[str, str]]:
    rows: list[tuple[datetime, str, str]] = []
    for part in method.parts:
        one = clocks[part.code]
        for number, each in enumerate(one.sections, start=1):
            what = f"{part.title}, section {number}" if len(one.sections) > 1 else part.title
            rows.append((each.began_at, _from_to(each.began_at, each.ended_at), what))
        for pause in one.pauses:
            what = f"Pause: {pause.words or _reason(pause.reason)}"
            rows.append((pause.began_at, _from_to(pause.began_at, pause.ended_at), what))
        if one.extended_at:
            what = f"Time added {part.tolerance_for}"
            rows.append((one.extended_at, time_of_day(one.extended_at), what))
    return [{"when": when, "what": what} for _at, when, what in sorted(rows)]


def _from_to(begun: datetime, ended: datetime | None) -> str:
    return f"{time_of_day(begun)} to {time_of_day(ended) if ended else 'now'}"


def _reason(reason: Any) -> str:
    return PAUSE_TITLES[reason].lower() if reason else "ended too early"


def reasons(attempt: MethodAttempt) -> list[dict[str, str]]:
    """The reasons for a pause to choose from."""
    return [
        {"code": one.value, "title": PAUSE_TITLES[one]}
        for one in pause_reasons(days.method_of(attempt))
    ]


def questions(desk: Desk, current: str, typed: Any = None) -> dict[str, Any]:
    """The questions of the day: those asked, and room for those that may still be."""
    newest = {(one.number, one.follow_up): one for one in days.newest_questions(desk.attempt)}
    asked = [key for key, one in newest.items() if one.question]
    most = desk.judged.questions.maximum
    last = max([number for number, _ in asked], default=0)
    slots = max(most, last + 1 if last >= most else 0)
    rows = []
    for number in range(1, slots + 1):
        follows = [follow for one, follow in asked if one == number and follow]
        each = range(max(follows, default=0) + 2 if (number, 0) in asked else 1)
        prompt = prompt_row(desk, number, is_asked=(number, 0) in asked) if desk.prompts else None
        drawn = prompt["text"] if prompt and (number, 0) not in asked else ""
        rows.append(
            {
                "number": number,
                "is_over": number > most,
                "is_asked": (number, 0) in asked,
                "is_next": number == last + 1,
                "prompt": prompt,
                "each": [
                    _slot(newest.get((number, one)), (number, one), typed, "" if one else drawn)
                    for one in each
                ],
            }
        )
    return {
        "rows": rows,
        "asked": counted_questions(desk.judged, asked),
        "most": most,
        "counts_follow_ups": desk.judged.questions.follow_ups_counted,
        "draws": desk.prompts is not None,
        "are_prepared": desk.judged.questions.prepared,
        "problems": [message for _id, message in typed.error_list] if typed else [],
        "is_current": current == QUESTIONS,
        "url": desk.place(QUESTIONS),
        "save_url": desk.address("question"),
    }


def count(desk: Desk, asked: Sequence[AskedQuestion]) -> int:
    """How many of the questions asked count against the plan's number."""
    return counted_questions(desk.judged, [(one.number, one.follow_up) for one in asked])


def _slot(
    one: AskedQuestion | None, key: tuple[int, int], typed: Any, drawn: str
) -> dict[str, Any]:
    """The boxes of one question; the words of a prompt stand in them until it is asked."""
    number, follow_up = key
    shown = {
        "number": number,
        "follow_up": follow_up,
        "key": f"{number}-{follow_up}",
        "version": one.version if one else 0,
        "question": (one.question if one else "") or drawn,
        "drawn": drawn,
        "answer": one.answer if one else "",
        "ksbs": one.ksbs if one else [],
        "at": one.asked_at if one and one.question else None,
    }
    if typed and (typed.number.data, typed.follow_up.data or 0) == (number, follow_up):
        shown |= {
            "question": typed.question.typed,
            "answer": typed.answer.typed,
            "ksbs": typed.ksbs.typed or [],
        }
    return shown


def stream(desk: Desk, current: str, box: Box, typed: Any = None) -> dict[str, Any]:
    """Every note of a sheet in the order of time, tied to KSBs or not, and the box for the next."""
    notes = note_rows(desk, queries.current_notes(desk.sheet))
    return {
        "notes": notes,
        "untied": sum(not one.ksbs for one in notes),
        "box": Box.typed(typed) if typed else box,
        "problems": [message for _id, message in typed.error_list] if typed else [],
        "is_current": current == NOTES,
        "url": desk.place(NOTES),
        "save_url": desk.address("stream"),
    }


def answers_to_read(attempt: MethodAttempt) -> list[dict[str, Any]]:
    """The questions and answers, to read."""
    is_banked = days.method_of(attempt).questions.drawn_from_bank
    return [answer_row(one, is_banked=is_banked) for one in days.questions_of(attempt)]


def drawn_as(desk: Desk, fields: QuestionFields) -> PromptName | None:
    """The prompt that a question was drawn as; None for a follow-up and for one that arose."""
    prompts = desk.prompts or DayPrompts()
    shown = None if fields.follow_up else prompts.standing.get(fields.number)
    return shown.name if shown else None


def prompt_row(desk: Desk, number: int, *, is_asked: bool) -> dict[str, Any]:
    """What stands above a question of its prompt, or how to draw one."""
    prompts = desk.prompts or DayPrompts()
    shown = prompts.standing.get(number)
    return {
        "number": number,
        "url": desk.address("prompt"),
        "is_asked": is_asked,
        "may_draw": shown is None and not is_asked and number <= desk.judged.questions.maximum,
        "name": str(shown.name) if shown else "",
        "text": shown.text if shown else "",
        "guide": shown.guide if shown else (),
        "ksbs": shown.ksbs if shown else (),
        "at": shown.drawn_at if shown else None,
        "passed_over": [one for one in prompts.passed_over if one.number == number],
    }


def origins_in_words(attempt: MethodAttempt) -> str:
    """What is worth a look where all questions came from the bank, or none did; else nothing.

    Source: the plan's method 2: some questions arise from what was seen, some are drawn.
    """
    limits = days.method_of(attempt).questions
    own = [one for one in days.questions_of(attempt) if not one.follow_up]
    if not limits.drawn_from_bank or not own:
        return ""
    drawn = sum(one.prompt is not None for one in own)
    if 0 < drawn < len(own):
        return ""
    which = "Every question came" if drawn else "No question came"
    return f"{which} from the bank. The plan asks for some that do and some that arise."
