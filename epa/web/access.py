"""Deny by default: every view says in one line who may use it and on which record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

# A loader gives a record to those who may do this to it: (person, permission, id) -> row or None.
Loader = Callable[[Any, Any, Any], Any]
# Gives who bears a token together with a record that is theirs: (token, at, id) -> both or None.
Finder = Callable[[str, datetime, Any], tuple[Any, Any] | None]
View = Callable[..., ResponseReturnValue]

_MARK: Final = "__plumbline_access__"
_BRIEF: Final = "__plumbline_briefly__"
_FINDER: Final = "__plumbline_finder__"


@dataclass(frozen=True)
class Declaration:
    """What a view declared: public, or a permission and perhaps a record."""

    permission: StrEnum | None
    record: str | None
    loader: Loader | None

    @property
    def is_public(self) -> bool:
        """Whether the view is served without sign-in."""
        return self.permission is None


def declared(view: Callable[..., Any]) -> Declaration | None:
    """What a view declared, or None if it forgot to."""
    return getattr(view, _MARK, None)


def briefly(view: View) -> View:
    """Ask of whoever is signed in no more than who they are and what they may do.

    For what comes several times a minute from everybody at once, and shows nobody's name. The
    loader is given that much of a person, and nothing more is read unless the view asks for it.
    """
    setattr(view, _BRIEF, True)
    return view


def is_brief(view: Callable[..., Any] | None) -> bool:
    """Whether a view said that this is enough."""
    return bool(getattr(view, _BRIEF, False))


def found_together(finder: Finder) -> Callable[[View], View]:
    """Find the one record of a view with who asks for it, in the same statement.

    Of who asks no more is read then than for a view that is `briefly` shown. What the finder does
    not find is looked for in the ordinary way, which knows what to answer: so it may refuse for any
    reason, and grants nothing that the ordinary way would not.
    """

    def declare(view: View) -> View:
        setattr(view, _FINDER, finder)
        return view

    return declare


def finder_of(view: Callable[..., Any] | None) -> Finder | None:
    """How a view's record is found with who asks for it, if it said so."""
    return getattr(view, _FINDER, None)


def public(view: View) -> View:
    """Serve the view without sign-in."""
    setattr(view, _MARK, Declaration(None, None, None))
    return view


def access(permission: StrEnum, **record: Loader) -> Callable[[View], View]:
    """Serve the view to those who hold a permission, on a record within their reach.

    Args:
        permission: what the person must be granted by some role; else 403.
        **record: at most one, ``name=loader``: the route's ``name_id`` is looked up for this
            person and this permission, and the view is given the row as ``name``. What is out of
            reach is a 404, like an unknown id.
    """
    if len(record) > 1:
        raise TypeError("a page has one record; reach the others through it")
    name, loader = next(iter(record.items()), (None, None))

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            # Resolved once: each look at Flask-Login's name costs as much as a small query.
            user = current_user._get_current_object()  # noqa: SLF001 (as its documentation does)
            if not user.is_authenticated:
                return _to_sign_in()
            if not user.asker.may(permission):
                abort(403)
            if name is not None and loader is not None:
                key = values.pop(f"{name}_id")
                row = user.record or loader(user.asker, permission, key)
                if row is None:
                    abort(404)
                values[name] = row
            return view(**values)

        setattr(guarded, _MARK, Declaration(permission, name, loader))
        return guarded

    return declare


def _to_sign_in() -> ResponseReturnValue:
    if request.method != "GET" or request.accept_mimetypes.best == "application/json":
        abort(401)
    return redirect(url_for("sign_in.enter", next=request.full_path.rstrip("?")))


def safe_next(target: str | None, otherwise: str) -> str:
    """Where to go next: a path on this site, or else the given one."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return otherwise
    address = urlsplit(target)
    if address.scheme or address.netloc or any(ord(letter) < 32 for letter in target):  # noqa: PLR2004 (control characters end there)
        return otherwise
    return target
