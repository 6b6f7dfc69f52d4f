"""A paper delivered ahead: sealed for whoever waits, under a key that the start alone gives.

AES-256-GCM under a key of this one sitting, which is worked out from the server's secret (HKDF with
SHA-256) and stored nowhere; the sitting's identifier is bound to it. With another secret a seal of
before stays closed, and the page is sent its questions whole.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from question_bank.sittings.sealing import derived

# Of how a paper is sealed: whatever changes it takes other words here, and so other keys.
_KEY: Final = b"plumbline paper ahead 1: key "
_NAME: Final = b"plumbline paper ahead 1: name of the key "
_KEY_BYTES, _NAME_BYTES, _IV_BYTES = 32, 16, 12
# A whole number of these hides how long the questions are, and whether one more word is in them.
_PIECE: Final = 16 * 1024


@dataclass(frozen=True)
class SealedPaper:
    """A paper that nobody can read yet.

    Attributes:
        name: what the key is called, in hex; it says nothing of the key.
        iv: what the encryption began with, in base64.
        sealed: what it came to, in base64; opened it is JSON, with spaces after it.
    """

    name: str
    iv: str
    sealed: str


def sealed(sitting_id: UUID, content: str) -> SealedPaper:
    """A paper's content under the key of its sitting.

    Each asking begins with fresh random bytes, so that the same key may seal again.
    """
    plain = content.encode()
    padded = plain.ljust(-(-len(plain) // _PIECE) * _PIECE)
    begin = os.urandom(_IV_BYTES)
    closed = AESGCM(_key(sitting_id)).encrypt(begin, padded, str(sitting_id).encode())
    return SealedPaper(_name(sitting_id), _text(begin), _text(closed))


def key_for(sitting_id: UUID, name: str | None) -> str | None:
    """The key of a sitting's sealed paper, in base64.

    Args:
        sitting_id: whose paper has been started.
        name: what the key is called of the paper that a page holds; None where it holds none.

    Returns:
        None where what is held was sealed under another key, and so cannot be opened.
    """
    return _text(_key(sitting_id)) if name == _name(sitting_id) else None


def _key(sitting_id: UUID) -> bytes:
    return derived(_KEY + sitting_id.bytes, _KEY_BYTES)


def _name(sitting_id: UUID) -> str:
    return derived(_NAME + sitting_id.bytes, _NAME_BYTES).hex()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
