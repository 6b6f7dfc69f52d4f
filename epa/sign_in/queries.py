"""Finding a session by the token that a browser shows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from epa.database import db
from epa.sign_in.models import SignInSession
from epa.sign_in.rules import token_hash

IDLE_LIMIT: Final = timedelta(hours=2)


def session_for(token: str, at: datetime) -> SignInSession | None:
    """The session this token opens now: complete, not ended, not idle, its person not disabled."""
    session = db.session.scalar(
        select(SignInSession).where(SignInSession.token_hash == token_hash(token))
    )
    if session is None or session.completed_at is None or session.ended_at is not None:
        return None
    if at >= session.ends_at or at - session.last_seen_at > IDLE_LIMIT:
        return None
    return None if session.person.disabled_at is not None else session
