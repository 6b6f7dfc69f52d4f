"""The command `plumbline questions import --dry-run`: what a file would bring, without a database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from question_bank import console

if TYPE_CHECKING:  # readers wait until a file is read, so that --help is quick
    from question_bank.interchange.outcome import Entry, Read, Refused
    from question_bank.interchange.report import Counts

FORMATS: Final = ("auto", "qti", "moodle-xml", "gift", "csv", "xlsx")
_PROGRESS_EVERY: Final = 500


def main(argv: list[str], program: str) -> int:
    """Run the command and return its exit status: 0, or 2 on bad input."""
    parser = argparse.ArgumentParser(
        prog=program,
        description="Show what a file of questions would bring: ready, draft or refused.",
        allow_abbrev=False,
    )
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument("--bank", metavar="CODE", help="the bank to store them in")
    parser.add_argument("--dry-run", action="store_true", help="show only, store nothing")
    parser.add_argument("--format", choices=FORMATS, default="auto", help="what the file is")
    parser.add_argument(
        "--framework", metavar="CODE", default="st0663", help="whose test they are meant for"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has printed the help or what it did not understand
        return stop.code if isinstance(stop.code, int) else 0
    return console.run_quietly(lambda: _run(arguments, program))


def _run(arguments: argparse.Namespace, program: str) -> int:
    from frameworks import Fault, Faults, load_plan
    from question_bank.interchange.faults import Unreadable
    from question_bank.interchange.outcome import judged
    from question_bank.interchange.reading import Format, opened
    from question_bank.interchange.report import new_report

    if not arguments.dry_run:
        problem = "only --dry-run works without a database"
        return console.report(program, [Fault("", "--dry-run", problem)])
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
            with opened(arguments.file, stated) as (found, entries):
                report.add(_told(judged(_counted(entries), method, codes), told=not arguments.json))
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
