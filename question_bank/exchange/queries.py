"""Files and exports within reach, what a bank holds already, and its items as they travel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from epa.database import db
from epa.people.models import Person
from epa.people.rules import Permission
from epa.web.pagination import count_of
from question_bank.exchange.models import BankExport, FileEntry, ItemFile
from question_bank.exchange.rules import Outcome, marked
from question_bank.interchange.item import Item
from question_bank.items import queries as items
from question_bank.items.models import BankItem, ItemVersion, QuestionBank
from question_bank.items.rules import ItemStatus

_AT_ONCE: Final = 500


def _banks(person: Person, permission: Permission) -> Select[UUID]:
    return items.banks(person, permission).with_only_columns(QuestionBank.id).order_by(None)


def file_for(person: Person, permission: Permission, file_id: UUID) -> ItemFile | None:
    """A file of items for a bank that this person reaches; None as for an unknown id."""
    reached = _banks(person, permission)
    return db.session.scalar(
        select(ItemFile).where(ItemFile.id == file_id, ItemFile.bank_id.in_(reached))
    )


def export_for(person: Person, permission: Permission, export_id: UUID) -> BankExport | None:
    """A request to export a bank that this person reaches; None as for an unknown id."""
    reached = _banks(person, permission)
    return db.session.scalar(
        select(BankExport).where(BankExport.id == export_id, BankExport.bank_id.in_(reached))
    )


def exports(person: Person, permission: Permission) -> Select[BankExport]:
    """The requests to export a bank within reach, the latest first."""
    query = select(BankExport).where(BankExport.bank_id.in_(_banks(person, permission)))
    return query.order_by(BankExport.asked_at.desc(), BankExport.id)


def last_number(bank: QuestionBank) -> int:
    """The number of the last export of a bank; 0 before the first."""
    query = select(func.max(BankExport.number)).where(BankExport.bank_id == bank.id)
    return db.session.scalar(query) or 0


def entries_of(file: ItemFile, outcome: Outcome | None = None) -> Select[FileEntry]:
    """What became of each item of a file, in its order."""
    query = select(FileEntry).where(FileEntry.file_id == file.id)
    if outcome is not None:
        query = query.where(FileEntry.outcome == outcome)
    return query.order_by(FileEntry.place)


def counts_of(file: ItemFile) -> dict[Outcome, int]:
    """How many items of a file came to what."""
    query = (
        select(FileEntry.outcome, func.count())
        .where(FileEntry.file_id == file.id)
        .group_by(FileEntry.outcome)
    )
    found = dict(db.session.execute(query).all())
    return {outcome: found.get(outcome, 0) for outcome in Outcome}


def fingerprints(bank: QuestionBank) -> frozenset[str]:
    """What tells the items of a bank apart, in every version, and as they came."""
    query = (
        select(ItemVersion.fingerprint, ItemVersion.came_as)
        .join(ItemVersion.item)
        .where(BankItem.bank_id == bank.id)
    )
    return frozenset(one for row in db.session.execute(query) for one in row if one)


def travelling(bank: QuestionBank, mark: str) -> Iterator[Item]:
    """A bank's items for a file, prompts among them: what is approved, else the newest not retired.

    Args:
        bank: the bank.
        mark: what the export is known by; each item carries it.
    """
    ids = db.session.scalars(_to_travel(bank)).all()
    for start in range(0, len(ids), _AT_ONCE):
        for version in _whole(ids[start : start + _AT_ONCE]):
            yield marked(items.with_pictures(version), mark)
            db.session.expunge(version)


def _whole(ids: Sequence[UUID]) -> Sequence[ItemVersion]:
    query = (
        select(ItemVersion)
        .join(ItemVersion.item)
        .where(ItemVersion.id.in_(ids))
        .options(
            selectinload(ItemVersion.options),
            selectinload(ItemVersion.guide),
            selectinload(ItemVersion.pictures),
        )
        .order_by(BankItem.reference)
    )
    return db.session.scalars(query).all()


def _to_travel(bank: QuestionBank) -> Select[UUID]:
    live = aliased(ItemVersion)
    is_there = select(live.id).where(
        live.item_id == ItemVersion.item_id, live.status == ItemStatus.APPROVED
    )
    return (
        select(ItemVersion.id)
        .join(ItemVersion.item)
        .where(
            BankItem.bank_id == bank.id,
            or_(
                ItemVersion.status == ItemStatus.APPROVED,
                ItemVersion.status.in_((ItemStatus.DRAFT, ItemStatus.IN_REVIEW))
                & ~is_there.exists(),
            ),
        )
        .order_by(BankItem.reference)
    )


def count_to_travel(bank: QuestionBank) -> int:
    """How many items an export of a bank holds."""
    return count_of(db.session(), _to_travel(bank))


def most_options(bank: QuestionBank) -> int:
    """The most options that an item of a bank has: tables need to know before the first row."""
    counted = (
        select(func.count().label("options"))
        .select_from(ItemVersion)
        .join(ItemVersion.options)
        .join(ItemVersion.item)
        .where(BankItem.bank_id == bank.id)
        .group_by(ItemVersion.id)
        .subquery()
    )
    return db.session.scalar(select(func.max(counted.c.options))) or 0
