"""Blueprints and papers within reach, the pool that papers are drawn from, a paper built again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, selectinload

from epa.database import db
from epa.people.models import Person
from epa.people.queries import epao_ids
from epa.people.rules import Permission
from frameworks import Faults
from question_bank.drawing.loading import default_blueprint
from question_bank.drawing.paper import CellKey, DrawBlueprint, DrawnPaper, PoolItem
from question_bank.interchange.item import Item
from question_bank.items import queries as items
from question_bank.items.models import (
    BankItem,
    EnemyPair,
    ItemOption,
    ItemVersion,
    QuestionBank,
)
from question_bank.items.rules import REMINDER_DAYS, ItemKind, ItemStatus
from question_bank.papers.models import ItemMeasure, Paper, PaperBlueprint, PaperItem
from question_bank.papers.rules import (
    Adequacy,
    PaperPurpose,
    adequacy_of,
    digest_of,
    from_record,
)

_COMING = (ItemStatus.DRAFT, ItemStatus.IN_REVIEW)


def blueprints(bank: QuestionBank) -> Sequence[PaperBlueprint]:
    """The stored blueprints of a bank, by name."""
    query = select(PaperBlueprint).where(PaperBlueprint.bank_id == bank.id)
    return db.session.scalars(query.order_by(PaperBlueprint.name)).all()


def blueprint_for(
    person: Person, permission: Permission, blueprint_id: UUID
) -> PaperBlueprint | None:
    """A blueprint of a bank that this person reaches; None as for an unknown id."""
    reached = items.banks(person, permission).with_only_columns(QuestionBank.id).order_by(None)
    return db.session.scalar(
        select(PaperBlueprint).where(
            PaperBlueprint.id == blueprint_id, PaperBlueprint.bank_id.in_(reached)
        )
    )


def blueprint_called(bank: QuestionBank, name: str) -> DrawBlueprint | None:
    """A bank's blueprint by name: a stored one, else the one that comes with its standard."""
    query = select(PaperBlueprint).where(
        PaperBlueprint.bank_id == bank.id, PaperBlueprint.name == name
    )
    stored = db.session.scalar(query)
    if stored is not None:
        return from_record(stored.record)
    return standard_blueprint(bank) if name == bank.framework_code else None


def standard_blueprint(bank: QuestionBank) -> DrawBlueprint | None:
    """The blueprint that comes with a bank's standard, if one does."""
    try:
        return default_blueprint(bank.framework_code)
    except Faults:
        return None


def known_blueprints(bank: QuestionBank) -> dict[str, DrawBlueprint]:
    """Every blueprint that a paper of a bank can be drawn by, by name."""
    standard = standard_blueprint(bank)
    known = {bank.framework_code: standard} if standard is not None else {}
    return known | {one.name: from_record(one.record) for one in blueprints(bank)}


def papers(person: Person, permission: Permission) -> Select[Paper]:
    """The papers of the banks within reach, the latest first."""
    reached = epao_ids(person, permission)
    query = select(Paper).join(Paper.bank).where(QuestionBank.epao_id.in_(reached))
    return query.order_by(Paper.drawn_at.desc(), Paper.number.desc())


def paper_for(person: Person, permission: Permission, paper_id: UUID) -> Paper | None:
    """A paper of a bank that this person reaches; None as for an unknown id."""
    return db.session.scalar(papers(person, permission).where(Paper.id == paper_id))


def last_number(bank: QuestionBank) -> int:
    """The number of the last paper of a bank; 0 before the first."""
    return db.session.scalar(select(func.max(Paper.number)).where(Paper.bank_id == bank.id)) or 0


# ---------------------------------------------------------------------------------------- the pool


def pool_items(bank: QuestionBank, today: date) -> list[PoolItem]:
    """What may be drawn: approved, not overdue for review, filed under a KSB, with an estimate.

    Each comes with the facility of its answers in live tests, where there are any.

    Args:
        bank: the bank.
        today: London's date.
    """
    uses, options, enemies = _uses(bank), _option_counts(bank), _enemies(bank)
    return [
        PoolItem(
            reference=row.reference,
            version=row.number,
            type_code=row.kind.value,
            ksb=row.ksb,
            marks=int(row.marks),
            estimate=row.facility,
            uses=uses[row.item_id],
            responses=row.n or 0,
            facility=row.measured,
            options=options[row.id],
            keep_order=row.keep_order,
            enemies=tuple(enemies[row.item_id]),
        )
        for row in db.session.execute(_drawable(bank, today))
    ]


def _drawable(bank: QuestionBank, today: date) -> Select[*tuple[Any, ...]]:
    """What the draw needs to know of the versions that may be drawn."""
    return (
        select(
            ItemVersion.id,
            ItemVersion.item_id,
            ItemVersion.number,
            ItemVersion.ksb,
            ItemVersion.marks,
            ItemVersion.facility,
            ItemVersion.keep_order,
            BankItem.reference,
            BankItem.kind,
            ItemMeasure.n,
            ItemMeasure.facility.label("measured"),
        )
        .join(ItemVersion.item)
        .outerjoin(ItemMeasure, ItemMeasure.version_id == ItemVersion.id)
        .where(
            BankItem.bank_id == bank.id,
            BankItem.kind != ItemKind.OBSERVATION_PROMPT,
            BankItem.review_due_on >= today,
            ItemVersion.status == ItemStatus.APPROVED,
            ItemVersion.ksb.is_not(None),
            ItemVersion.marks.is_not(None),
            ItemVersion.facility.is_not(None),
        )
    )


def _uses(bank: QuestionBank) -> Counter[UUID]:
    """In how many live papers each item has been, in whatever version."""
    query = (
        select(ItemVersion.item_id, func.count())
        .join(PaperItem, PaperItem.version_id == ItemVersion.id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .where(Paper.bank_id == bank.id, Paper.purpose == PaperPurpose.LIVE)
        .group_by(ItemVersion.item_id)
    )
    return Counter(dict(db.session.execute(query).all()))


def _option_counts(bank: QuestionBank) -> Counter[UUID]:
    query = (
        select(ItemOption.version_id, func.count())
        .join(ItemVersion, ItemVersion.id == ItemOption.version_id)
        .join(BankItem, BankItem.id == ItemVersion.item_id)
        .where(BankItem.bank_id == bank.id, ItemVersion.status == ItemStatus.APPROVED)
        .group_by(ItemOption.version_id)
    )
    return Counter(dict(db.session.execute(query).all()))


def _enemies(bank: QuestionBank) -> defaultdict[UUID, list[str]]:
    """The references of each item's enemies; the pool reads each pair from both sides."""
    enemy = aliased(BankItem)
    query = (
        select(EnemyPair.item_id, enemy.reference)
        .join(enemy, enemy.id == EnemyPair.enemy_id)
        .where(enemy.bank_id == bank.id)
        .order_by(enemy.reference)
    )
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    for item_id, reference in db.session.execute(query):
        found[item_id].append(reference)
    return found


def seen_by(candidate_id: UUID, bank: QuestionBank) -> frozenset[str]:
    """The references of the items on a candidate's earlier papers of a bank."""
    query = (
        select(BankItem.reference)
        .join(ItemVersion, ItemVersion.item_id == BankItem.id)
        .join(PaperItem, PaperItem.version_id == ItemVersion.id)
        .join(Paper, Paper.id == PaperItem.paper_id)
        .where(Paper.bank_id == bank.id, Paper.candidate_id == candidate_id)
    )
    return frozenset(db.session.scalars(query))


def stood_on(bank: QuestionBank, numbers: Collection[int]) -> dict[int, frozenset[str]]:
    """The references of the items on papers of a bank, by the papers' numbers."""
    query = (
        select(Paper.number, BankItem.reference)
        .join(PaperItem, PaperItem.paper_id == Paper.id)
        .join(PaperItem.version)
        .join(ItemVersion.item)
        .where(Paper.bank_id == bank.id, Paper.number.in_(numbers))
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for number, reference in db.session.execute(query):
        found[number].add(reference)
    return {number: frozenset(names) for number, names in found.items()}


def drawn_versions(bank: QuestionBank, names: Collection[str]) -> dict[str, ItemVersion]:
    """The approved versions of items, by reference."""
    query = (
        select(BankItem.reference, ItemVersion)
        .join(ItemVersion.item)
        .where(
            BankItem.bank_id == bank.id,
            BankItem.reference.in_(names),
            ItemVersion.status == ItemStatus.APPROVED,
        )
        .options(selectinload(ItemVersion.options), selectinload(ItemVersion.guide))
    )
    return dict(db.session.execute(query).all())


# ------------------------------------------------------------------------------------------ adequacy


def adequacy(bank: QuestionBank, blueprint: DrawBlueprint, today: date) -> Adequacy:
    """How many papers and re-sits a bank supports, cell by cell."""
    soon = today + timedelta(days=max(REMINDER_DAYS))
    due = items.approved_versions(bank).where(BankItem.review_due_on.between(today, soon))
    coming = (
        select(ItemVersion)
        .join(ItemVersion.item)
        .where(BankItem.bank_id == bank.id, ItemVersion.status.in_(_COMING))
    )
    return adequacy_of(blueprint, pool_items(bank, today), _by_cell(due), _by_cell(coming))


def _by_cell(query: Select[ItemVersion]) -> dict[CellKey, int]:
    counted = (
        query.with_only_columns(ItemVersion.ksb, BankItem.kind, func.count())
        .where(ItemVersion.ksb.is_not(None))
        .group_by(ItemVersion.ksb, BankItem.kind)
    )
    return {(ksb or "", kind.value): count for ksb, kind, count in db.session.execute(counted)}


# ------------------------------------------------------------------------------------ built again


@dataclass(frozen=True)
class Question:
    """A question of a stored paper.

    Attributes:
        number: its place on the paper, from 1.
        ksb: the KSB that it was drawn for.
        marks: the most that it may get.
        version: the stored version.
        content: what it says.
        order: for each place on the paper, which option of the item stands there, from 0.
    """

    number: int
    ksb: str
    marks: int
    version: ItemVersion
    content: Item
    order: tuple[int, ...]


def drawn(paper: Paper) -> DrawnPaper:
    """The draw of a stored paper, letter for letter; nothing is drawn again."""
    return DrawnPaper.from_record(paper.record)


def is_unchanged(paper: Paper) -> bool:
    """Whether a paper built again is, to the letter, the one that was drawn."""
    built = ((one.content, one.order) for one in questions_of(paper))
    return digest_of(built) == paper.digest


def questions_of(paper: Paper) -> list[Question]:
    """The questions of a stored paper, from the versions and the order that were stored."""
    query = (
        select(PaperItem)
        .where(PaperItem.paper_id == paper.id)
        .options(
            selectinload(PaperItem.version).selectinload(ItemVersion.options),
            selectinload(PaperItem.version).selectinload(ItemVersion.guide),
            selectinload(PaperItem.version).selectinload(ItemVersion.pictures),
        )
        .order_by(PaperItem.position)
    )
    placed = db.session.scalars(query).all()
    return [
        Question(
            number,
            one.ksb,
            one.marks,
            place.version,
            items.content_of(place.version),
            one.options,
        )
        for number, (place, one) in enumerate(zip(placed, drawn(paper).items, strict=True), start=1)
    ]
