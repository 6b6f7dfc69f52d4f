"""The log of a mark sheet as plain rows: the newest judgement of a KSB, and its notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, bindparam, func, or_, select

from epa.database import ask
from epa.judgements.models import EvidenceNote, Judgement
from epa.lifecycle.rules import Grade


class Judged(NamedTuple):
    """The newest judgement of a KSB, its number 0 while there is none.

    ``before`` is the last other grade that stood; None for not judged.
    """

    ksb_code: str
    sequence: int = 0
    grade: Grade | None = None
    judged_at: datetime | None = None
    judged_by_id: UUID | None = None
    before: Grade | None = None


class Noted(NamedTuple):
    """A version of a note; see `epa.judgements.models.EvidenceNote`."""

    id: UUID
    sequence: int
    version: int
    ksbs: list[str]
    source: str
    service_user: int | None
    piece: int | None
    text: str
    replaces_id: UUID | None
    token: str | None
    noted_at: datetime
    noted_by_id: UUID


_ON_KSB: Final = (
    Judgement.sheet_id == bindparam("sheet"),
    Judgement.ksb_code == bindparam("ksb"),
)
_NEWEST: Final = (
    select(Judgement.sequence, Judgement.grade, Judgement.judged_at, Judgement.judged_by_id)
    .where(*_ON_KSB)
    .order_by(Judgement.sequence.desc())
    .limit(1)
)
_GRADES: Final = select(Judgement.grade).where(*_ON_KSB).order_by(Judgement.sequence.desc())

_OF_SHEET: Final[Select[*tuple[Any, ...]]] = (
    select(*(getattr(EvidenceNote, name) for name in Noted._fields))
    .where(EvidenceNote.sheet_id == bindparam("sheet"))
    .order_by(EvidenceNote.sequence.desc())
)
_ABOUT: Final = _OF_SHEET.where(
    or_(
        EvidenceNote.id == bindparam("replaces"),
        EvidenceNote.replaces_id == bindparam("replaces"),
        EvidenceNote.token == bindparam("token"),
    )
)
_HIGHEST: Final = select(func.max(EvidenceNote.sequence)).where(
    EvidenceNote.sheet_id == bindparam("sheet")
)


def newest_on(sheet_id: UUID, ksb: str) -> Judged:
    """The judgement of a KSB that counts, without what stood before it."""
    found = ask(_NEWEST, {"sheet": sheet_id, "ksb": ksb}).first()
    return Judged(ksb, *found) if found else Judged(ksb)


def with_before(sheet_id: UUID, newest: Judged) -> Judged:
    """The same with the last other grade."""
    grades = ask(_GRADES, {"sheet": sheet_id, "ksb": newest.ksb_code}).scalars().all()
    return newest._replace(before=next((one for one in grades if one is not newest.grade), None))


def notes_about(sheet_id: UUID, replaces: UUID | None, token: str | None) -> list[Noted]:
    """A note that is to be replaced, what replaced it already, and the one that a save named."""
    given = {"sheet": sheet_id, "replaces": replaces, "token": token}
    return [Noted(*row) for row in ask(_ABOUT, given)]


def highest_number(sheet_id: UUID) -> int:
    """The number of the newest note of a sheet, 0 before the first."""
    return ask(_HIGHEST, {"sheet": sheet_id}).scalar() or 0
