"""Reading the starter bank: tables such as `plumbline questions import` reads, and the prompts beside them.

Four papers of the default blueprint can be drawn from it without a repeat. It is demonstration
content, and every item says so by its tag: an EPAO writes its own bank, or reviews each of these.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from importlib import resources
from typing import Final

from question_bank.interchange.item import Item, settled
from question_bank.interchange.markup import from_text
from question_bank.interchange.outcome import Read, Refused
from question_bank.interchange.table_files import read_csv

KSBS: Final = ("K9", "K10", "K11", "K14", "K15", "K17", "K19", "S8", "B6", "B7")
PROMPTS: Final = "prompts"
_PROMPT: Final = "observation_prompt"


def read_ksb(ksb: str) -> Iterator[Read | Refused]:
    """Read the questions that are filed under one KSB."""
    yield from read_csv(io.BytesIO(_bytes_of(ksb.lower())))


def read_prompts() -> Iterator[Read]:
    """Read the observation prompts; no interchange format has a place for these."""
    table = io.StringIO(_bytes_of(PROMPTS).decode(), newline="")
    for row in csv.DictReader(table):
        item = Item(
            reference=row["reference"],
            title=row["title"],
            type_code=_PROMPT,
            stem=from_text(row["stem"]),
            guide=tuple(map(from_text, row["guide"].split("\n"))),
            ksbs=tuple(row["ksbs"].split()),
            tags=(row["tags"],),
            sources=(row["sources"],),
        )
        yield Read(settled(item))


def _bytes_of(name: str) -> bytes:
    return resources.files(__package__).joinpath(f"{name}.csv").read_bytes()
