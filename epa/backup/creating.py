"""Taking a backup: database, files and definitions, while people work; never the keys."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from epa.backup.databases import Database, settle
from epa.backup.facts import Facts, facts_of
from epa.backup.manifest import NAME, BackupRefused, Manifest, held_files, write
from epa.storage import Storage, StorageFailed

_UNFINISHED: Final = ".unfinished"


@dataclass(frozen=True)
class Places:
    """Where the parts of one Plumbline lie, and the key of its audit log."""

    database: Database
    storage: Storage
    frameworks: Path
    audit_key: str


@dataclass
class Backup:
    """One backup as the audit log speaks of it."""

    id: uuid.UUID


def create(places: Places, folder: Path, backup: Backup, *, at: datetime) -> tuple[Manifest, Facts]:
    """Take a backup into a new or empty folder.

    Everything is gathered in a folder within it and moved up at the end, the manifest last: what
    was interrupted has no manifest and is refused by a restore.

    Returns:
        The manifest, and what the copied database says about itself.

    Raises:
        BackupRefused: the folder is not empty or cannot be written, the database cannot be copied,
            or a file that a row speaks of is missing or differs.
    """
    with _gathering(folder) as gathered:
        with places.database.taken(gathered / places.database.file_name) as connection:
            facts = facts_of(connection, places.audit_key)
        _copy_files(places.storage, facts, gathered / "files")
        if places.frameworks.is_dir():
            copy_tree(places.frameworks, gathered / "frameworks")
        manifest = replace(_described(places, facts, backup, at), files=list(held_files(gathered)))
        write(manifest, gathered, places.audit_key)
    return manifest, facts


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder's files, each with the rights that new files get, and let them settle."""
    for path in sorted(path for path in source.rglob("*") if path.is_file()):
        place = target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        settle(place)


def _described(places: Places, facts: Facts, backup: Backup, at: datetime) -> Manifest:
    return Manifest(
        id=str(backup.id),
        created_at=at.isoformat(timespec="seconds"),
        version=version("plumbline"),
        database=places.database.kind,
        schema_head=facts.schema_head,
        audit_rows=facts.audit.rows,
        audit_head=facts.audit.head,
        rows=facts.rows,
    )


def _copy_files(storage: Storage, facts: Facts, target: Path) -> None:
    """Fetch each file that a row of the copied database speaks of; later ones are not its own."""
    for key, _size, _digest in facts.stored:
        place = target / key
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            with place.open("wb") as file:
                for piece in storage.stream(key):
                    file.write(piece)
        except StorageFailed as fault:
            raise BackupRefused(f"file {key}: {fault.message}") from fault
    differing = _differing(target, facts)
    if differing:
        raise BackupRefused(
            f"the store does not hold what the database says of: {', '.join(differing)}."
        )


def _differing(target: Path, facts: Facts) -> list[str]:
    found = {one.path: (one.size, one.sha256) for one in held_files(target)}
    return [key for key, size, digest in facts.stored if found.get(key) != (size, digest)]


@contextmanager
def _gathering(folder: Path) -> Iterator[Path]:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupRefused(f"{folder} is not empty. A backup goes into a new or empty folder.")
    gathered, is_new = folder / _UNFINISHED, not folder.exists()
    before = os.umask(0o077)  # a backup is for its owner alone
    try:
        gathered.mkdir(parents=True)
        yield gathered
        for path in (*gathered.rglob("*"), gathered):
            settle(path)
        for path in sorted(gathered.iterdir(), key=lambda path: path.name == NAME):
            path.rename(folder / path.name)
        settle(folder)
    except OSError as fault:
        raise BackupRefused(f"{folder} cannot be written: {fault.strerror}.") from fault
    finally:
        os.umask(before)
        shutil.rmtree(gathered, ignore_errors=True)
        if is_new:
            with suppress(OSError):  # it is not empty when all went well
                folder.rmdir()
