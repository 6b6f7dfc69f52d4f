"""How much somebody has stored lately, and their own files on the way in."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select

from epa.database import db
from epa.files.models import HeldFile, PartialUpload, StoredFile
from epa.files.rules import KEPT_UNUSED
from epa.people.models import Person
from epa.people.rules import Permission


def bytes_stored_since(person: Person, since: datetime) -> int:
    """The sizes of this person's files, from ``since`` on, added up."""
    query = select(func.coalesce(func.sum(StoredFile.size), 0)).where(
        StoredFile.uploaded_by_id == person.id, StoredFile.uploaded_at >= since
    )
    return int(db.session.execute(query).scalar_one())


def _own(person: Person) -> Select[PartialUpload]:
    return select(PartialUpload).where(
        PartialUpload.person_id == person.id, PartialUpload.used_at.is_(None)
    )


def upload_for(person: Person, _permission: Permission, upload_id: UUID) -> PartialUpload | None:
    """A file on its way in that this person began; None as for an unknown id, or once it is used."""
    return db.session.scalar(_own(person).where(PartialUpload.id == upload_id))


def under_way(person: Person, since: datetime) -> list[PartialUpload]:
    """The files that this person has on the way in or waiting to be used, newest first."""
    query = _own(person).where(PartialUpload.last_at >= since)
    return list(db.session.scalars(query.order_by(PartialUpload.last_at.desc())))


def to_sweep(at: datetime, most: int) -> list[PartialUpload]:
    """Files on the way in that nobody will ask for again: used, or left for too long."""
    gone = or_(PartialUpload.used_at.is_not(None), PartialUpload.last_at < at - KEPT_UNUSED)
    query = select(PartialUpload).where(gone).order_by(PartialUpload.last_at).limit(most)
    return list(db.session.scalars(query.with_for_update(skip_locked=True, of=PartialUpload)))


def hold_on(file: StoredFile) -> HeldFile | None:
    """What keeps a file from being given to anybody; None when nothing does."""
    query = select(HeldFile).where(HeldFile.file_id == file.id, HeldFile.released_at.is_(None))
    return db.session.scalar(query)


def to_scan() -> list[UUID]:
    """The holds whose files the scanner is still to be asked about, the longest held first."""
    query = select(HeldFile.id).where(HeldFile.released_at.is_(None), HeldFile.found_at.is_(None))
    return list(db.session.scalars(query.order_by(HeldFile.held_at)))
