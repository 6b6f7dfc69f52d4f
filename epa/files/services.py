"""Keeping a checked upload, and opening what was kept.

The bytes are written first and the row after them, so that no row ever points at nothing. When the
transaction is undone before its commit was tried, the bytes are removed again. Bytes without a row
can remain when the process dies in between, or when a commit was tried and nobody knows whether it
took: they are unreachable, and harmless.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, Final, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, event, update
from sqlalchemy.orm import Session, SessionTransaction

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken
from epa.files.models import HeldFile, PartialUpload, StoredFile
from epa.files.queries import bytes_stored_since, hold_on
from epa.files.rules import QUOTA_PERIOD, quota_fault
from epa.people.models import Person
from epa.storage import Storage, StorageFailed, StoredObject
from epa.uploads import CheckedUpload
from epa.uploads.scanning import is_clean

HELD: Final = "This file is held: the virus scanner could not be asked about it yet. Try again in some minutes."
FOUND: Final = "This file is held: the virus scanner finds something in it. Ask for another one."
_UNSETTLED: Final = "files_not_yet_in_a_commit"
log = logging.getLogger("plumbline")


class _Place:
    """Where this process keeps files, given by the factory and opened when first needed."""

    url: str | None = None
    storage: Storage | None = None


def use_storage(url: str) -> None:
    """Keep files at this address from now on."""
    _Place.url, _Place.storage = url, None


def storage() -> Storage:
    """The store of files.

    Raises:
        StorageFailed: it cannot be opened.
    """
    if _Place.storage is None:
        if _Place.url is None:
            raise RuntimeError("no storage: the application was not made by create_app")
        _Place.storage = Storage(_Place.url)
    return _Place.storage


def store(upload: CheckedUpload, *, actor: Person, at: datetime) -> StoredFile:
    """Keep a checked upload: its bytes, then its row.

    Raises:
        RuleBroken: the store does not take it, or the person uploaded too much within a day.
    """
    stored_lately = bytes_stored_since(actor, at - QUOTA_PERIOD)
    if fault := quota_fault(stored_lately, upload.size):
        raise RuleBroken("upload-quota", fault, "file")
    kept = put(upload.content)
    if (kept.size, kept.sha256) != (upload.size, upload.sha256):
        raise RuleBroken(
            "storage-differs",
            "The file changed on its way into storage, and was not kept. Choose it again.",
            "file",
        )
    file = StoredFile(
        key=kept.key,
        name=upload.display_name,
        content_type=upload.content_type,
        size=kept.size,
        sha256=kept.sha256,
        uploaded_at=at,
        uploaded_by_id=actor.id,
    )
    db.session.add(file)
    if upload.is_held:
        db.session.add(HeldFile(file=file, held_at=at))
        db.session.flush()
        record(actor, "file held", file, at=at)
    if upload.came_by is not None:
        _use_up(upload.came_by, at)
    record(actor, "file stored", file, at=at, size=kept.size, sha256=kept.sha256)
    return file


def put(content: bytes | IO[bytes]) -> StoredObject:
    """Put bytes into the store; they are removed again if the transaction at hand is undone.

    Raises:
        RuleBroken: the store does not take them.
    """
    try:
        kept = storage().put(content)
    except StorageFailed as failure:
        log.error("storage: %s", type(failure.__cause__ or failure).__name__)  # noqa: TRY400 (the trace would show where files lie)
        raise RuleBroken(
            "storage-failed",
            "The file could not be stored just now, and nothing was kept."
            " Choose it again in a few minutes.",
            "file",
        ) from failure
    db.session.info.setdefault(_UNSETTLED, []).append(kept.key)
    return kept


def _use_up(upload_id: UUID, at: datetime) -> None:
    """Let one record have a file that came in parts, and no other."""
    free = update(PartialUpload).where(
        PartialUpload.id == upload_id, PartialUpload.used_at.is_(None)
    )
    done = cast("CursorResult[Any]", db.session.execute(free.values(used_at=at)))
    if not done.rowcount:
        raise RuleBroken("upload-used", "This file was used already. Choose it again.", "file")


def remove(file: StoredFile, *, at: datetime) -> None:
    """Remove a file for good, its bytes first; what held it must hold it no longer.

    Should the rows stay after all, removing it again finds no bytes and goes on.

    Raises:
        StorageFailed: the store does not answer; the rows stay.
    """
    storage().delete(file.key)
    record(None, "file removed", file, at=at, sha256=file.sha256)
    db.session.execute(delete(HeldFile).where(HeldFile.file_id == file.id))
    db.session.execute(delete(StoredFile).where(StoredFile.id == file.id))


def opened(file: StoredFile) -> Iterator[bytes]:
    """The file's bytes in pieces; it is looked up at once, so that a loss shows before an answer.

    Raises:
        StorageFailed: it is not there, or the store does not answer.
        RuleBroken: it is held until the virus scanner was asked about it, or because of what it found.
    """
    if hold := hold_on(file):
        raise RuleBroken("file-held", FOUND if hold.found_at else HELD)
    return storage().stream(file.key)


def is_held_file_clean(hold_id: UUID) -> bool:
    """Ask the scanner about a held file; nothing is written and nothing locked meanwhile.

    Raises:
        ScannerDown: it still cannot be asked.
        StorageFailed: the file is not there, or the store does not answer.
    """
    hold = db.session.get_one(HeldFile, hold_id)
    with tempfile.TemporaryFile() as content:
        for piece in storage().stream(hold.file.key):
            content.write(piece)
        return is_clean(content)


def settle_hold(hold_id: UUID, *, is_clean: bool, at: datetime) -> None:
    """Write down what the scanner said: the file is released, or stays held."""
    hold = db.session.get_one(HeldFile, hold_id, with_for_update={"of": HeldFile})
    if hold.released_at is None and hold.found_at is None:
        hold.released_at, hold.found_at = (at, None) if is_clean else (None, at)
        db.session.flush()
        record(None, "held file released" if is_clean else "held file unsafe", hold.file, at=at)


@event.listens_for(Session, "before_commit")
def _settle(session: Session) -> None:
    """From here on nobody can say that the rows are not there: the bytes stay."""
    if not session.in_nested_transaction():
        session.info.pop(_UNSETTLED, None)


@event.listens_for(Session, "after_soft_rollback")
def _remove_unsettled(session: Session, undone: SessionTransaction) -> None:
    """Remove the bytes whose rows were undone with the whole transaction."""
    if undone.nested or undone.parent is not None:
        return
    for key in session.info.pop(_UNSETTLED, ()):
        try:
            storage().delete(key)
        except StorageFailed:
            log.exception("storage: an orphan was left under %s", key)
