"""The chain: how an entry is put into bytes, and how each is bound to the one before."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

ORIGIN: Final = "0" * 64


@dataclass(frozen=True)
class Link:
    """What of one entry is bound: everything that a reader of the log relies on."""

    row: int
    at: datetime
    actor_id: UUID | None
    action: str
    subject_type: str
    subject_id: UUID | None
    details: dict[str, Any]
    source: str | None


@dataclass(frozen=True)
class Verdict:
    """What verifying a chain found; ``first_broken`` is a row number, or None when intact."""

    rows: int
    head: str
    first_broken: int | None

    @property
    def intact(self) -> bool:
        """Whether every entry follows from the one before it."""
        return self.first_broken is None


def mac(key: str, previous: str, link: Link) -> str:
    """HMAC-SHA256 over the previous code and this entry's canonical JSON, as hexadecimal."""
    canonical = json.dumps(
        {
            "row": link.row,
            "at": link.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": str(link.actor_id) if link.actor_id else None,
            "action": link.action,
            "subject_type": link.subject_type,
            "subject_id": str(link.subject_id) if link.subject_id else None,
            "details": link.details,
            "source": link.source,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=True,
    )
    return hmac.new(key.encode(), f"{previous}\n{canonical}".encode(), hashlib.sha256).hexdigest()


def verify(key: str, entries: Iterable[tuple[Link, str]], anchor: str | None = None) -> Verdict:
    """Walk the chain from its origin.

    Args:
        key: the audit key.
        entries: each entry with the code stored beside it, by row.
        anchor: a head exported earlier; it must still be one of the codes on the way, so that a
            chain cut short or rewritten from its origin is found. A missing anchor breaks the
            chain at the row after the last.

    Returns:
        The verdict; rows must run 1, 2, 3 … without a gap.
    """
    head, rows, broken, anchored = ORIGIN, 0, None, anchor in {None, ORIGIN}
    for link, stored in entries:
        rows += 1
        expected = mac(key, head, link)
        if broken is None and (
            link.row != rows or not hmac.compare_digest(expected.encode(), stored.encode())
        ):
            broken = rows
        head = stored
        anchored = anchored or stored == anchor
    if broken is None and not anchored:
        broken = rows + 1
    return Verdict(rows=rows, head=head, first_broken=broken)
