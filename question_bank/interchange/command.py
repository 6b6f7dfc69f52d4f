"""The command `plumbline questions import`: what a file brings; without a database, a dry run."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final

from question_bank import console

if TYPE_CHECKING:  # readers wait until a file is read, so that --help is quick
    from question_bank.interchange.outcome import Entry, Read, Refused
    from question_bank.interchange.report import Counts

FORMATS: Final = ("auto", "qti", "moodle-xml", "gift", "csv", "xlsx")
_PROGRESS_EVERY: Final = 500
Keep = Callable[["Iterator[Entry]"], "Iterator[Entry]"]


def main(argv: list[str], program: str) -> int:
    """Run the command without a database and return its exit status: 0, or 2 on bad input."""
    try:
        arguments = parser(program).parse_args(argv)
    except SystemExit as stop:  # argparse has printed the help or what it did not understand
        return stop.code if isinstance(stop.code, int) else 0
    return console.run_quietly(lambda: _run(arguments, program))


def parser(program: str) -> argparse.ArgumentParser:
    """What the command understands, with a database and without."""
    parser = argparse.ArgumentParser(
        prog=program,
        description="Bring questions in from a file: each is ready for review, a draft or refused.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--bank", metavar="CODE", help="the bank to store them in")
    parser.add_argument("--dry-run", action="store_true", help="show only, store nothing")
    parser.add_argument("--format", choices=FORMATS, default="auto", help="what the file is")
    parser.add_argument(
        "--framework", metavar="CODE", default="st0663", help="whose test they are meant for"
    )
    parser.add_argument("--as", dest="person", metavar="EMAIL", help="who brings them in")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    return parser


def _run(arguments: argparse.Namespace, program: str) -> int:
    from frameworks import Fault

    if not arguments.dry_run:
        problem = "only --dry-run works without a database"
        return console.report(program, [Fault("", "--dry-run", problem)])
    return look_through(arguments, program, nullcontext(lambda entries: entries))


def look_through(
    arguments: argparse.Namespace, program: str, keeping: AbstractContextManager[Keep]
) -> int:
    """Read the file, tell what becomes of each item, and print the report once all is kept.

    Args:
        arguments: as `parser` gives them.
        program: how faults name the command.
        keeping: gives what is done with the entries; it ends, and commits, before the report.
            Without a database nothing is done.

    Returns:
        The exit status: 0, or 2 where the file cannot be read.
    """
    from frameworks import Fault, Faults, load_plan
    from question_bank.interchange.faults import Unreadable
    from question_bank.interchange.outcome import judged
    from question_bank.interchange.reading import Format, opened
    from question_bank.interchange.report import new_report

    try:
        plan = load_plan(arguments.framework)
        method = next(one for one in plan.methods.values() if one.kind == "marked")
    except Faults as error:
        return console.report(program, error.faults)
    stated = None if arguments.format == "auto" else Format(arguments.format)
    codes = frozenset(one.code for one in plan.criteria)
    found, faults = stated, []
    with new_report() as report:
        try:
            with keeping as keep, opened(arguments.file, stated) as (found, entries):
                kept = keep(judged(_counted(entries), method, codes))
                report.add(_told(kept, told=not arguments.json))
        except Unreadable as fault:
            faults.append(Fault(str(arguments.file), "", str(fault)))
            report.refuse(arguments.file.name, str(fault))
        if arguments.json:
            report.print_to(sys.stdout, found)
        else:
            console.say([_summary(report.counts)])
    return console.report(program, faults) if faults else 0


def _counted(entries: Iterator[Read | Refused]) -> Iterator[Read | Refused]:
    """The entries, with a count on the terminal while somebody waits."""
    for number, entry in enumerate(entries, start=1):
        yield entry
        if number % _PROGRESS_EVERY == 0 and sys.stderr.isatty():
            sys.stderr.write(f"\r{number:,} questions read ")
            sys.stderr.flush()


def _told(entries: Iterator[Entry], *, told: bool) -> Iterator[Entry]:
    """The entries, each with a line for people where these are wanted."""
    for entry in entries:
        if told:
            console.say([console.on_one_line(_line(entry))])
        yield entry


def _line(entry: Entry) -> str:
    from question_bank.interchange.outcome import Duplicate, Refused

    if isinstance(entry, Refused):
        return f"refused    {entry.reference}: {entry.reason}"
    name = f"{entry.item.reference}: {entry.item.title}"
    if isinstance(entry, Duplicate):
        return f"duplicate  {name}"
    if entry.lacks:
        return f"draft      {name} ({'; '.join(entry.lacks)})"
    notes = f" ({'; '.join(entry.notes)})" if entry.notes else ""
    return f"ready      {name}{notes}"


def _summary(counts: Counts) -> str:
    return (
        f"{counts.read} read: {counts.accepted} ready for review, {counts.drafts} drafts,"
        f" {counts.refused} refused, {counts.duplicates} duplicates"
    )
