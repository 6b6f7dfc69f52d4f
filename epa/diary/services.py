"""Opening and revoking the secret address under which one's dates are followed."""

from __future__ import annotations

from datetime import datetime

from epa.audit.services import record
from epa.database import db
from epa.diary import queries
from epa.diary.models import CalendarFeed
from epa.people.models import Person
from epa.sign_in.rules import new_token, token_hash
from epa.sign_in.services import public_address

FEED_PATH = "/calendar/feeds/"


def open_feed(person: Person, *, at: datetime) -> str:
    """Open a new address for a person's own dates; the one before it no longer works.

    Returns:
        The whole address, which is shown once: only its hash is kept.
    """
    revoke_feed(person, at=at)
    token = new_token()
    feed = CalendarFeed(person=person, token_hash=token_hash(token), created_at=at)
    db.session.add(feed)
    db.session.flush()
    record(person, "calendar feed opened", feed, at=at)
    return public_address(f"{FEED_PATH}{token}.ics")


def revoke_feed(person: Person, *, at: datetime) -> None:
    """Let a person's address work no longer; without one nothing happens."""
    feed = queries.own_feed(person)
    if feed is not None:
        feed.revoked_at = at
        db.session.flush()
        record(person, "calendar feed revoked", feed, at=at)
