"""Flask's extensions: created here, configured by the factory."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_wtf import CSRFProtect


class PageTokens(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no stubs
    """Flask-WTF's protection, which finds the token of what a script sends where scripts put it."""

    def _get_csrf_token(self) -> Any:
        # JSON has no fields, and to look for one reads all of it as a form first.
        if not request.is_json:
            return super()._get_csrf_token()
        names = current_app.config["WTF_CSRF_HEADERS"]
        return next((found for name in names if (found := request.headers.get(name))), None)


csrf = PageTokens()
login_manager = LoginManager()
migrate = Migrate(render_as_batch=True, compare_type=True)
