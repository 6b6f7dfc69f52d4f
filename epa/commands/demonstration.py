"""plumbline demo: load the demonstration into an empty database."""

from __future__ import annotations

import argparse
import gc

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import exists, select

from epa.clock import utc_now
from epa.commands.application import CommandRefused, application, refuse
from epa.database import db, unit_of_work
from epa.demonstration.cast import ACCOUNTS, PASSWORD
from epa.demonstration.loading import load
from epa.people.models import Organisation


def demo(argv: list[str], program: str) -> int:
    """Run ``plumbline demo``."""
    argparse.ArgumentParser(prog=program, description=__doc__).parse_args(argv)
    try:
        with application() as app:
            upgrade()
            loaded = load_into_empty(app)
            if loaded:
                print(accounts_in_words(app))
    except CommandRefused as fault:
        return refuse(program, str(fault))
    if not loaded:
        return refuse(
            program,
            "the database is not empty. The demonstration goes into an empty one: "
            "set PLUMBLINE_DATA to a new folder, or DATABASE_URL to a new database.",
        )
    return 0


def load_into_empty(app: Flask) -> bool:
    """Load the demonstration, unless there is anything in the database already.

    Raises:
        CommandRefused: in production, where known passwords have no place.
    """
    if not may_load(app):
        return False
    # Everything that is made stays until it is stored: looking for garbage among it finds none.
    gc.disable()
    try:
        with unit_of_work():
            load(at=utc_now())
    finally:
        gc.enable()
    return True


def may_load(app: Flask) -> bool:
    """Whether the database is empty, so that the demonstration may go into it.

    Raises:
        CommandRefused: in production, where known passwords have no place.
    """
    if app.config["ENVIRONMENT"] == "production":
        raise CommandRefused("the demonstration has known passwords; it is not for production.")
    is_taken = db.session.scalar(select(exists().select_from(Organisation)))
    db.session.rollback()
    return not is_taken


def accounts_in_words(app: Flask) -> str:
    """One e-mail address per role and the password they share."""
    width = max(len(role) for role, _ in ACCOUNTS)
    rows = [f"  {role:<{width}}  {email}" for role, email in ACCOUNTS]
    return "\n".join(
        [
            f"Plumbline is at {app.config['PUBLIC_URL']}",
            "Sign in as one of these; the password of each is the same:",
            *rows,
            f"  password: {PASSWORD}",
        ]
    )
