"""plumbline work: do the background work that the queue asks for, until it is interrupted."""

from __future__ import annotations

import argparse

from epa.background.consumer import consume
from epa.commands.application import CommandRefused, application, refuse


def work(argv: list[str], program: str) -> int:
    """Run ``plumbline work``: send mails, remind; ``plumbline serve`` starts it by itself."""
    parser = argparse.ArgumentParser(prog=program, description=__doc__)
    parser.add_argument(
        "--beside", type=int, metavar="PROCESS", help="end when the process that started it does"
    )
    options = parser.parse_args(argv)
    try:
        with application():
            pass  # the settings are sound; each task makes a context of its own
        consume(beside=options.beside)
    except CommandRefused as fault:
        return refuse(program, str(fault))
    return 0
