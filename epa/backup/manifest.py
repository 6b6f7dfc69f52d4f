"""The manifest of a backup: what it holds, the digest of each file, and the seal over it all."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from epa.errors import PlumblineError

FORMAT: Final = 1
NAME: Final = "manifest.json"
_CHUNK: Final = 1024 * 1024


class BackupRefused(PlumblineError):
    """A backup cannot be made or given back; the text says why, and what would do."""


@dataclass(frozen=True)
class HeldFile:
    """One file of a backup: its path inside it, its size in bytes, its SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds. ``rows`` counts by table; ``audit_head`` is the chain's last code."""

    id: str
    created_at: str
    version: str
    database: str
    schema_head: str | None
    audit_rows: int
    audit_head: str
    rows: dict[str, int]
    files: list[HeldFile] = field(default_factory=list)
    format: int = FORMAT


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def held_files(folder: Path) -> Iterator[HeldFile]:
    """Every file in a folder except the manifest, in the order of their paths."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != NAME:
            yield HeldFile(name, path.stat().st_size, digest_of(path))


def write(manifest: Manifest, folder: Path, key: str) -> None:
    """Write the manifest into the backup's folder, sealed with the audit key."""
    body = asdict(manifest)
    text = json.dumps({**body, "seal": _seal(body, key)}, indent=1, sort_keys=True)
    (folder / NAME).write_text(text + "\n", encoding="utf-8")


def read(folder: Path, key: str) -> Manifest:
    """The manifest of a backup.

    Raises:
        BackupRefused: there is none, it is of another format, or its seal does not fit.
    """
    try:
        body = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BackupRefused(
            f"{folder} holds no {NAME}: it is no backup, or one that was never finished."
        ) from None
    except (OSError, ValueError):
        raise BackupRefused(f"{folder / NAME} cannot be read.") from None
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise BackupRefused(f"{folder / NAME} is not of the format that this Plumbline reads.")
    seal = body.pop("seal", "")
    # As bytes: a seal that somebody wrote may have letters that cannot be compared otherwise.
    if not hmac.compare_digest(str(seal).encode(errors="replace"), _seal(body, key).encode()):
        raise BackupRefused(
            f"the seal of {folder / NAME} does not fit: either AUDIT_KEY is not the key that the "
            "backup was made with, or the manifest was changed."
        )
    files = [HeldFile(**one) for one in body.pop("files")]
    return Manifest(**body, files=files)


def check_files(manifest: Manifest, folder: Path) -> None:
    """Hold every file of a backup against its manifest.

    Raises:
        BackupRefused: one is missing, changed, or not in the manifest; all of them are named.
    """
    promised = {one.path: one for one in manifest.files}
    found = {one.path: one for one in held_files(folder)}
    faults = [f"{path} is missing" for path in promised.keys() - found.keys()]
    faults += [f"{path} is not in the manifest" for path in found.keys() - promised.keys()]
    faults += [
        f"{path} was changed"
        for path in promised.keys() & found.keys()
        if promised[path] != found[path]
    ]
    if faults:
        raise BackupRefused(f"the backup is damaged: {'; '.join(sorted(faults))}.")


def _seal(body: dict[str, Any], key: str) -> str:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hmac.new(key.encode(), b"backup\n" + canonical.encode(), hashlib.sha256).hexdigest()
