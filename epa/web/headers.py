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


def send_with_everything(app: Flask) -> None:
    """Put the headers on every answer, errors and files included."""

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if app.config["SESSION_COOKIE_SECURE"]:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        if request.endpoint != "static":
            private = current_user.is_authenticated or response.cache_control.no_store
            headers["Cache-Control"] = "no-store" if private else "no-cache, private"
        return response
