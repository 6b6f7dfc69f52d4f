"""One observation of the demonstration as it was lived: its clocks, its questions, what was said of it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from epa.clock import london_date, london_instant
from epa.conduct import queries as days
from epa.conduct.clock import ClockEntry, PauseReason, TimerAction
from epa.conduct.rules import QuestionFields
from epa.conduct.services import enter, write_question
from epa.judgements.feedback import write_feedback
from epa.judgements.models import MarkSheet
from epa.judgements.rules import FeedbackFields
from epa.observation.queries import name_of
from epa.observation.services import draw_prompt, pass_over
from epa.people.models import Person
from question_bank.prompts.queries import words_of

_OBSERVED: Final = (
    (time(9, 32), TimerAction.START, None, ""),
    (time(10, 41), TimerAction.PAUSE, PauseReason.BREAK, "Tea, and the room was changed"),
    (time(10, 56), TimerAction.RESUME, None, ""),
    (time(12, 44), TimerAction.END, None, ""),
)
_ASKED: Final = (
    (time(12, 58), TimerAction.START, None, ""),
    (time(13, 25), TimerAction.END, None, ""),
)
_APART: Final = timedelta(minutes=4)
_PASSED_OVER: Final = "This was seen this morning and needs no question."
# What was asked and answered: number, follow-up, the question (empty: the prompt drawn for it).
_QUESTIONS: Final = (
    (1, 0, "", "Gave one case where it went well and one where it did not, and what differed.", ()),
    (
        1,
        1,
        "What would you do sooner another time?",
        "Ring the employer in the first week, with SU-1 in the room.",
        (),
    ),
    (
        2,
        0,
        "You left the silence after SU-2 had read the letter. Why?",
        "People say the important thing after the first answer. Counted to ten in the head.",
        ("S2", "S10"),
    ),
    (
        3,
        0,
        "",
        "Told one case of this spring: what was noticed, what was done, what came of it.",
        (),
    ),
    (
        4,
        0,
        "How do you choose between coaching and mentoring?",
        "By who sets the goal. This morning SU-1 did, so it was coaching.",
        ("K6", "S7"),
    ),
    (
        4,
        1,
        "And when the goal is not realistic?",
        "Look at the facts together, and let the person draw the line.",
        ("S7",),
    ),
)
_DRAWN: Final = {1: 3, 3: 8}  # the question, and the seed of its draw
_SAID: Final = FeedbackFields(
    overall="A calm morning with people who wanted very different things from you.",
    went_well="You asked one thing at a time and waited. Each left with a step that was their own.",
    work_on="Say aloud what you write down while you write it, so that nobody wonders.",
)


def keep_live(sheet: MarkSheet, who: Person, at: datetime) -> None:
    """Keep the morning of the day on which a sheet is filled in, and what the assessor says of it.

    Args:
        sheet: an open sheet of an observation.
        who: its assessor.
        at: the afternoon, when the sheet is filled in.
    """
    attempt = sheet.attempt
    day, method = london_date(at), days.method_of(attempt)
    for part, entries in ((method.parts[0].code, _OBSERVED), (method.questions.part, _ASKED)):
        for clock, action, reason, words in entries:
            moment = london_instant(day, clock)
            entry = ClockEntry(part, action, moment, reason, words)
            enter(attempt, entry, actor=who, at=moment)
    moment = london_instant(day, _ASKED[0][0])
    first = min(_DRAWN)
    draw_prompt(attempt, first, seed=sum(_DRAWN.values()), actor=who, at=moment)
    pass_over(attempt, first, _PASSED_OVER, actor=who, at=moment)
    drawn = {
        number: draw_prompt(attempt, number, seed=seed, actor=who, at=moment)
        for number, seed in _DRAWN.items()
    }
    words_drawn = words_of([one.version_id for one in drawn.values()])
    for place, (number, follow_up, asked, answer, ksbs) in enumerate(_QUESTIONS, start=1):
        prompt = None if asked else drawn[number]
        said = words_drawn[prompt.version_id] if prompt else None
        fields = QuestionFields(
            number,
            said.text if said else asked,
            answer,
            follow_up,
            ksbs=tuple(said.ksbs) if said else ksbs,
        )
        name = name_of(prompt) if prompt else None
        write_question(attempt, fields, actor=who, at=moment + place * _APART, prompt=name)
    write_feedback(sheet, _SAID, actor=who, at=at)
