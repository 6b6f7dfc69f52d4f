"""The blueprint of the bookings' pages, and what its two files share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, render_template

from epa.booking import queries
from epa.booking.services import must_be_as_seen
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
        must_be_as_seen(attempt, seen)
        act()

    return applied
