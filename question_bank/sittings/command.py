"""The command `plumbline seb`: the Config Key of a Safe Exam Browser file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from question_bank import console

if TYPE_CHECKING:
    from frameworks.faults import Fault


def main(argv: list[str], program: str) -> int:
    """Run the command and return its exit status: 0, or 2 on bad input."""
    parser = argparse.ArgumentParser(prog=program, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    about = "work out the Config Key of a .seb file with plain settings"
    key = commands.add_parser("key", help=about, description=about, allow_abbrev=False)
    key.add_argument("file", metavar="FILE.seb")
    key.add_argument("--json", action="store_true", help="print one JSON document")
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stop:  # argparse has printed the help or what it did not understand
        return stop.code if isinstance(stop.code, int) else 0
    return console.run_quietly(lambda: _key(arguments, f"{program} key"))


def _key(arguments: argparse.Namespace, program: str) -> int:
    from frameworks.faults import Fault, unreadable
    from question_bank.sittings.seb import MOST_BYTES, SebFault, config_key, unpacked

    try:
        with Path(arguments.file).open("rb") as file:
            key = config_key(unpacked(file.read(MOST_BYTES + 1)))
    except OSError as error:
        return _refused(unreadable(arguments.file, error), arguments, program)
    except SebFault as error:
        return _refused(Fault(arguments.file, "", str(error)), arguments, program)
    if arguments.json:
        console.print_document({"config_key": key})
    else:
        console.say([key])
    return 0


def _refused(fault: Fault, arguments: argparse.Namespace, program: str) -> int:
    if arguments.json:
        console.print_document({"faults": [fault.as_json()]})
    return console.report(program, [fault])
