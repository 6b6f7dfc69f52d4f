"""How much somebody has stored lately."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from epa.database import db
from epa.files.models import StoredFile
from epa.people.models import Person


def bytes_stored_since(person: Person, since: datetime) -> int:
    """The sizes of this person's files, from ``since`` on, added up."""
    query = select(func.coalesce(func.sum(StoredFile.size), 0)).where(
        StoredFile.uploaded_by_id == person.id, StoredFile.uploaded_at >= since
    )
    return int(db.session.execute(query).scalar_one())
