"""Keys that a machine makes for itself once, outside production."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def read_or_make_key(folder: Path, name: str) -> str:
    """The key kept in ``folder/name``, made on first use (32 random bytes, hexadecimal).

    The file is created for its owner alone and never overwritten, so that two processes that start
    together agree on one key.
    """
    path = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    return path.read_text(encoding="ascii").strip()
