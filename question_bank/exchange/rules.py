"""What an import does with what is known already, what marks an export, and where each stands."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final

from question_bank.interchange.item import Item, Option
from question_bank.interchange.outcome import Duplicate, Entry, Read, Refused
from question_bank.interchange.pictures import Picture

WATERMARK: Final = "exported="


class Outcome(StrEnum):
    """What became of an item of a file."""

    READY = "ready"
    DRAFT = "draft"
    REFUSED = "refused"
    DUPLICATE = "duplicate"


OUTCOME_TITLES: Final[Mapping[Outcome, str]] = {
    Outcome.READY: "Ready for review",
    Outcome.DRAFT: "Draft",
    Outcome.REFUSED: "Refused",
    Outcome.DUPLICATE: "There already",
}


def outcome_of(entry: Entry) -> Outcome:
    """What became of an entry."""
    if isinstance(entry, Refused):
        return Outcome.REFUSED
    if isinstance(entry, Duplicate):
        return Outcome.DUPLICATE
    return Outcome.DRAFT if entry.lacks else Outcome.READY


def without_known(
    entries: Iterable[Entry], fingerprints: Collection[str], references: Collection[str]
) -> Iterator[Entry]:
    """The entries, those that a bank holds already as duplicates, the others under free references.

    Args:
        entries: in the order of the file.
        fingerprints: of everything in the bank, as it stands and as it came.
        references: all that are taken in the bank.
    """
    taken = set(references)
    for entry in entries:
        if not isinstance(entry, Read):
            yield entry
            continue
        item = unmarked(entry.item)
        if item.fingerprint().hex() in fingerprints:
            yield Duplicate(item)
            continue
        item = replace(item, reference=_free(item.reference, taken))
        taken.add(item.reference)
        yield replace(entry, item=item)


def _free(reference: str, taken: Collection[str]) -> str:
    """The reference, with a number behind it where it is taken."""
    if reference not in taken:
        return reference
    number = 2
    while (numbered := f"{reference[:90].rstrip()} ({number})") in taken:
        number += 1
    return numbered


def marked(item: Item, mark: str) -> Item:
    """An item with the tag that says which export it is from."""
    return replace(item, tags=(*item.tags, f"{WATERMARK}{mark}"))


def unmarked(item: Item) -> Item:
    """An item without the mark of an export, so that our own bank comes back unchanged."""
    return replace(item, tags=tuple(one for one in item.tags if not one.startswith(WATERMARK)))


def as_record(item: Item) -> dict[str, Any]:
    """An item as plain values to store until somebody decides on it; pictures are in it."""
    pictures = [
        {
            "name": one.name,
            "media_type": one.media_type,
            "data": base64.b64encode(one.data).decode(),
        }
        for one in item.pictures
    ]
    return {**item.as_json(), "pictures": pictures}


def from_record(record: Mapping[str, Any]) -> Item:
    """The item of such a record, the same as it was."""
    options = zip(record["options"], record["rationales"], strict=True)
    pictures = (
        Picture(one["name"], one["media_type"], base64.b64decode(one["data"]))
        for one in record["pictures"]
    )
    return Item(
        reference=record["reference"],
        title=record["title"],
        type_code=record["type"],
        stem=record["stem"],
        options=tuple(Option(text, rationale) for text, rationale in options),
        key=record["key"],
        marks=record["marks"],
        guide=tuple(record["guide"]),
        model_answer=record["model_answer"],
        ksbs=tuple(record["ksbs"]),
        tags=tuple(record["tags"]),
        facility=record["facility"],
        sources=tuple(record["sources"]),
        keep_order=record["keep_order"],
        pictures=tuple(pictures),
    )


class ExportStatus(StrEnum):
    """Where a request to export a bank stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


EXPORT_TITLES: Final[Mapping[ExportStatus, str]] = {
    ExportStatus.WAITING: "Waits for a second person",
    ExportStatus.APPROVED: "Approved",
    ExportStatus.REFUSED: "Refused",
}
