"""The second factor: a time-based code from an app, enrolled once, each code good once."""

from __future__ import annotations

from datetime import datetime
from hmac import compare_digest
from typing import Final

import pyotp

from epa.audit.services import record
from epa.people.models import Person
from epa.sign_in.models import Credential
from epa.sign_in.queries import credential_of
from epa.sign_in.sealing import sealed, unsealed

_STEP_SECONDS: Final = 30
_WINDOW: Final = (-1, 0, 1)


def prepare(credential: Credential) -> None:
    """Give a person who has no second factor a fresh secret to enrol with."""
    if credential.totp_confirmed_at is None:
        credential.totp_secret = sealed(pyotp.random_base32())
        credential.totp_last_step = None


def key_of(credential: Credential) -> str | None:
    """The secret as the app wants it typed, or None when there is none that can be read."""
    return unsealed(credential.totp_secret) if credential.totp_secret else None


def address_of(key: str, person: Person, issuer: str) -> str:
    """The address that the app reads from the picture."""
    return pyotp.TOTP(key).provisioning_uri(name=person.email or person.name, issuer_name=issuer)


def accepts(person: Person, code: str, *, at: datetime) -> bool:
    """Whether a code opens now; it will not open again.

    The codes of the half minute before and after are taken too, for clocks that differ a little,
    but none at or before the last that was used.
    """
    credential = credential_of(person, to_change=True)
    key = key_of(credential) if credential else None
    if credential is None or key is None:
        return False
    now = int(at.timestamp()) // _STEP_SECONDS
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdecimal()):
        return False
    for step in (now + offset for offset in _WINDOW):
        if step <= (credential.totp_last_step or 0):
            continue
        if compare_digest(pyotp.TOTP(key).generate_otp(step), typed):
            credential.totp_last_step = step
            return True
    return False


def confirm(person: Person, *, at: datetime) -> None:
    """Record that a person's app gave a first good code: from now on it is asked for."""
    credential = credential_of(person, to_change=True)
    if credential is not None and credential.totp_confirmed_at is None:
        credential.totp_confirmed_at = at
        record(person, "second factor set up", person, at=at)


def reset(person: Person, *, actor: Person, at: datetime) -> None:
    """Take a lost second factor off, so that the next sign-in sets up another."""
    credential = credential_of(person, to_change=True)
    if credential is not None:
        credential.totp_secret = credential.totp_confirmed_at = credential.totp_last_step = None
    record(actor, "second factor reset", person, at=at)
