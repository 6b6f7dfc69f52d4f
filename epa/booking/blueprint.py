"""The blueprint of the bookings' pages, and what its two files share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template

from epa.booking import queries
from epa.booking.dates import date_words
from epa.booking.states import ACTION_TITLES
from epa.clock import LONDON
from epa.errors import Conflict
from epa.lifecycle.models import MethodAttempt
from epa.lifecycle.rules import DUTY_TITLES
from epa.web.versioned import VersionedForm

bp = Blueprint("booking", __name__)


def page(view: str, attempt: MethodAttempt, form: Any = None, **shown: Any) -> str:
    """A page about one attempt's booking."""
    return render_template(
        f"epa/booking/{view}.html",
        form=form,
        attempt=attempt,
        apprentice=attempt.assessment.apprenticeship.person,
        method=queries.method_of(attempt).short_title,
        titles=DUTY_TITLES,
        **shown,
    )


def status_of(form: Any) -> int:
    """200 for a form to look at, 422 with something to put right, 409 where somebody was first."""
    if isinstance(form, VersionedForm):
        return form.status
    return 422 if form.errors else 200


def as_seen(attempt: MethodAttempt, act: Callable[[], object]) -> Callable[..., None]:
    """What a form is applied with: the act, unless the booking changed since its page was opened."""

    def applied(*, seen: int) -> None:
        _must_be_as_seen(attempt, seen)
        act()

    return applied


def _must_be_as_seen(attempt: MethodAttempt, seen: int) -> None:
    """Refuse to go on from a page that somebody opened before the booking changed.

    Args:
        attempt: the attempt.
        seen: how many things had happened to its booking when the page was opened.

    Raises:
        Conflict: something has happened since; the message says who did what.
    """
    found = queries.changes(attempt)
    if not found or found[0].number == seen:
        return
    last = found[0]
    who = last.changed_by.name if last.changed_by else "The system"
    local = last.changed_at.astimezone(LONDON)
    stands = last.scheduled_at.astimezone(LONDON) if last.scheduled_at else None
    now = f" What stands now: {date_words(stands.date())} at {stands:%H:%M}." if stands else ""
    raise Conflict(
        f"“{ACTION_TITLES[last.action]}”, by {who} on {date_words(local.date())} at {local:%H:%M}:"
        f" after you opened this page.{now}"
    )
