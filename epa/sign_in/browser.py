"""What Flask-Login is told: the user of a request is the person of a live session."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from epa.clock import utc_now
from epa.database import db, unit_of_work
from epa.errors import NotAllowed
from epa.extensions import login_manager
from epa.people.models import Person
from epa.people.signed_in import Viewer
from epa.sign_in.models import SignInSession
from epa.sign_in.queries import Bearer, Opened, bearer_of, opened_by, session_for
from epa.sign_in.rules import SEEN_STEP
from epa.web.access import declared, finder_of, is_brief

log = logging.getLogger("plumbline")


class SignedIn:
    """The current user: a person and the session that brought them here."""

    is_authenticated = True
    is_active = True
    is_anonymous = False
    # The one record of the view at hand, where it was found together with who asks for it.
    record: Any = None

    def __init__(self, opened: Opened, token: str) -> None:
        self.session_id, self.seen_at = opened.session_id, opened.last_seen_at
        self._opened, self._token = opened, token
        self.viewer = Viewer.of(opened.person, opened.organisation, opened.kinds)

    @cached_property
    def session(self) -> SignInSession:
        """The session as a row; read when it is asked for."""
        found = session_for(self._token, utc_now())
        if found is None:
            raise NotAllowed("You are signed out.")
        return found

    @property
    def person(self) -> Person:
        """Who is signed in."""
        return self._opened.person

    @property
    def asker(self) -> Person | Bearer:
        """Whoever asks for a record: with an identifier and what they may do."""
        return self.person

    def get_id(self) -> str:
        """What the cookie carries: the session's random token."""
        return self._token


class BrieflySignedIn(SignedIn):
    """The current user of a view that is content with a bearer; the rest is read when asked for."""

    def __init__(self, bearer: Bearer, token: str) -> None:
        self.session_id, self.seen_at = bearer.session_id, bearer.last_seen_at
        self._bearer, self._token = bearer, token

    @property
    def asker(self) -> Bearer:
        """Whoever asks for a record."""
        return self._bearer

    @cached_property
    def _opened(self) -> Opened:  # type: ignore[override]  # read when it is asked for
        found = opened_by(self._token, utc_now())
        if found is None:
            raise NotAllowed("You are signed out.")
        return found

    @cached_property
    def viewer(self) -> Viewer:  # type: ignore[override]  # read when it is asked for
        """What a page says of them."""
        opened = self._opened
        return Viewer.of(opened.person, opened.organisation, opened.kinds)


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no stubs
def load(token: str) -> SignedIn | None:
    """The current user for the token in a request's cookie, or None."""
    view = current_app.view_functions.get(request.endpoint or "")
    if (finder := finder_of(view)) and (found := finder(token, utc_now(), _record_id(view))):
        user = BrieflySignedIn(found[0], token)
        user.record = found[1]
        return user
    if is_brief(view):
        bearer = bearer_of(token, utc_now())
        return BrieflySignedIn(bearer, token) if bearer else None
    opened = opened_by(token, utc_now())
    return SignedIn(opened, token) if opened else None


def _record_id(view: Any) -> Any:
    """What the address says of the view's one record, which it has if it finds it so."""
    declaration = declared(view)
    return (request.view_args or {})[f"{declaration.record}_id"] if declaration else None


def note_who_is_here(app: Flask) -> None:
    """Keep "last seen" of the session that made a request, every few minutes.

    It is a transaction of its own after the view's, one statement long, so that pages that only
    read stay so; if the database is busy it is left for the next page.
    """

    @app.after_request
    def note(response: Response) -> Response:
        user, at = g.get("_login_user"), utc_now()
        if not isinstance(user, SignedIn) or at - user.seen_at < SEEN_STEP:
            return response
        db.session.rollback()
        try:
            with unit_of_work() as session:
                session.execute(
                    update(SignInSession)
                    .where(SignInSession.id == user.session_id, SignInSession.last_seen_at < at)
                    .values(last_seen_at=at),
                    execution_options={"synchronize_session": False},
                )
        except OperationalError:
            log.warning("last seen was not written: the database is busy")
        return response
