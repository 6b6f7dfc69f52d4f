"""What keeps credentials: password hashes, sealed second-factor secrets, names turned into keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from epa.sign_in.passwords import normalised
from epa.sign_in.rules import new_token

# argon2id with the library's parameters (RFC 9106, low memory: 64 MiB, 3 passes, 4 lanes).
_hasher = PasswordHasher()


class _Key:
    """The secret of this process, given by the factory."""

    secret: str | None = None


def use_key(secret: str) -> None:
    """Seal with keys derived from ``secret`` from now on."""
    _Key.secret = secret


def hashed(password: str) -> str:
    """The hash of a password that was accepted, salt and parameters included."""
    return _hasher.hash(normalised(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the one whose hash is stored.

    Without a stored hash the same work is done on one that nothing matches, so that the time an
    answer takes does not tell which accounts there are.
    """
    against = stored or _nobody()
    try:
        return _hasher.verify(against, normalised(password)) and stored is not None
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with parameters other than today's."""
    return _hasher.check_needs_rehash(stored)


def sealed(text: str) -> bytes:
    """A text that only a process with the same secret can read."""
    return Fernet(_derived("second factor 1")).encrypt(text.encode())


def unsealed(token: bytes) -> str | None:
    """The text again, or None when it was sealed with another secret or changed since."""
    try:
        return Fernet(_derived("second factor 1")).decrypt(token).decode()
    except InvalidToken:
        return None


def keyed_hash(text: str) -> str:
    """A text as a key that names nobody to whoever reads the table (HMAC-SHA256)."""
    key = _derived("credential attempts 1")
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@cache
def _nobody() -> str:
    return _hasher.hash(new_token())


def _derived(purpose: str) -> bytes:
    if _Key.secret is None:
        raise RuntimeError("no secret key: the application was not made by create_app")
    return _expanded(_Key.secret, purpose)


@cache
def _expanded(secret: str, purpose: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"plumbline {purpose}".encode())
    return base64.urlsafe_b64encode(kdf.derive(secret.encode()))
