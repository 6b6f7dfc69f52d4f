"""The seal of what a candidate's device still has after the end: only this server opens it.

The page agrees on a key of one use with ours (ECDH on P-256, HKDF with SHA-256) and encrypts with
AES-256-GCM; the test's identifier is bound to it. Our key is derived from the server's secret, so
that there is none to keep beside it: with another secret an old seal stays closed.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_INFO: Final = b"plumbline late batch 1"
_OURS: Final = b"plumbline late batches: key of the server 1"
# The order of P-256 (FIPS 186-5): a private key is a number from 1 to one less.
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
# So many bytes more than a key has that reducing them favours none noticeably.
_WIDE: Final = 48
_KEY_BYTES: Final = 32


class SealBroken(ValueError):
    """What is no seal of ours, or was changed since."""


class _Key:
    """The secret of this process, given by the factory."""

    secret: str | None = None


def use_key(secret: str) -> None:
    """Open and offer seals with a key derived from ``secret`` from now on."""
    _Key.secret = secret


def public_key() -> str:
    """What a page needs to seal something for this server: a point on P-256, in base64."""
    return _public(_secret())


def derived(about: bytes, length: int) -> bytes:
    """So many bytes that this server alone can work out, others for whatever else they are about."""
    return _derived(_secret(), about, length)


def keyed_digest(about: bytes, what: str) -> str:
    """A digest of something that nobody else can try guesses on, in hex.

    Args:
        about: what it is for; the same thing has another digest for each.
        what: the thing itself.
    """
    return hmac.digest(derived(about, _KEY_BYTES), what.encode(), "sha256").hex()


def opened(key: str, iv: str, sealed: str, bound_to: str) -> bytes:
    """What was sealed.

    Args:
        key: the page's key of one use, a point on P-256.
        iv: what the encryption began with.
        sealed: what it came to; all three in base64.
        bound_to: what it was sealed about.

    Raises:
        SealBroken: it was changed, is about something else, or was sealed for another server.
    """
    try:
        point, begin, content = (base64.b64decode(one, validate=True) for one in (key, iv, sealed))
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = _private(_secret()).exchange(ec.ECDH(), theirs)
        agreed = HKDF(algorithm=SHA256(), length=32, salt=None, info=_INFO).derive(shared)
        return AESGCM(agreed).decrypt(begin, content, bound_to.encode())
    except (InvalidTag, ValueError, binascii.Error) as fault:
        raise SealBroken from fault


def _secret() -> str:
    if _Key.secret is None:
        raise RuntimeError("the factory has given no secret to seal with")
    return _Key.secret


def _derived(secret: str, about: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=about).derive(secret.encode())


@cache
def _private(secret: str) -> ec.EllipticCurvePrivateKey:
    wide = _derived(secret, _OURS, _WIDE)
    return ec.derive_private_key(int.from_bytes(wide) % (_ORDER - 1) + 1, ec.SECP256R1())


@cache
def _public(secret: str) -> str:
    point = _private(secret).public_key()
    return base64.b64encode(
        point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    ).decode()
