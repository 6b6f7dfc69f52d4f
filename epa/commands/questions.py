"""plumbline questions: a table of its commands; those without a database start without Flask."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

# Name, "module:function" and what it is for; imported when called, as in epa/cli.py.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "import": ("epa.commands.questions:import_or_look", "read questions from a file into a bank"),
    "export": ("epa.commands.question_bank:export_items", "write a bank's questions to a file"),
    "template": ("question_bank.interchange.template:main", "write an empty table to fill in"),
    "statistics": ("question_bank.statistics.command:main", "measure a test from its marks"),
}


def main(argv: list[str], program: str) -> int:
    """Run one of the commands: exit status 0, or 2 on bad input."""
    if not argv or argv[0] in {"-h", "--help"}:
        print(_help(program))
        return 0
    if argv[0] not in COMMANDS:
        print(
            f"{program}: there is no command {argv[0]!r}; expected one of {', '.join(COMMANDS)}",
            file=sys.stderr,
        )
        return 2
    module, function = COMMANDS[argv[0]][0].split(":")
    run = getattr(import_module(module), function)
    return int(run(argv[1:], f"{program} {argv[0]}"))


def import_or_look(argv: list[str], program: str) -> int:
    """Import into a bank, or only look through the file: a dry run needs no database."""
    is_only_looking = {"--dry-run", "-h", "--help"} & set(argv)
    module, name = (
        ("question_bank.interchange.command", "main")
        if is_only_looking
        else ("epa.commands.question_bank", "import_items")
    )
    return int(getattr(import_module(module), name)(argv, program))


def _help(program: str) -> str:
    width = max(map(len, COMMANDS))
    rows = [f"  {name:<{width}}  {purpose}" for name, (_, purpose) in COMMANDS.items()]
    return "\n".join(
        [f"usage: {program} COMMAND [OPTIONS]", "", "Commands (each has --help):", *rows]
    )
