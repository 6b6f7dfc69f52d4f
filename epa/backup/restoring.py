"""Giving a backup back: into an empty place, whole, checked at every step, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from epa.backup.creating import Places, copy_tree
from epa.backup.facts import Facts, facts_of
from epa.backup.manifest import BackupRefused, Manifest, check_files, read
from epa.storage import Storage, StorageFailed


def restore(places: Places, folder: Path) -> Manifest:
    """Give a backup back.

    Raises:
        BackupRefused: the backup is damaged or was made with another key, the place is not empty,
            the database is of another kind, or the audit log does not verify. Nothing is kept.
    """
    manifest = read(folder, places.audit_key)
    check_files(manifest, folder)
    _check_place(places, manifest)
    try:
        # The database is innermost: it is kept first, and what fails until then undoes the others.
        with (
            _files_put_back(places.storage, folder / "files"),
            _frameworks_put_back(folder / "frameworks", places.frameworks),
            places.database.given_back(folder / places.database.file_name) as connection,
        ):
            _check_facts(facts_of(connection, places.audit_key), manifest)
    except OSError as fault:
        raise BackupRefused(f"the backup cannot be given back: {fault.strerror}.") from fault
    return manifest


def _check_place(places: Places, manifest: Manifest) -> None:
    if manifest.database != places.database.kind:
        raise BackupRefused(
            f"the backup is of a {manifest.database} database, and DATABASE_URL names a "
            f"{places.database.kind} one."
        )
    taken = {
        "the database": not places.database.is_empty(),
        "the store of files": not places.storage.is_empty(),
        "the folder of frameworks": places.frameworks.exists() and any(places.frameworks.iterdir()),
    }
    for name, is_taken in taken.items():
        if is_taken:
            raise BackupRefused(
                f"{name} is not empty. A backup goes into an empty place: set PLUMBLINE_DATA to "
                "a new folder, and DATABASE_URL or STORAGE_URL to new ones where they are set."
            )


def _check_facts(facts: Facts, manifest: Manifest) -> None:
    """Hold the database that came back against the manifest, and the chain against the key."""
    if not facts.audit.intact:
        raise BackupRefused(f"the audit log is broken at row {facts.audit.first_broken}.")
    if (facts.audit.rows, facts.audit.head) != (manifest.audit_rows, manifest.audit_head):
        raise BackupRefused("the audit log ends somewhere else than the manifest says.")
    if (facts.rows, facts.schema_head) != (manifest.rows, manifest.schema_head):
        raise BackupRefused("the database holds something else than the manifest says.")
    held = {(one.path, one.size, one.sha256) for one in manifest.files}
    lost = [key for key, size, sha in facts.stored if (f"files/{key}", size, sha) not in held]
    if lost:
        raise BackupRefused(f"the backup lacks files that rows speak of: {', '.join(lost)}.")


@contextmanager
def _files_put_back(storage: Storage, source: Path) -> Iterator[None]:
    put: list[str] = []
    try:
        for path in sorted(source.rglob("*")) if source.is_dir() else ():
            if path.is_file():
                put.append(path.relative_to(source).as_posix())
                with path.open("rb") as file:
                    storage.put_back(put[-1], file)
        yield
    except StorageFailed as fault:
        _remove(storage, put)
        raise BackupRefused(f"the store of files: {fault.message}") from fault
    except BaseException:
        _remove(storage, put)
        raise


def _remove(storage: Storage, keys: list[str]) -> None:
    for key in keys:
        storage.delete(key)


@contextmanager
def _frameworks_put_back(source: Path, target: Path) -> Iterator[None]:
    if not source.is_dir():
        yield
        return
    try:
        copy_tree(source, target)
        yield
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
