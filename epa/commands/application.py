"""Making the application for a command, with settings' faults said in one line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

import config
from epa.app import create_app


class CommandRefused(Exception):
    """A command cannot do what was asked; the text is one message for standard error."""


@contextmanager
def application() -> Iterator[Flask]:
    """The application in its context.

    Raises:
        CommandRefused: a setting cannot be used.
    """
    try:
        app = create_app(config.from_environment())
    except config.SettingsFault as fault:
        raise CommandRefused(str(fault)) from fault
    with app.app_context():
        yield app


def refuse(program: str, message: str) -> int:
    """Say a fault on standard error; the exit status of bad input."""
    print(f"{program}: {message}", file=sys.stderr)
    return 2
