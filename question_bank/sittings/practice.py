"""A short test to practise on: harmless questions of our own, of no bank, marked by nobody."""

from __future__ import annotations

from typing import Any, Final

from question_bank.items.rules import KIND_TITLES, ItemKind

MINUTES: Final = 10
_CHOICES: Final = (
    (
        "Which of these is a day of the week?",
        ("Wednesday", "November", "Winter", "Midnight"),
    ),
    (
        "You want to change an answer that you gave before. What do you do?",
        (
            "Go back to the question and choose again",
            "Close the window and start anew",
            "Hand in and write to somebody",
            "Nothing can be changed",
        ),
    ),
    (
        "The page says that you are offline. What do you do?",
        (
            "Carry on: what you write is kept and sent later",
            "Reload the page until it goes away",
            "Hand in at once",
            "Write your answers on paper",
        ),
    ),
)
_WRITTEN: Final = (
    "Write one or two sentences about the weather today. Watch when the page says that they are saved.",
    "Name two things that you like to eat. Then flag this question to come back to it.",
)

# What the page looks at, each with why it matters; its script knows them by these names.
CHECKS: Final = (
    ("scripts", "Scripts", "The page saves your answers with them."),
    ("storage", "Memory of this browser", "Keeps your answers while there is no connection."),
    ("connection", "Connection", "Three requests, each answered within a second and a half."),
    ("clock", "Clock of this computer", "Within two minutes of ours; the test goes by our clock."),
    ("windows", "One window at a time", "Notices when the test is open in another window."),
    ("size", "Room on the screen", "Large enough to show a question."),
)


def questions() -> list[dict[str, Any]]:
    """The questions as a page is sent them, in the shape of a delivered paper."""
    choices = [
        _shown(number, ItemKind.MULTIPLE_CHOICE, stem, options)
        for number, (stem, options) in enumerate(_CHOICES, start=1)
    ]
    written = [
        _shown(number, ItemKind.SHORT_ANSWER, stem, ())
        for number, stem in enumerate(_WRITTEN, start=len(_CHOICES) + 1)
    ]
    return choices + written


def _shown(number: int, kind: ItemKind, stem: str, options: tuple[str, ...]) -> dict[str, Any]:
    return {
        "number": number,
        "kind": kind.value,
        "title": KIND_TITLES[kind],
        "marks": 1 if options else 2,
        "stem": f"<p>{stem}</p>",
        "options": [
            {"id": f"{number}-{place}", "text": text} for place, text in enumerate(options, start=1)
        ],
    }
