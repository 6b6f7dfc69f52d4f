"""By which way there was contact, and what a note must hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """How somebody was spoken to; a case note is about no contact."""

    NOTE = "note"
    PHONE = "phone"
    EMAIL = "email"
    VIDEO = "video"
    IN_PERSON = "in_person"
    LETTER = "letter"


CHANNEL_TITLES: Final[dict[Channel, str]] = {
    Channel.NOTE: "Case note",
    Channel.PHONE: "Telephone",
    Channel.EMAIL: "Email",
    Channel.VIDEO: "Video call",
    Channel.IN_PERSON: "In person",
    Channel.LETTER: "Letter",
}


@dataclass(frozen=True)
class NoteFields:
    """What is written: the way of contact, with whom, on which day, and what was said or noted."""

    channel: Channel
    happened_on: date
    text: str
    with_whom: str = ""


def fault_of(fields: NoteFields, today: date) -> tuple[str, str] | None:
    """The field to blame and a sentence, or None when the note will do."""
    if fields.happened_on > today:
        return "happened_on", "The day of the contact must not be after today"
    if fields.channel is not Channel.NOTE and not fields.with_whom:
        return "with_whom", "Say with whom there was contact"
    return None
