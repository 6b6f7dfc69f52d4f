"""What Flask-Login is told: the user of a request is the person of a live session."""

from __future__ import annotations

from epa.clock import utc_now
from epa.extensions import login_manager
from epa.people.models import Person
from epa.sign_in.models import SignInSession
from epa.sign_in.queries import session_for


class SignedIn:
    """The current user: a person and the session that brought them here."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, session: SignInSession, token: str) -> None:
        self.session = session
        self._token = token

    @property
    def person(self) -> Person:
        """Who is signed in."""
        return self.session.person

    def get_id(self) -> str:
        """What the cookie carries: the session's random token."""
        return self._token


@login_manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no stubs
def load(token: str) -> SignedIn | None:
    """The current user for the token in a request's cookie, or None."""
    session = session_for(token, utc_now())
    return SignedIn(session, token) if session else None
