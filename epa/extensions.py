"""Flask's extensions: created here, configured by the factory."""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Final

from flask import current_app, g, request, session
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from flask_wtf.csrf import same_origin
from itsdangerous import BadData, URLSafeTimedSerializer

# What Flask-WTF seals its tokens with.
_SALT: Final = "wtf-csrf-token"


class PageTokens(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no stubs
    """Flask-WTF's protection, quicker for what a page's script sends: many times, with one token."""

    def protect(self, apply_exemptions: bool = False) -> None:  # noqa: FBT001, FBT002 (its signature)
        """Let pass what bears the token of its session; what does not is looked at as ever."""
        if request.is_json and _bears_its_token() and _comes_from_here():
            g.csrf_valid = True
        else:
            super().protect(apply_exemptions)


def _bears_its_token() -> bool:
    """Whether the token in the header is that of the session, by its seal and by its words."""
    name, header = current_app.config["WTF_CSRF_FIELD_NAME"], request.headers.get("X-CSRFToken")
    if not header or name not in session or current_app.config["WTF_CSRF_TIME_LIMIT"] is not None:
        return False
    try:
        words = _unsealed(str(current_app.secret_key), header)
    except BadData:
        return False
    return hmac.compare_digest(words.encode(), str(session[name]).encode())


@lru_cache(maxsize=2000)
def _unsealed(secret: str, token: str) -> str:
    """The words in a token; that a seal was whole stays so, and a broken one is not remembered."""
    return str(URLSafeTimedSerializer(secret, salt=_SALT).loads(token))


def _comes_from_here() -> bool:
    """Whether a page of ours sent it, which browsers say where the line is encrypted."""
    if not (request.is_secure and current_app.config["WTF_CSRF_SSL_STRICT"]):
        return True
    return bool(request.referrer and same_origin(request.referrer, f"https://{request.host}/"))


class Doorkeeper(LoginManager):  # type: ignore[misc]  # Flask-Login has no stubs
    """Flask-Login without its own protection of sessions: our session table decides."""

    def _session_protection_failed(self) -> bool:
        # It would compare addresses and browsers' names, and works them out even when told not to.
        return False


csrf = PageTokens()
login_manager = Doorkeeper()
migrate = Migrate(render_as_batch=True, compare_type=True)
