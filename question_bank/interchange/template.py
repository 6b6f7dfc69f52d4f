"""The command `plumbline questions template`: an empty table of items, with an example of each."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from question_bank import console
from question_bank.interchange.item import (
    MULTIPLE_CHOICE,
    OBSERVATION_PROMPT,
    SHORT_ANSWER,
    Item,
    Option,
)

_CHOICE: Final = Item(
    reference="example-1",
    title="An example of a multiple choice question",
    type_code=MULTIPLE_CHOICE,
    stem="Which of these is the question?",
    options=(
        Option("The right answer", "Why it is right"),
        Option("A wrong answer", "Why it is wrong"),
        Option("Another wrong answer", "Why it is wrong"),
        Option("A third wrong answer", "Why it is wrong"),
    ),
    key=0,
    marks=1,
    ksbs=("K9",),
    facility=0.7,
)
_OPEN: Final = Item(
    reference="example-2",
    title="An example of a short answer question",
    type_code=SHORT_ANSWER,
    stem="What would you do, and why?",
    marks=2,
    guide=("One point that earns a mark", "Another point that earns a mark"),
    model_answer="An answer that earns all marks.",
    ksbs=("K9",),
    facility=0.6,
)
_PROMPT: Final = Item(
    reference="example-3",
    title="An example of an observation prompt",
    type_code=OBSERVATION_PROMPT,
    stem="What led you to do it in this way?",
    guide=("One thing that a good answer shows", "Another thing that a good answer shows"),
    ksbs=("K6",),
)
# What a table to fill in begins with.
EXAMPLES: Final = (_CHOICE, _OPEN, _PROMPT)


def main(argv: list[str], program: str) -> int:
    """Run the command and return its exit status: 0, or 2 on bad input."""
    parser = argparse.ArgumentParser(
        prog=program,
        description="Write a table with the columns that an import reads, and three example rows.",
        allow_abbrev=False,
    )
    parser.add_argument("out", metavar="OUT", type=Path)
    parser.add_argument("--format", choices=("csv", "xlsx"), default="csv")
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has printed the help or what it did not understand
        return stop.code if isinstance(stop.code, int) else 0
    return console.run_quietly(lambda: _run(arguments, program))


def _run(arguments: argparse.Namespace, program: str) -> int:
    from frameworks import Fault
    from question_bank.interchange.writing import ExportFormat, write

    try:
        with arguments.out.open("xb") as out:
            write(EXAMPLES, ExportFormat(arguments.format), out, len(_CHOICE.options))
    except OSError as error:
        problem = f"a new file was expected: {error.strerror or error}"
        return console.report(program, [Fault(str(arguments.out), "", problem)])
    return 0
