"""One commit point per request: a view that writes says so, and is kept whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from flask import Flask, Response, request
from sqlalchemy.orm import Session

from epa.database import db, plain_unit_of_work, reading, unit_of_work
from epa.origin import request_source
from epa.web.environment import PlumblineEnvironment

_MARK: Final = "__plumbline_writes__"
_STEPS: Final = "__plumbline_steps__"
_PLAIN: Final = "__plumbline_plain__"
_KEPT_BELOW: Final = 400
F = TypeVar("F", bound=Callable[..., Any])


def writes(view: F) -> F:
    """Keep what a POST to this view does: committed when it answers 2xx or 3xx, else undone."""
    setattr(view, _MARK, frozenset({"POST"}))
    return view


def writes_plainly(view: F) -> F:
    """The same for a view that asks and keeps by plain statements alone (`plain_unit_of_work`)."""
    setattr(view, _PLAIN, True)
    return writes(view)


def writes_on_read(view: F) -> F:
    """The same for a GET or HEAD too: a read of something sensitive is written to the log."""
    setattr(view, _MARK, frozenset({"GET", "HEAD", "POST"}))
    return view


def writes_in_steps(view: F) -> F:
    """Let a POST to this view keep its own steps, each a transaction (`step`).

    For credential doors: a refused try must be counted although its answer is an error, and a
    password is hashed while no lock is held. And for an import: a long table is read before the
    lock is taken that storing it needs.
    """
    setattr(view, _STEPS, True)
    return writes(view)


@contextmanager
def step() -> Iterator[Session]:
    """One step of a view that `writes_in_steps`: kept when it ends, whatever the view answers."""
    db.session.rollback()  # what was read so far held no lock that could be turned into one
    with unit_of_work() as session:
        yield session


def methods_that_write(view: Callable[..., Any]) -> frozenset[str]:
    """The HTTP methods on which a view said that it writes."""
    marked: frozenset[str] = getattr(view, _MARK, frozenset())
    return marked


class PlumblineFlask(Flask):
    """Flask, with the transaction around the view."""

    jinja_environment = PlumblineEnvironment

    def dispatch_request(self) -> Response:
        """Run the view; commit what it wrote, if it declared that it writes and it succeeded."""
        request_source.set(request.remote_addr)
        view = self.view_functions.get(request.endpoint or "")
        in_steps = getattr(view, _STEPS, False)
        if view is None or in_steps or request.method not in methods_that_write(view):
            with reading():
                return self.make_response(super().dispatch_request())
        begun = plain_unit_of_work if getattr(view, _PLAIN, False) else unit_of_work
        with begun() as transaction:
            response = self.make_response(super().dispatch_request())
            if response.status_code >= _KEPT_BELOW:
                transaction.rollback()
        return response
