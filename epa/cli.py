"""The plumbline command: a table of names to functions, imported when called."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Final

# Name, "module:function" and what it is for. The module is imported only when its command is
# called, so that pure commands start without Flask and without a database.
COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "init": ("epa.commands.database:init", "create the database, or bring it up to date"),
    "demo": ("epa.commands.demonstration:demo", "load the demonstration into an empty database"),
    "serve": ("epa.commands.serve:serve", "start the web server"),
    "work": ("epa.commands.work:work", "do the background work: mails, reminders"),
    "frameworks": (
        "frameworks.cli:main",
        "list, show, check and score frameworks; SEQF's indicators",
    ),
    "questions": ("epa.commands.questions:main", "read questions, and measure how they behave"),
    "papers": ("epa.commands.question_bank:draw_paper", "draw a paper from a bank"),
    "seb": (
        "question_bank.sittings.command:main",
        "work out a Safe Exam Browser file's Config Key",
    ),
    "mail": ("epa.commands.mail:main", "send the mails that wait"),
    "backup": ("epa.commands.backup:main", "take a backup, or give one back"),
    "apprentices": ("epa.commands.apprentices:main", "import apprentices from a table"),
    "personal-data": ("epa.commands.personal_data:main", "find personal data in notes"),
    "audit": ("epa.commands.audit:main", "verify the audit log"),
}


def main(argv: list[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 on success, 2 on bad input with one message per fault on standard error.
    """
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in {"-h", "--help"}:
        print(_help())
        return 0
    if words[0] not in COMMANDS:
        print(
            f"plumbline: there is no command {words[0]!r}; expected one of {', '.join(COMMANDS)}",
            file=sys.stderr,
        )
        return 2
    module, function = COMMANDS[words[0]][0].split(":")
    run = getattr(import_module(module), function)
    return int(run(words[1:], f"plumbline {words[0]}"))


def _help() -> str:
    width = max(map(len, COMMANDS))
    rows = [f"  {name:<{width}}  {purpose}" for name, (_, purpose) in COMMANDS.items()]
    return "\n".join(
        ["usage: plumbline COMMAND [OPTIONS]", "", "Commands (each has --help):", *rows]
    )
