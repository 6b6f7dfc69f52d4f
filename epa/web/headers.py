"""The headers that go out with everything: what a browser may do with a page, and keep of it."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request
from flask_login import current_user

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FILE_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


_USUAL: Final = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
_ENCRYPTED: Final = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def send_with_everything(app: Flask) -> None:
    """Put the headers on every answer, errors and files included; a view's own ones stand."""
    usual = (*_USUAL, _ENCRYPTED) if app.config["SESSION_COOKIE_SECURE"] else _USUAL
    sent = tuple((name, name.lower(), value) for name, value in usual)

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        own = {name.lower() for name in headers.keys()}  # noqa: SIM118 (they are no dict)
        for name, lower, value in sent:
            if lower not in own:
                headers.add(name, value)
        if request.endpoint != "static":
            private = current_user.is_authenticated or response.cache_control.no_store
            headers["Cache-Control"] = "no-store" if private else "no-cache, private"
        return response
