"""What is asked at the doors and on one's own account page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms.validators import StopValidation

from epa.sign_in.passwords import LEAST
from epa.web.fields import EmailField, PasswordBox, TextField
from epa.web.forms import PlumblineForm

_HINT = f"{LEAST} characters or more. Three or four words that do not belong together are a good choice."


class DoorForm(PlumblineForm):
    """A form at a door that may be shut for a while."""

    shut_until: datetime | None = None


class SignInForm(DoorForm):
    """Address and password."""

    email = EmailField("Email address", autocomplete="username", called="The email address")
    password = PasswordBox("Password", called="The password")


class CodeForm(DoorForm):
    """The six figures that the app shows now."""

    code = TextField(
        "Code from your app",
        hint="Six figures that change every half minute",
        called="The code",
        width="short",
        autocomplete="one-time-code",
        most_letters=12,
    )


class ForgottenForm(DoorForm):
    """Where to send a link for a new password."""

    email = EmailField("Email address", autocomplete="username", called="The email address")


class NewPasswordForm(DoorForm):
    """A new password, once: it can be shown while it is typed."""

    password = PasswordBox(
        "New password", hint=_HINT, autocomplete="new-password", called="The password"
    )


class ChangePasswordForm(DoorForm):
    """The password so far, then the new one."""

    password = PasswordBox("Password so far", called="The password so far")
    new_password = PasswordBox(
        "New password", hint=_HINT, autocomplete="new-password", called="The new password"
    )

    def validate_new_password(self, field: Any) -> None:
        """Ask for another one than before."""
        if field.data and field.data == self.password.data:
            raise StopValidation("The new password must not be the one you have")
