"""Opening a bank and writing its items; each step is kept and written down."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, or_

from epa.audit.services import record
from epa.database import db
from epa.errors import RuleBroken
from epa.files.models import StoredFile
from epa.files.services import opened, store
from epa.people.models import Organisation, Person
from epa.uploads import UploadRefused, check_upload
from question_bank.interchange.faults import LARGEST_PICTURE, Unfit
from question_bank.interchange.item import Item
from question_bank.interchange.pictures import Picture, picture_of
from question_bank.items import queries
from question_bank.items.models import (
    BankItem,
    EnemyPair,
    GuidePoint,
    ItemEvent,
    ItemOption,
    ItemPicture,
    ItemVersion,
    QuestionBank,
)
from question_bank.items.rules import (
    ItemKind,
    ItemStatus,
    ItemStep,
    in_pairs,
    searched,
    status_after,
)
from question_bank.items.texts import cleaned, kept_title, renamed, search_words

_ENDINGS: Final = frozenset({"jpg", "png"})


def open_bank(
    epao: Organisation, *, code: str, title: str, framework_code: str, actor: Person, at: datetime
) -> QuestionBank:
    """Open a bank for an EPAO.

    Raises:
        RuleBroken: there is a bank of this code.
    """
    if queries.bank_called(code) is not None:
        raise RuleBroken("bank-code", f"There is a bank called {code}. Choose another.", "code")
    bank = QuestionBank(
        code=code, title=title, epao=epao, framework_code=framework_code, created_at=at
    )
    db.session.add(bank)
    db.session.flush()
    record(actor, "question bank opened", bank, at=at, code=code, framework=framework_code)
    return bank


# ------------------------------------------------------------------------------------------ writing


def draft_item(
    bank: QuestionBank,
    kind: ItemKind,
    content: Item,
    *,
    enemies: Collection[str] = (),
    actor: Person,
    at: datetime,
) -> BankItem:
    """Write a new item: its first version, a draft.

    Args:
        bank: where to.
        kind: what it asks for.
        content: as it was typed; an empty reference gets the next number.
        enemies: references of items that may not stand on the same paper.
        actor: the author.
        at: when.

    Raises:
        RuleBroken: it has no question, the reference is taken, or an enemy is not known.
    """
    reference = content.reference or _next_reference(bank, kind)
    if reference in queries.references(bank):
        raise RuleBroken(
            "reference", f"There is a question called {reference}. Choose another.", "reference"
        )
    item = BankItem(bank=bank, reference=reference, kind=kind, created_at=at)
    db.session.add(item)
    db.session.flush()
    ready = _ready(item, replace(content, reference=reference), actor=actor, at=at)
    version = _new_version(item, 1, ready, at)
    _set_enemies(item, enemies)
    happened(version, ItemStep.DRAFTED, actor=actor, at=at)
    return item


def edit_item(
    item: BankItem,
    content: Item,
    *,
    seen: int,
    enemies: Collection[str] = (),
    actor: Person,
    at: datetime,
) -> ItemVersion:
    """Change a draft, or begin a new version of what is approved or retired.

    Args:
        item: the item.
        content: as it was typed.
        seen: the lock number of the version that the author had before them.
        enemies: references of items that may not stand on the same paper.
        actor: the author.
        at: when.

    Returns:
        The draft as it stands now.

    Raises:
        RuleBroken: it is in review, somebody else changed it meanwhile, or as for `draft_item`.
    """
    version = queries.newest(item)
    if version.status is ItemStatus.IN_REVIEW:
        raise RuleBroken("in-review", "It is in review. Take it back before you change it.")
    if version.lock_version != seen:
        last = max(version.events, key=lambda one: (one.at, one.place)).by
        who = last.name if last is not None else "An import"
        raise RuleBroken(
            "changed-meanwhile",
            f"{who} changed this question while you wrote. Your text is kept here: look at theirs"
            " in another window, then send yours again or leave it.",
        )
    ready = _ready(item, replace(content, reference=item.reference), actor=actor, at=at)
    step = ItemStep.EDITED
    if status_after(version.status, step) is None:
        version, step = _new_version(item, version.number + 1, ready, at), ItemStep.DRAFTED
    else:
        fill(version, ready.item, ready.files, at=at)
        db.session.flush()
    _set_enemies(item, enemies)
    happened(version, step, actor=actor, at=at)
    return version


def preview(typed: Item, bank: QuestionBank, item: BankItem | None = None) -> Item | None:
    """What is being typed, cleaned as it would be kept; None while there is nothing to show.

    Args:
        typed: what stands in the editor.
        bank: whose plan says how many marks there are.
        item: the item that is being changed, for the pictures that it has.
    """
    files = _known_files(item) if item is not None else {}
    try:
        content = cleaned(typed, lambda name: _bytes_of(files.get(name)))
    except Unfit:
        return None
    return _marked(content, bank)


def _marked(content: Item, bank: QuestionBank) -> Item:
    """The item with the plan's marks for its kind, unless it brought its own."""
    if content.type_code == ItemKind.OBSERVATION_PROMPT or content.marks is not None:
        return content
    question_type = queries.method_of(bank).question_type(content.type_code)
    return replace(content, marks=max(question_type.marks))


def _new_version(item: BankItem, number: int, ready: _Content, at: datetime) -> ItemVersion:
    version = ItemVersion(number=number, status=ItemStatus.DRAFT)
    fill(version, ready.item, ready.files, at=at)
    item.versions.append(version)
    db.session.flush()
    return version


def _next_reference(bank: QuestionBank, kind: ItemKind) -> str:
    """The next free reference of a kind, such as MC-0007."""
    beginning = "".join(word[0] for word in kind.value.split("_")).upper()
    taken = queries.references(bank)
    number = sum(one.startswith(f"{beginning}-") for one in taken) + 1
    while f"{beginning}-{number:04}" in taken:
        number += 1
    return f"{beginning}-{number:04}"


def _ready(item: BankItem, typed: Item, *, actor: Person, at: datetime) -> _Content:
    """What was typed, cleaned, its pictures drawn anew and kept; nothing else has it yet."""
    files = _known_files(item)
    try:
        content = cleaned(typed, lambda name: _bytes_of(files.get(name)))
    except Unfit as unfit:
        raise RuleBroken("item-text", _sentence(unfit), "stem") from unfit
    content = with_files(_marked(content, item.bank), files, actor=actor, at=at)
    twin = queries.twin_of(item.bank, [content.fingerprint().hex()], item)
    if twin is not None:
        raise RuleBroken("item-twin", f"{twin.reference} asks exactly this already.", "stem")
    return _Content(content, files)


@dataclass(frozen=True)
class _Content:
    """An item in the one form, and the kept files of its pictures by name."""

    item: Item
    files: Mapping[str, StoredFile]


def with_files(content: Item, files: dict[str, StoredFile], *, actor: Person, at: datetime) -> Item:
    """Keep the pictures that are new, drawn anew; the item shows them under their new names.

    Args:
        content: in the one form, with the bytes of its pictures.
        files: those kept already, by name; the new ones are added.
        actor: who brings them.
        at: when.

    Raises:
        RuleBroken: one is no PNG or JPEG, is damaged or too large.
    """
    names: dict[str, Picture] = {}
    for picture in content.pictures:
        if picture.name in files:
            continue
        kept = _drawn_anew(picture, files, actor=actor, at=at)
        names[picture.name] = kept
    return renamed(content, names)


def _drawn_anew(
    picture: Picture, files: dict[str, StoredFile], *, actor: Person, at: datetime
) -> Picture:
    """A picture without what hides in it, kept under the name of its new bytes."""
    name = picture.name.rpartition("/")[2]
    try:
        drawn = check_upload(
            name, io.BytesIO(picture.data), allowed=_ENDINGS, max_bytes=LARGEST_PICTURE
        )
    except UploadRefused as refused:
        raise RuleBroken(
            "picture-refused",
            "A picture cannot be taken in. It must be a whole PNG or JPEG.",
            "picture",
        ) from refused
    with drawn:
        kept = picture_of(drawn.content.read(), name)
        drawn.content.seek(0)
        if kept.name not in files:
            files[kept.name] = store(drawn, actor=actor, at=at)
    return kept


def _known_files(item: BankItem) -> dict[str, StoredFile]:
    """The pictures of all versions of an item, by name."""
    return {one.name: one.file for version in item.versions for one in version.pictures}


def _bytes_of(file: StoredFile | None) -> bytes | None:
    return None if file is None else b"".join(opened(file))


def _sentence(fault: Exception) -> str:
    text = str(fault)
    return f"{text[:1].upper()}{text[1:]}."


def fill(
    version: ItemVersion, content: Item, files: Mapping[str, StoredFile], *, at: datetime
) -> None:
    """Write a content into a draft's rows.

    Args:
        version: the draft.
        content: in the one form, its pictures under the names of kept files.
        files: the kept files by these names.
        at: when.
    """
    version.title = kept_title(content)
    version.stem, version.key, version.marks = content.stem, content.key, content.marks
    version.keep_order, version.model_answer = content.keep_order, content.model_answer
    version.ksb = content.ksbs[0] if content.ksbs else None
    version.other_ksbs = list(content.ksbs[1:])
    version.tags, version.sources = list(content.tags), list(content.sources)
    version.facility = content.facility
    version.fingerprint = content.fingerprint().hex()
    version.search_text = searched(search_words(content))
    version.changed_at = at
    version.options = [
        ItemOption(position=place, text=one.text, rationale=one.rationale)
        for place, one in enumerate(content.options)
    ]
    version.guide = [
        GuidePoint(position=place, text=text) for place, text in enumerate(content.guide)
    ]
    known = {one.name: one for one in version.pictures}
    version.pictures = [
        known.get(one.name) or ItemPicture(name=one.name, file=files[one.name])
        for one in content.pictures
    ]


def _set_enemies(item: BankItem, names: Collection[str]) -> None:
    found = queries.called(item.bank, set(names))
    unknown = sorted(set(names) - {one.reference for one in found})
    if unknown:
        raise RuleBroken(
            "enemies", f"This bank has no question called {', '.join(unknown)}.", "enemies"
        )
    if item in found:
        raise RuleBroken("enemies", "A question cannot be kept apart from itself.", "enemies")
    db.session.execute(
        delete(EnemyPair).where(or_(EnemyPair.item_id == item.id, EnemyPair.enemy_id == item.id))
    )
    for first, second in sorted(in_pairs(str(item.id), [str(one.id) for one in found])):
        db.session.add(EnemyPair(item_id=UUID(first), enemy_id=UUID(second)))
    db.session.flush()


def happened(
    version: ItemVersion, step: ItemStep, comment: str = "", *, actor: Person, at: datetime
) -> None:
    """Add a step to a version's history, and to the audit log without its words."""
    db.session.add(
        ItemEvent(
            version=version,
            place=len(version.events),
            step=step,
            comment=comment,
            at=at,
            by=actor,
        )
    )
    db.session.flush()
    action = f"item {step.value.replace('_', ' ')}"
    record(actor, action, version.item, at=at, version=version.number)
