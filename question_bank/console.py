"""What the commands without a database print: one document, lines for people, a line a fault."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from frameworks import Fault

BAD_INPUT: Final = 2


def run_quietly(run: Callable[[], int]) -> int:
    """Run a command; whoever stops reading its output, such as `head`, ends it without a fault."""
    try:
        status = run()
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def say(lines: Iterable[str]) -> None:
    """Print lines for people."""
    for line in lines:
        _write(sys.stdout, line)


def print_document(document: object) -> None:
    """Print one JSON document."""
    _write(sys.stdout, json.dumps(document, indent=2))


def report(program: str, faults: Iterable[Fault]) -> int:
    """Say each fault on standard error.

    Returns:
        The exit status that follows.
    """
    for fault in faults:
        _write(sys.stderr, f"{program}: {on_one_line(str(fault))}")
    return BAD_INPUT


def on_one_line(text: str) -> str:
    """Write out what would break the line, or command the terminal: it came from a file."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text)


def _write(stream: TextIO, line: str) -> None:
    """Write a line; a character the terminal does not know never stops the command."""
    encoding = stream.encoding or "utf-8"
    stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
