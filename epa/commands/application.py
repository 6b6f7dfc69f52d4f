"""Making the application for a command, with settings' faults said in one line."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

import config
from epa.app import create_app
from epa.database import db
from epa.people.models import Person


class CommandRefused(Exception):
    """A command cannot do what was asked; the text is one message for standard error."""


@contextmanager
def application() -> Iterator[Flask]:
    """The application in its context.

    Raises:
        CommandRefused: a setting, the data folder or the database cannot be used.
    """
    try:
        app = create_app(config.from_environment())
    except config.SettingsFault as fault:
        raise CommandRefused(str(fault)) from fault
    except OSError as fault:  # the keys and the data folder are read and made here
        where = f"{fault.filename}: " if fault.filename else ""
        raise CommandRefused(
            f"the data folder (PLUMBLINE_DATA) cannot be used: {where}{fault.strerror or fault}."
        ) from fault
    with app.app_context():
        try:
            yield app
        except DBAPIError as fault:
            said = str(fault.orig).strip().splitlines()[:1]
            raise CommandRefused(
                f"the database cannot be used: {' '.join(said)}. "
                "`plumbline init` creates it, or brings it up to date."
            ) from fault
        finally:
            db.session.remove()
            db.engine.dispose()  # the server's workers open connections of their own


def acting_person(email: str | None) -> Person | None:
    """The person in whose name a command acts (``--as EMAIL``); None for the system.

    Raises:
        CommandRefused: nobody has this address.
    """
    if email is None:
        return None
    person = db.session.scalar(select(Person).where(Person.email_key == email.strip().casefold()))
    if person is None:
        raise CommandRefused(f"--as: nobody here has the e-mail address {email}.")
    return person


def refuse(program: str, message: str) -> int:
    """Say a fault on standard error; the exit status of bad input."""
    print(f"{program}: {message}", file=sys.stderr)
    return 2
