"""Storing what a file brings, in one transaction; asking for an export, deciding, fetching it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import IO, Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert

from epa.audit.services import record
from epa.clock import london_date
from epa.database import db
from epa.errors import NotAllowed, RuleBroken
from epa.files.models import StoredFile
from epa.people.models import Person
from epa.web.filters import date_words
from question_bank.exchange import queries
from question_bank.exchange.models import BankExport, FileEntry, ItemFile
from question_bank.exchange.rules import (
    ExportStatus,
    Outcome,
    as_record,
    from_record,
    outcome_of,
    without_known,
)
from question_bank.interchange.faults import Unfit
from question_bank.interchange.item import Item, settled
from question_bank.interchange.markup import safe
from question_bank.interchange.outcome import Entry, Read, Refused
from question_bank.interchange.writing import ExportFormat, write
from question_bank.items import queries as items
from question_bank.items.models import (
    BankItem,
    GuidePoint,
    ItemEvent,
    ItemOption,
    ItemPicture,
    ItemVersion,
    QuestionBank,
)
from question_bank.items.rules import ItemKind, ItemStatus, ItemStep, searched
from question_bank.items.services import with_files
from question_bank.items.texts import kept_title, search_words

_AT_ONCE: Final = 500
MOST_PREVIEWED: Final = 2_000


class Storing:
    """Stores items as they are read, some hundred at once; one step of the caller's transaction.

    Args:
        bank: where to.
        actor: who imports; None for a command in nobody's name. A file with pictures needs one.
        at: when.
    """

    def __init__(self, bank: QuestionBank, *, actor: Person | None, at: datetime) -> None:
        self.bank, self.actor, self.at = bank, actor, at
        self.stored = 0
        self._rows: dict[type, list[dict[str, Any]]] = {}

    def keep(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Store what is ready or a draft; give every entry on as it was stored.

        What is ready goes to review at once, a draft waits for an author. What the bank holds
        already is given on as a duplicate, and not stored again.
        """
        known, taken = queries.fingerprints(self.bank), items.references(self.bank)
        for entry in without_known(entries, known, taken):
            yield self._kept(entry) if isinstance(entry, Read) else entry
        self._flush()
        record(self.actor, "items imported", self.bank, at=self.at, items=self.stored)

    def _kept(self, entry: Read) -> Read:
        came_as = entry.item.fingerprint().hex()
        item, files, lost = self._with_pictures(entry.item)
        entry = replace(entry, item=item, lacks=(*entry.lacks, *lost))
        self._add(entry, came_as, files)
        self.stored += 1
        if self.stored % _AT_ONCE == 0:
            self._flush()
        return entry

    def _with_pictures(self, item: Item) -> tuple[Item, dict[str, StoredFile], tuple[str, ...]]:
        """The item with its pictures drawn anew and kept, or without them and why."""
        if not item.pictures:
            return item, {}, ()
        if self.actor is None:
            return _without_pictures(item), {}, ("pictures: say with --as who brings them",)
        files: dict[str, StoredFile] = {}
        try:
            with db.session.begin_nested():
                kept = with_files(item, files, actor=self.actor, at=self.at)
        except RuleBroken as broken:
            return _without_pictures(item), {}, (broken.message.rstrip(".").lower(),)
        return kept, files, ()

    def _add(self, entry: Read, came_as: str, files: dict[str, StoredFile]) -> None:
        item, item_id, version_id = entry.item, uuid4(), uuid4()
        status = ItemStatus.DRAFT if entry.lacks else ItemStatus.IN_REVIEW
        self._put(
            BankItem,
            id=item_id,
            bank_id=self.bank.id,
            reference=item.reference,
            kind=ItemKind(item.type_code),
            created_at=self.at,
        )
        self._put(
            ItemVersion,
            id=version_id,
            item_id=item_id,
            number=1,
            status=status,
            came_as=came_as,
            changed_at=self.at,
            lock_version=1,
            **_columns(item),
        )
        for place, option in enumerate(item.options):
            self._part(ItemOption, version_id, place, text=option.text, rationale=option.rationale)
        for place, point in enumerate(item.guide):
            self._part(GuidePoint, version_id, place, text=point)
        for picture in item.pictures:
            self._put(
                ItemPicture,
                id=uuid4(),
                version_id=version_id,
                name=picture.name,
                file_id=files[picture.name].id,
            )
        self._happened(version_id, 0, ItemStep.IMPORTED, "; ".join((*entry.lacks, *entry.notes)))
        if status is ItemStatus.IN_REVIEW:
            self._happened(version_id, 1, ItemStep.SUBMITTED, "")

    def _happened(self, version_id: UUID, place: int, step: ItemStep, comment: str) -> None:
        self._put(
            ItemEvent,
            id=uuid4(),
            version_id=version_id,
            place=place,
            step=step,
            comment=comment,
            at=self.at,
            by_id=self.actor.id if self.actor else None,
        )

    def _part(self, model: type, version_id: UUID, place: int, **columns: str) -> None:
        self._put(model, id=uuid4(), version_id=version_id, position=place, **columns)

    def _put(self, model: type, **columns: Any) -> None:
        self._rows.setdefault(model, []).append(columns)

    def _flush(self) -> None:
        order = (BankItem, ItemVersion, ItemOption, GuidePoint, ItemPicture, ItemEvent)
        for model in order:
            if rows := self._rows.pop(model, None):
                db.session.execute(insert(model), rows)


def _columns(item: Item) -> dict[str, Any]:
    return {
        "title": kept_title(item),
        "stem": item.stem,
        "key": item.key,
        "marks": item.marks,
        "keep_order": item.keep_order,
        "model_answer": item.model_answer,
        "ksb": item.ksbs[0] if item.ksbs else None,
        "other_ksbs": list(item.ksbs[1:]),
        "tags": list(item.tags),
        "sources": list(item.sources),
        "facility": item.facility,
        "fingerprint": item.fingerprint().hex(),
        "search_text": searched(search_words(item)),
    }


def _without_pictures(item: Item) -> Item:
    """The item with what its pictures show in words, where they said so."""

    def told(text: str) -> str:
        return safe(text) if "<img" in text else text

    bare = replace(
        item,
        stem=told(item.stem) or "[a picture]",
        options=tuple(
            replace(one, text=told(one.text), rationale=told(one.rationale)) for one in item.options
        ),
        guide=tuple(told(point) for point in item.guide),
        model_answer=told(item.model_answer),
        pictures=(),
    )
    return settled(bare)


# -------------------------------------------------------------------------------- in the browser


def keep_file(
    bank: QuestionBank,
    entries: Iterable[Entry],
    *,
    name: str,
    form: str,
    actor: Person,
    at: datetime,
) -> ItemFile:
    """Keep what a file would bring, so that somebody looks at every item before it is stored.

    Raises:
        RuleBroken: it holds more items than a page can show, or none.
    """
    file = ItemFile(bank=bank, name=name[:300], format=form, read_at=at, read_by=actor)
    db.session.add(file)
    db.session.flush()
    known, taken = queries.fingerprints(bank), items.references(bank)
    rows = []
    for place, entry in enumerate(without_known(entries, known, taken)):
        if place >= MOST_PREVIEWED:
            raise RuleBroken(
                "too-many-items",
                f"A file of more than {MOST_PREVIEWED:,} questions is imported by the command"
                " plumbline questions import.",
                "file",
            )
        rows.append({"file_id": file.id, "place": place, **_entry_columns(entry)})
    if not rows:
        raise RuleBroken("no-items", "There is no question in this file.", "file")
    db.session.execute(insert(FileEntry), rows)
    record(actor, "item file read", file, at=at, entries=len(rows))
    return file


def _entry_columns(entry: Entry) -> dict[str, Any]:
    outcome = outcome_of(entry)
    if isinstance(entry, Refused):
        return {
            "outcome": outcome,
            "reference": entry.reference[:200],
            "notes": [entry.reason],
            "content": None,
        }
    notes = [*entry.lacks, *entry.notes] if isinstance(entry, Read) else []
    return {
        "outcome": outcome,
        "reference": entry.item.reference,
        "notes": notes,
        "content": as_record(entry.item),
    }


def store_file(file: ItemFile, *, actor: Person, at: datetime) -> int:
    """Store what a file brings, all of it or nothing.

    Returns:
        How many items were stored.

    Raises:
        RuleBroken: it was stored already.
    """
    if file.stored_at is not None:
        raise RuleBroken("stored-already", "This file is stored already.")
    storing = Storing(file.bank, actor=actor, at=at)
    for _entry in storing.keep(_entries(file)):
        pass
    file.stored_at = at
    db.session.flush()
    record(actor, "item file stored", file, at=at, items=storing.stored)
    return storing.stored


def _entries(file: ItemFile) -> Iterator[Entry]:
    for row in db.session.scalars(queries.entries_of(file)).all():
        if row.outcome in {Outcome.READY, Outcome.DRAFT} and row.content is not None:
            lacks = tuple(row.notes) if row.outcome is Outcome.DRAFT else ()
            yield Read(from_record(row.content), lacks)


def note_preview(file: ItemFile, *, actor: Person, at: datetime, count: int) -> None:
    """Record that somebody looked at items of a file."""
    record(actor, "item file viewed", file, at=at, items=count)


# ----------------------------------------------------------------------------------------- exports


def ask_for_export(
    bank: QuestionBank, chosen: ExportFormat, reason: str, *, actor: Person, at: datetime
) -> BankExport:
    """Ask for a bank to be exported; a second person decides."""
    row = BankExport(
        bank=bank,
        number=queries.last_number(bank) + 1,
        format=chosen,
        reason=reason,
        status=ExportStatus.WAITING,
        asked_at=at,
        asked_by=actor,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "bank export asked for", row, at=at, number=row.number, format=chosen.value)
    return row


def decide_export(export: BankExport, chosen: ExportStatus, *, actor: Person, at: datetime) -> None:
    """Approve or refuse an export.

    Raises:
        RuleBroken: it is decided already, or by the one who asked for it.
    """
    if export.status is not ExportStatus.WAITING:
        raise RuleBroken("decided-already", "Somebody has decided on this export already.")
    if export.asked_by_id == actor.id:
        raise RuleBroken(
            "own-export", "You asked for this export. Somebody else must decide on it."
        )
    export.status, export.decided_at, export.decided_by = chosen, at, actor
    db.session.flush()
    record(actor, f"bank export {chosen.value}", export, at=at, number=export.number)


def fetch_export(export: BankExport, out: IO[bytes], *, actor: Person, at: datetime) -> None:
    """Write an approved export into a file, each item marked with whose it is.

    Raises:
        NotAllowed: it is not approved, or somebody else asked for it.
        RuleBroken: the format cannot hold an item; the message names it.
    """
    if export.status is not ExportStatus.APPROVED or export.asked_by_id != actor.id:
        raise NotAllowed("Only who asked for an export fetches it, once somebody approved it.")
    record(actor, "bank export fetched", export, at=at, number=export.number)
    db.session.flush()
    mark = f"{export.bank.code} {export.number} on {date_words(london_date(at))} by {actor.name}"
    write_bank(export.bank, export.format, out, mark=mark)


def export_by_command(
    bank: QuestionBank, chosen: ExportFormat, out: IO[bytes], *, actor: Person | None, at: datetime
) -> int:
    """Write a bank's items for whoever runs the machine: who reads its database has it anyway.

    Returns:
        How many there are.

    Raises:
        RuleBroken: the format cannot hold an item; the message names it.
    """
    count = queries.count_to_travel(bank)
    record(actor, "bank exported", bank, at=at, format=chosen.value, items=count)
    db.session.flush()
    who = actor.name if actor is not None else "a command"
    mark = f"{bank.code} on {date_words(london_date(at))} by {who}"
    write_bank(bank, chosen, out, mark=mark)
    return count


def write_bank(bank: QuestionBank, chosen: ExportFormat, out: IO[bytes], *, mark: str) -> None:
    """Write a bank's items in a format.

    Raises:
        RuleBroken: the format cannot hold an item; the message names it.
    """
    options = queries.most_options(bank)
    try:
        write(queries.travelling(bank, mark), chosen, out, options)
    except Unfit as unfit:
        raise RuleBroken("export-unfit", f"{str(unfit)[:1].upper()}{str(unfit)[1:]}.") from unfit
