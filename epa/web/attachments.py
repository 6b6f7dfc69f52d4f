"""A stored file as an answer: always an attachment that the browser neither sniffs nor runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from urllib.parse import quote

from flask import Response

from epa.web.headers import FILE_POLICY


def attachment(content: Iterator[bytes], *, name: str, content_type: str, size: int) -> Response:
    """Answer with a file.

    Args:
        content: its bytes in pieces.
        name: what it is saved as, in any script.
        content_type: out of the allow-list it was checked against when it came in.
        size: bytes.
    """
    response = Response(content, content_type=content_type)
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = disposition(name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def disposition(name: str) -> str:
    """The header's value: the name in letters every client reads, and exactly (RFC 5987)."""
    shown = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C") or "file"
    plain = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode()
    plain = "".join(letter for letter in plain if letter not in '"\\%;/').strip()
    if plain.startswith("."):  # only the ending is in such letters
        plain = f"file.{plain.lstrip('.')}"
    plain = plain or "file"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"
