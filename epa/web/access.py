"""Deny by default: every view says in one line who may use it and on which record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

# A loader gives a record to those who may do this to it: (person, permission, id) -> row or None.
Loader = Callable[[Any, Any, Any], Any]
View = Callable[..., ResponseReturnValue]

_MARK: Final = "__plumbline_access__"
_BRIEF: Final = "__plumbline_briefly__"


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
            if not current_user.is_authenticated:
                return _to_sign_in()
            asker = current_user.asker
            if not asker.may(permission):
                abort(403)
            if name is not None and loader is not None:
                row = loader(asker, permission, values.pop(f"{name}_id"))
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
