"""Reading the starter bank: tables such as `plumbline questions import` reads, and the prompts beside them.

Four papers of the default blueprint can be drawn from it without a repeat. It is demonstration
content, and every item says so by its tag: an EPAO writes its own bank, or reviews each of these.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib import resources
from typing import Final

from question_bank.interchange.outcome import Read, Refused
from question_bank.interchange.table_files import read_csv

KSBS: Final = ("K9", "K10", "K11", "K14", "K15", "K17", "K19", "S8", "B6", "B7")
PROMPTS: Final = "prompts"


def read_ksb(ksb: str) -> Iterator[Read | Refused]:
    """Read the questions that are filed under one KSB."""
    yield from read_csv(io.BytesIO(_bytes_of(ksb.lower())))


def read_prompts() -> Iterator[Read | Refused]:
    """Read the observation prompts."""
    yield from read_csv(io.BytesIO(_bytes_of(PROMPTS)))


def _bytes_of(name: str) -> bytes:
    return resources.files(__package__).joinpath(f"{name}.csv").read_bytes()
