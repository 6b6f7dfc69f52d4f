"""Which prompts of an EPAO's banks may be drawn today, and what one says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from epa.database import db
from question_bank.interchange.markup import plain
from question_bank.items.models import BankItem, EnemyPair, ItemVersion, QuestionBank
from question_bank.items.rules import ItemKind, ItemStatus, is_overdue


@dataclass(frozen=True)
class ReadyPrompt:
    """A prompt that may be drawn; ``name`` tells it and its version apart from all others."""

    name: str
    item_id: UUID
    version_id: UUID


@dataclass(frozen=True)
class PromptWords:
    """What a prompt says: the question, what a good answer shows, what it asks about."""

    text: str
    guide: tuple[str, ...]
    ksbs: tuple[str, ...]


def ready_prompts(
    epao_id: UUID, framework_code: str, *, today: date, without: Collection[UUID] = ()
) -> list[ReadyPrompt]:
    """The approved prompts of an EPAO's banks for a standard, by name; none that is overdue.

    Args:
        epao_id: the EPAO.
        framework_code: the standard.
        today: London's date.
        without: items that are left out.
    """
    rows = db.session.execute(
        select(
            QuestionBank.code,
            BankItem.reference,
            ItemVersion.number,
            BankItem.id,
            ItemVersion.id.label("version_id"),
            BankItem.review_due_on,
        )
        .select_from(ItemVersion)
        .join(ItemVersion.item)
        .join(BankItem.bank)
        .where(
            QuestionBank.epao_id == epao_id,
            QuestionBank.framework_code == framework_code,
            BankItem.kind == ItemKind.OBSERVATION_PROMPT,
            ItemVersion.status == ItemStatus.APPROVED,
        )
    )
    found = [
        ReadyPrompt(f"{row.code}/{row.reference}/{row.number}", row.id, row.version_id)
        for row in rows
        if row.id not in without and not is_overdue(row.review_due_on, today)
    ]
    return sorted(found, key=lambda one: one.name)


def enemies_among(items: Collection[UUID]) -> frozenset[UUID]:
    """The items that may not be asked beside one of these."""
    pairs = db.session.execute(
        select(EnemyPair.item_id, EnemyPair.enemy_id).where(
            or_(EnemyPair.item_id.in_(items), EnemyPair.enemy_id.in_(items))
        )
    )
    return frozenset(one for pair in pairs for one in pair) - frozenset(items)


def words_of(version_ids: Collection[UUID]) -> Mapping[UUID, PromptWords]:
    """What these versions say, in plain words, by version."""
    if not version_ids:
        return {}
    versions = db.session.scalars(
        select(ItemVersion)
        .where(ItemVersion.id.in_(version_ids))
        .options(selectinload(ItemVersion.guide))
    )
    return {
        one.id: PromptWords(
            plain(one.stem),
            tuple(plain(point.text) for point in one.guide),
            tuple(filter(None, (one.ksb, *one.other_ksbs))),
        )
        for one in versions
    }
