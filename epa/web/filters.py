"""Words for templates: dates, times, numbers."""

from __future__ import annotations

from flask import Flask


def give(app: Flask) -> None:
    """Add the filters to the application's templates."""
