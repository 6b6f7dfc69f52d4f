"""A large file that comes in parts: begun, taken up where it broke off, joined and checked.

Each part is an object of its own in the store, so that any process can take the next one. A part
may come twice; the whole is believed only when its digest is the one that was sent with it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, Final, cast

from epa.database import db
from epa.errors import RuleBroken
from epa.files import queries
from epa.files.models import PartialUpload, UploadPart
from epa.files.rules import (
    DIGEST,
    KEPT_UNUSED,
    MOST_UNDER_WAY,
    QUOTA_PERIOD,
    Part,
    part_fault,
    quota_fault,
    received,
)
from epa.files.services import put, storage
from epa.in_transaction import lock
from epa.people.models import Person
from epa.storage import StorageFailed
from epa.uploads import (
    KINDS,
    CheckedUpload,
    check_upload,
    display_name,
    name_fault,
    size_fault,
)

_SWEPT_AT_ONCE: Final = 50
_READ: Final = 1024 * 1024


def begin(
    name: str, size: int, *, actor: Person, at: datetime, most: int, afresh: bool = False
) -> PartialUpload:
    """Announce a file; the same one that broke off before is taken up again.

    Args:
        name: as the browser gives it.
        size: bytes of the whole file.
        actor: whose file it is.
        at: when.
        most: bytes that a file may have.
        afresh: give up the one that broke off, which was another file of this name and size.

    Raises:
        RuleBroken: no place takes such a file, or this person has too much on the way.
    """
    fault = name_fault(name, frozenset(KINDS)) or size_fault(name, size, most)
    if fault:
        raise RuleBroken("upload-refused", fault, "file")
    name = display_name(name)
    open_ones = queries.under_way(actor, at - KEPT_UNUSED)
    same = next((one for one in open_ones if (one.name, one.size) == (name, size)), None)
    if same is not None and not afresh:
        return same
    if same is not None:
        drop(same, at=at)
        open_ones.remove(same)
    if len(open_ones) >= MOST_UNDER_WAY:
        raise RuleBroken(
            "uploads-under-way",
            f"{len(open_ones)} files of yours are on the way. Finish one of them first.",
            "file",
        )
    waiting = sum(one.size for one in open_ones)
    stored = queries.bytes_stored_since(actor, at - QUOTA_PERIOD)
    if fault := quota_fault(stored + waiting, size):
        raise RuleBroken("upload-quota", fault, "file")
    upload = PartialUpload(person_id=actor.id, name=name, size=size, begun_at=at, last_at=at)
    db.session.add(upload)
    db.session.flush()
    return upload


def take(upload: PartialUpload, offset: int, content: bytes, *, at: datetime, largest: int) -> int:
    """Take the next part; one that is here already changes nothing.

    Returns:
        How many bytes are here now.

    Raises:
        RuleBroken: it is not the next part, or larger than a part or the file may be.
    """
    lock(upload)
    here = [one.facts for one in upload.parts]
    part = Part(offset, len(content), hashlib.sha256(content).hexdigest())
    if fault := part_fault(here, part, whole=upload.size, largest=largest):
        raise RuleBroken("upload-part", fault)
    if part not in here:
        _add(upload, part, put(content).key)
        upload.last_at = at
        db.session.flush()
    return received([one.facts for one in upload.parts])


def check_whole(upload: PartialUpload, sha256: str, *, most: int) -> None:
    """Join the parts, compare the digest, and look into the file; nothing is written.

    Raises:
        RuleBroken: something is missing or came otherwise than it was sent, or the file is not
            what its name says.
    """
    here = received([one.facts for one in upload.parts])
    if here != upload.size:
        raise RuleBroken(
            "upload-part", f"{here:,} of {upload.size:,} bytes are here. Send the rest first."
        )
    if not DIGEST.fullmatch(sha256) or _digest(upload) != sha256:
        raise RuleBroken(
            "upload-differs", "The file changed on its way, and was not kept. Choose it again."
        )
    opened(upload, allowed=frozenset(KINDS), most=most).close()


def settle(upload: PartialUpload, sha256: str, *, at: datetime) -> None:
    """Write down that the whole file is here, and is what it should be."""
    upload.sha256, upload.last_at = sha256, at
    db.session.flush()


def drop(upload: PartialUpload, *, at: datetime) -> None:
    """Give a file up, so that choosing it again begins anew; the sweep removes it."""
    upload.used_at = at
    db.session.flush()


def keep(checked: CheckedUpload, *, actor: Person, at: datetime) -> PartialUpload:
    """Keep a file that came whole until its form is sent again: a browser does not keep it.

    Raises:
        RuleBroken: the store does not take it.
    """
    checked.content.seek(0)
    kept = put(checked.content)
    upload = PartialUpload(
        person_id=actor.id,
        name=checked.display_name,
        size=kept.size,
        sha256=kept.sha256,
        begun_at=at,
        last_at=at,
    )
    db.session.add(upload)
    _add(upload, Part(0, kept.size, kept.sha256), kept.key)
    db.session.flush()
    return upload


def opened(upload: PartialUpload, *, allowed: frozenset[str], most: int) -> CheckedUpload:
    """The whole file, looked into as if it had just come.

    Raises:
        UploadRefused: it is not what this place takes.
        RuleBroken: its parts are no longer in the store.
    """
    try:
        checked = check_upload(upload.name, _joined(upload), allowed=allowed, max_bytes=most)
    except StorageFailed as failure:
        raise RuleBroken(
            "upload-lost", "Parts of the file are no longer here. Choose it again.", "file"
        ) from failure
    checked.came_by = upload.id
    return checked


def sweep(*, at: datetime) -> int:
    """Remove files on the way in that were used or left lying; their bytes first.

    Returns:
        How many there were.
    """
    gone = queries.to_sweep(at, _SWEPT_AT_ONCE)
    for upload in gone:
        for part in upload.parts:
            storage().delete(part.key)
        db.session.delete(upload)
    db.session.flush()
    return len(gone)


def _add(upload: PartialUpload, part: Part, key: str) -> None:
    upload.parts.append(UploadPart(offset=part.offset, size=part.size, sha256=part.sha256, key=key))


def _digest(upload: PartialUpload) -> str:
    digest, content = hashlib.sha256(), _joined(upload)
    try:
        while piece := content.read(_READ):
            digest.update(piece)
    except StorageFailed:
        return ""
    return digest.hexdigest()


def _joined(upload: PartialUpload) -> IO[bytes]:
    """The parts as one stream, read one after the other."""
    return cast("IO[bytes]", io.BufferedReader(_Parts([part.key for part in upload.parts])))


class _Parts(io.RawIOBase):
    """Objects of the store, read as one file."""

    def __init__(self, keys: list[str]) -> None:
        self._pieces = self._read(keys)
        self._left = b""

    @staticmethod
    def _read(keys: list[str]) -> Iterator[bytes]:
        for key in keys:
            yield from storage().stream(key)

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill as much of the buffer as is at hand."""
        self._left = self._left or bytes(next(self._pieces, b""))
        taken = min(len(self._left), len(buffer))
        buffer[:taken], self._left = self._left[:taken], self._left[taken:]
        return taken
