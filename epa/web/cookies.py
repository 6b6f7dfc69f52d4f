"""What a browser's signed cookie holds; a seal that was once found whole is not tried again."""

from __future__ import annotations

import time
from functools import cached_property, lru_cache
from typing import Any, Final

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature, URLSafeTimedSerializer

# As many browsers as one machine serves at a time; of each a few hundred letters.
_REMEMBERED: Final = 2000


class SealedSessions(SecureCookieSessionInterface):
    """Flask's own sessions, with the same cookies.

    Most of what it costs to open one is to try its seal, which is the same for every request until
    the cookie changes. That it was whole is remembered by the whole cookie, never by a part of it;
    how old it may be is asked each time.

    Args:
        app: whose key seals them; it does not change while the application runs.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._opened = lru_cache(_REMEMBERED)(self._open)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What seals and opens, made once."""
        return self._sealing if app is self._app else super().get_signing_serializer(app)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session in a request's cookie; an empty one where there is none that counts."""
        cookie = request.cookies.get(self.get_cookie_name(app))
        if not cookie or self._sealing is None:
            return super().open_session(app, request)
        try:
            kept, sealed_at = self._opened(cookie)
        except BadSignature:
            return self.session_class()
        age = int(time.time()) - sealed_at
        if not 0 <= age <= int(app.permanent_session_lifetime.total_seconds()):
            return self.session_class()
        # Read anew each time: what a request does to its session is nobody else's.
        return self.session_class(self.serializer.loads(kept))

    @cached_property
    def _sealing(self) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(self._app)

    def _open(self, cookie: str) -> tuple[str, int]:
        assert self._sealing is not None, "asked for only where there is a key"
        found: tuple[Any, Any] = self._sealing.loads(cookie, return_timestamp=True)
        return self.serializer.dumps(found[0]), int(found[1].timestamp())
