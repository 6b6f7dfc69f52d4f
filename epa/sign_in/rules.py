"""Tokens: random for the browser, only their hash for the database."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

SESSION_LENGTH: Final = timedelta(hours=12)


def new_token() -> str:
    """A token nobody can guess (256 random bits, text that is safe in a URL)."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What of a token is kept: its SHA-256. The token is random, so no salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
