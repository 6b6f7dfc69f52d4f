"""Which questions may be marked by a corrected key or guide, and what that is asked for and came to."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from epa.database import db, prepared
from epa.people.models import Person
from epa.people.queries import epao_ids
from epa.people.readers import NamedReader, Reader, rows_within
from epa.people.rules import Permission
from question_bank.items.models import BankItem, ItemVersion, QuestionBank
from question_bank.items.rules import ItemStatus
from question_bank.marking.models import PaperToMark, RemarkedPaper, Remarking
from question_bank.papers.models import PaperItem
from question_bank.sittings.models import Sitting


def asked_for(person: Person, permission: Permission, version_id: UUID) -> ItemVersion | None:
    """A version of an EPAO's banks that this person may have marked anew; None as for an unknown id."""
    return db.session.scalar(_versions(person, permission).where(ItemVersion.id == version_id))


def corrected_versions(person: Person, permission: Permission) -> Sequence[ItemVersion]:
    """The versions with answers of which a later one is approved, by the item's reference."""
    later = aliased(ItemVersion)
    approved = exists().where(
        later.item_id == ItemVersion.item_id,
        later.number > ItemVersion.number,
        later.status == ItemStatus.APPROVED,
    )
    sat = exists().where(
        PaperItem.version_id == ItemVersion.id,
        Sitting.paper_id == PaperItem.paper_id,
        PaperToMark.sitting_id == Sitting.id,
    )
    query = _versions(person, permission).where(approved, sat)
    return db.session.scalars(query.order_by(BankItem.reference, ItemVersion.number)).all()


def _versions(person: Reader, permission: Permission) -> Select[ItemVersion]:
    return (
        select(ItemVersion)
        .join(ItemVersion.item)
        .join(BankItem.bank)
        .where(QuestionBank.epao_id.in_(epao_ids(person, permission)))
    )


def remarkings(person: Reader, permission: Permission) -> Select[Remarking]:
    """What was asked to be marked anew at the EPAOs of this person, the newest first."""
    ids = _versions(person, permission).with_only_columns(ItemVersion.id)
    query = select(Remarking).where(Remarking.version_id.in_(ids))
    return query.order_by(Remarking.asked_at.desc(), Remarking.id)


def remarking_for(person: Person, permission: Permission, remarking_id: UUID) -> Remarking | None:
    """One of them; None as for an unknown id."""
    return db.session.scalar(remarkings(person, permission).where(Remarking.id == remarking_id))


def remarked_papers(person: Reader, permission: Permission) -> Select[RemarkedPaper]:
    """The papers that these touched."""
    ids = remarkings(person, permission).order_by(None).with_only_columns(Remarking.id)
    return select(RemarkedPaper).where(RemarkedPaper.remarking_id.in_(ids))


def remarked_for(person: Person, permission: Permission, remarked_id: UUID) -> RemarkedPaper | None:
    """One of them; None as for an unknown id."""
    return db.session.scalar(
        remarked_papers(person, permission).where(RemarkedPaper.id == remarked_id)
    )


def released_to_decide(person: Person, permission: Permission) -> Sequence[RemarkedPaper]:
    """The released results that wait for a decision."""
    found = rows_within(person, select(RemarkedPaper), _released, permission)
    return sorted(found, key=lambda one: one.id)


@prepared
def _released(reader: NamedReader, permission: Permission) -> Select[UUID]:
    return (
        remarked_papers(reader, permission)
        .where(RemarkedPaper.was_released, RemarkedPaper.decided_at.is_(None))
        .with_only_columns(RemarkedPaper.id)
    )
