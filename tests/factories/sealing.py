"""A late batch as a page seals it, written apart from what opens it."""

import base64
import os

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def sealed(server_key, sitting, content):
    """What `static/js/sitting_seal.js` makes of some bytes."""
    point = base64.b64decode(server_key)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    ours, iv = ec.generate_private_key(ec.SECP256R1()), os.urandom(12)
    info = b"plumbline late batch 1"
    agreed = HKDF(algorithm=SHA256(), length=32, salt=bytes(32), info=info)
    key = agreed.derive(ours.exchange(ec.ECDH(), theirs))
    parts = {
        "key": ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
        "iv": iv,
        "sealed": AESGCM(key).encrypt(iv, content, str(sitting).encode()),
    }
    return {"sitting": str(sitting)} | {
        name: base64.b64encode(part).decode() for name, part in parts.items()
    }
