"""plumbline init: create the database, or bring it up to date."""

from __future__ import annotations

import argparse

from flask_migrate import upgrade

from epa.commands.application import CommandRefused, application, refuse


def init(argv: list[str], program: str) -> int:
    """Run ``plumbline init``."""
    argparse.ArgumentParser(prog=program, description=__doc__).parse_args(argv)
    try:
        with application():
            upgrade()
    except CommandRefused as fault:
        return refuse(program, str(fault))
    print("The database is up to date.")
    return 0
