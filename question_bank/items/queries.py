"""Which banks, items and versions somebody reaches, and what there is to ask of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache
from typing import Final
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from epa.audit.models import AuditEntry
from epa.clock import london_date, london_instant
from epa.database import db
from epa.files.services import opened
from epa.people.models import Organisation, Person
from epa.people.queries import epao_ids
from epa.people.rules import Permission
from frameworks import (
    AssessmentPlan,
    DefinitionFaults,
    MarkedMethod,
    available_frameworks,
    load_plan,
)
from question_bank.interchange.item import Item, Option, settled
from question_bank.interchange.pictures import Picture
from question_bank.items.models import (
    BankItem,
    EnemyPair,
    ItemEvent,
    ItemPicture,
    ItemVersion,
    QuestionBank,
)
from question_bank.items.rules import WROTE, ItemKind, ItemStatus, ItemStep, searched

VIEWED: Final = "item viewed"
_PROMPTED: Final = "observation"


@cache
def plan_of(framework_code: str) -> AssessmentPlan:
    """The newest plan of a standard: what its bank's items are written for."""
    return load_plan(framework_code)


def method_of(bank: QuestionBank) -> MarkedMethod:
    """The marked method whose test a bank serves."""
    methods = plan_of(bank.framework_code).methods.values()
    return next(one for one in methods if isinstance(one, MarkedMethod))


def ksbs_for(bank: QuestionBank, kind: ItemKind) -> tuple[str, ...]:
    """The KSBs that an item of a kind may ask about: those its method grades."""
    plan = plan_of(bank.framework_code)
    code = _PROMPTED if kind is ItemKind.OBSERVATION_PROMPT else method_of(bank).code
    return plan.ksbs_of(code)


def tested_frameworks() -> dict[str, str]:
    """The standards that a bank can serve, by code: those whose plan has a marked method."""
    found = {}
    for one in available_frameworks():
        with suppress(DefinitionFaults):
            plan = plan_of(one.code)
            if any(isinstance(method, MarkedMethod) for method in plan.methods.values()):
                found[one.code] = plan.title
    return found


# ------------------------------------------------------------------------------ within one's reach


def epaos(person: Person, permission: Permission) -> Sequence[Organisation]:
    """The EPAOs at which this person may do this, by name."""
    query = select(Organisation).where(Organisation.id.in_(epao_ids(person, permission)))
    return db.session.scalars(query.order_by(Organisation.name)).all()


def banks(person: Person, permission: Permission) -> Select[QuestionBank]:
    """The banks of the EPAOs at which this person may do this, by title."""
    reached = epao_ids(person, permission)
    query = select(QuestionBank).where(QuestionBank.epao_id.in_(reached))
    return query.order_by(QuestionBank.title, QuestionBank.id)


def bank_for(person: Person, permission: Permission, bank_id: UUID) -> QuestionBank | None:
    """A bank, if this person may do this to it; None as for an unknown id."""
    return db.session.scalar(banks(person, permission).where(QuestionBank.id == bank_id))


def bank_called(code: str) -> QuestionBank | None:
    """The bank with this code."""
    return db.session.scalar(select(QuestionBank).where(QuestionBank.code == code))


def _items(person: Person, permission: Permission) -> Select[BankItem]:
    reached = epao_ids(person, permission)
    return select(BankItem).join(BankItem.bank).where(QuestionBank.epao_id.in_(reached))


def item_for(person: Person, permission: Permission, item_id: UUID) -> BankItem | None:
    """An item with its versions, if this person may do this to it; None as for an unknown id."""
    query = _items(person, permission).where(BankItem.id == item_id)
    return db.session.scalar(query.options(selectinload(BankItem.versions)))


def picture_for(person: Person, permission: Permission, picture_id: UUID) -> ItemPicture | None:
    """A picture of an item that this person reaches."""
    reached = _items(person, permission).with_only_columns(BankItem.id)
    query = select(ItemPicture).join(ItemPicture.version)
    return db.session.scalar(
        query.where(ItemPicture.id == picture_id, ItemVersion.item_id.in_(reached))
    )


# ---------------------------------------------------------------------------------------- the list


@dataclass(frozen=True)
class ItemFilter:
    """How a list of items is narrowed; None or empty leaves it wide."""

    words: str = ""
    bank_id: UUID | None = None
    kind: ItemKind | None = None
    status: ItemStatus | None = None
    ksb: str = ""
    is_due_by: date | None = None


def newest_versions(person: Person, permission: Permission) -> Select[ItemVersion]:
    """The newest version of every item within reach."""
    later = aliased(ItemVersion)
    newest = (
        select(func.max(later.number))
        .where(later.item_id == ItemVersion.item_id)
        .correlate(ItemVersion)
        .scalar_subquery()
    )
    reached = epao_ids(person, permission)
    return (
        select(ItemVersion)
        .join(ItemVersion.item)
        .join(BankItem.bank)
        .where(QuestionBank.epao_id.in_(reached), ItemVersion.number == newest)
    )


def narrowed(query: Select[ItemVersion], by: ItemFilter) -> Select[ItemVersion]:
    """A list of items narrowed by what was asked for."""
    for word in searched(by.words).split():
        query = query.where(ItemVersion.search_text.contains(word, autoescape=True))
    if by.bank_id is not None:
        query = query.where(BankItem.bank_id == by.bank_id)
    if by.kind is not None:
        query = query.where(BankItem.kind == by.kind)
    if by.status is not None:
        query = query.where(ItemVersion.status == by.status)
    if by.ksb:
        query = query.where(ItemVersion.ksb == by.ksb)
    if by.is_due_by is not None:
        query = query.where(BankItem.review_due_on <= by.is_due_by)
    return query


_ORDERS: Final = {
    "changed": ItemVersion.changed_at,
    "reference": BankItem.reference,
    "ksb": ItemVersion.ksb,
    "state": ItemVersion.status,
    "due": BankItem.review_due_on,
}


def ordered(query: Select[ItemVersion], key: str, *, descending: bool) -> Select[ItemVersion]:
    """A list of items in an order; what changed last stands first unless turned round."""
    column = _ORDERS[key]
    turned = not descending if key == "changed" else descending
    first = column.desc().nulls_last() if turned else column.asc().nulls_last()
    return query.order_by(first, BankItem.reference, ItemVersion.id)


def approved_versions(bank: QuestionBank) -> Select[ItemVersion]:
    """The approved version of every item of a bank, overdue ones too."""
    return (
        select(ItemVersion)
        .join(ItemVersion.item)
        .where(BankItem.bank_id == bank.id, ItemVersion.status == ItemStatus.APPROVED)
    )


def to_review_by(person: Person, permission: Permission, last: date) -> Select[ItemVersion]:
    """The approved items within reach whose yearly review is due by a day, the nearest first."""
    reached = epao_ids(person, permission)
    return (
        select(ItemVersion)
        .join(ItemVersion.item)
        .join(BankItem.bank)
        .where(
            QuestionBank.epao_id.in_(reached),
            ItemVersion.status == ItemStatus.APPROVED,
            BankItem.review_due_on <= last,
        )
        .order_by(BankItem.review_due_on, BankItem.reference, ItemVersion.id)
    )


def waiting(person: Person, permission: Permission) -> Select[ItemVersion]:
    """The versions within reach that wait for a reviewer, the longest first."""
    reached = epao_ids(person, permission)
    return (
        select(ItemVersion)
        .join(ItemVersion.item)
        .join(BankItem.bank)
        .where(QuestionBank.epao_id.in_(reached), ItemVersion.status == ItemStatus.IN_REVIEW)
        .order_by(ItemVersion.changed_at, ItemVersion.id)
    )


def returned_to(person: Person) -> Select[ItemVersion]:
    """The drafts that were returned from review and that this person wrote in."""
    last = aliased(ItemEvent)
    newest_step = (
        select(func.max(last.place))
        .where(last.version_id == ItemVersion.id, last.step != ItemStep.COMMENTED)
        .correlate(ItemVersion)
        .scalar_subquery()
    )
    returned = select(ItemEvent.id).where(
        ItemEvent.version_id == ItemVersion.id,
        ItemEvent.step == ItemStep.RETURNED,
        ItemEvent.place == newest_step,
    )
    wrote = select(last.id).where(
        last.version_id == ItemVersion.id, last.by_id == person.id, last.step.in_(WROTE)
    )
    query = select(ItemVersion).where(
        ItemVersion.status == ItemStatus.DRAFT, returned.exists(), wrote.exists()
    )
    return query.order_by(ItemVersion.changed_at, ItemVersion.id)


def references(bank: QuestionBank) -> frozenset[str]:
    """Every reference that is taken in a bank."""
    query = select(BankItem.reference).where(BankItem.bank_id == bank.id)
    return frozenset(db.session.scalars(query))


# ------------------------------------------------------------------------------- of one item


def newest(item: BankItem) -> ItemVersion:
    """The newest version of an item."""
    return item.versions[-1]


def is_standing(item: BankItem) -> bool:
    """Whether some version of an item is not retired."""
    return any(one.status is not ItemStatus.RETIRED for one in item.versions)


def approved(item: BankItem) -> ItemVersion | None:
    """The version of an item that papers are drawn from, if one is approved."""
    return next((one for one in item.versions if one.status is ItemStatus.APPROVED), None)


def numbered(item: BankItem, number: int | None) -> ItemVersion | None:
    """A version by its number; the newest when none is asked for."""
    if number is None:
        return newest(item)
    return next((one for one in item.versions if one.number == number), None)


def content_of(version: ItemVersion) -> Item:
    """A version as items travel and are checked; pictures stand in it by name alone."""
    item = version.item
    return settled(
        Item(
            reference=item.reference,
            title=version.title,
            type_code=item.kind.value,
            stem=version.stem,
            options=tuple(Option(one.text, one.rationale) for one in version.options),
            key=version.key,
            marks=version.marks,
            guide=tuple(point.text for point in version.guide),
            model_answer=version.model_answer,
            ksbs=tuple(filter(None, (version.ksb, *version.other_ksbs))),
            tags=tuple(version.tags),
            facility=version.facility,
            sources=tuple(version.sources),
            keep_order=version.keep_order,
        )
    )


def with_pictures(version: ItemVersion) -> Item:
    """The same with the bytes of its pictures, for a file of another system."""
    pictures = [
        Picture(one.name, one.file.content_type, b"".join(opened(one.file)))
        for one in version.pictures
    ]
    return settled(replace(content_of(version), pictures=tuple(pictures)))


def writers_of(version: ItemVersion) -> frozenset[UUID]:
    """Everybody who wrote, imported or changed this version."""
    query = select(ItemEvent.by_id).where(
        ItemEvent.version_id == version.id, ItemEvent.step.in_(WROTE)
    )
    return frozenset(one for one in db.session.scalars(query) if one is not None)


def history_of(item: BankItem) -> Sequence[ItemEvent]:
    """What happened to an item in all its versions, the latest first."""
    query = (
        select(ItemEvent)
        .join(ItemEvent.version)
        .where(ItemVersion.item_id == item.id)
        .options(joinedload(ItemEvent.version))
        .order_by(ItemEvent.at.desc(), ItemVersion.number.desc(), ItemEvent.place.desc())
    )
    return db.session.scalars(query).all()


def enemies_of(item: BankItem) -> Sequence[BankItem]:
    """The items that may not stand on the same paper, by reference."""
    pair = or_(
        and_(EnemyPair.item_id == item.id, EnemyPair.enemy_id == BankItem.id),
        and_(EnemyPair.enemy_id == item.id, EnemyPair.item_id == BankItem.id),
    )
    query = select(BankItem).where(select(EnemyPair.item_id).where(pair).exists())
    return db.session.scalars(query.order_by(BankItem.reference)).all()


def called(bank: QuestionBank, names: Collection[str]) -> Sequence[BankItem]:
    """The items of a bank with these references."""
    query = select(BankItem).where(BankItem.bank_id == bank.id, BankItem.reference.in_(names))
    return db.session.scalars(query).all()


def twin_of(bank: QuestionBank, marks: Iterable[str], item: BankItem | None) -> BankItem | None:
    """Another item of a bank that has, or came with, the same content."""
    known = list(marks)
    query = (
        select(BankItem)
        .join(BankItem.versions)
        .where(
            BankItem.bank_id == bank.id,
            or_(ItemVersion.fingerprint.in_(known), ItemVersion.came_as.in_(known)),
        )
    )
    if item is not None:
        query = query.where(BankItem.id != item.id)
    return db.session.scalar(query.limit(1))


def others_viewed_today(person: Person, at: datetime) -> frozenset[UUID]:
    """The items that this person looked at today and has never written in."""
    since = london_instant(london_date(at), time())
    own = (
        select(ItemVersion.item_id)
        .join(ItemVersion.events)
        .where(ItemEvent.by_id == person.id, ItemEvent.step.in_(WROTE))
    )
    query = select(AuditEntry.subject_id).where(
        AuditEntry.actor_id == person.id,
        AuditEntry.at >= since,
        AuditEntry.action == VIEWED,
        AuditEntry.subject_id.not_in(own),
    )
    return frozenset(one for one in db.session.scalars(query.distinct()) if one is not None)


def has_written(person: Person, item: BankItem) -> bool:
    """Whether somebody wrote in any version of an item."""
    query = (
        select(ItemEvent.id)
        .join(ItemEvent.version)
        .where(
            ItemVersion.item_id == item.id,
            ItemEvent.by_id == person.id,
            ItemEvent.step.in_(WROTE),
        )
    )
    return db.session.scalar(query.limit(1)) is not None
