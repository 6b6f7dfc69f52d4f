"""Keys that a machine makes for itself once, outside production."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path


def read_or_make_key(folder: Path, name: str) -> str:
    """The key kept in ``folder/name``, made on first use (32 random bytes, hexadecimal).

    The file is written for its owner alone beside its place and linked into it, which fails when
    it is there already: two processes that start together agree on one key, and neither ever reads
    half of one.
    """
    path = folder / name
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    mine = folder / f".{name}.{secrets.token_hex(8)}"
    handle = os.open(mine, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(mine)
    finally:
        mine.unlink()
    return path.read_text(encoding="ascii").strip()
