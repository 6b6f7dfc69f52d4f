"""Opening and ending sessions."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.database import db
from epa.origin import request_source
from epa.people.models import Person
from epa.sign_in.models import SignInSession
from epa.sign_in.rules import SESSION_LENGTH, new_token, token_hash


def open_session(person: Person, *, at: datetime, complete: bool) -> str:
    """Start a session for a person who has shown their password.

    Args:
        person: who.
        at: when.
        complete: whether nothing more is asked; else the session waits for the second factor.

    Returns:
        The token for the browser; the database keeps its hash alone.
    """
    token = new_token()
    session = SignInSession(
        token_hash=token_hash(token),
        person=person,
        started_at=at,
        completed_at=at if complete else None,
        last_seen_at=at,
        ends_at=at + SESSION_LENGTH,
        source=request_source.get(),
    )
    db.session.add(session)
    if complete:
        record(person, "signed in", person, at=at)
    return token
