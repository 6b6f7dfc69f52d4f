"""The blueprint of the test sessions' pages, which stand in two files."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("invigilation", __name__, url_prefix="/test-sessions")
