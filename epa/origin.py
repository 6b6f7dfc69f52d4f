"""Where the present request comes from: set by the web, read by the audit log."""

from __future__ import annotations

from contextvars import ContextVar

request_source: ContextVar[str | None] = ContextVar("request_source", default=None)
