"""The page behind the search box at the top of every page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from epa.lifecycle.rules import STAGE_TITLES
from epa.people.rules import KIND_TITLES, ROLE_TITLES, Permission
from epa.people.signed_in import signed_in_person
from epa.search.queries import Found, found_by
from epa.web.access import access

bp = Blueprint("search", __name__)


@bp.get("/search")
@access(Permission.USE_PLUMBLINE)
def find() -> ResponseReturnValue:
    """What the reader finds within their reach."""
    words = " ".join(request.args.get("q", "")[:100].replace("\0", "").split())
    found = found_by(signed_in_person(), words) if words else Found()
    return render_template(
        "epa/search/find.html",
        searched=words,
        found=found,
        stages=STAGE_TITLES,
        roles=ROLE_TITLES,
        kinds=KIND_TITLES,
    )
