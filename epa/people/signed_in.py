"""The one place where the signed-in person is read from the request."""

from __future__ import annotations

from typing import cast

from flask_login import current_user

from epa.people.models import Person


def signed_in_person() -> Person:
    """Whoever makes this request; only behind a page that asks for a permission.

    Raises:
        RuntimeError: nobody is signed in, so the page forgot to ask.
    """
    if not current_user.is_authenticated:
        raise RuntimeError("a page without access control asked who is signed in")
    return cast("Person", current_user.person)
