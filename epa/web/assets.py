"""What browsers keep: styles, scripts and pictures, under an address that changes when they do.

The address carries a digest of all of them, so that a browser asks once and never again, scripts
that fetch one another by relative address included, and a new release is seen at once. There is
no build step: the sheets that every page has are joined when the application starts.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request, send_from_directory

# In this order: later sheets build on earlier ones.
EVERYWHERE: Final = (
    *("tokens", "base", "shell", "forms", "pieces", "charts", "tables", "line", "marking"),
)
ON_PAPER: Final = "print"
JOINED: Final = "css/everywhere.css"
KEPT_FOR: Final = timedelta(days=365)


def give(app: Flask, folder: Path) -> None:
    """Serve a folder as ``static``; ``url_for`` puts the digest into the address."""
    of_now, joined = digest_of(folder), joined_sheet(folder)

    @app.get("/static/<release>/<path:filename>", endpoint="static")
    def asset(release: str, filename: str) -> Response:
        if filename == JOINED:
            response = Response(joined, mimetype="text/css")
            response.set_etag(release)
            response.make_conditional(request)
        else:
            response = send_from_directory(folder, filename)
        return _with_its_time(response, is_current=release == of_now)

    @app.url_defaults
    def add_release(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("release", of_now)


def digest_of(folder: Path) -> str:
    """Sixteen hexadecimal digits that change when any file in a folder, or its name, does."""
    digest = hashlib.sha256()
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.relative_to(folder).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def joined_sheet(folder: Path) -> str:
    """The sheets of every page as one, what is for paper last and for paper only."""
    sheets = {
        name: (folder / "css" / f"{name}.css").read_text(encoding="utf-8")
        for name in (*EVERYWHERE, ON_PAPER)
    }
    screen = "\n".join(sheets[name] for name in EVERYWHERE)
    return f"{screen}\n@media print {{\n{sheets[ON_PAPER]}\n}}\n"


def _with_its_time(response: Response, *, is_current: bool) -> Response:
    """Let what is asked for under its own address be kept; a page of an older release asks again."""
    if is_current:
        response.cache_control.no_cache = None
        response.cache_control.public = True
        response.cache_control.max_age = int(KEPT_FOR.total_seconds())
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    return response
