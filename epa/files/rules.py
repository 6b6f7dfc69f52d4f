"""How much one person may upload within a day, and which part of a large file comes next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

QUOTA_BYTES: Final = 4 * 1024**3
QUOTA_PERIOD: Final = timedelta(days=1)
MOST_UNDER_WAY: Final = 20
KEPT_UNUSED: Final = timedelta(days=1)
BEYOND_ANY_SIZE: Final = 10**15
DIGEST: Final = re.compile(r"[0-9a-f]{64}")


def quota_fault(stored: int, size: int) -> str | None:
    """Say why another file is too much for now, or None when it is not.

    Args:
        stored: bytes that this person stored within the last quota period.
        size: bytes of the file that is to come.
    """
    if stored + size <= QUOTA_BYTES:
        return None
    return (
        f"You have uploaded {stored / 1024**3:.1f} GB within a day, and with this file it would be"
        f" more than {QUOTA_BYTES / 1024**3:.0f} GB. Try again tomorrow."
    )


@dataclass(frozen=True)
class Part:
    """One part of a large file: where it begins, its bytes, and their SHA-256 in hex."""

    offset: int
    size: int
    sha256: str


def received(parts: Sequence[Part]) -> int:
    """How many bytes from the beginning are here; parts are only ever added at the end."""
    return sum(part.size for part in parts)


def part_fault(here: Sequence[Part], part: Part, *, whole: int, largest: int) -> str | None:
    """Say why a part cannot be taken, or None when it can; one that is here already always can.

    Args:
        here: the parts that came so far, in order.
        part: the part that is to come.
        whole: bytes of the whole file, as it was announced.
        largest: bytes that a part may have.
    """
    if part in here:
        return None
    if not 0 < part.size <= largest:
        return f"A part of a file has 1 to {largest:,} bytes, not {part.size:,}."
    if part.offset != received(here):
        return f"The next part begins at byte {received(here):,}, not at {part.offset:,}."
    if part.offset + part.size > whole:
        return f"The file was to have {whole:,} bytes; with this part it has more."
    return None
